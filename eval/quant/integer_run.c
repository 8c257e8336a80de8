/* Running the network in integers: the arithmetic of integer.h. */
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

/* Sums come from the kernel as integers and leave as integers in floats, in their place. */
static void requantise(float *y, size_t n, const asx_integer_layer *l, ends e)
{
    for (size_t row = 0; row < n; row += l->width)
        requantise_row(y + row, l->width, l->multiplier, l->bias, e);
}

static asx_status run_narrow(const layer_job *job, const asx_node *node, float *y, const float *x,
                             asx_error *err)
{
    const asx_plan *plan = job->plan;
    const size_t layer = (size_t)node->layer, batch = plan->batch;
    const asx_integer_layer *l = &job->design->layer[layer];
    union {
        float *f;
        uint8_t *byte;
    } word = {.f = job->workspace + plan->rounded};
    asx_rounder_bytes(word.byte, x, batch * asx_plan_layer_inputs(plan, layer), l->rounder,
                      l->factor);
    asx_status status =
        l->faults ? asx_input_faults_bytes(word.byte, l->faults, job->frame, node, err) : ASX_OK;
    if (status == ASX_OK)
        status = asx_dnn_run(plan->integer_op[layer], y, word.byte,
                             asx_projection_integers(l->projection)->piece[0], NULL,
                             job->workspace + plan->scratch, err);
    if (status == ASX_OK)
        requantise(y, batch * asx_value_n_elements(&plan->network->value[node->output]), l,
                   ends_of(job, node));
    return status;
}

/* Buffers of the path in pieces. */
typedef struct pieces {
    size_t n_in, n_out;
    float *word, *part, *product, *zero; /* input words, a piece of them, its products, no bias */
    double *sum;
} pieces;

static asx_status pieces_init(pieces *p, const asx_plan *plan, const asx_node *node, asx_error *err)
{
    p->n_in = plan->batch * asx_plan_layer_inputs(plan, (size_t)node->layer);
    p->n_out = plan->batch * asx_value_n_elements(&plan->network->value[node->output]);
    p->word = asx_array_new(p->n_in, sizeof *p->word);
    p->part = asx_array_new(p->n_in, sizeof *p->part);
    p->product = asx_array_new(p->n_out, sizeof *p->product);
    p->zero = asx_array_new(node->n_biases, sizeof *p->zero);
    p->sum = asx_array_new(p->n_out, sizeof *p->sum);
    if (!p->word || !p->part || !p->product || !p->zero || !p->sum)
        return asx_fail(err, ASX_ENOMEM, "no memory for sums of %zu outputs", p->n_out);
    return ASX_OK;
}

static void pieces_fini(pieces *p)
{
    free(p->word);
    free(p->part);
    free(p->product);
    free(p->zero);
    free(p->sum);
}

/* Byte `i` of input words of `bits` bits: the lowest without, the highest with the sign. */
static void take_byte(float *out, const float *word, size_t n, unsigned bits, unsigned i)
{
    for (size_t k = 0; k < n; k++) {
        const int v = (int)word[k], high = (v - (v & 255)) / 256;
        out[k] = bits <= 8 ? word[k] : (float)(i ? high : v & 255);
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
                                            p->zero, job->workspace + plan->scratch, err);
            if (status != ASX_OK)
                return status;
            for (size_t k = 0; k < p->n_out; k++)
                p->sum[k] += unit * (double)p->product[k];
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
    for (size_t k = 0; status == ASX_OK && k < p.n_out; k++)
        y[k] = (float)asx_dyadic_scale(p.sum[k] + l->wide_bias[k % l->width],
                                       l->multiplier[k % l->width], e.low, e.high);
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
