/* Counts of dataflows: against the loops themselves, run step by step with a memory of what every
 * lane, row and buffer holds; against figures worked out by hand; and against SCALE-Sim. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dataflow.h"
#include "hwmodel/dataflow_check.h"

enum { LANES_MAX = 4096, WORDS_MAX = 65536 };

/* What stands where: 0 is nothing. */
typedef struct contents {
    long lane[LANES_MAX], row[LANES_MAX];
    char buffer[WORDS_MAX], needed[WORDS_MAX];
    asx_flow_counts count;
} contents;

typedef struct nest {
    const asx_layer *layer;
    const asx_array *array;
    const asx_dataflow *flow;
    long channels, depth, pixels, in; /* of a group; in: input channels */
    contents *s;
} nest;

static asx_layer conv(size_t in_c, size_t out_c, size_t size, size_t kernel, size_t groups)
{
    return (asx_layer){.in_c = in_c,
                       .in_h = size,
                       .in_w = size,
                       .out_c = out_c,
                       .out_h = size,
                       .out_w = size,
                       .kernel_h = kernel,
                       .kernel_w = kernel,
                       .stride_h = 1,
                       .stride_w = 1,
                       .groups = groups};
}

/* The element of the window in a row of the t-th tile of the depth; -1: the row is idle. */
static long element(const nest *n, long tile, long row)
{
    const long rows = n->flow->unrolling.rows, positions = n->depth / n->in;
    if (n->flow->unrolling.window)
        return tile * rows + row < n->depth ? tile * rows + row : -1;
    const long tiles = (n->in + rows - 1) / rows, channel = tile % tiles * rows + row;
    (void)positions;
    return channel < n->in ? tile / tiles * n->in + channel : -1;
}

/* A lane without work holds nothing. */
static void idle(const nest *n, long row, long from)
{
    for (long k = from; k < n->array->columns; k++)
        n->s->lane[row * n->array->columns + k] = 0;
}

/* One cycle: a tile of groups, of channels, of the depth, for one pixel. */
static void step(const nest *n, long group_tile, long channel_tile, long depth_tile, long pixel)
{
    const asx_unrolling *u = &n->flow->unrolling;
    asx_flow_counts *c = &n->s->count;
    const long columns = n->array->columns;
    c->steps++;
    for (long g = 0; g < u->groups; g++) {
        const long group = group_tile * u->groups + g;
        long active = n->channels - channel_tile * columns;
        active = active < columns ? active : columns;
        if (group >= (long)n->layer->groups)
            continue;
        c->sums += (double)active;
        for (long r = 0; r < u->rows; r++) {
            const long e = element(n, depth_tile, r), row = g * u->rows + r;
            idle(n, row, e < 0 ? 0 : active);
            if (e < 0)
                continue;
            const long x = 1 + (group * n->depth + e) * n->pixels + pixel;
            if (n->s->row[row] != x) {
                const long met = n->flow->tiles > 1 && n->channels > columns ? columns : active;
                c->x_loads++;
                c->bank_uses += asx_folds((double)met, n->array->lanes_per_bank);
            }
            n->s->row[row] = x;
            for (long k = 0; k < active; k++) {
                const long channel = channel_tile * columns + k;
                const long w = 1 + (group * n->channels + channel) * n->depth + e;
                long *lane = &n->s->lane[row * columns + k];
                c->w_loads += *lane != w;
                *lane = w;
            }
        }
    }
}

/* Weights of a block of tiles come into the buffer if they are not there. */
static void fill(const nest *n, long group_tile, long first, long end, long depth_first,
                 long depth_end)
{
    const asx_unrolling *u = &n->flow->unrolling;
    double words = 0;
    memset(n->s->needed, 0, sizeof n->s->needed);
    for (long g = group_tile * u->groups;
         g < (group_tile + 1) * u->groups && g < (long)n->layer->groups; g++)
        for (long t = depth_first; t < depth_end; t++)
            for (long r = 0; r < u->rows; r++)
                for (long k = first; k < end && k < n->channels; k++)
                    if (element(n, t, r) >= 0) {
                        n->s->needed[(g * n->channels + k) * n->depth + element(n, t, r)] = 1;
                        words++;
                    }
    for (size_t i = 0; i < WORDS_MAX; i++)
        n->s->count.w_reads += n->s->needed[i] && !n->s->buffer[i];
    memcpy(n->s->buffer, n->s->needed, sizeof n->s->buffer);
    if (words > n->s->count.buffered_words)
        n->s->count.buffered_words = words;
}

static long least(long a, long b)
{
    return a < b ? a : b;
}

/* The loops of dataflow.h. */
static asx_flow_counts run(const asx_layer *layer, const asx_array *array, const asx_dataflow *flow)
{
    contents *s = calloc(1, sizeof *s);
    assert_non_null(s);
    nest n = {layer, array, flow, 0, 0, 0, 0, s};
    n.channels = (long)(layer->out_c / layer->groups);
    n.depth = (long)asx_layer_depth(layer);
    n.pixels = (long)(layer->out_h * layer->out_w);
    n.in = (long)(layer->in_c / layer->groups);
    const long columns = array->columns, rows = flow->unrolling.rows, tiles = flow->tiles;
    const long channel_tiles = (n.channels + columns - 1) / columns;
    const long depth_tiles = flow->unrolling.window ? (n.depth + rows - 1) / rows
                                                    : n.depth / n.in * ((n.in + rows - 1) / rows);
    const long groups = ((long)layer->groups + flow->unrolling.groups - 1) / flow->unrolling.groups;
    const long chunk = least((long)flow->chunk, depth_tiles);
    const long alive = least((long)flow->alive, n.pixels);
    for (long g = 0; g < groups; g++)
        for (long k = 0; k < channel_tiles; k += tiles)
            for (long p = 0; p < n.pixels; p += alive)
                for (long d = 0; d < depth_tiles; d += chunk) {
                    const long block = least(p + alive, n.pixels);
                    const long outputs = least((k + tiles) * columns, n.channels) - k * columns;
                    const long side = least((g + 1) * flow->unrolling.groups, (long)layer->groups) -
                                      g * flow->unrolling.groups;
                    fill(&n, g, k * columns, (k + tiles) * columns, d,
                         least(d + chunk, depth_tiles));
                    if (d > 0) /* sums come back */
                        s->count.spills += (double)((block - p) * outputs * side);
                    for (long q = p; q < block; q += flow->pixels)
                        for (long t = d; t < least(d + chunk, depth_tiles); t++)
                            for (long i = 0; i < flow->pixels && q + i < block; i++)
                                for (long j = k; j < least(k + tiles, channel_tiles); j++)
                                    step(&n, g, j, t, q + i);
                }
    asx_flow_counts out = s->count;
    free(s);
    return out;
}

static void same(const char *what, const asx_dataflow *flow, double counted, double run)
{
    asx_text text = {0};
    asx_dataflow_print(&text, flow);
    if (counted != run)
        fail_msg("%s: %s %g, the loops make %g", text.s, what, counted, run);
    asx_text_fini(&text);
}

static const asx_array array = {.rows = 8,
                                .columns = 4,
                                .lanes_per_bank = 2,
                                .registers = 4,
                                .buffer_words = 100,
                                .spill_words = 64,
                                .line = true};

static size_t check_layer(const asx_layer *layer)
{
    static asx_dataflow flow[ASX_DATAFLOWS_MAX];
    const size_t n = asx_dataflow_list(flow, layer, &array);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        asx_flow_counts c;
        asx_dataflow_count(&c, layer, &array, &flow[i]);
        const asx_flow_counts r = run(layer, &array, &flow[i]);
        same("steps", &flow[i], c.steps, r.steps);
        same("sums", &flow[i], c.sums, r.sums);
        same("spills", &flow[i], c.spills, r.spills);
        same("activations that enter", &flow[i], c.x_loads, r.x_loads);
        same("banks", &flow[i], c.bank_uses, r.bank_uses);
        same("weights that enter", &flow[i], c.w_loads, r.w_loads);
        if (flow[i].buffer) {
            same("weights read", &flow[i], c.w_reads, r.w_reads);
            assert_true(r.buffered_words <= c.buffered_words &&
                        c.buffered_words <= array.buffer_words);
            assert_true(c.buffer_reads == c.w_loads);
        }
        assert_true(c.registers <= array.registers && c.spilled_words <= array.spill_words);
        if (flow[i].line) /* every activation once per sweep */
            assert_true(fmod(c.x_reads, (double)asx_layer_n_inputs(layer)) == 0);
    }
    return n;
}

static void loops(void **state)
{
    (void)state;
    const asx_layer layers[] = {
        conv(3, 6, 4, 3, 1),  /* few channels, a rest of columns */
        conv(16, 9, 3, 1, 1), /* pointwise */
        conv(5, 4, 5, 3, 1),  /* rows that channels do not fill */
        conv(6, 6, 4, 3, 6),  /* depthwise */
        conv(8, 12, 3, 3, 4), /* grouped */
        conv(20, 30, 2, 2, 1),
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        n += check_layer(&layers[i]);
    print_message("%zu dataflows\n", n);
    assert_true(n > 150);
}

/* 16 x 16 lanes. Depthwise 3 x 3 over 64 channels of 8 x 8: one group at a time takes 64 x 64
 * cycles, 9 of 16 rows and 1 of 16 columns; 16 on the diagonal take 9 x 64 for 16 channels each. A
 * first layer of 3 channels and 16 x 16 pixels: 27 of 32 rows in 2 x 256 cycles as a window, 9 x 256
 * by channels. */
static void by_hand(void **state)
{
    (void)state;
    const asx_array square = {.rows = 16, .columns = 16, .lanes_per_bank = 4, .registers = 8};
    const asx_layer depthwise = conv(64, 64, 8, 3, 64), first = conv(3, 16, 16, 3, 1);
    asx_dataflow flow = {{true, 9, 1}, 1, 1, 1, 64, false, false};
    asx_flow_counts c;
    asx_dataflow_count(&c, &depthwise, &square, &flow);
    assert_true(c.steps == 64 * 64 && c.sums == 64 * 64 && c.w_loads == 576 && c.hold == 64);
    flow.unrolling = (asx_unrolling){true, 1, 16};
    flow.chunk = 9;
    asx_dataflow_count(&c, &depthwise, &square, &flow);
    assert_true(c.steps == 4 * 9 * 64 && c.sums == 9 * 64 * 64);
    assert_true(c.x_loads == 64 * 9 * 64 && c.w_loads == 576 * 64 && c.registers == 1);
    flow = (asx_dataflow){{true, 16, 1}, 8, 1, 2, 256, false, false};
    asx_dataflow_count(&c, &first, &square, &flow);
    assert_true(c.steps == 512 && c.w_loads == 432 * 32 && c.hold == 8 && c.spills == 0);
    assert_true(c.x_loads == 27 * 256 && c.aligned == c.x_loads && c.bank_uses == 4 * 27 * 256);
    flow = (asx_dataflow){{false, 3, 1}, 8, 1, 9, 256, false, true};
    asx_dataflow_count(&c, &first, &square, &flow);
    assert_true(c.steps == 9 * 256 && c.aligned == 0 && c.x_reads == 768);
    /* sums through their memory: a tile's weights stay for 64 pixels */
    flow = (asx_dataflow){{true, 16, 1}, 1, 1, 1, 64, false, false};
    asx_dataflow_count(&c, &first, &square, &flow);
    assert_true(c.w_loads == 432 * 4 && c.hold == 64 && c.spills == 16 * 256 && c.registers == 1);
    assert_true(c.spilled_words == 64 * 16);
}

/* The set holds what a layer of each kind is run best with. */
static bool has(const asx_layer *layer, const char *name)
{
    static asx_dataflow flow[ASX_DATAFLOWS_MAX];
    const size_t n = asx_dataflow_list(flow, layer, &array);
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        asx_text text = {0};
        asx_dataflow_print(&text, &flow[i]);
        found = found || strcmp(text.s, name) == 0;
        asx_text_fini(&text);
    }
    return found;
}

static void names(void **state)
{
    (void)state;
    const asx_layer depthwise = conv(6, 6, 4, 3, 6), layer = conv(3, 6, 4, 3, 1);
    assert_true(has(&depthwise, "4 groups of 1 rows; weight held 4; memory"));
    assert_true(has(&depthwise, "2 groups of 3 rows; weight held 1; memory; lines"));
    assert_true(has(&layer, "window 8; input held 2; memory"));
    assert_true(has(&layer, "channels 3; weight held 4; memory; lines"));
    assert_true(has(&layer, "window 8; weight held 16; memory"));
    assert_false(has(&layer, "window 8; weight held 8; memory"));
}

/* The weights of a systolic array pass through this one's counts, too. */
static void systolic(void **state)
{
    (void)state;
    const asx_layer layer = conv(16, 40, 6, 3, 1);
    const asx_array big = {.rows = 16, .columns = 16, .lanes_per_bank = 1, .registers = 1};
    const asx_dataflow flow = {{true, 16, 1}, 1, 1, 1, 36, false, false};
    asx_systolic_counts s;
    asx_flow_counts c;
    asx_systolic_count(&s, &layer, 16, 16, ASX_STATIONARY_WEIGHTS);
    asx_dataflow_count(&c, &layer, &big, &flow);
    assert_true(s.input_reads == c.x_loads && s.weight_reads == c.w_loads);
    assert_true(s.output_writes == c.sums);
    assert_true(s.cycles == 9 * 3 * (16 + 16 + 16 + 36 - 2) - 1);
}

static void scale_sim(void **state)
{
    (void)state;
    const char *data = getenv("ASX_DATA");
    char path[512];
    asx_error err;
    asx_dataflow_check *check = NULL;
    size_t n = 0, others = 0, rows = 0;
    if (!data)
        skip();
    snprintf(path, sizeof path, "%s/hw/dataflow_counts.csv", data);
    CHECK_OK(asx_dataflow_check_file(&check, &n, &others, path, &err), err);
    for (size_t i = 0; i < n; i++) {
        rows += check[i].n;
        if (check[i].n_equal != check[i].n)
            fail_msg("%s, %s: %zu of %zu equal, line %zu is off by %g %%", check[i].what,
                     check[i].quantity, check[i].n_equal, check[i].n, check[i].line,
                     check[i].worst);
    }
    print_message("%zu numbers equal\n", rows);
    assert_true(rows >= 1000 && others > 0);
    asx_dataflow_checks_free(check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(loops), cmocka_unit_test(by_hand),
                                       cmocka_unit_test(names), cmocka_unit_test(systolic),
                                       cmocka_unit_test(scale_sim)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
