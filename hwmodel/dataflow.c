#include "dataflow.h"

#include <math.h>

double asx_folds(double n, double length)
{
    return ceil(n / length);
}

/* The layer's loops as they are folded over the array. */
typedef struct folding {
    double groups, depth, channels, pixels;         /* of the layer; depth, channels: a group's */
    double group_tiles, depth_tiles, channel_tiles; /* in time */
    double tile_columns;                            /* columns that a group's tile takes */
} folding;

static double depth_tiles(const asx_layer *layer, const asx_unrolling *u)
{
    const double positions = (double)(layer->kernel_h * layer->kernel_w);
    const double channels = (double)(layer->in_c / layer->groups);
    return u->window ? asx_folds(positions * channels, u->rows)
                     : positions * asx_folds(channels, u->rows);
}

static folding fold(const asx_layer *layer, const asx_array *array, const asx_unrolling *u)
{
    folding f = {.groups = (double)layer->groups,
                 .depth = (double)asx_layer_depth(layer),
                 .channels = (double)(layer->out_c / layer->groups),
                 .pixels = (double)layer->out_h * (double)layer->out_w};
    f.group_tiles = asx_folds(f.groups, u->groups);
    f.depth_tiles = depth_tiles(layer, u);
    f.channel_tiles = asx_folds(f.channels, array->columns);
    f.tile_columns = fmin(f.channels, array->columns);
    return f;
}

/* Banks that one activation meets in all tiles of its group's output channels; where it is held
 * over `tiles` of them, each bank works once. */
static double banks_met(const folding *f, const asx_array *array, unsigned tiles)
{
    const double whole = floor(f->channels / array->columns);
    const double rest = f->channels - whole * array->columns;
    if (tiles > 1)
        return asx_folds(f->channel_tiles, tiles) *
               asx_folds(f->tile_columns, array->lanes_per_bank);
    return whole * asx_folds(array->columns, array->lanes_per_bank) +
           asx_folds(rest, array->lanes_per_bank);
}

/* How often a weight of a block of tiles of output channels and a chunk of tiles of the depth enters
 * its lane: for every pixel if tiles take turns, else for every block of pixels; and if it is the
 * only tile, it stays from one block to the next. */
static double loads(const folding *f, const asx_dataflow *flow, double tiles, double chunk)
{
    if (tiles > 1)
        return f->pixels;
    return asx_folds(f->pixels, chunk > 1 ? flow->pixels : fmax(flow->alive, flow->pixels));
}

/* Of `n` things in tiles of `size`, of which `per` make a block: how many are in whole blocks, and
 * how many tiles the last one has. */
static double in_whole_blocks(double n, double tiles, double per, double size, double *rest)
{
    *rest = fmod(tiles, per);
    return *rest > 0 ? fmin(n, (tiles - *rest) * size) : n;
}

/* Weights that enter lanes: whole blocks and chunks, and what is left of each. */
static double lane_loads(const folding *f, const asx_layer *layer, const asx_array *array,
                         const asx_dataflow *flow)
{
    const asx_unrolling *u = &flow->unrolling;
    const double tiles = fmin(flow->tiles, f->channel_tiles);
    const double chunk = fmin(flow->chunk, f->depth_tiles);
    double rest_tiles, rest_chunk, sum = 0;
    double in_blocks =
        in_whole_blocks(f->channels, f->channel_tiles, tiles, array->columns, &rest_tiles);
    double in_chunks = in_whole_blocks(f->depth, f->depth_tiles, chunk, u->rows, &rest_chunk);
    if (!u->window && rest_chunk > 0) { /* each kernel position has a last tile that is less */
        const double channels = (double)(layer->in_c / layer->groups);
        const double per = asx_folds(channels, u->rows), left = f->depth_tiles - rest_chunk;
        in_chunks = floor(left / per) * channels + fmin(channels, fmod(left, per) * u->rows);
    }
    const double channels[] = {in_blocks, f->channels - in_blocks};
    const double depth[] = {in_chunks, f->depth - in_chunks};
    const double block[] = {tiles, rest_tiles}, part[] = {chunk, rest_chunk};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            sum += channels[i] * depth[j] * loads(f, flow, block[i], part[j]);
    return f->groups * sum;
}

void asx_dataflow_count(asx_flow_counts *out, const asx_layer *layer, const asx_array *array,
                        const asx_dataflow *flow)
{
    const asx_unrolling *u = &flow->unrolling;
    const folding f = fold(layer, array, u);
    const double weights = (double)asx_layer_n_weights(layer);
    const double outputs = (double)asx_layer_n_outputs(layer);
    const double sweeps = asx_folds(f.channel_tiles, flow->tiles);
    const bool whole_depth = flow->chunk >= f.depth_tiles;
    asx_flow_counts c = {
        .steps = f.group_tiles * f.channel_tiles * f.depth_tiles * f.pixels,
        .x_loads = f.groups * f.depth * f.pixels * sweeps,
        .bank_uses = f.groups * f.depth * f.pixels * banks_met(&f, array, flow->tiles),
        .w_loads = lane_loads(&f, layer, array, flow),
        .sums = outputs * f.depth_tiles,
        .spills = outputs * (asx_folds(f.depth_tiles, flow->chunk) - 1),
        .registers = flow->chunk > 1 || whole_depth ? flow->pixels * flow->tiles : 1,
    };
    c.hold = fmax(1, f.pixels * weights / c.w_loads);
    c.spilled_words = c.spills > 0 ? flow->alive * flow->tiles * f.tile_columns * u->groups : 0;
    c.x_reads = c.x_loads;
    if (flow->line) {
        c.x_reads = fmin(c.x_loads, (double)asx_layer_n_inputs(layer) * sweeps);
        c.line_reads = c.x_loads;
    }
    c.w_reads = c.w_loads;
    if (flow->buffer) {
        c.w_reads = weights * (whole_depth ? 1 : asx_folds(f.pixels, flow->alive));
        c.buffer_reads = c.w_loads;
        c.buffered_words = fmin(flow->chunk, f.depth_tiles) * fmin(flow->tiles, f.channel_tiles) *
                           u->rows * u->groups * f.tile_columns;
    }
    /* channels that fill rows as they stand in memory need no rotator */
    c.aligned = u->window && layer->in_c / layer->groups % u->rows != 0 ? c.x_loads : 0;
    *out = c;
}

/* One group's tile: all rows by the window or by channels; several groups side by side with fewer
 * rows each. */
static size_t list_unrollings(asx_unrolling *out, size_t most, const asx_layer *layer,
                              const asx_array *array)
{
    const size_t depth = asx_layer_depth(layer), channels = layer->out_c / layer->groups;
    const unsigned rows = depth < array->rows ? (unsigned)depth : array->rows;
    size_t n = 0;
    out[n++] = (asx_unrolling){true, rows, 1};
    if (layer->kernel_h * layer->kernel_w > 1) {
        const size_t in = layer->in_c / layer->groups;
        out[n++] = (asx_unrolling){false, in < array->rows ? (unsigned)in : array->rows, 1};
    }
    if (layer->groups == 1 || 2 * channels > array->columns)
        return n;
    for (unsigned last = 0, t = 1; t <= depth && n < most; t++) {
        const unsigned d = (unsigned)((depth + t - 1) / t);
        size_t side = array->columns / channels;
        if (d == last || 2 * d > array->rows)
            continue;
        last = d;
        side = side < array->rows / d ? side : array->rows / d;
        side = side < layer->groups ? side : layer->groups;
        out[n++] = (asx_unrolling){true, d, (unsigned)side};
    }
    return n;
}

typedef struct lister {
    asx_dataflow *out;
    size_t n;
    const asx_layer *layer;
    const asx_array *array;
} lister;

/* A dataflow, and the same with a line buffer, if the array holds what it needs. */
static void add(lister *l, asx_dataflow flow)
{
    asx_flow_counts c;
    if (l->n + 2 > ASX_DATAFLOWS_MAX)
        return;
    asx_dataflow_count(&c, l->layer, l->array, &flow);
    if (c.registers > l->array->registers ||
        (c.spills > 0 && c.spilled_words > l->array->spill_words))
        return;
    if (flow.buffer && (c.buffered_words > l->array->buffer_words || c.w_reads >= c.w_loads))
        return;
    l->out[l->n++] = flow;
    if (!l->array->line)
        return;
    flow.line = true;
    asx_dataflow_count(&c, l->layer, l->array, &flow);
    if (c.x_reads < c.x_loads)
        l->out[l->n++] = flow;
}

/* Pixels whose sums the memory holds for a tile. */
static double most_alive(const lister *l, const asx_unrolling *u, const folding *f, unsigned tiles)
{
    const double words = tiles * f->tile_columns * u->groups;
    return fmin(f->pixels, floor(l->array->spill_words / words));
}

/* Sums that stay in registers through the depth, or through as much of it as the weight buffer
 * holds; `pixels` x `tiles` of them. */
static void add_blocks(lister *l, const asx_unrolling *u, const folding *f, unsigned pixels,
                       unsigned tiles)
{
    asx_dataflow flow = {.unrolling = *u,
                         .pixels = pixels,
                         .tiles = tiles,
                         .chunk = f->depth_tiles,
                         .alive = f->pixels};
    add(l, flow);
    flow.buffer = true;
    add(l, flow);
    const double tile = u->rows * u->groups * f->tile_columns * fmin(tiles, f->channel_tiles);
    const double chunk = floor(l->array->buffer_words / tile);
    flow.alive = most_alive(l, u, f, tiles);
    if (chunk < 2 || chunk >= f->depth_tiles || flow.alive < pixels)
        return;
    flow.chunk = chunk;
    add(l, flow);
}

size_t asx_dataflow_list(asx_dataflow *out, const asx_layer *layer, const asx_array *array)
{
    asx_unrolling unrolling[32];
    lister l = {out, 0, layer, array};
    const size_t n = list_unrollings(unrolling, 32, layer, array);
    for (size_t i = 0; i < n; i++) {
        const asx_unrolling *u = &unrolling[i];
        const folding f = fold(layer, array, u);
        for (unsigned held = 1; held <= array->registers && (held == 1 || held < 2 * f.pixels);
             held *= 2)
            add_blocks(&l, u, &f, held, 1);
        for (unsigned tiles = 2; tiles <= array->registers && tiles < 2 * f.channel_tiles;
             tiles *= 2)
            add_blocks(&l, u, &f, 1, tiles);
        /* weights stay in their lanes while sums go through the memory, tile by tile */
        const double alive = f.depth_tiles > 1 ? most_alive(&l, u, &f, 1) : 0;
        if (alive >= 1)
            add(&l, (asx_dataflow){
                        .unrolling = *u, .pixels = 1, .tiles = 1, .chunk = 1, .alive = alive});
    }
    return l.n;
}

void asx_dataflow_print(asx_text *out, const asx_dataflow *flow)
{
    const asx_unrolling *u = &flow->unrolling;
    if (u->groups > 1)
        asx_text_add(out, "%u groups of %u rows", u->groups, u->rows);
    else
        asx_text_add(out, "%s %u", u->window ? "window" : "channels", u->rows);
    if (flow->tiles > 1)
        asx_text_add(out, "; input held %u", flow->tiles);
    else if (flow->chunk == 1 && flow->alive > 1)
        asx_text_add(out, "; weight held %.0f", flow->alive);
    else
        asx_text_add(out, "; weight held %u", flow->pixels);
    asx_text_add(out, "; %s%s", flow->buffer ? "buffer" : "memory", flow->line ? "; lines" : "");
}

void asx_systolic_count(asx_systolic_counts *out, const asx_layer *layer, unsigned rows,
                        unsigned columns, asx_stationary held)
{
    const double depth = (double)asx_layer_depth(layer);
    const double channels = (double)(layer->out_c / layer->groups);
    const double pixels = (double)layer->out_h * (double)layer->out_w;
    const double in_rows = held == ASX_STATIONARY_OUTPUTS ? pixels : depth;
    const double in_columns = held == ASX_STATIONARY_INPUTS ? pixels : channels;
    const double in_time = held == ASX_STATIONARY_WEIGHTS  ? pixels
                           : held == ASX_STATIONARY_INPUTS ? channels
                                                           : depth;
    const double row_folds = asx_folds(in_rows, rows),
                 column_folds = asx_folds(in_columns, columns);
    /* a fold: load the stationary operand row by row, then let the others pass in a slant; sums
     * that are stationary need no load */
    const double load = held == ASX_STATIONARY_OUTPUTS ? 0 : rows;
    const double fold_cycles = load + rows + columns + in_time - 2;
    *out = (asx_systolic_counts){.cycles = row_folds * column_folds * fold_cycles - 1,
                                 .input_reads = depth * pixels,
                                 .weight_reads = depth * channels,
                                 .output_writes = channels * pixels};
    if (held != ASX_STATIONARY_INPUTS)
        out->input_reads *= column_folds;
    if (held == ASX_STATIONARY_INPUTS)
        out->weight_reads *= column_folds;
    if (held == ASX_STATIONARY_OUTPUTS)
        out->weight_reads *= row_folds;
    else
        out->output_writes *= row_folds;
}
