/* Rows of nodes that only move elements: as one copy they give what they give one by one. */
#include "plan_run.h"
#include "shuffle.h"
#include "toy.h"

enum { BATCH = 3 };

static void nobody(void *watcher, size_t value, const float *x, size_t n)
{
    (void)watcher;
    (void)value;
    (void)x;
    (void)n;
}

/* Once as one copy, once with somebody who looks at all values, who gets the nodes one by one. */
static void both_ways(asx_network *net, size_t want_rows)
{
    asx_error err;
    asx_plan *plan = NULL;
    const size_t n = BATCH * asx_value_n_elements(&net->value[net->input]),
                 n_out = BATCH * asx_value_n_elements(&net->value[net->output]);
    float *x = toy_array(n), *whole = toy_array(n_out), *single = toy_array(n_out);
    const asx_run plain = {0}, looked_at = {.see = nobody};
    size_t rows = 0;
    CHECK_OK(asx_plan_new(&plan, net, BATCH, &err), err);
    for (size_t i = 0; i < net->n_nodes; i++)
        rows += plan->shuffle[i].n_nodes > 0;
    assert_int_equal(rows, want_rows);
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    CHECK_OK(asx_plan_run(plan, whole, x, 0, BATCH, &plain, workspace, &err), err);
    CHECK_OK(asx_plan_run(plan, single, x, 0, BATCH, &looked_at, workspace, &err), err);
    assert_memory_equal(whole, single, n_out * sizeof *whole);
    free(workspace);
    free(x);
    free(whole);
    free(single);
    asx_plan_free(plan);
}

static size_t move(asx_network *net, asx_node node, size_t in, const size_t *dim)
{
    return toy_node(net, node, 1, in, 0, dim);
}

/* A shuffle of channels in g groups, and the same channels read by hand. */
static void channels(void **state)
{
    (void)state;
    for (size_t g = 2; g <= 4; g++) {
        const size_t c = g * toy_between(1, 4), h = toy_between(1, 5), w = toy_between(2, 5);
        asx_network *net = toy_network(SHAPE(c, h, w));
        size_t v = move(net, (asx_node){.op = ASX_OP_RELU}, 0, SHAPE(c, h, w));
        v = move(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(g, c / g, h, w));
        v = move(net, (asx_node){.op = ASX_OP_TRANSPOSE, .perm = {1, 0, 2, 3}}, v,
                 SHAPE(c / g, g, h, w));
        v = move(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(c, h, w));
        (void)move(net, (asx_node){.op = ASX_OP_RELU}, v, SHAPE(c, h, w));

        asx_error err;
        asx_shuffle *rows = NULL;
        CHECK_OK(asx_shuffles_new(&rows, net, &err), err);
        assert_int_equal(rows[1].n_nodes, 3);
        for (size_t place = 0; place < h * w; place++)
            for (size_t k = 0; k < c;
                 k++) /* channels lie together: channel k came from group k % g */
                assert_int_equal(rows[1].part[0].from[place * c + k],
                                 place * c + k % g * (c / g) + k / g);
        asx_shuffles_free(rows, net);
        both_ways(net, 1);
        asx_network_free(net);
    }
}

/* A value that somebody else reads too ends a row, and so does the network's output. */
static void readers(void **state)
{
    (void)state;
    const asx_node turn = {.op = ASX_OP_TRANSPOSE, .perm = {2, 0, 1}};
    const asx_node cut = {.op = ASX_OP_SLICE, .start = {1, 0, 0}, .step = {1, 1, 1, 1}};
    asx_network *net = toy_network(SHAPE(2, 3, 4));
    size_t v = move(net, turn, 0, SHAPE(4, 2, 3));
    const size_t kept = move(net, cut, v, SHAPE(3, 2, 3));
    v = move(net, turn, kept, SHAPE(3, 3, 2));
    v = move(net, turn, v, SHAPE(2, 3, 3));
    v = move(net, (asx_node){.op = ASX_OP_TRANSPOSE, .perm = {1, 2, 0}}, v, SHAPE(3, 3, 2));
    v = move(net, turn, v, SHAPE(2, 3, 3));
    v = move(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(3, 2, 3));
    (void)toy_node(net, (asx_node){.op = ASX_OP_ADD}, 2, kept, v, SHAPE(3, 2, 3));
    both_ways(net, 2);
    asx_network_free(net);

    net = toy_network(SHAPE(2, 3, 4));
    v = move(net, turn, 0, SHAPE(4, 2, 3));
    (void)move(net, cut, v, SHAPE(3, 2, 3));
    both_ways(net, 1);
    asx_network_free(net);
}

/* Two halves put together and shuffled, as ShuffleNet does; also unequal parts, and one of them twice. */
static void joined(void **state)
{
    (void)state;
    for (int twice = 0; twice < 2; twice++)
        for (size_t g = 2; g <= 4; g++) {
            const size_t c = g * toy_between(1, 3), h = toy_between(1, 5), w = toy_between(2, 5);
            const size_t other = twice ? c : (g - 1) * c;
            asx_network *net = toy_network(SHAPE(c, h, w));
            const size_t a = move(net, (asx_node){.op = ASX_OP_RELU}, 0, SHAPE(c, h, w));
            const asx_node cut = {
                .op = ASX_OP_SLICE, .start = {(ptrdiff_t)c - 1, 0, 0}, .step = {0, 1, 1, 1}};
            const size_t b = twice ? a : move(net, cut, 0, SHAPE(other, h, w));
            size_t v = toy_node(net, (asx_node){.op = ASX_OP_CONCAT, .axis = 0}, 2, a, b,
                                SHAPE(c + other, h, w));
            v = move(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(c, (c + other) / c, h, w));
            v = move(net, (asx_node){.op = ASX_OP_TRANSPOSE, .perm = {1, 0, 2, 3}}, v,
                     SHAPE((c + other) / c, c, h, w));
            v = move(net, (asx_node){.op = ASX_OP_RESHAPE}, v, SHAPE(c + other, h, w));
            (void)move(net, (asx_node){.op = ASX_OP_RELU}, v, SHAPE(c + other, h, w));
            both_ways(net, 1);
            asx_network_free(net);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(channels), cmocka_unit_test(readers),
                                       cmocka_unit_test(joined)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
