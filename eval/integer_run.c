/* Running the network in integers: the arithmetic of integer.h. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "integer.h"
#include "vector.h"

static inline float clamp(float v, float low, float high)
{
    v = v > low ? v : low;
    return v < high ? v : high;
}

static float low_of(bool relu)
{
    return relu ? 0 : -(float)ASX_INTEGER_MAX;
}

ASX_VECTORISED static void scale_floats(float *y, const float *x, size_t n, float factor)
{
    for (size_t i = 0; i < n; i++)
        y[i] = asx_to_integer(clamp(x[i] * factor, -(float)ASX_INTEGER_MAX, ASX_INTEGER_MAX));
}

void asx_integer_load(asx_tensor image, const asx_integer *design, size_t batch)
{
    const double scale = design->scale[asx_calibration_network(design->calibration)->input];
    scale_floats(image.data, image.data, batch * asx_value_n_elements(image.value),
                 (float)(1 / scale));
}

void asx_integer_settle(asx_tensor out, double scale, size_t batch)
{
    scale_floats(out.data, out.data, batch * asx_value_n_elements(out.value), (float)(1 / scale));
}

void asx_integer_reals(asx_tensor out, asx_tensor in, double scale, size_t batch)
{
    const size_t n = batch * asx_value_n_elements(in.value);
    for (size_t i = 0; i < n; i++)
        out.data[i] = in.data[i] * (float)scale;
}

ASX_VECTORISED static void add(float *y, const float *a, const float *b, size_t n, float low)
{
    for (size_t i = 0; i < n; i++)
        y[i] = clamp(a[i] + b[i], low, ASX_INTEGER_MAX);
}

void asx_integer_add(asx_tensor out, asx_tensor a, asx_tensor b, bool relu, size_t batch)
{
    add(out.data, a.data, b.data, batch * asx_value_n_elements(a.value), low_of(relu));
}

ASX_VECTORISED static void requantise_row(float *restrict y, const int32_t *restrict sum, size_t n,
                                          const float *restrict m, const int32_t *restrict bias,
                                          float low)
{
    for (size_t i = 0; i < n; i++) {
        const float total = (float)(sum[i] + bias[i]);
        y[i] = asx_to_integer(clamp(total * m[i], low, ASX_INTEGER_MAX));
    }
}

/* Sums come from the kernel as integers and leave as integers in floats, in their place. */
static void requantise(float *y, size_t n, const asx_integer_layer *l, float low)
{
    enum { BLOCK = 512 };
    int32_t sum[BLOCK];
    for (size_t row = 0; row < n; row += l->width)
        for (size_t i = 0; i < l->width; i += BLOCK) {
            const size_t count = l->width - i < BLOCK ? l->width - i : BLOCK;
            memcpy(sum, y + row + i, count * sizeof *sum);
            requantise_row(y + row + i, sum, count, l->multiplier + i, l->bias + i, low);
        }
}

static asx_status run_narrow(const asx_integer_job *job, const asx_node *node, float *y,
                             const float *x, asx_error *err)
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
    asx_status status = asx_dnn_run(plan->integer_op[layer], y, word.byte,
                                    asx_projection_integers(l->projection)->piece[0], NULL,
                                    job->workspace + plan->scratch, err);
    if (!status)
        requantise(y, batch * asx_value_n_elements(&plan->network->value[node->output]), l,
                   low_of(job->relu));
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
        return asx_fail(err, ASX_ENOMEM, "sums of %zu outputs: out of memory", p->n_out);
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
static asx_status add_products(pieces *p, const asx_integer_job *job, const asx_node *node,
                               asx_error *err)
{
    const asx_plan *plan = job->plan;
    const asx_integer_layer *l = &job->design->layer[node->layer];
    const asx_integer_weights *w = asx_projection_integers(l->projection);
    for (unsigned i = 0; i < (l->input_bits > 8 ? 2 : 1); i++) {
        take_byte(p->part, p->word, p->n_in, l->input_bits, i);
        for (size_t j = 0; j < w->n_pieces; j++) {
            const double unit = (double)(UINT64_C(1) << (8 * i + w->piece_bits * j));
            asx_status status = asx_dnn_run(plan->op[node->layer], p->product, p->part, w->piece[j],
                                            p->zero, job->workspace + plan->scratch, err);
            if (status)
                return status;
            for (size_t k = 0; k < p->n_out; k++)
                p->sum[k] += unit * (double)p->product[k];
        }
    }
    return ASX_OK;
}

static asx_status run_pieces(const asx_integer_job *job, const asx_node *node, float *y,
                             const float *x, asx_error *err)
{
    const asx_integer_layer *l = &job->design->layer[node->layer];
    pieces p = {0};
    asx_status status = pieces_init(&p, job->plan, node, err);
    if (!status) {
        asx_rounder_requantise(p.word, x, p.n_in, l->rounder, l->factor);
        status = add_products(&p, job, node, err);
    }
    for (size_t k = 0; !status && k < p.n_out; k++) {
        const float total = (float)(p.sum[k] + l->wide_bias[k % l->width]);
        y[k] = asx_to_integer(
            clamp(total * l->multiplier[k % l->width], low_of(job->relu), ASX_INTEGER_MAX));
    }
    pieces_fini(&p);
    return status;
}

asx_status asx_integer_run_layer(const asx_integer_job *job, const asx_node *node, float *y,
                                 const float *x, asx_error *err)
{
    const asx_integer_layer *l = &job->design->layer[node->layer];
    return asx_projection_integers(l->projection)->narrow ? run_narrow(job, node, y, x, err)
                                                          : run_pieces(job, node, y, x, err);
}
