/* Gradients against differences: the loss sum(c . logits) is computed at parameter + h and - h. */
#include "gradients_fixture.h"

static const asx_window SAME = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};

static size_t conv(asx_network *net, size_t in, const size_t *out, asx_window w, size_t groups)
{
    return toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = w, .groups = groups}, in, out);
}

static size_t op(asx_network *net, asx_node node, size_t in, const size_t *out)
{
    return toy_node(net, node, 1, in, 0, out);
}

static void residual(void **state)
{
    (void)state;
    check_gradients(toy_residual(), 2e-3f);
}

/* groups, depthwise, strides, dilation, uneven padding; sigmoids in between keep it smooth */
static void convolutions(void **state)
{
    (void)state;
    const asx_window wide = {{3, 2}, {2, 1}, {1, 2}, {1, 0}, {0, 2}};
    asx_network *net = toy_network(SHAPE(4, 6, 5));
    size_t v = conv(net, 0, SHAPE(6, 6, 5), SAME, 2);
    v = op(net, (asx_node){.op = ASX_OP_SIGMOID}, v, SHAPE(6, 6, 5));
    v = conv(net, v, SHAPE(6, 6, 5), SAME, 6);
    v = op(net, (asx_node){.op = ASX_OP_SIGMOID}, v, SHAPE(6, 6, 5));
    v = conv(net, v, SHAPE(4, 3, 5), wide, 1);
    v = op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(60));
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(3));
    check_gradients(net, 2e-3f);
}

/* Of tokens: normalised, their products with themselves, a constant added; as [1][3][4] too, which
 * lies channels last. */
static void attention(void **state)
{
    (void)state;
    for (int rank = 2; rank <= 3; rank++) {
        const size_t *rows = rank == 2 ? SHAPE(3, 4) : SHAPE(2, 3, 4);
        const size_t *turned = rank == 2 ? SHAPE(4, 3) : SHAPE(2, 4, 3);
        const size_t *square = rank == 2 ? SHAPE(3, 3) : SHAPE(2, 3, 3);
        asx_network *net = rank == 2 ? toy_network(SHAPE(3, 4)) : toy_network(SHAPE(2, 3, 4));
        const size_t n = rank == 2 ? 12 : 24;
        asx_node norm = {.op = ASX_OP_NORMALISE, .alpha = 0.1F, .beta = rank == 3 ? 1 : 0};
        asx_node turn = {.op = ASX_OP_TRANSPOSE, .perm = {0, 1, 2, 3}};
        asx_node more = {.op = ASX_OP_CONSTANT, .n_weights = n, .weight = toy_array(n)};
        norm.reduced[rank - 1] = true;
        turn.perm[rank - 2] = (size_t)rank - 1;
        turn.perm[rank - 1] = (size_t)rank - 2;
        size_t v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, 0, rows);
        v = op(net, norm, v, rows);
        const size_t t = op(net, turn, v, turned);
        size_t w = toy_node(net, (asx_node){.op = ASX_OP_MATMUL}, 2, v, t, square);
        w = toy_node(net, (asx_node){.op = ASX_OP_MATMUL}, 2, w, v, rows);
        const size_t c = toy_node(net, more, 0, 0, 0, rows);
        w = toy_node(net, (asx_node){.op = ASX_OP_ADD}, 2, w, c, rows);
        asx_node pick = {.op = ASX_OP_PICK, .n_picks = n, .pick = calloc(n, sizeof *pick.pick)};
        assert_non_null(pick.pick);
        for (size_t i = 0; i < n; i++) /* turned about, one twice, one nowhere */
            pick.pick[i] = (uint32_t)(i == 1 ? 0 : i == 2 ? n : n - i);
        w = op(net, pick, w, rows);
        w = op(net, (asx_node){.op = ASX_OP_RESHAPE}, w, SHAPE(n));
        toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, w, SHAPE(3));
        check_gradients(net, 2e-3f);
    }
}

static void pools_and_scale(void **state)
{
    (void)state;
    const asx_window pool = {{3, 3}, {2, 2}, {1, 1}, {1, 1}, {1, 1}};
    asx_network *net = toy_network(SHAPE(3, 7, 7));
    size_t v = conv(net, 0, SHAPE(5, 7, 7), SAME, 1);
    asx_node scale = {.op = ASX_OP_SCALE, .n_weights = 5, .n_biases = 5};
    scale.weight = toy_array(5);
    scale.bias = toy_array(5);
    v = op(net, scale, v, SHAPE(5, 7, 7));
    const size_t most =
        op(net, (asx_node){.op = ASX_OP_MAX_POOL, .window = pool}, v, SHAPE(5, 4, 4));
    const size_t mean =
        op(net, (asx_node){.op = ASX_OP_AVERAGE_POOL, .window = pool}, v, SHAPE(5, 4, 4));
    const size_t padded =
        op(net, (asx_node){.op = ASX_OP_AVERAGE_POOL, .window = pool, .count_padding = true}, v,
           SHAPE(5, 4, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_CONCAT, .axis = 0}, 2, most, mean, SHAPE(10, 4, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_CONCAT, .axis = 0}, 2, v, padded, SHAPE(15, 4, 4));
    v = op(net, (asx_node){.op = ASX_OP_CLIP, .low = -0.8f, .high = 0.9f}, v, SHAPE(15, 4, 4));
    op(net, (asx_node){.op = ASX_OP_REDUCE_MEAN, .reduced = {false, true, true}}, v, SHAPE(15));
    check_gradients(net, 2e-4f);
}

/* slice, pad, transpose, and dense layers over rows */
static void moves(void **state)
{
    (void)state;
    asx_network *net = toy_network(SHAPE(3, 6, 4));
    size_t v = conv(net, 0, SHAPE(4, 6, 4), SAME, 1);
    v = op(net, (asx_node){.op = ASX_OP_SLICE, .start = {0, 5, 0}, .step = {1, -2, 1}}, v,
           SHAPE(4, 3, 4));
    v = op(net, (asx_node){.op = ASX_OP_PAD, .before = {1, 0, 0}, .after = {0, 0, 1}, .fill = 0.5f},
           v, SHAPE(5, 3, 5));
    v = op(net, (asx_node){.op = ASX_OP_TRANSPOSE, .perm = {2, 0, 1}}, v, SHAPE(5, 5, 3));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(5, 5, 4));
    v = op(net, (asx_node){.op = ASX_OP_SOFTMAX, .axis = 1}, v, SHAPE(5, 5, 4));
    v = op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(25, 4));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(25, 3));
    op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(75));
    check_gradients(net, 2e-3f);
}

/* within the network; behind its end it belongs to the loss */
static void log_softmax(void **state)
{
    (void)state;
    asx_network *net = toy_network(SHAPE(3, 4, 4));
    size_t v = conv(net, 0, SHAPE(5, 4, 4), SAME, 1);
    v = op(net, (asx_node){.op = ASX_OP_LOG_SOFTMAX}, v, SHAPE(5, 4, 4));
    v = op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(20, 4));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(20, 3));
    v = op(net, (asx_node){.op = ASX_OP_LOG_SOFTMAX, .axis = 1}, v, SHAPE(20, 3));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(20, 2));
    op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(40));
    check_gradients(net, 2e-3f);
}

/* A rounded input: x is used on the grid, and passes gradient between the ends only. One weight per
 * layer makes it a sum that can be written down. */
static void rounded_inputs(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_network(SHAPE(2));
    const size_t hidden = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, 0, SHAPE(2));
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, hidden, SHAPE(2));
    lab l = lab_open(net, PLAIN);
    const asx_word word = {.bits = 3, .digit_width = 4}; /* -4 .. 3 */
    asx_rounder *rounder = NULL;
    CHECK_OK(asx_rounder_new(&rounder, &word, &err), err);
    const asx_rounder *rounders[] = {NULL, rounder};
    const double scale[] = {1, 0.5};
    const asx_tape_run run = {l.parameter, l.packed, rounders, scale};
    /* layer 0: identity with biases; layer 1: weights a b / c d */
    const float p[] = {1, 0, 0, 1, 0, 0, 2, 3, 5, 7, 0, 0};
    memcpy(l.parameter, p, sizeof p);
    const float x[] = {0.6f, 9, -0.3f, -9, 1.4f, 0.2f};
    const float c[] = {1, 10, 1, 10, 1, 10};
    memcpy(l.images, x, sizeof x);
    memcpy(l.c, c, sizeof c);
    float gradient[14];
    /* on the grid: (.5, 1.5), (-.5, -2), (1.5, 0): -0.3 / 0.5 = -0.6 is nearest to -1 */
    const double h[3][2] = {{0.5, 1.5}, {-0.5, -2}, {1.5, 0}};
    double loss = 0;
    for (int i = 0; i < 3; i++)
        loss += 52 * h[i][0] + 73 * h[i][1];
    assert_true(fabs(lab_loss(&l, &run) - loss) < 1e-4);
    CHECK_OK(asx_tape_backward(gradient, l.tape, &run, &l.worker, l.c, &err), err);
    /* by layer 1's weights: sum of c h; by layer 0's biases: 52 per image, and 73 in the third only
     */
    const double want[] = {1.5, -0.5, 15, -5};
    for (int i = 0; i < 4; i++)
        assert_true(fabs((double)gradient[6 + i] - want[i]) < 1e-4);
    assert_true(fabs((double)gradient[4] - 3 * 52) < 1e-3);
    assert_true(fabs((double)gradient[5] - 73) < 1e-3);
    /* by the scale: d (x^ - x) / s inside, d x^ / s beyond the ends; per square root of 2 inputs */
    const double d[2] = {52, 73};
    double by_scale = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++) {
            const double u = (double)x[2 * i + j], inside = u >= -2 && u <= 1.5 ? u : 0;
            by_scale += d[j] * (h[i][j] - inside) / 0.5 / sqrt(2);
        }
    assert_true(fabs((double)gradient[l.tape->n_parameters + 1] - by_scale) < 1e-3);
    assert_true(gradient[l.tape->n_parameters] == 0);
    asx_rounder_free(rounder);
    lab_close(&l);
    asx_network_free(net);
}

/* On a word so long that rounding is nothing, an input is cut at the clip s high and s low: the
 * gradient by s against differences, for a feature map and for one that is turned into a vector. */
static void learned_clips(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_network(SHAPE(3, 6, 6));
    size_t v = conv(net, 0, SHAPE(5, 6, 6), SAME, 1);
    v = conv(net, v, SHAPE(4, 6, 6), SAME, 1);
    v = op(net, (asx_node){.op = ASX_OP_SIGMOID}, v, SHAPE(4, 6, 6));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(4, 6, 3));
    op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(72));
    lab l = lab_open(net, PLAIN);
    const asx_word word = {.bits = 16, .digit_width = 4};
    asx_rounder *rounder = NULL;
    CHECK_OK(asx_rounder_new(&rounder, &word, &err), err);
    const asx_rounder *rounders[] = {NULL, rounder, rounder};
    double scale[] = {1, 0.9 / 32768, 0.6 / 32768};
    const asx_tape_run run = {l.parameter, l.packed, rounders, scale};
    float *gradient = calloc(l.tape->n_gradients, sizeof *gradient);
    (void)lab_loss(&l, &run);
    CHECK_OK(asx_tape_backward(gradient, l.tape, &run, &l.worker, l.c, &err), err);
    const double inputs[] = {0, 5 * 36, 4 * 36};
    for (size_t i = 1; i < 3; i++) {
        const double at = scale[i], h = 0.005 * at;
        scale[i] = at + h;
        const double up = lab_loss(&l, &run);
        scale[i] = at - h;
        const double want = (up - lab_loss(&l, &run)) / (2 * h) / sqrt(inputs[i]);
        const double have = (double)gradient[l.tape->n_parameters + i];
        scale[i] = at;
        assert_true(fabs(want) > 100);
        if (fabs(have - want) > 0.03 * fabs(want))
            fail_msg("layer %zu: %g, by differences %g", i, have, want);
    }
    free(gradient);
    asx_rounder_free(rounder);
    lab_close(&l);
    asx_network_free(net);
}

/* Convolutions, plain and depthwise, and a dense layer, each with a normalisation that depends on
 * the whole piece; channels that fill vectors, and that do not. */
static void normalisation(void **state)
{
    (void)state;
    asx_network *net = toy_network(SHAPE(3, 6, 6));
    size_t v = conv(net, 0, SHAPE(18, 6, 6), SAME, 1);
    v = op(net, (asx_node){.op = ASX_OP_SIGMOID}, v, SHAPE(18, 6, 6));
    v = conv(net, v, SHAPE(18, 3, 3), (asx_window){{3, 3}, {2, 2}, {1, 1}, {1, 1}, {0, 0}}, 18);
    v = op(net, (asx_node){.op = ASX_OP_CLIP, .low = -1.5f, .high = 1.5f}, v, SHAPE(18, 3, 3));
    v = op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(162));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(5));
    v = op(net, (asx_node){.op = ASX_OP_SIGMOID}, v, SHAPE(5));
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(3));
    for (size_t i = 0; i + 1 < net->n_nodes; i++)
        net->node[i].normalised = net->node[i].layer != ASX_NO_LAYER;
    check_gradients_of(net, (asx_tape_choice){BATCH, .normalises = true}, 1e-3f);
}

/* Products of bfloat16 numbers, each off by up to 2^-9, summed in float: logits and gradients stay
 * within a percent, and where the processor has no such products they are the same. */
static void half_words(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_network(SHAPE(3, 9, 9));
    size_t v = conv(net, 0, SHAPE(16, 9, 9), SAME, 1);
    v = op(net, (asx_node){.op = ASX_OP_SIGMOID}, v, SHAPE(16, 9, 9));
    v = conv(net, v, SHAPE(16, 9, 9), SAME, 16);
    v = conv(net, v, SHAPE(20, 9, 9), (asx_window){{1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}}, 1);
    v = op(net, (asx_node){.op = ASX_OP_SIGMOID}, v, SHAPE(20, 9, 9));
    v = op(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(1620));
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(3));
    lab l[2] = {lab_open(net, PLAIN), lab_open(net, (asx_tape_choice){BATCH, .half = true})};
    const size_t n = l[0].tape->n_parameters;
    memcpy(l[1].images, l[0].images, BATCH * 3 * 81 * sizeof(float));
    memcpy(l[1].c, l[0].c, l[0].n_logits * sizeof(float));
    float *gradient[2];
    double loss[2], difference = 0, size = 0;
    for (int i = 0; i < 2; i++) {
        const asx_tape_run run = {.parameter = l[i].parameter, .packed = l[i].packed};
        gradient[i] = calloc(l[i].tape->n_gradients, sizeof *gradient[i]);
        loss[i] = lab_loss(&l[i], &run);
        CHECK_OK(asx_tape_backward(gradient[i], l[i].tape, &run, &l[i].worker, l[i].c, &err), err);
    }
    for (size_t i = 0; i < n; i++) {
        difference += pow((double)(gradient[1][i] - gradient[0][i]), 2);
        size += pow((double)gradient[0][i], 2);
    }
    assert_true(fabs(loss[1] - loss[0]) < 0.01 * fabs(loss[0]) + 0.01);
    assert_true(size > 0.01 && sqrt(difference / size) < 0.01);
    if (asx_dnn_has_half())
        assert_true(difference > 0);
    else
        assert_true(difference == 0 && loss[0] == loss[1]);
    for (int i = 0; i < 2; i++) {
        free(gradient[i]);
        lab_close(&l[i]);
    }
    asx_network_free(net);
}

static void losses(void **state)
{
    (void)state;
    enum { N = 6 };
    const asx_loss kinds[] = {{0, 0, 1}, {0.2, 0, 1}, {0.1, 0.4, 3}, {0, 1, 0.5}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        float x[N], teacher[N], d[N], again[N];
        for (int i = 0; i < N; i++) {
            x[i] = 3 * toy_random();
            teacher[i] = 3 * toy_random();
        }
        const double loss = asx_loss_image(d, &kinds[k], x, N, 2, teacher);
        if (k == 0) { /* by hand: -log softmax */
            double sum = 0;
            for (int i = 0; i < N; i++)
                sum += exp((double)x[i]);
            assert_true(fabs(loss - (log(sum) - (double)x[2])) < 1e-9);
        }
        for (int i = 0; i < N; i++) {
            const float at = x[i];
            x[i] = at + 0.01f;
            const double up = asx_loss_image(again, &kinds[k], x, N, 2, teacher);
            const double high = (double)x[i];
            x[i] = at - 0.01f;
            const double down = asx_loss_image(NULL, &kinds[k], x, N, 2, teacher);
            const double slope = (up - down) / (high - (double)x[i]);
            x[i] = at;
            assert_true(fabs(slope - (double)d[i]) < 1e-3);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attention),     cmocka_unit_test(residual),
        cmocka_unit_test(convolutions),  cmocka_unit_test(pools_and_scale),
        cmocka_unit_test(moves),         cmocka_unit_test(rounded_inputs),
        cmocka_unit_test(half_words),    cmocka_unit_test(learned_clips),
        cmocka_unit_test(normalisation), cmocka_unit_test(losses),
        cmocka_unit_test(log_softmax)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
