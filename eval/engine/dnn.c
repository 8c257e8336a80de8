/* oneDNN 2.6, C API. Primitives are made once with kernel-chosen weight layouts and user-provided
 * scratchpads, which makes them stateless; memory objects around the caller's buffers are made per
 * call, which costs well under a microsecond each. */
#include "dnn.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdlib.h>

#include "dse/memory.h"

struct asx_dnn_op {
    asx_dnn_words words;
    dnnl_engine_t engine;
    dnnl_primitive_t primitive;
    dnnl_memory_desc_t x, y, bias, scratch;
    dnnl_memory_desc_t weight;       /* as the kernel wants it */
    dnnl_memory_desc_t plain_weight; /* as callers have it */
};

struct asx_dnn_weights {
    dnnl_memory_t memory;
    size_t bytes;
};

static asx_status fail(asx_error *err, dnnl_status_t status, const char *what)
{
    if (status == dnnl_out_of_memory)
        return asx_fail(err, ASX_ENOMEM, "no memory for %s", what);
    return asx_fail(err, ASX_EUNSUPPORTED, "%s: oneDNN reports status %d", what, (int)status);
}

/* oneDNN asks OpenMP for the number of threads both when it plans and when it runs a kernel. */
static int serial_begin(void)
{
    int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    return threads;
}

static void serial_end(int threads)
{
    omp_set_num_threads(threads);
}

/* A tensor whose numbers are `integer` in kernels on integers. */
static dnnl_status_t describe(dnnl_memory_desc_t *out, const asx_dnn_op *op,
                              dnnl_data_type_t integer, int n, const dnnl_dim_t *dim,
                              dnnl_format_tag_t tag)
{
    const dnnl_data_type_t type = op->words == ASX_DNN_FLOAT ? dnnl_f32 : integer;
    return dnnl_memory_desc_init_by_tag(out, n, dim, type, tag);
}

static dnnl_data_type_t input_type(const asx_dnn_op *op)
{
    return op->words == ASX_DNN_SIGNED ? dnnl_s8 : dnnl_u8;
}

static const dnnl_memory_desc_t *bias_of(const asx_dnn_op *op)
{
    return op->words == ASX_DNN_FLOAT ? &op->bias : NULL;
}

int asx_dnn_weight_limit(asx_dnn_words words)
{
    const dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
    if (isa == dnnl_cpu_isa_avx2_vnni ||
        (isa & dnnl_cpu_isa_avx512_core_vnni) == dnnl_cpu_isa_avx512_core_vnni)
        return 128;
    if ((isa & dnnl_cpu_isa_avx2) != dnnl_cpu_isa_avx2) /* its kernels are plain loops there */
        return 0;
    return words == ASX_DNN_UNSIGNED ? INT16_MAX / 2 / UINT8_MAX : 0;
}

/* Completes an op whose x, y, bias, plain_weight are set, from its operation descriptor. */
static dnnl_status_t finish(asx_dnn_op *op, const_dnnl_op_desc_t desc)
{
    dnnl_primitive_attr_t attr = NULL;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(&attr);
    if (status == dnnl_success)
        status = dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(&pd, desc, attr, op->engine, NULL);
    if (status == dnnl_success) {
        op->weight = *dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0);
        op->scratch = *dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
        status = dnnl_primitive_create(&op->primitive, pd);
    }
    dnnl_primitive_desc_destroy(pd);
    dnnl_primitive_attr_destroy(attr);
    return status;
}

static dnnl_status_t make_conv(asx_dnn_op *op, const asx_dnn_conv *s)
{
    const dnnl_dim_t n = (dnnl_dim_t)s->batch, g = (dnnl_dim_t)s->groups;
    const dnnl_dim_t ic = (dnnl_dim_t)s->in_c, oc = (dnnl_dim_t)s->out_c;
    const dnnl_dim_t kh = (dnnl_dim_t)s->kernel[0], kw = (dnnl_dim_t)s->kernel[1];
    const dnnl_dims_t x = {n, ic, (dnnl_dim_t)s->in_h, (dnnl_dim_t)s->in_w};
    const dnnl_dims_t y = {n, oc, (dnnl_dim_t)s->out_h, (dnnl_dim_t)s->out_w};
    const dnnl_dims_t whole = {oc, ic, kh, kw}, grouped = {g, oc / g, ic / g, kh, kw};
    const dnnl_dim_t *w = g > 1 ? grouped : whole;
    const int rank = g > 1 ? 5 : 4;
    const dnnl_dims_t stride = {(dnnl_dim_t)s->stride[0], (dnnl_dim_t)s->stride[1]};
    const dnnl_dims_t gap = {(dnnl_dim_t)s->dilation[0] - 1, (dnnl_dim_t)s->dilation[1] - 1};
    const dnnl_dims_t before = {(dnnl_dim_t)s->before[0], (dnnl_dim_t)s->before[1]};
    const dnnl_dims_t after = {(dnnl_dim_t)s->after[0], (dnnl_dim_t)s->after[1]};
    const dnnl_dims_t bias = {oc};
    dnnl_memory_desc_t any;
    dnnl_convolution_desc_t desc;

    dnnl_status_t status = describe(&op->x, op, input_type(op), 4, x, dnnl_nhwc);
    if (status == dnnl_success)
        status = describe(&op->y, op, dnnl_s32, 4, y, dnnl_nhwc);
    if (status == dnnl_success)
        status = describe(&op->bias, op, dnnl_s32, 1, bias, dnnl_x);
    if (status == dnnl_success)
        status = describe(&op->plain_weight, op, dnnl_s8, rank, w, g > 1 ? dnnl_goihw : dnnl_oihw);
    if (status == dnnl_success)
        status = describe(&any, op, dnnl_s8, rank, w, dnnl_format_tag_any);
    if (status == dnnl_success)
        status = dnnl_dilated_convolution_forward_desc_init(
            &desc, dnnl_forward_inference, dnnl_convolution_direct, &op->x, &any, bias_of(op),
            &op->y, stride, gap, before, after);
    return status ? status : finish(op, &desc);
}

static dnnl_status_t make_dense(asx_dnn_op *op, size_t rows, size_t in, size_t n_out)
{
    const dnnl_dims_t x = {(dnnl_dim_t)rows, (dnnl_dim_t)in};
    const dnnl_dims_t y = {(dnnl_dim_t)rows, (dnnl_dim_t)n_out};
    const dnnl_dims_t w = {(dnnl_dim_t)n_out, (dnnl_dim_t)in};
    const dnnl_dims_t bias = {(dnnl_dim_t)n_out};
    dnnl_memory_desc_t any;
    dnnl_inner_product_desc_t desc;

    dnnl_status_t status = describe(&op->x, op, input_type(op), 2, x, dnnl_ab);
    if (status == dnnl_success)
        status = describe(&op->y, op, dnnl_s32, 2, y, dnnl_ab);
    if (status == dnnl_success)
        status = describe(&op->bias, op, dnnl_s32, 1, bias, dnnl_x);
    if (status == dnnl_success)
        status = describe(&op->plain_weight, op, dnnl_s8, 2, w, dnnl_ab);
    if (status == dnnl_success)
        status = describe(&any, op, dnnl_s8, 2, w, dnnl_format_tag_any);
    if (status == dnnl_success)
        status = dnnl_inner_product_forward_desc_init(&desc, dnnl_forward_inference, &op->x, &any,
                                                      bias_of(op), &op->y);
    return status ? status : finish(op, &desc);
}

static asx_status op_new(asx_dnn_op **out, const asx_dnn_conv *conv, asx_dnn_words words,
                         size_t rows, size_t in, size_t n_out, asx_error *err)
{
    asx_dnn_op *op = asx_memory_spare(ASX_DNN_SPARE) ? asx_array_new(1, sizeof *op) : NULL;
    if (!op)
        return asx_fail(err, ASX_ENOMEM, "no memory for a layer");
    op->words = words;
    int threads = serial_begin();
    dnnl_status_t status = dnnl_engine_create(&op->engine, dnnl_cpu, 0);
    if (status == dnnl_success)
        status = conv ? make_conv(op, conv) : make_dense(op, rows, in, n_out);
    serial_end(threads);
    if (status != dnnl_success) {
        asx_dnn_op_free(op);
        return fail(err, status, conv ? "convolution" : "dense layer");
    }
    *out = op;
    return ASX_OK;
}

asx_status asx_dnn_conv_new(asx_dnn_op **out, const asx_dnn_conv *shape, asx_error *err)
{
    return op_new(out, shape, shape->words, 0, 0, 0, err);
}

asx_status asx_dnn_dense_new(asx_dnn_op **out, asx_dnn_words words, size_t rows, size_t in,
                             size_t n_out, asx_error *err)
{
    return op_new(out, NULL, words, rows, in, n_out, err);
}

void asx_dnn_op_free(asx_dnn_op *op)
{
    if (!op)
        return;
    if (op->primitive)
        dnnl_primitive_destroy(op->primitive);
    if (op->engine)
        dnnl_engine_destroy(op->engine);
    free(op);
}

size_t asx_dnn_scratch_bytes(const asx_dnn_op *op)
{
    return dnnl_memory_desc_get_size(&op->scratch);
}

/* Runs a primitive on this thread and waits for it. */
static dnnl_status_t execute(const asx_dnn_op *op, dnnl_primitive_t primitive, int n,
                             const dnnl_exec_arg_t *arg)
{
    dnnl_stream_t stream = NULL;
    int threads = serial_begin();
    dnnl_status_t status = dnnl_stream_create(&stream, op->engine, dnnl_stream_default_flags);
    if (status == dnnl_success)
        status = dnnl_primitive_execute(primitive, stream, n, arg);
    if (status == dnnl_success)
        status = dnnl_stream_wait(stream);
    if (stream)
        dnnl_stream_destroy(stream);
    serial_end(threads);
    return status;
}

/* A memory object around a caller's buffer; oneDNN's API has no const, its inputs are not written.
 */
static dnnl_status_t wrap(dnnl_memory_t *out, const dnnl_memory_desc_t *desc, const asx_dnn_op *op,
                          const void *data)
{
    union {
        const void *in;
        void *out;
    } p = {.in = data};
    return dnnl_memory_create(out, desc, op->engine, p.out);
}

static dnnl_status_t reorder(const asx_dnn_op *op, dnnl_memory_t to, dnnl_memory_t from)
{
    dnnl_primitive_desc_t pd = NULL;
    dnnl_primitive_t primitive = NULL;
    int threads = serial_begin();
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(&pd, &op->plain_weight, op->engine,
                                                              &op->weight, op->engine, NULL);
    if (status == dnnl_success)
        status = dnnl_primitive_create(&primitive, pd);
    serial_end(threads);
    if (status == dnnl_success) {
        const dnnl_exec_arg_t arg[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
        status = execute(op, primitive, 2, arg);
    }
    if (primitive)
        dnnl_primitive_destroy(primitive);
    if (pd)
        dnnl_primitive_desc_destroy(pd);
    return status;
}

asx_status asx_dnn_weights_new(asx_dnn_weights **out, const asx_dnn_op *op, const void *weight,
                               asx_error *err)
{
    asx_dnn_weights *weights =
        asx_memory_spare(ASX_DNN_SPARE + 2 * dnnl_memory_desc_get_size(&op->weight))
            ? asx_array_new(1, sizeof *weights)
            : NULL;
    dnnl_memory_t plain = NULL;
    dnnl_status_t status = weights ? dnnl_success : dnnl_out_of_memory;
    if (status == dnnl_success)
        status = wrap(&plain, &op->plain_weight, op, weight);
    if (status == dnnl_success)
        status =
            dnnl_memory_create(&weights->memory, &op->weight, op->engine, DNNL_MEMORY_ALLOCATE);
    if (status == dnnl_success)
        status = reorder(op, weights->memory, plain);
    if (plain)
        dnnl_memory_destroy(plain);
    if (status != dnnl_success) {
        asx_dnn_weights_free(weights);
        return fail(err, status, "weights");
    }
    weights->bytes = dnnl_memory_desc_get_size(&op->weight);
    *out = weights;
    return ASX_OK;
}

void asx_dnn_weights_free(asx_dnn_weights *weights)
{
    if (!weights)
        return;
    if (weights->memory)
        dnnl_memory_destroy(weights->memory);
    free(weights);
}

size_t asx_dnn_weights_bytes(const asx_dnn_weights *weights)
{
    return weights->bytes;
}

asx_status asx_dnn_run(const asx_dnn_op *op, void *y, const void *x, const asx_dnn_weights *weights,
                       const float *bias, void *scratch, asx_error *err)
{
    enum { X, Y, SCRATCH, BIAS, N };
    dnnl_memory_t memory[N] = {NULL};
    dnnl_status_t status = wrap(&memory[X], &op->x, op, x);
    if (status == dnnl_success && bias_of(op))
        status = wrap(&memory[BIAS], &op->bias, op, bias);
    if (status == dnnl_success)
        status = wrap(&memory[Y], &op->y, op, y);
    if (status == dnnl_success)
        status = wrap(&memory[SCRATCH], &op->scratch, op, scratch);
    if (status == dnnl_success) {
        const dnnl_exec_arg_t arg[] = {{DNNL_ARG_SRC, memory[X]},
                                       {DNNL_ARG_WEIGHTS, weights->memory},
                                       {DNNL_ARG_DST, memory[Y]},
                                       {DNNL_ARG_SCRATCHPAD, memory[SCRATCH]},
                                       {DNNL_ARG_BIAS, memory[BIAS]}};
        status = execute(op, op->primitive, bias_of(op) ? 5 : 4, arg);
    }
    for (int i = 0; i < N; i++)
        if (memory[i])
            dnnl_memory_destroy(memory[i]);
    return status ? fail(err, status, "layer") : ASX_OK;
}
