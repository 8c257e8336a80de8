/* What the machine's memories hold, as text for $readmemh. */
#include <stdlib.h>
#include <string.h>

#include "dse/codec.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "machine_text.h"

/* A line of `bits` bits; bit 0 is bit 0 of byte 0. */
static void add_line(asx_text *t, const uint8_t *line, size_t bits)
{
    for (size_t i = (bits + 3) / 4; i-- > 0;)
        asx_text_add(t, "%x", (unsigned)line[i / 2] >> (i % 2 ? 4 : 0) & 15u);
    asx_text_add(t, "\n");
}

static void put_bits(uint8_t *line, size_t at, uint32_t value, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        if (value >> i & 1)
            line[(at + i) / 8] |= (uint8_t)(1u << (at + i) % 8);
}

/* Where a lane is: block of groups, tile of output channels, line of the window, row, column. */
typedef struct lane {
    size_t group, tile, down, across, chunk, row, column;
} lane;

/* The output channel of a column; n_biases: none. */
static size_t channel_of(const asx_step *s, const asx_layer_shape *l, size_t columns,
                         const lane *at)
{
    const size_t per_group = s->n_biases / s->groups;
    const size_t block = at->group * l->outputs; /* of channels, where groups come in turn */
    const size_t first = l->side > 1 ? at->tile * l->outputs : block + at->tile * columns;
    const size_t end = l->side > 1 ? (at->tile + 1) * l->outputs : block + per_group;
    const size_t channel = first + at->column;
    return channel < end && channel < s->n_biases ? channel : s->n_biases;
}

/* 0 where a row or column has nothing to do. */
static int32_t weight_of(const asx_machine_plan *p, const asx_step *s, const asx_layer_shape *l,
                         const lane *at)
{
    const bool conv = s->kind == ASX_STEP_CONV;
    const size_t channel = channel_of(s, l, p->columns, at);
    const size_t kernel_w = conv ? s->kernel[1] : 1, kernel_h = conv ? s->kernel[0] : 1;
    const size_t depth = l->depth / l->side;
    const size_t in_line = at->chunk * p->rows + at->row;
    const size_t tap = at->across * l->taps + in_line / l->depth;
    const size_t side = in_line % l->depth / depth;
    size_t d = in_line % depth;
    if (channel == s->n_biases || in_line >= l->taps * l->depth || tap >= kernel_w ||
        side != (l->side > 1 ? at->column / (l->outputs / l->side) : 0))
        return 0;
    if (l->flat) { /* the memory's element d is another one in logical order */
        const size_t plane = p->plane[s->input[0]];
        d = d % (depth / plane) * plane + d / (depth / plane);
    }
    return s->weight[((channel * depth + d) * kernel_h + at->down) * kernel_w + tap];
}

static asx_status add_line_of(asx_text *t, const asx_machine_plan *p, const asx_descriptor *d,
                              lane at, const asx_codec *codec, uint8_t *line, asx_error *err)
{
    const size_t bits = p->rows * p->columns * p->code_bits;
    asx_status status = ASX_OK;
    memset(line, 0, bits / 8 + 1);
    for (at.column = 0; at.column < p->columns; at.column++)
        for (at.row = 0; at.row < p->rows && status == ASX_OK; at.row++) {
            uint32_t code = 0;
            status = asx_codec_encode(
                &code, codec, weight_of(p, &p->program->step[d->step], &d->shape, &at), err);
            put_bits(line, (at.column * p->rows + at.row) * p->code_bits, code, p->code_bits);
        }
    add_line(t, line, bits);
    return status;
}

/* A layer's lines, in the order of its loops. */
static asx_status add_layer(asx_text *t, const asx_machine_plan *p, const asx_descriptor *d,
                            uint8_t *line, asx_error *err)
{
    const asx_layer_shape *l = &d->shape;
    asx_codec *codec = NULL;
    lane at = {0};
    asx_status status = asx_codec_new(&codec, &p->program->step[d->step].weight_word, err);
    for (at.group = 0; at.group < l->groups; at.group++)
        for (at.tile = 0; at.tile < l->tiles; at.tile++)
            for (at.down = 0; at.down < l->down; at.down++)
                for (at.across = 0; at.across < l->across; at.across++)
                    for (at.chunk = 0; at.chunk < l->chunks && status == ASX_OK; at.chunk++)
                        status = add_line_of(t, p, d, at, codec, line, err);
    asx_codec_free(codec);
    return status;
}

asx_status asx_machine_weights(asx_text *text, const asx_machine_plan *plan, asx_error *err)
{
    uint8_t *line = asx_array_new(plan->rows * plan->columns * plan->code_bits / 8 + 1, 1);
    asx_status status = line ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for lines of weights");
    for (size_t i = 0; i < plan->n_descriptors && status == ASX_OK; i++)
        if (plan->descriptor[i].shape.tiles)
            status = add_layer(text, plan, &plan->descriptor[i], line, err);
    free(line);
    return status;
}

static void add_constant(asx_text *t, asx_dyadic factor, int64_t bias)
{
    asx_text_add(t, "%02x%06lx%08lx", (unsigned)factor.shift, (unsigned long)factor.multiplier,
                 (unsigned long)((uint64_t)bias & 0xffffffffu));
}

/* A line for every tile of channels: their columns' factors and biases. */
static void add_channels(asx_text *t, const asx_machine_plan *p, const asx_step *s,
                         const asx_layer_shape *l)
{
    lane at = {0};
    for (at.group = 0; at.group < l->groups; at.group++)
        for (at.tile = 0; at.tile < l->tiles; at.tile++) {
            for (at.column = p->columns; at.column-- > 0;) {
                const size_t c = channel_of(s, l, p->columns, &at);
                const bool there = c < s->n_biases;
                add_constant(t, there ? s->factor[c] : (asx_dyadic){0}, there ? s->bias[c] : 0);
            }
            asx_text_add(t, "\n");
        }
}

static void add_everywhere(asx_text *t, const asx_machine_plan *p, asx_dyadic factor)
{
    for (size_t c = 0; c < p->columns; c++)
        add_constant(t, factor, 0);
    asx_text_add(t, "\n");
}

void asx_machine_constants(asx_text *text, const asx_machine_plan *plan)
{
    for (size_t i = 0; i < plan->n_descriptors; i++) {
        const asx_descriptor *d = &plan->descriptor[i];
        const asx_step *s = &plan->program->step[d->step];
        if (d->shape.tiles)
            add_channels(text, plan, s, &d->shape);
        for (size_t n = 0; s->kind == ASX_STEP_MEAN && n <= s->kernel[0] * s->kernel[1]; n++)
            add_everywhere(text, plan,
                           asx_dyadic_of(n ? 1 / (double)n : 0, plan->program->multiplier_bits));
        if (s->kind == ASX_STEP_MUL)
            add_everywhere(text, plan, s->factor[0]);
    }
}

void asx_machine_descriptors(asx_text *text, const asx_machine_plan *plan)
{
    for (size_t i = 0; i < plan->n_descriptors; i++)
        for (size_t line = 0; line < ASX_N_FIELDS; line += 8) {
            for (size_t f = line + 8; f-- > line;)
                asx_text_add(text, "%08lx", (unsigned long)(uint32_t)plan->descriptor[i].field[f]);
            asx_text_add(text, "\n");
        }
}

asx_status asx_machine_nearest(asx_text *text, const asx_machine_plan *plan, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < plan->n_nearest && status == ASX_OK; i++) {
        asx_grid *grid = NULL;
        status = asx_grid_new(&grid, &plan->nearest[i], err);
        for (int v = -256; status == ASX_OK && v < 256; v++)
            asx_text_add(text, "%03x\n", (unsigned)asx_grid_nearest_even(grid, v) & 0x1ffu);
        asx_grid_free(grid);
    }
    for (int v = 0; !plan->n_nearest && v < 512; v++)
        asx_text_add(text, "000\n");
    return status;
}

static size_t trace_place(const asx_program *p, size_t value)
{
    size_t at = 0;
    for (size_t v = 0; v < value; v++)
        at += p->value[v].n;
    return at;
}

/* In the order of the machine's memory. */
static void add_value(asx_text *t, const asx_machine_plan *plan, const int32_t *trace, size_t value)
{
    const size_t n = plan->program->value[value].n, plane = plan->plane[value];
    trace += trace_place(plan->program, value);
    for (size_t k = 0; k < n; k++)
        asx_text_add(t, "%04x\n",
                     (unsigned)trace[k % (n / plane) * plane + k / (n / plane)] & 0xffffu);
}

void asx_machine_images(asx_text *text, const asx_machine_plan *plan, const int32_t *trace,
                        size_t n)
{
    const size_t size = asx_program_trace_size(plan->program);
    for (size_t i = 0; i < n; i++)
        add_value(text, plan, trace + i * size, plan->program->input);
}

void asx_machine_expected(asx_text *text, const asx_machine_plan *plan, const int32_t *trace,
                          size_t n)
{
    const size_t size = asx_program_trace_size(plan->program);
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < plan->program->n_steps; s++)
            add_value(text, plan, trace + i * size, plan->program->step[s].output);
}
