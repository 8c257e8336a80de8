/* The proxy with cross terms on a network: designs are what their layers sum up to, and not the sum of what they do alone;
 * learning, and bytes. */
#include <math.h>

#include "dse/memory.h"
#include "proxy_type.h"
#include "toy_proxy.h"

enum { LAYERS = 3 };

static const char *const TEXT[] = {"w8a8", "w6{1}a8", "w4{1}a8", "w3a8", "w8a4"};
enum { N = sizeof TEXT / sizeof *TEXT };

static asx_proxy *proxy_of(const toy_proxy *f)
{
    asx_error err;
    asx_proxy *p = NULL;
    CHECK_OK(
        asx_proxy_new(&p, "cross-layer", f->calibration, f->data, TOY_IMAGES, f->format, N, &err),
        err);
    return p;
}

static void designs_are_summed_up(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    toy_proxy_start(&f, TEXT, N);
    asx_proxy *p = proxy_of(&f);
    assert_false(asx_proxy_adds_up(p));
    assert_true(asx_proxy_adds_up(f.proxy));
    double apart = 0;
    for (size_t i = 0; i < N * N * N; i++) {
        const uint16_t number[LAYERS] = {(uint16_t)(i % N), (uint16_t)(i / N % N),
                                         (uint16_t)(i / N / N)};
        double damage = 0, score = 0, sum = 0;
        asx_design d;
        CHECK_OK(asx_design_init(&d, LAYERS, &err), err);
        for (size_t l = 0; l < LAYERS; l++) {
            d.format[l] = f.format[number[l]];
            sum += asx_proxy_damage(p, l, number[l]);
        }
        CHECK_OK(asx_proxy_design_damage(&damage, p, &d, &err), err);
        asx_proxy_score(&score, p, number, 1);
        assert_true(damage == score && damage == asx_crossing_damage(&p->crossing, number));
        apart = fmax(apart, fabs(damage - sum) / (damage + sum + 1e-12));
        asx_design_fini(&d);
    }
    assert_true(apart > 0.05);
    assert_true(asx_proxy_damage(p, 0, 0) < 1e-9); /* what is plain shifts nothing */
    asx_proxy_free(p);
    toy_proxy_end(&f);
}

/* Of designs whose drops follow another curve: the curve learns, the order stays. */
static void only_the_curve_learns(void **state)
{
    (void)state;
    enum { DESIGNS = 12 };
    asx_error err;
    toy_proxy f;
    toy_proxy_start(&f, TEXT, N);
    asx_proxy *p = proxy_of(&f);
    double middle = 0;
    for (size_t i = 0; i < N; i++) {
        double damage;
        const uint16_t k = (uint16_t)i;
        asx_proxy_score(&damage, p, (const uint16_t[]){k, k, k}, 1);
        middle = fmax(middle, damage / 4);
    }
    p->ceiling = 80;
    p->knee = middle;
    asx_design design[DESIGNS];
    const asx_design *list[DESIGNS];
    asx_accuracy told[DESIGNS], before[DESIGNS], after[DESIGNS];
    for (size_t i = 0; i < DESIGNS; i++) {
        CHECK_OK(asx_design_init(&design[i], LAYERS, &err), err);
        for (size_t l = 0; l < LAYERS; l++)
            design[i].format[l] = f.format[asx_seed_below(3, i, l, N)];
        list[i] = &design[i];
        CHECK_OK(asx_proxy_design(&before[i], p, &design[i], &err), err);
        told[i] = before[i];
        double damage;
        CHECK_OK(asx_proxy_design_damage(&damage, p, &design[i], &err), err);
        told[i].drop = 80 * (1 - exp(-pow(damage / (3 * middle), 0.7)));
        told[i].drop_low = told[i].drop - 0.2;
        told[i].drop_high = told[i].drop + 0.2;
    }
    CHECK_OK(asx_proxy_refit(p, list, told, DESIGNS, &err), err);
    double off_before = 0, off_after = 0;
    for (size_t i = 0; i < DESIGNS; i++) {
        CHECK_OK(asx_proxy_design(&after[i], p, &design[i], &err), err);
        off_before += fabs(before[i].drop - told[i].drop);
        off_after += fabs(after[i].drop - told[i].drop);
        for (size_t k = 0; k < i; k++)
            assert_true((before[i].drop - before[k].drop) * (after[i].drop - after[k].drop) >= 0);
    }
    assert_true(off_before > 1 && off_after < 0.5 * off_before);
    for (size_t i = 0; i < DESIGNS; i++)
        asx_design_fini(&design[i]);
    asx_proxy_free(p);
    toy_proxy_end(&f);
}

static void stored_and_damaged(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    void *bytes = NULL, *again = NULL;
    size_t n = 0, n_again = 0;
    toy_proxy_start(&f, TEXT, N);
    asx_proxy *p = proxy_of(&f), *q = NULL;
    CHECK_OK(asx_proxy_save(&bytes, &n, p, &err), err);
    CHECK_OK(asx_proxy_load(&q, f.net, bytes, n, &err), err);
    CHECK_OK(asx_proxy_save(&again, &n_again, q, &err), err);
    assert_int_equal(n, n_again);
    assert_memory_equal(bytes, again, n);
    for (size_t i = 0; i < (size_t)N * N * N; i++) {
        const uint16_t number[LAYERS] = {(uint16_t)(i % N), (uint16_t)(i / N % N),
                                         (uint16_t)(i / N / N)};
        double a, b;
        asx_proxy_score(&a, p, number, 1);
        asx_proxy_score(&b, q, number, 1);
        assert_true(a == b);
    }
    asx_proxy_free(q);
    q = NULL;
    for (size_t k = 0; k < n; k += 13) {
        ((unsigned char *)bytes)[k] ^= (unsigned char)(1 << k % 8);
        CHECK_FAIL(asx_proxy_load(&q, f.net, bytes, n, &err), ASX_EPARSE, err);
        ((unsigned char *)bytes)[k] ^= (unsigned char)(1 << k % 8);
        CHECK_FAIL(asx_proxy_load(&q, f.net, bytes, k, &err), ASX_EPARSE, err);
    }
    assert_null(q);
    free(bytes);
    free(again);
    asx_proxy_free(p);
    toy_proxy_end(&f);
}

/* ---- planes below the damage ---- */

enum {
    BIG_LAYERS = 6,
    BIG_FORMATS = 9,
    RANK = 5,
    IMAGES = 7,
    OUTPUTS = 12,
    CHOICES = BIG_LAYERS * BIG_FORMATS
};

static float drawn(uint64_t a, uint64_t b, double size)
{
    return (float)(size * (2 * asx_seed_uniform(77, a, b) - 1));
}

/* Answers and shifts by lot. @param n_groups  of outputs that are classes of their own; 0: numbers */
static void make_table(asx_crossing *c, uint64_t seed, size_t n_groups, double size)
{
    asx_error err;
    const size_t n = IMAGES * OUTPUTS, n_classes = OUTPUTS / (n_groups ? n_groups : 1);
    asx_answers base = {.images = {0, IMAGES},
                        .n_out = OUTPUTS,
                        .n_groups = n_groups,
                        .group_step = 1,
                        .n_classes = n_classes,
                        .class_step = n_groups};
    base.logit = asx_array_new(n, sizeof *base.logit);
    base.log_p = asx_array_new(n, sizeof *base.log_p);
    assert_true(base.logit && base.log_p);
    for (size_t i = 0; i < n; i++)
        base.logit[i] = drawn(seed, i, 8);
    for (size_t g = 0; g < IMAGES * n_groups; g++) {
        const size_t at = g / n_groups * OUTPUTS + g % n_groups;
        double sum = 0;
        for (size_t k = 0; k < n_classes; k++)
            sum += exp((double)base.logit[at + k * n_groups]);
        for (size_t k = 0; k < n_classes; k++)
            base.log_p[at + k * n_groups] = base.logit[at + k * n_groups] - (float)log(sum);
    }
    CHECK_OK(asx_crossing_init(c, &base, BIG_LAYERS, BIG_FORMATS, RANK, &err), err);
    for (size_t i = 0; i < BIG_LAYERS * RANK * n; i++)
        c->direction[i] = drawn(seed + 1, i, 1);
    for (size_t i = 0; i < CHOICES * RANK; i++) /* the first format of all layers shifts nothing */
        c->coordinate[i] = i / RANK % BIG_FORMATS ? drawn(seed + 2, i, size) : 0;
}

/* The share of one format may be all. */
static void draw_mixture(double *weight, uint64_t seed)
{
    for (size_t l = 0; l < BIG_LAYERS; l++) {
        double sum = 0;
        for (size_t f = 0; f < BIG_FORMATS; f++) {
            const double x = asx_seed_uniform(seed, l, f);
            weight[l * BIG_FORMATS + f] = seed % 3 ? x * x * x : 0;
            sum += weight[l * BIG_FORMATS + f];
        }
        weight[l * BIG_FORMATS + asx_seed_below(seed, l, 99, BIG_FORMATS)] += 1;
        for (size_t f = 0; f < BIG_FORMATS; f++)
            weight[l * BIG_FORMATS + f] /= sum + 1;
    }
}

static void planes_lie_below(void **state)
{
    (void)state;
    enum { PLANES = 24, DESIGNS = 400 };
    static const double size[] = {1e-3, 0.1, 1, 40};
    asx_error err;
    size_t touched = 0, useful = 0;
    for (uint64_t k = 0; k < 12; k++) {
        asx_crossing c;
        make_table(&c, 10 * k, (const size_t[]){1, 3, 0}[k % 3], size[k % 4]);
        for (uint64_t p = 0; p < PLANES; p++) {
            double weight[CHOICES], slope[CHOICES], constant = 0;
            uint16_t number[BIG_LAYERS];
            draw_mixture(weight, 1000 * k + p);
            CHECK_OK(asx_crossing_tangent(&constant, slope, &c, weight, &err), err);
            for (uint64_t d = 0; d < DESIGNS; d++) {
                double plane = constant;
                for (size_t l = 0; l < BIG_LAYERS; l++) {
                    size_t f = asx_seed_below(d, l, p, BIG_FORMATS);
                    for (size_t i = 0; d == 0 && i < BIG_FORMATS;
                         i++) /* where it touches, if that is a design */
                        f = weight[l * BIG_FORMATS + i] > 0.99 ? i : f;
                    number[l] = (uint16_t)f;
                    plane += slope[l * BIG_FORMATS + f];
                }
                const double damage = asx_crossing_damage(&c, number);
                assert_true(plane <= damage);
                useful += plane > 0.1 * damage;
                if (d == 0 && (1000 * k + p) % 3 == 0) {
                    assert_true(damage - plane <= 1e-6 + 1e-3 * damage);
                    touched++;
                }
            }
        }
        asx_crossing_fini(&c);
    }
    assert_true(touched > 60 && useful > 2000);
}

/* On a network, all designs and what the session hands on: a plane of a proxy. */
static void planes_of_a_network(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    toy_proxy_start(&f, TEXT, N);
    asx_proxy *p = proxy_of(&f);
    assert_int_equal(asx_proxy_n_formats(p), N);
    for (uint64_t k = 0; k < 40; k++) {
        double weight[LAYERS * N], slope[LAYERS * N], constant = 0;
        for (size_t l = 0; l < LAYERS; l++)
            for (size_t i = 0; i < N; i++) {
                const size_t one = asx_seed_below(k, l, 0, N), two = asx_seed_below(k, l, 1, N);
                weight[l * N + i] = 0.3 * (i == one) + 0.7 * (i == two);
            }
        CHECK_OK(asx_proxy_tangent(&constant, slope, p, weight, &err), err);
        for (size_t i = 0; i < N * N * N; i++) {
            const uint16_t number[LAYERS] = {(uint16_t)(i % N), (uint16_t)(i / N % N),
                                             (uint16_t)(i / N / N)};
            double damage = 0, plane = constant;
            asx_proxy_score(&damage, p, number, 1);
            for (size_t l = 0; l < LAYERS; l++)
                plane += slope[l * N + number[l]];
            assert_true(plane <= damage);
        }
    }
    double weight[LAYERS * N] = {0}, slope[LAYERS * N], constant = 1;
    CHECK_OK(asx_proxy_tangent(&constant, slope, f.proxy, weight, &err), err);
    assert_true(constant <= 0 && constant > -1e-9);
    for (size_t i = 0; i < LAYERS * N; i++)
        assert_true(slope[i] == asx_proxy_damage(f.proxy, i / N, i % N));
    asx_proxy_free(p);
    toy_proxy_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(designs_are_summed_up), cmocka_unit_test(only_the_curve_learns),
        cmocka_unit_test(stored_and_damaged),    cmocka_unit_test(planes_lie_below),
        cmocka_unit_test(planes_of_a_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
