/* Shared sums of a layer: every bit of every sum as the definition says it, for chains of rows whose intervals grow beyond any
 * word, and drawn matrices; bounds of nodes are those that all inputs reach. */
#include "check.h"

#include <string.h>

#include "dse/seed.h"
#include "layer.h"
#include "ranges.h"

enum { SIDE = 48, ROWS = 64, BITS = 4 };

typedef struct drawing {
    uint64_t seed, n;
} drawing;

static uint64_t draw_below(drawing *d, uint64_t n)
{
    return asx_seed_below(d->seed, 0, d->n++, n);
}

static asx_bespoke *layer_of(size_t inputs, size_t outputs)
{
    asx_bespoke *b = NULL;
    asx_error err = {0};
    CHECK_OK(asx_bespoke_new(&b, (const size_t[]){inputs, outputs}, 1, &err), err);
    return b;
}

static uint64_t evaluate(const gate *g, const uint64_t *net)
{
    uint64_t v[3];
    for (int i = 0; i < 3; i++)
        v[i] = net[g->in[i] >> 1] ^ (g->in[i] & 1 ? UINT64_MAX : 0);
    switch (g->kind) {
    case GATE_AND:
        return v[0] & v[1];
    case GATE_XOR:
        return v[0] ^ v[1];
    case GATE_MAJORITY:
        return (v[0] & v[1]) | (v[2] & (v[0] | v[1]));
    default:
        return (v[0] & v[1]) | (~v[0] & v[2]);
    }
}

/* Row by row, a row a bit. @param value  [ROWS][inputs] */
static uint64_t *simulate(const gates *g, const word *in, size_t inputs, const int64_t *value)
{
    uint64_t *net = calloc(g->n, sizeof *net);
    for (size_t i = 0; i < inputs; i++)
        for (unsigned k = 0; k < in[i].n; k++)
            for (size_t r = 0; r < ROWS; r++)
                net[in[i].bit[k] >> 1] |= (uint64_t)(value[r * inputs + i] >> k & 1) << r;
    for (size_t i = 1; i < g->n; i++)
        if (g->gate[i].kind != GATE_INPUT)
            net[i] = evaluate(&g->gate[i], net);
    return net;
}

static int64_t word_value(const word *w, const uint64_t *net, size_t r)
{
    uint64_t value = 0;
    for (unsigned k = 0; k < w->n; k++) {
        const uint64_t bit = (net[w->bit[k] >> 1] >> r & 1) ^ (w->bit[k] & 1);
        value += bit << k;
        if (w->with_sign && k + 1 == w->n)
            value -= bit << k << 1;
    }
    return (int64_t)value;
}

static int64_t sum_of(const asx_bespoke_layer *l, size_t j, const int64_t *v)
{
    int64_t sum = l->bias[j];
    for (size_t i = 0; i < l->inputs; i++)
        sum += l->weight[j * l->inputs + i] * (v[i] & (int64_t)l->mask[j * l->inputs + i]);
    return sum;
}

/* Inputs of all ones and all zeros, some of those that reach a sum's bounds, others drawn. */
static void draw_rows(int64_t *value, const asx_bespoke_layer *l, const word *in, drawing *d)
{
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < l->inputs; i++) {
            const bool up = r < 2 ? r == 0 : l->weight[r / 2 % l->outputs * l->inputs + i] > 0;
            const bool most = up == (r % 2 == 0);
            value[r * l->inputs + i] = r >= ROWS / 2 ? (int64_t)draw_below(d, 1u << in[i].n)
                                       : most        ? ((int64_t)1 << in[i].n) - 1
                                                     : 0;
        }
}

/* @return gates that were made */
static size_t check_sums(const asx_bespoke *b, const shared_sums *shared, drawing *d)
{
    const asx_bespoke_layer *l = &b->layer[0];
    word *in = calloc(l->inputs, sizeof *in), *out = calloc(l->outputs, sizeof *out);
    int64_t *value = calloc(ROWS * l->inputs, sizeof *value);
    gates g;
    patience until = {.limit = SIZE_MAX};
    gates_init(&g, &until);
    for (size_t i = 0; i < l->inputs; i++)
        in[i] = word_of_input(&g, b->input_bits[i]);
    assert_true(layer_sums(out, l, in, shared, &g) && !g.failed);
    draw_rows(value, l, in, d);
    uint64_t *net = simulate(&g, in, l->inputs, value);
    for (size_t j = 0; j < l->outputs; j++)
        for (size_t r = 0; r < ROWS; r++)
            assert_int_equal(word_value(&out[j], net, r), sum_of(l, j, value + r * l->inputs));
    const size_t n = g.n;
    gates_fini(&g);
    free(net);
    free(value);
    free(out);
    free(in);
    return n;
}

static void share(shared_sums *s, const asx_bespoke *b, size_t effort)
{
    unsigned bits[ASX_ADDERS_SIDE_MAX];
    const asx_bespoke_build how = {.effort = effort};
    asx_error err = {0};
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        bits[i] = b->input_bits[i];
    CHECK_OK(shared_sums_init(s, &b->layer[0], bits, &how, &err), err);
    assert_non_null(s->graph);
}

static void check_shared(const asx_bespoke *b, drawing *d)
{
    shared_sums s;
    share(&s, b, 0);
    (void)check_sums(b, &s, d);
    shared_sums_fini(&s);
    (void)check_sums(b, NULL, d);
}

/* Rows of which each is the one before, moved by a column and shifted: as a tree of rows has them, or from far apart. */
static void bands(void **state)
{
    (void)state;
    static const int32_t tap[][4] = {
        {512, 64, 8, 1}, {1, 8, 64, 512}, {8, 4, 2, 1}, {-512, 64, -8, 1}, {64, 32, 16, 8}};
    for (size_t t = 0; t < sizeof tap / sizeof *tap; t++)
        for (int turned = 0; turned < 2; turned++) {
            drawing d = {.seed = t};
            asx_bespoke *b = layer_of(SIDE, SIDE);
            for (size_t r = 0; r < SIDE; r++)
                for (size_t k = 0; k < 4 && r + k < SIDE; k++)
                    b->layer[0].weight[turned ? (r + k) * SIDE + r : r * SIDE + r + k] =
                        85 * tap[t][k];
            check_shared(b, &d);
            asx_bespoke_free(b);
        }
}

static void triangles(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        drawing d = {.seed = 9};
        asx_bespoke *b = layer_of(SIDE, SIDE);
        for (size_t r = 0; r < SIDE; r++)
            for (size_t c = 0; c < SIDE; c++)
                b->layer[0].weight[r * SIDE + c] = kind == 0   ? c <= r
                                                   : kind == 1 ? c > r
                                                   : kind == 2 ? (c <= r) - (c > r)
                                                               : (int32_t)(1u << (r + c) % 16);
        check_shared(b, &d);
        asx_bespoke_free(b);
    }
}

static asx_bespoke *draw(drawing *d, size_t side, unsigned bits)
{
    asx_bespoke *b = layer_of(1 + draw_below(d, side), 1 + draw_below(d, side));
    asx_bespoke_layer *l = &b->layer[0];
    const uint64_t span = (uint64_t)2 << draw_below(d, 16), masks = draw_below(d, 4);
    for (size_t i = 0; i < l->inputs; i++)
        b->input_bits[i] = (unsigned char)(1 + draw_below(d, bits));
    for (size_t k = 0; k < l->inputs * l->outputs; k++) {
        l->weight[k] = (int32_t)draw_below(d, span) - (int32_t)(span / 2);
        if (draw_below(d, 4) < masks) /* often equal ones, so that a column has several rows */
            l->mask[k] = draw_below(d, 2) ? 3 : (uint32_t)draw_below(d, 16);
    }
    for (size_t j = 0; j < l->outputs; j++)
        l->bias[j] = (int64_t)draw_below(d, 2000) - 1000;
    l->weight[0] = 1;
    l->mask[0] = UINT32_MAX;
    return b;
}

static void drawn(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 150; seed++) {
        drawing d = {.seed = seed};
        asx_bespoke *b = draw(&d, 10, 6);
        check_shared(b, &d);
        asx_bespoke_free(b);
    }
}

/* All inputs of few bits: least and greatest value of each node, masks or not. */
static void check_ranges(const asx_bespoke *b, const shared_sums *s)
{
    const asx_bespoke_layer *l = &b->layer[0];
    const asx_adder_graph *g = s->graph;
    const size_t n = g->inputs + g->n;
    node_range *range = calloc(n, sizeof *range), *want = calloc(n, sizeof *want);
    int64_t *x = calloc(2 * n + g->outputs, sizeof *x), *work = x + n, *y = work + n;
    word in[8];
    gates made;
    unsigned all = 0;
    patience until = {.limit = SIZE_MAX};
    gates_init(&made, &until);
    for (size_t i = 0; i < l->inputs; i++) {
        in[i] = word_of_input(&made, b->input_bits[i]);
        all += b->input_bits[i];
    }
    assert_true(ranges_find(range, s, in, &until));
    for (uint64_t v = 0; v < (uint64_t)1 << all; v++) {
        for (size_t c = 0; c < s->n_columns; c++) {
            unsigned from = 0;
            for (size_t i = 0; i < s->input[c]; i++)
                from += b->input_bits[i];
            x[c] = (int64_t)(v >> from & (((uint64_t)1 << b->input_bits[s->input[c]]) - 1) &
                             s->mask[c]);
        }
        asx_adder_graph_run(y, g, x, work);
        for (size_t i = 0; i < n; i++) {
            want[i].low = work[i] < want[i].low ? work[i] : want[i].low;
            want[i].high = work[i] > want[i].high ? work[i] : want[i].high;
        }
    }
    for (size_t i = 0; i < n; i++) {
        assert_false(range[i].beyond);
        assert_int_equal(range[i].low, want[i].low);
        assert_int_equal(range[i].high, want[i].high);
    }
    gates_fini(&made);
    free(x);
    free(want);
    free(range);
}

static void ranges(void **state)
{
    (void)state;
    size_t nodes = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        drawing d = {.seed = seed};
        asx_bespoke *b = draw(&d, 4, 3);
        shared_sums s;
        share(&s, b, 0);
        nodes += s.graph->n;
        check_ranges(b, &s);
        shared_sums_fini(&s);
        asx_bespoke_free(b);
    }
    assert_true(nodes > 500);
}

/* y = (8 x + ..) along a chain: its sums take about as many gates as their columns do, not words that grow by three bits a row. */
static void narrow(void **state)
{
    (void)state;
    drawing d = {.seed = 1};
    asx_bespoke *b = layer_of(SIDE, SIDE - 3);
    for (size_t r = 0; r < SIDE - 3; r++)
        for (size_t k = 0; k < 4; k++)
            b->layer[0].weight[r * SIDE + r + k] = 85 * (512 >> 3 * k);
    shared_sums s;
    share(&s, b, 0);
    const size_t shared = check_sums(b, &s, &d), columns = check_sums(b, NULL, &d);
    printf("%zu gates of a shared band, %zu by columns\n", shared, columns);
    assert_true(4 * shared < 6 * columns);
    shared_sums_fini(&s);
    asx_bespoke_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands),  cmocka_unit_test(triangles), cmocka_unit_test(drawn),
        cmocka_unit_test(ranges), cmocka_unit_test(narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
