/* The integer engine against the reference of asm_reference.h: equal, bit for bit, on operators of
 * random shapes and on whole networks, for words of every kind. Run a second time with oneDNN held
 * to instructions that saturate (see CMakeLists.txt), where the engine must take its other path. */
#include "asm_reference.h"
#include "toy_data.h"

enum { IMAGES = 4, BATCH = 3 };

static const char *const FORMATS[] = {
    "w8a8",        "w8{1,3}a8", "w4{1}a8",       "w8s{1}a8",      "w5{1}a6{1}",      "w8a8{1,3,5}",
    "w8s{1,3}a4",  "w12a8",     "w16a16",        "w12{1,5}a12",   "w9s{1,3}a8{1}",   "w2a2",
    "w8q3{1,3}a8", "w16{1}a7",  "w6{1,3}a16{1}", "w8{1,3,5,7}a8", "w7s{1,3}a9{1,3}", "w3{1}a8",
};
enum { N_FORMATS = sizeof FORMATS / sizeof *FORMATS };

static void layer_init(asm_layer *l, asx_calibration *c, size_t layer, const asx_format *format)
{
    asx_error err;
    const asx_network *net = asx_calibration_network(c);
    const asx_node *node = asx_calibration_plan(c)->node[layer];
    asx_rounder *rounder = NULL;
    l->weight_word = format->weight;
    l->input_word = asx_format_activation(format, net->work.layer[layer].input_non_negative);
    l->weight = calloc(node->n_weights, sizeof *l->weight);
    l->weight_scale = calloc(node->n_biases, sizeof *l->weight_scale);
    assert_true(l->weight && l->weight_scale);
    CHECK_OK(asx_rounder_new(&rounder, &format->weight, &err), err);
    asx_integer_project(l->weight, l->weight_scale, node, rounder);
    asx_rounder_free(rounder);
    CHECK_OK(asx_calibration_scale(&l->input_scale, c, layer, &l->input_word, &err), err);
    CHECK_OK(asx_grid_new(&l->grid, &l->input_word, &err), err);
}

/* Runs all images through both, the engine in batches. */
static void compare(asx_calibration *c, const asx_dataset *data, const asx_design *design)
{
    asx_error err;
    const asx_plan *plan = asx_calibration_plan(c);
    const asx_network *net = plan->network;
    const size_t n_in = asx_value_n_elements(&net->value[net->input]);
    const size_t n_out = asx_value_n_elements(&net->value[net->output]);
    asx_integer integer;
    CHECK_OK(asx_integer_init(&integer, c, design, &err), err);
    asm_net a = {.net = net,
                 .scale = integer.scale,
                 .layer = calloc(design->n_layers, sizeof *a.layer),
                 .value = calloc(net->n_values, sizeof *a.value)};
    assert_true(a.layer && a.value);
    for (size_t i = 0; i < design->n_layers; i++) {
        layer_init(&a.layer[i], c, i, &design->format[i]);
        a.layer[i].shift = asx_projection_integers(integer.layer[i].projection)->shift;
    }
    for (size_t v = 0; v < net->n_values; v++)
        a.value[v] = calloc(asx_value_n_elements(&net->value[v]), sizeof *a.value[v]);
    float *x = toy_array(IMAGES * n_in), *y = toy_array(IMAGES * n_out);
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    asx_dataset_images(x, data, 0, IMAGES);
    const asx_run run = {.integer = &integer};
    for (size_t i = 0; i < IMAGES; i += BATCH)
        CHECK_OK(asx_plan_run(plan, y + i * n_out, x + i * n_in, i,
                              IMAGES - i < BATCH ? IMAGES - i : BATCH, &run, workspace, &err),
                 err);
    const float scale = (float)integer.scale[net->output];
    for (size_t i = 0; i < IMAGES; i++) {
        asm_run(&a, x + i * n_in);
        for (size_t k = 0; k < n_out; k++)
            if (y[i * n_out + k] != (float)a.value[net->output][k] * scale)
                fail_msg("image %zu, output %zu: %.9g, not %.9g", i, k,
                         (double)(y[i * n_out + k] / scale), (double)a.value[net->output][k]);
    }
    for (size_t i = 0; i < design->n_layers; i++) {
        free(a.layer[i].weight);
        free(a.layer[i].weight_scale);
        asx_grid_free(a.layer[i].grid);
    }
    for (size_t v = 0; v < net->n_values; v++)
        free(a.value[v]);
    free(a.layer);
    free(a.value);
    free(x);
    free(y);
    free(workspace);
    asx_integer_fini(&integer);
}

/* The network under `n` designs: layer l of design d in format (d + 5 l). Frees the network. */
static void check(asx_network *net, size_t first, size_t n)
{
    asx_error err;
    asx_calibration *c = NULL;
    const unsigned char label[IMAGES] = {0};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = BATCH;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
    for (size_t d = first; d < first + n; d++) {
        asx_design design;
        CHECK_OK(asx_design_init(&design, net->work.n_layers, &err), err);
        for (size_t l = 0; l < net->work.n_layers; l++)
            CHECK_OK(asx_format_parse(&design.format[l], FORMATS[(d + 5 * l) % N_FORMATS], &err),
                     err);
        compare(c, data, &design);
        asx_design_fini(&design);
    }
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void convolutions(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_FORMATS; i++) {
        const size_t groups = toy_between(1, 3), depth = i % 3 ? toy_between(1, 5) : 1;
        asx_window w;
        size_t in[2], out[2];
        for (size_t a = 0; a < 2; a++) {
            in[a] = toy_between(5, 8);
            w.kernel[a] = toy_between(1, 3);
            w.stride[a] = toy_between(1, 2);
            w.dilation[a] = toy_between(1, 2);
            w.before[a] = toy_between(0, w.kernel[a] - 1);
            w.after[a] = toy_between(0, w.kernel[a] - 1);
            out[a] = (in[a] + w.before[a] + w.after[a] - (w.kernel[a] - 1) * w.dilation[a] - 1) /
                         w.stride[a] +
                     1;
        }
        asx_network *net = toy_network(SHAPE(groups * depth, in[0], in[1]));
        net->value[0].non_negative = i % 2; /* words with and without a sign */
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .groups = groups, .window = w}, 0,
                  SHAPE(groups * toy_between(1, 3), out[0], out[1]));
        check(net, i, 1);
    }
}

static void dense_layers(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_FORMATS; i++) {
        asx_network *net = toy_network(SHAPE(toy_between(1, 40), 1, 1));
        const size_t n = net->value[0].dim[0];
        net->value[0].non_negative = i % 2;
        size_t v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, 0, 0, SHAPE(n));
        net->value[v].non_negative = i % 2;
        v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(toy_between(1, 9)));
        v = toy_node(net, (asx_node){.op = ASX_OP_CLIP, .low = -0.5f, .high = 0.7f}, 1, v, 0,
                     SHAPE(net->value[v].dim[0]));
        toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(3));
        check(net, i, 1);
    }
}

static void pools(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        const asx_window w = {{2, 3}, {2, 1}, {1, 1}, {0, 1}, {0, 1}};
        const asx_window one = {{1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}};
        asx_network *net = toy_network(SHAPE(2, 6, 5));
        size_t v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = one}, 0, SHAPE(4, 6, 5));
        v = toy_node(net,
                     (asx_node){.op = i % 2 ? ASX_OP_MAX_POOL : ASX_OP_AVERAGE_POOL, .window = w},
                     1, v, 0, SHAPE(4, 3, 5));
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = one}, v, SHAPE(3, 3, 5));
        check(net, i, 1);
    }
}

static void residual_network(void **state)
{
    (void)state;
    check(toy_residual(), 0, N_FORMATS);
}

/* The largest sums that fit, and sums that do not: 256 x 255 x 255 is just below 2^24, and twice
 * as many products are beyond. */
static void large_sums(void **state)
{
    (void)state;
    for (size_t n = 250; n <= 1000; n += 250) {
        asx_network *net = toy_network(SHAPE(n, 1, 1));
        size_t v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, 0, 0, SHAPE(n));
        net->value[0].non_negative = net->value[v].non_negative = true;
        toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(2));
        for (size_t i = 0; i < 2 * n; i++)
            net->node[1].weight[i] = i % 7 ? 1.0f : 0.9f;
        check(net, 0, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolutions),     cmocka_unit_test(dense_layers), cmocka_unit_test(pools),
        cmocka_unit_test(residual_network), cmocka_unit_test(large_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
