/* Moments of patches against sums over all of them, in doubles; here all places of images are looked at. */
#include <math.h>

#include "patch.h"
#include "toy_data.h"
#include "walk.h"

enum { IMAGES = 20, PLACES = 30, N = IMAGES * PLACES, WIDTH = 36, CHANNELS = 6 };
static const asx_range RANGE = {3, 3 + IMAGES};

/* Patches and outputs, by definition. */
typedef struct twin {
    float x[N][WIDTH];
    double y[N][CHANNELS], mean_x[WIDTH], mean_y[CHANNELS];
} twin;

static twin *twin_new(const asx_plan *plan, const asx_dataset *data)
{
    const asx_node *node = plan->node[0];
    const size_t depth = WIDTH / node->groups;
    float image[4 * PLACES], turned[4 * PLACES];
    twin *t = calloc(1, sizeof *t);
    assert_non_null(t);
    for (size_t i = 0; i < IMAGES; i++) {
        asx_dataset_images(image, data, RANGE.first + i, 1);
        for (size_t k = 0; k < (size_t)4 * PLACES; k++)
            turned[k % PLACES * 4 + k / PLACES] = image[k];
        for (size_t k = 0; k < PLACES; k++)
            asx_patch_cut(t->x[i * PLACES + k], plan, node, turned, k);
    }
    for (size_t r = 0; r < N; r++) {
        for (size_t c = 0; c < CHANNELS; c++) {
            t->y[r][c] = (double)node->bias[c];
            for (size_t i = 0; i < depth; i++)
                t->y[r][c] += (double)node->weight[c * depth + i] *
                              (double)t->x[r][c / (CHANNELS / node->groups) * depth + i];
            t->mean_y[c] += t->y[r][c] / N;
        }
        for (size_t i = 0; i < WIDTH; i++)
            t->mean_x[i] += (double)t->x[r][i] / N;
    }
    return t;
}

/* Mean of (x - a) (y - b) over all patches. */
static double moment(const twin *t, size_t x, double a, const double *y, size_t stride, double b)
{
    double sum = 0;
    for (size_t r = 0; r < N; r++)
        sum += ((double)t->x[r][x] - a) * (y[r * stride] - b) / N;
    return sum;
}

static void compare(const asx_moments *m, const twin *t, const float *bias)
{
    const size_t per_group = CHANNELS / m->groups;
    static double column[N];
    assert_true(m->count == N && m->depth == WIDTH / m->groups);
    for (size_t c = 0; c < CHANNELS; c++) {
        const size_t first = c / per_group * m->depth;
        assert_true(fabs(m->mean_y[c] - t->mean_y[c]) < 1e-5);
        for (size_t i = 0; i < m->depth; i++) {
            const double mean = t->mean_x[first + i], from = bias ? 0 : mean;
            assert_true(fabs(m->mean_x[first + i] - mean) < 1e-5);
            assert_true(fabs(m->cross[c * m->depth + i] -
                             moment(t, first + i, from, &t->y[0][c], CHANNELS,
                                    bias ? (double)bias[c] : t->mean_y[c])) < 1e-4);
            for (size_t r = 0; r < N; r++)
                column[r] = (double)t->x[r][first];
            assert_true(fabs(m->square[first * m->depth + i] -
                             moment(t, first + i, from, column, 1, bias ? 0 : t->mean_x[first])) <
                        1e-4);
        }
    }
}

static void check(size_t groups, bool centred)
{
    asx_error err;
    asx_walk walk;
    asx_moments m;
    asx_plan *plan = NULL;
    const asx_window window = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    asx_network *net = toy_network(SHAPE(4, 5, 6));
    toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = window, .groups = groups}, 0,
              SHAPE(CHANNELS, 5, 6));
    asx_dataset *data = toy_labelled(net);
    CHECK_OK(asx_plan_new(&plan, net, 8, &err), err);
    CHECK_OK(asx_walk_init(&walk, plan, data, RANGE, NULL, &err), err);
    CHECK_OK(asx_moments_init(&m, plan->node[0], &err), err);
    CHECK_OK(asx_walk_to(&m, &walk, 0, &err), err);
    const float *bias = centred ? NULL : plan->node[0]->bias;
    asx_moments_end(&m, bias);
    twin *t = twin_new(plan, data);
    compare(&m, t, bias);
    free(t);
    asx_moments_fini(&m);
    asx_walk_fini(&walk);
    asx_plan_free(plan);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void moments(void **state)
{
    (void)state;
    for (size_t groups = 1; groups <= 2; groups++)
        for (int centred = 0; centred < 2; centred++)
            check(groups, centred);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(moments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
