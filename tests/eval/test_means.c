/* Bias correction: what it adds to a bias is, to the rounding of floats, the difference between the
 * mean outputs of the float layer and of the layer with projected weights, both of which are run
 * here as float networks on the calibration images. */
#include <math.h>

#include "calibration_private.h"
#include "integer.h"
#include "toy_data.h"

enum { IMAGES = 10, BATCH = 4 };

/* Mean of every output channel over images and places. */
static double *mean_outputs(const asx_network *net, const asx_dataset *data)
{
    asx_error err;
    asx_plan *plan = NULL;
    const size_t n_out = asx_value_n_elements(&net->value[net->output]);
    const size_t channels = net->node[net->n_nodes - 1].n_biases, places = n_out / channels;
    float *x = toy_array(IMAGES * asx_value_n_elements(&net->value[net->input]));
    float *y = toy_array(IMAGES * n_out);
    double *mean = calloc(channels, sizeof *mean);
    assert_non_null(mean);
    asx_dataset_images(x, data, 0, IMAGES);
    CHECK_OK(asx_plan_new(&plan, net, IMAGES, &err), err);
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    CHECK_OK(asx_plan_run(plan, y, x, 0, IMAGES, &(asx_run){0}, workspace, &err), err);
    for (size_t i = 0; i < IMAGES * n_out; i++) /* channels come first */
        mean[i % n_out / places] += (double)y[i] / (double)(IMAGES * places);
    asx_plan_free(plan);
    free(workspace);
    free(x);
    free(y);
    return mean;
}

/* Puts projected weights in place of a layer's own. */
static void project(asx_node *node, const char *format)
{
    asx_error err;
    asx_format f;
    asx_rounder *rounder = NULL;
    const size_t depth = node->n_weights / node->n_biases;
    int32_t *word = calloc(node->n_weights, sizeof *word);
    double *scale = calloc(node->n_biases, sizeof *scale);
    assert_true(word && scale);
    CHECK_OK(asx_format_parse(&f, format, &err), err);
    CHECK_OK(asx_rounder_new(&rounder, &f.weight, &err), err);
    asx_integer_project(word, scale, node, rounder, NULL);
    for (size_t i = 0; i < node->n_weights; i++)
        node->weight[i] = (float)(scale[i / depth] * word[i]);
    asx_rounder_free(rounder);
    free(word);
    free(scale);
}

/* Frees the network, whose last node is its only layer. */
static void check(asx_network *net, bool correct)
{
    static const char FORMAT[] = "w3{1}a8";
    asx_error err;
    asx_calibration *c = NULL;
    asx_integer integer;
    asx_design design;
    const unsigned char label[IMAGES] = {0};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration_options o = asx_calibration_options_default();
    assert_true(o.bias_correction);
    o.batch = BATCH;
    o.bias_correction = correct;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
    CHECK_OK(asx_design_init(&design, 1, &err), err);
    CHECK_OK(asx_format_parse(&design.format[0], FORMAT, &err), err);
    CHECK_OK(asx_integer_init(&integer, c, &design, &err), err);
    double *exact = mean_outputs(net, data), most = 0;
    project(&net->node[net->n_nodes - 1], FORMAT);
    double *projected = mean_outputs(net, data);
    const asx_integer_weights *w = asx_projection_integers(integer.layer[0].projection);
    for (size_t i = 0; i < net->node[net->n_nodes - 1].n_biases; i++) {
        const double want = correct ? exact[i] - projected[i] : 0;
        most = fmax(most, fabs(want));
        if (!(fabs(w->rounded.shift[i] - want) < 2e-5))
            fail_msg("channel %zu: shift %g, not %g", i, w->rounded.shift[i], want);
    }
    assert_true(!correct || most > 1e-3);
    free(exact);
    free(projected);
    asx_integer_fini(&integer);
    asx_design_fini(&design);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void shifts(void **state)
{
    (void)state;
    for (int correct = 0; correct < 2; correct++) {
        const asx_window padded = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
        const asx_window strided = {{2, 3}, {2, 1}, {1, 1}, {0, 1}, {0, 0}};
        asx_network *net = toy_network(SHAPE(3, 5, 5)); /* 25 places: all are seen */
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = padded}, 0, SHAPE(4, 5, 5));
        check(net, correct);
        net = toy_network(SHAPE(4, 6, 6));
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .groups = 2, .window = strided}, 0,
                  SHAPE(6, 3, 5));
        check(net, correct);
        net = toy_network(SHAPE(2, 10, 1));
        const size_t flat = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, 0, 0, SHAPE(20));
        toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, flat, SHAPE(5));
        check(net, correct);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shifts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
