/* Running the network in integers: the arithmetic of integer.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "eval/dyadic.h"
#include "integer_ops.h"
#include "vector.h"

/* A layer on its way. */
typedef struct layer_job {
    const asx_frame *frame;
    const asx_integer *design;
    const asx_plan *plan;
    float *workspace;
    bool relu; /* numbers below 0 become 0 */
} layer_job;

/* What the outputs are cut to. */
typedef struct ends {
    double low, high;
} ends;

static ends ends_of(const layer_job *job, const asx_node *node)
{
    const double limit = (double)job->design->limit[node->output];
    return (ends){job->relu ? 0 : -limit, limit};
}

typedef int32_t __attribute__((may_alias)) sum32; /* where a float will be */

/* Totals have 29 bits and multipliers 24 at most: the products are exact. */
ASX_VECTORISED static void requantise_row(float *y, size_t n, const double *restrict m,
                                          const int32_t *restrict bias, ends e)
{
    const sum32 *sum = (const sum32 *)y;
    for (size_t i = 0; i < n; i++) {
        const double total = (double)(sum[i] + bias[i]);
        y[i] = (float)asx_to_integer_wide(asx_clamp_wide(total * m[i], e.low, e.high));
    }
}

/* The same of integers in floats. */
ASX_VECTORISED static void requantise_floats(float *y, size_t n, const double *restrict m,
                                             const int32_t *restrict bias, ends e)
{
    for (size_t i = 0; i < n; i++) {
        const double total = (double)((int32_t)y[i] + bias[i]);
        y[i] = (float)asx_to_integer_wide(asx_clamp_wide(total * m[i], e.low, e.high));
    }
}

/* Sums come from the kernel as it has them and leave as integers in floats, in their place. */
static void requantise(float *y, size_t n, const asx_integer_layer *l, ends e)
{
    const bool bytes = asx_projection_integers(l->projection)->bytes;
    for (size_t row = 0; row < n; row += l->width)
        (bytes ? requantise_row : requantise_floats)(y + row, l->width, l->multiplier, l->bias, e);
}

/* The input's words as bytes. */
static asx_status sum_bytes(const layer_job *job, const asx_node *node, float *y, const float *x,
                            asx_error *err)
{
    const asx_plan *plan = job->plan;
    const size_t layer = (size_t)node->layer;
    const asx_integer_layer *l = &job->design->layer[layer];
    union {
        float *f;
        uint8_t *byte;
    } word = {.f = job->workspace + plan->rounded};
    asx_rounder_bytes(word.byte, x, plan->batch * asx_plan_layer_inputs(plan, layer), l->rounder,
                      l->factor);
    asx_status status =
        l->faults ? asx_input_faults_bytes(word.byte, l->faults, job->frame, node, err) : ASX_OK;
    if (status == ASX_OK)
        status = asx_dnn_run(plan->integer_op[layer], y, word.byte,
                             asx_projection_integers(l->projection)->piece[0], NULL,
                             job->workspace + plan->scratch, err);
    return status;
}

/* ... and as floats. */
static asx_status sum_floats(const layer_job *job, const asx_node *node, float *y, const float *x,
                             asx_error *err)
{
    const asx_plan *plan = job->plan;
    const size_t layer = (size_t)node->layer;
    const asx_integer_layer *l = &job->design->layer[layer];
    float *word = job->workspace + plan->rounded;
    asx_rounder_requantise(word, x, plan->batch * asx_plan_layer_inputs(plan, layer), l->rounder,
                           l->factor);
    asx_status status =
        l->faults ? asx_input_faults_floats(word, l->faults, job->frame, node, err) : ASX_OK;
    if (status == ASX_OK)
        status =
            asx_dnn_run(plan->op[layer], y, word, asx_projection_integers(l->projection)->piece[0],
                        plan->no_bias, job->workspace + plan->scratch, err);
    return status;
}

static asx_status run_narrow(const layer_job *job, const asx_node *node, float *y, const float *x,
                             asx_error *err)
{
    const asx_plan *plan = job->plan;
    const asx_integer_layer *l = &job->design->layer[node->layer];
    const asx_status status = asx_projection_integers(l->projection)->bytes
                                  ? sum_bytes(job, node, y, x, err)
                                  : sum_floats(job, node, y, x, err);
    if (status == ASX_OK)
        requantise(y, plan->batch * asx_value_n_elements(&plan->network->value[node->output]), l,
                   ends_of(job, node));
    return status;
}

/* Buffers of the path in pieces. */
typedef struct pieces {
    size_t n_in, n_out;
    float *word, *part, *product; /* input words, a piece of them, its products */
    double *sum;
} pieces;

static asx_status pieces_init(pieces *p, const asx_plan *plan, const asx_node *node, asx_error *err)
{
    p->n_in = plan->batch * asx_plan_layer_inputs(plan, (size_t)node->layer);
    p->n_out = plan->batch * asx_value_n_elements(&plan->network->value[node->output]);
    p->word = asx_array_new(p->n_in, sizeof *p->word);
    p->part = asx_array_new(p->n_in, sizeof *p->part);
    p->product = asx_array_new(p->n_out, sizeof *p->product);
    p->sum = asx_array_new(p->n_out, sizeof *p->sum);
    if (!p->word || !p->part || !p->product || !p->sum)
        return asx_fail(err, ASX_ENOMEM, "no memory for sums of %zu outputs", p->n_out);
    return ASX_OK;
}

static void pieces_fini(pieces *p)
{
    free(p->word);
    free(p->part);
    free(p->product);
    free(p->sum);
}

/* Byte `i` of input words of `bits` bits: the lowest without, the highest with the sign. */
ASX_VECTORISED static void take_byte(float *restrict out, const float *restrict word, size_t n,
                                     unsigned bits, unsigned i)
{
    for (size_t k = 0; k < n; k++) {
        const int v = (int)word[k], low = v & 255;
        out[k] = bits <= 8 ? word[k] : (float)(i ? (v - low) >> 8 : low);
    }
}

ASX_VECTORISED static void add_scaled(double *restrict sum, const float *restrict product, size_t n,
                                      double unit)
{
    for (size_t k = 0; k < n; k++)
        sum[k] += unit * (double)product[k];
}

/* asx_dyadic_scale of sums of up to 53 bits, without an instruction that multiplies and adds in one: a factor has 24 bits at
 * most, so both halves of the product are exact, and so is what their sum misses. */
ASX_VECTORISED static void requantise_wide(float *restrict y, const double *restrict sum, size_t n,
                                           const double *restrict m, const double *restrict bias,
                                           ends e)
{
    for (size_t i = 0; i < n; i++) {
        const double total = sum[i] + bias[i], high = asx_to_integer_wide(total * 0x1p-25) * 0x1p25;
        const double big = high * m[i], small = (total - high) * m[i], product = big + small;
        const double rest = small - (product - big);
        const double cut = asx_clamp_wide(product, e.low, e.high), near = asx_to_integer_wide(cut);
        const bool is_tie = fabs(cut - near) == 0.5 && rest != 0;
        y[i] = (float)(is_tie ? cut + copysign(0.5, rest) : near);
    }
}

/* sum over pieces of 2^(8 i + piece_bits j) byte_i x piece_j; every product is exact. */
static asx_status add_products(pieces *p, const layer_job *job, const asx_node *node,
                               asx_error *err)
{
    const asx_plan *plan = job->plan;
    const asx_integer_layer *l = &job->design->layer[node->layer];
    const asx_integer_weights *w = asx_projection_integers(l->projection);
    for (unsigned i = 0; i < (l->input_word.bits > 8 ? 2 : 1); i++) {
        take_byte(p->part, p->word, p->n_in, l->input_word.bits, i);
        for (size_t j = 0; j < w->n_pieces; j++) {
            const double unit = (double)(UINT64_C(1) << (8 * i + w->piece_bits * j));
            asx_status status = asx_dnn_run(plan->op[node->layer], p->product, p->part, w->piece[j],
                                            plan->no_bias, job->workspace + plan->scratch, err);
            if (status != ASX_OK)
                return status;
            add_scaled(p->sum, p->product, p->n_out, unit);
        }
    }
    return ASX_OK;
}

static asx_status run_pieces(const layer_job *job, const asx_node *node, float *y, const float *x,
                             asx_error *err)
{
    const asx_integer_layer *l = &job->design->layer[node->layer];
    pieces p = {0};
    asx_status status = pieces_init(&p, job->plan, node, err);
    if (status == ASX_OK) {
        asx_rounder_requantise(p.word, x, p.n_in, l->rounder, l->factor);
        if (l->faults)
            status = asx_input_faults_floats(p.word, l->faults, job->frame, node, err);
        if (status == ASX_OK)
            status = add_products(&p, job, node, err);
    }
    const ends e = ends_of(job, node);
    for (size_t row = 0; status == ASX_OK && row < p.n_out; row += l->width)
        requantise_wide(y + row, p.sum + row, l->width, l->multiplier, l->wide_bias, e);
    pieces_fini(&p);
    return status;
}

static asx_status run_layer(const asx_frame *frame, const asx_node *node, float *y, const float *x,
                            asx_error *err)
{
    const asx_integer *design = frame->run->design;
    const layer_job job = {frame, design, frame->plan, frame->workspace,
                           asx_integer_is_rectified(design, frame, node)};
    return asx_projection_integers(design->layer[node->layer].projection)->narrow
               ? run_narrow(&job, node, y, x, err)
               : run_pieces(&job, node, y, x, err);
}

static void load(const asx_frame *frame)
{
    const asx_integer *design = frame->run->design;
    const asx_values values = asx_frame_values(frame);
    const size_t input = frame->plan->network->input;
    const asx_tensor image = asx_values_at(&values, input);
    asx_integers_of(image.data, image.data, values.batch * asx_value_n_elements(image.value),
                    design->scale[input], design->limit[input]);
}

static void operate(const asx_frame *frame, const asx_node *node)
{
    const asx_values values = asx_frame_values(frame);
    if (asx_integer_ops[node->op].forward)
        asx_integer_ops[node->op].forward(frame->run->design, frame, node);
    else
        asx_op_types[node->op].forward(&values, node);
}

static void unload(const asx_frame *frame, float *logits)
{
    const asx_integer *design = frame->run->design;
    const asx_network *net = frame->plan->network;
    asx_reals_of(logits, logits, frame->n_images * asx_value_n_elements(&net->value[net->output]),
                 design->scale[net->output]);
}

static size_t common(const void *design, const void *other)
{
    return asx_integer_common(design, other);
}

const asx_numerics asx_integers = {
    .load = load, .layer = run_layer, .operate = operate, .unload = unload, .common = common};
