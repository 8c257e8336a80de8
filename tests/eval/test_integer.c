/* The integer engine against the reference of asm_reference.h: equal, bit for bit, on operators of
 * random shapes and on whole networks, for words of every kind. Run a second time with oneDNN held
 * to instructions that saturate (see CMakeLists.txt), where the engine must take its other path. */
#include "asm_engine.h"
#include "eval/program.h"
#include "network_copy.h"
#include "toy_data.h"

static const char *const FORMATS[] = {
    "w8a8",
    "w8{1,3}a8",
    "w4{1}a8",
    "w8s{1}a8",
    "w5{1}a6{1}",
    "w8a8{1,3,5}",
    "w8s{1,3}a4",
    "w12a8",
    "w16a16",
    "w12{1,5}a12",
    "w9s{1,3}a8{1}",
    "w2a2",
    "w8q3{1,3}a8",
    "w16{1}a7",
    "w6{1,3}a16{1}",
    "w8{1,3,5,7}a8",
    "w7s{1,3}a9{1,3}",
    "w3{1}a8",
    "we2m1a8",
    "we4m3a8",
    "we3m2ae2m1",
    "w8ae3m1",
    "we3m0ae3m2",
    "w8c2a8",
    "w4{1}/4{3}a8@ch",
    "w4{1}/4{3}a8@8",
    "w3/e2m1a8@5",
    "w8c2/8{1,3}a12@16",
    "we2m1/e3m0a8@ch",
    "w5pa4p",
    "w7c3a8",
    "w[-128,-88,-50,-23,-7,0,1,10,20,43,71,127]a8",
};
enum { N_FORMATS = sizeof FORMATS / sizeof *FORMATS };

/* The program's integers after every step, of image i: the reference's. */
static void compare_trace(const asx_program *p, const int32_t *trace, const asm_net *a, size_t i)
{
    size_t at = i * asx_program_trace_size(p);
    for (size_t v = 0; v < p->n_values; at += p->value[v].n, v++)
        for (size_t k = 0; p->value[v].place >= 0 && k < p->value[v].n; k++)
            if (trace[at + k] != a->value[v][k])
                fail_msg("image %zu, value %zu, element %zu: %d, not %d", i, v, k,
                         (int)trace[at + k], (int)a->value[v][k]);
}

/* Runs all images through both. */
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
                 .limit = integer.limit,
                 .bits = integer.multiplier_bits,
                 .layer = calloc(design->n_layers, sizeof *a.layer),
                 .value = calloc(net->n_values, sizeof *a.value)};
    assert_true(a.layer && a.value);
    for (size_t i = 0; i < design->n_layers; i++) {
        asm_layer_init(&a.layer[i], c, i, &design->format[i]);
        a.layer[i].shift = asx_projection_integers(integer.layer[i].projection)->rounded.shift;
    }
    for (size_t v = 0; v < net->n_values; v++)
        a.value[v] = calloc(asx_value_n_elements(&net->value[v]), sizeof *a.value[v]);
    float *x = toy_array(IMAGES * n_in), *y = toy_array(IMAGES * n_out);
    asx_dataset_images(x, data, 0, IMAGES);
    asm_run_engine(y, plan, data, &integer);
    const float scale = (float)integer.scale[net->output];
    asx_program *program = NULL;
    const asx_status made = asx_program_new(&program, c, design, &err);
    int32_t *trace = NULL;
    if (made != ASX_EUNSUPPORTED) { /* a mean over channels */
        CHECK_OK(made, err);
        trace = calloc(IMAGES * asx_program_trace_size(program), sizeof *trace);
        CHECK_OK(asx_program_trace(trace, program, x, IMAGES, &err), err);
    }
    for (size_t i = 0; i < IMAGES; i++) {
        asm_run(&a, x + i * n_in);
        if (trace)
            compare_trace(program, trace, &a, i);
        for (size_t k = 0; k < n_out; k++)
            if (y[i * n_out + k] != (float)a.value[net->output][k] * scale)
                fail_msg("image %zu, output %zu: %.9g, not %.9g", i, k,
                         (double)(y[i * n_out + k] / scale), (double)a.value[net->output][k]);
    }
    free(trace);
    asx_program_free(program);
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
    asx_integer_fini(&integer);
}

/* The network under `n` designs: layer l of design d in format (d + 5 l), multipliers of other widths
 * every time. Frees the network. */
static void check(asx_network *net, size_t first, size_t n)
{
    asx_error err;
    asx_calibration *c = NULL;
    const unsigned char label[IMAGES] = {0};
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = BATCH;
    for (size_t d = first; d < first + n; d++) {
        asx_design design;
        o.multiplier_bits = (unsigned[]){16, 8, 24, 12}[d % 4];
        CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
        CHECK_OK(asx_design_init(&design, net->work.n_layers, &err), err);
        for (size_t l = 0; l < net->work.n_layers; l++)
            CHECK_OK(asx_format_parse(&design.format[l], FORMATS[(d + 5 * l) % N_FORMATS], &err),
                     err);
        compare(c, data, &design);
        asx_design_fini(&design);
        asx_calibration_free(c);
    }
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

static void means(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        const asx_window one = {{1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}};
        const bool channels = i % 2;
        const asx_node conv = {.op = ASX_OP_CONV, .window = one};
        const asx_node mean = {.op = ASX_OP_REDUCE_MEAN,
                               .reduced = {channels, !channels, !channels}};
        asx_network *net = toy_network(SHAPE(3, 5, 6));
        size_t v = toy_layer(net, conv, 0, SHAPE(70, 5, 6));
        v = channels ? toy_node(net, mean, 1, v, 0, SHAPE(1, 5, 6))
                     : toy_node(net, mean, 1, v, 0, SHAPE(70, 1, 1));
        v = channels ? toy_layer(net, conv, v, SHAPE(2, 5, 6))
                     : toy_layer(net, conv, v, SHAPE(2, 1, 1));
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

enum { CLASSES = 5 };

/* The outputs of a network of vectors in w6{1,3}a8. @return the scale of their integers */
static double outputs(float y[IMAGES * CLASSES], const asx_network *net, const asx_dataset *data)
{
    asx_error err;
    asx_calibration *c = NULL;
    asx_design design;
    asx_integer integer;
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, NULL, &err), err);
    CHECK_OK(asx_design_init(&design, net->work.n_layers, &err), err);
    for (size_t l = 0; l < net->work.n_layers; l++)
        CHECK_OK(asx_format_parse(&design.format[l], "w6{1,3}a8", &err), err);
    CHECK_OK(asx_integer_init(&integer, c, &design, &err), err);
    asm_run_engine(y, asx_calibration_plan(c), data, &integer);
    const double scale = integer.scale[net->output];
    asx_integer_fini(&integer);
    asx_design_fini(&design);
    asx_calibration_free(c);
    return scale;
}

/* What integers of 16 bits can say of it. */
static double cut(double real, double step)
{
    return fmax(-ASX_INTEGER_MAX * step, fmin(real, ASX_INTEGER_MAX * step));
}

static double by_definition(asx_op op, const float *x, size_t i)
{
    double sum = 0;
    for (size_t k = 0; k < CLASSES; k++)
        sum += exp((double)x[k]);
    if (op == ASX_OP_SIGMOID)
        return 1 / (1 + exp(-(double)x[i]));
    return op == ASX_OP_SOFTMAX ? exp((double)x[i]) / sum : (double)x[i] - log(sum);
}

/* Sigmoid, Softmax and LogSoftmax are of the reals that their input's integers stand for: a network
 * that ends in one says what the definition makes of the outputs of that without it. */
static void functions_of_reals(void **state)
{
    (void)state;
    const asx_op ops[] = {ASX_OP_SIGMOID, ASX_OP_SOFTMAX, ASX_OP_LOG_SOFTMAX};
    const unsigned char label[IMAGES] = {0};
    asx_network *net = toy_network(SHAPE(1, 4, 4));
    const size_t flat = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, 0, 0, SHAPE(16));
    const size_t last = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, flat, SHAPE(CLASSES));
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    float x[IMAGES * CLASSES], y[IMAGES * CLASSES];
    (void)outputs(x, net, data);
    for (size_t k = 0; k < sizeof ops / sizeof *ops; k++) {
        asx_error err;
        asx_network *more = NULL;
        CHECK_OK(asx_network_copy(&more, net, &err), err);
        toy_node(more, (asx_node){.op = ops[k]}, 1, last, 0, SHAPE(CLASSES));
        const double step = outputs(y, more, data);
        for (size_t i = 0; i < IMAGES * CLASSES; i++) {
            const double want =
                cut(by_definition(ops[k], x + i / CLASSES * CLASSES, i % CLASSES), step);
            if (fabs((double)y[i] - want) > 0.5 * step + 2e-6)
                fail_msg("%s: %.9g, not %.9g", asx_op_text(ops[k]), (double)y[i], want);
        }
        asx_network_free(more);
    }
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Of a value x with itself: its square, a quotient of one, a difference of nothing; and a function. */
static void pairs_of_integers(void **state)
{
    (void)state;
    const asx_op ops[] = {ASX_OP_MUL, ASX_OP_DIV, ASX_OP_SUB, ASX_OP_MAX, ASX_OP_FUNCTION};
    const unsigned char label[IMAGES] = {0};
    asx_network *net = toy_network(SHAPE(1, 4, 4));
    const size_t flat = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, 0, 0, SHAPE(16));
    const size_t last = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, flat, SHAPE(CLASSES));
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    float x[IMAGES * CLASSES], y[IMAGES * CLASSES];
    (void)outputs(x, net, data);
    for (size_t k = 0; k < sizeof ops / sizeof *ops; k++) {
        asx_error err;
        asx_network *more = NULL;
        CHECK_OK(asx_network_copy(&more, net, &err), err);
        const asx_node made = {.op = ops[k], .function = ASX_FUNCTION_HARD_SWISH};
        toy_node(more, made, ops[k] == ASX_OP_FUNCTION ? 1 : 2, last, last, SHAPE(CLASSES));
        const double step = outputs(y, more, data);
        for (size_t i = 0; i < IMAGES * CLASSES; i++) {
            const double v = (double)x[i];
            const double exact = ops[k] == ASX_OP_MUL   ? v * v
                                 : ops[k] == ASX_OP_DIV ? x[i] != 0
                                 : ops[k] == ASX_OP_SUB ? 0
                                 : ops[k] == ASX_OP_MAX ? v
                                                        : v * fmin(fmax(v + 3, 0), 6) / 6;
            const double want = cut(exact, step);
            if (fabs((double)y[i] - want) > 0.51 * step + 1e-6 * fabs(want))
                fail_msg("%s of %g: %.9g, not %.9g", asx_op_text(ops[k]), v, (double)y[i], want);
        }
        asx_network_free(more);
    }
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolutions),
        cmocka_unit_test(dense_layers),
        cmocka_unit_test(pools),
        cmocka_unit_test(means),
        cmocka_unit_test(residual_network),
        cmocka_unit_test(large_sums),
        cmocka_unit_test(functions_of_reals),
        cmocka_unit_test(pairs_of_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
