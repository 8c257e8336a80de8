/* oneDNN 2.6, C API; the conventions of dnn.c. Every kernel chooses its own order of weights, so a
 * layer also holds the three reorders between those and the plain one. A layer that multiplies in
 * bfloat16 rounds x and dy on the way in; its sums, outputs and gradients are float. */
#include "dnn_train.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdlib.h>

#include "dse/memory.h"

enum { FORWARD, BACK_DATA, BACK_WEIGHTS, N_KERNELS };

typedef struct kernel {
    dnnl_primitive_t primitive;
    dnnl_primitive_t reorder;  /* of the weights: from the plain order, or (last kernel) to it */
    dnnl_memory_desc_t weight; /* as the kernel wants it */
    dnnl_memory_desc_t scratch;
} kernel;

struct asx_dnn_layer {
    dnnl_engine_t engine;
    kernel kernel[N_KERNELS];
    dnnl_memory_desc_t x, y, bias, plain;
    bool half;                         /* multiplies in bfloat16 */
    dnnl_memory_desc_t x_in, y_in;     /* as kernels read x and dy */
    dnnl_primitive_t x_round, y_round; /* from x to x_in; half only */
};

typedef struct geometry {
    dnnl_dims_t stride, gap, before, after;
} geometry;

static asx_status fail(asx_error *err, dnnl_status_t status, const char *what)
{
    if (status == dnnl_out_of_memory)
        return asx_fail(err, ASX_ENOMEM, "%s: out of memory", what);
    return asx_fail(err, ASX_EUNSUPPORTED, "%s: oneDNN reports status %d", what, (int)status);
}

static int serial_begin(void)
{
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    return threads;
}

static void serial_end(int threads)
{
    omp_set_num_threads(threads);
}

bool asx_dnn_has_half(void)
{
    const unsigned has = (unsigned)dnnl_get_effective_cpu_isa();
    const unsigned want = (unsigned)dnnl_cpu_isa_avx512_core_bf16;
    return (has & want) == want;
}

static dnnl_status_t describe(dnnl_memory_desc_t *out, int n, const dnnl_dim_t *dim,
                              dnnl_format_tag_t tag)
{
    return dnnl_memory_desc_init_by_tag(out, n, dim, dnnl_f32, tag);
}

/* The same as `from`, of the words that kernels read. */
static dnnl_memory_desc_t as_read(const asx_dnn_layer *l, const dnnl_memory_desc_t *from)
{
    dnnl_memory_desc_t d = *from;
    d.data_type = l->half ? dnnl_bf16 : dnnl_f32;
    return d;
}

static dnnl_status_t make_reorder(dnnl_primitive_t *out, const asx_dnn_layer *l,
                                  const dnnl_memory_desc_t *from, const dnnl_memory_desc_t *to)
{
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status =
        dnnl_reorder_primitive_desc_create(&pd, from, l->engine, to, l->engine, NULL);
    if (!status)
        status = dnnl_primitive_create(out, pd);
    if (pd)
        dnnl_primitive_desc_destroy(pd);
    return status;
}

/* How x and dy become what kernels read. */
static dnnl_status_t make_roundings(asx_dnn_layer *l)
{
    l->x_in = as_read(l, &l->x);
    l->y_in = as_read(l, &l->y);
    if (!l->half)
        return dnnl_success;
    const dnnl_status_t status = make_reorder(&l->x_round, l, &l->x, &l->x_in);
    return status ? status : make_reorder(&l->y_round, l, &l->y, &l->y_in);
}

/* @param hint the forward kernel's, which backward ones want; kept in `*hint` when it is made */
static dnnl_status_t make_kernel(asx_dnn_layer *l, int which, const_dnnl_op_desc_t desc,
                                 dnnl_primitive_desc_t *hint)
{
    kernel *k = &l->kernel[which];
    dnnl_primitive_attr_t attr = NULL;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(&attr);
    if (!status)
        status = dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
    if (!status)
        status = dnnl_primitive_desc_create(&pd, desc, attr, l->engine, *hint);
    if (!status) {
        const dnnl_query_t weights =
            which == BACK_WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
        k->weight = *dnnl_primitive_desc_query_md(pd, weights, 0);
        k->scratch = *dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
        status = dnnl_primitive_create(&k->primitive, pd);
    }
    if (!status)
        status = which == BACK_WEIGHTS ? make_reorder(&k->reorder, l, &k->weight, &l->plain)
                                       : make_reorder(&k->reorder, l, &l->plain, &k->weight);
    if (!status && which == FORWARD) {
        *hint = pd;
        pd = NULL;
    }
    if (pd)
        dnnl_primitive_desc_destroy(pd);
    if (attr)
        dnnl_primitive_attr_destroy(attr);
    return status;
}

static dnnl_status_t make_conv(asx_dnn_layer *l, const asx_dnn_conv *s, dnnl_primitive_desc_t *hint)
{
    const dnnl_dim_t n = (dnnl_dim_t)s->batch, g = (dnnl_dim_t)s->groups;
    const dnnl_dim_t ic = (dnnl_dim_t)s->in_c, oc = (dnnl_dim_t)s->out_c;
    const dnnl_dim_t kh = (dnnl_dim_t)s->kernel[0], kw = (dnnl_dim_t)s->kernel[1];
    const dnnl_dims_t x = {n, ic, (dnnl_dim_t)s->in_h, (dnnl_dim_t)s->in_w};
    const dnnl_dims_t y = {n, oc, (dnnl_dim_t)s->out_h, (dnnl_dim_t)s->out_w};
    const dnnl_dims_t whole = {oc, ic, kh, kw}, grouped = {g, oc / g, ic / g, kh, kw}, bias = {oc};
    const dnnl_dim_t *w = g > 1 ? grouped : whole;
    const int rank = g > 1 ? 5 : 4;
    geometry m;
    for (int i = 0; i < 2; i++) {
        m.stride[i] = (dnnl_dim_t)s->stride[i];
        m.gap[i] = (dnnl_dim_t)s->dilation[i] - 1;
        m.before[i] = (dnnl_dim_t)s->before[i];
        m.after[i] = (dnnl_dim_t)s->after[i];
    }
    const dnnl_alg_kind_t direct = dnnl_convolution_direct;
    dnnl_memory_desc_t any, any_in;
    dnnl_convolution_desc_t desc;
    dnnl_status_t status = describe(&l->x, 4, x, dnnl_nhwc);
    if (!status)
        status = describe(&l->y, 4, y, dnnl_nhwc);
    if (!status)
        status = describe(&l->bias, 1, bias, dnnl_x);
    if (!status)
        status = describe(&l->plain, rank, w, g > 1 ? dnnl_goihw : dnnl_oihw);
    if (!status)
        status = describe(&any, rank, w, dnnl_format_tag_any);
    if (!status)
        status = make_roundings(l);
    any_in = as_read(l, &any);
    if (!status)
        status = dnnl_dilated_convolution_forward_desc_init(&desc, dnnl_forward_training, direct,
                                                            &l->x_in, &any_in, &l->bias, &l->y,
                                                            m.stride, m.gap, m.before, m.after);
    if (!status)
        status = make_kernel(l, FORWARD, &desc, hint);
    if (!status)
        status = dnnl_dilated_convolution_backward_data_desc_init(
            &desc, direct, &l->x, &any_in, &l->y_in, m.stride, m.gap, m.before, m.after);
    if (!status)
        status = make_kernel(l, BACK_DATA, &desc, hint);
    if (!status)
        status = dnnl_dilated_convolution_backward_weights_desc_init(
            &desc, direct, &l->x_in, &any, &l->bias, &l->y_in, m.stride, m.gap, m.before, m.after);
    return status ? status : make_kernel(l, BACK_WEIGHTS, &desc, hint);
}

static dnnl_status_t make_dense(asx_dnn_layer *l, size_t rows, size_t in, size_t n_out,
                                dnnl_primitive_desc_t *hint)
{
    const dnnl_dims_t x = {(dnnl_dim_t)rows, (dnnl_dim_t)in};
    const dnnl_dims_t y = {(dnnl_dim_t)rows, (dnnl_dim_t)n_out};
    const dnnl_dims_t w = {(dnnl_dim_t)n_out, (dnnl_dim_t)in}, bias = {(dnnl_dim_t)n_out};
    dnnl_memory_desc_t any;
    dnnl_inner_product_desc_t desc;
    dnnl_status_t status = describe(&l->x, 2, x, dnnl_ab);
    if (!status)
        status = describe(&l->y, 2, y, dnnl_ab);
    if (!status)
        status = describe(&l->bias, 1, bias, dnnl_x);
    if (!status)
        status = describe(&l->plain, 2, w, dnnl_ab);
    if (!status)
        status = describe(&any, 2, w, dnnl_format_tag_any);
    if (!status)
        status = make_roundings(l);
    if (!status)
        status = dnnl_inner_product_forward_desc_init(&desc, dnnl_forward_training, &l->x, &any,
                                                      &l->bias, &l->y);
    if (!status)
        status = make_kernel(l, FORWARD, &desc, hint);
    if (!status)
        status = dnnl_inner_product_backward_data_desc_init(&desc, &l->x, &any, &l->y);
    if (!status)
        status = make_kernel(l, BACK_DATA, &desc, hint);
    if (!status)
        status = dnnl_inner_product_backward_weights_desc_init(&desc, &l->x, &any, &l->bias, &l->y);
    return status ? status : make_kernel(l, BACK_WEIGHTS, &desc, hint);
}

static asx_status layer_new(asx_dnn_layer **out, const asx_dnn_conv *conv, bool half, size_t rows,
                            size_t in, size_t n_out, asx_error *err)
{
    asx_dnn_layer *l = asx_array_new(1, sizeof *l);
    if (!l)
        return asx_fail(err, ASX_ENOMEM, "layer: out of memory");
    l->half = half;
    const int threads = serial_begin();
    dnnl_primitive_desc_t hint = NULL;
    dnnl_status_t status = dnnl_engine_create(&l->engine, dnnl_cpu, 0);
    if (!status)
        status = conv ? make_conv(l, conv, &hint) : make_dense(l, rows, in, n_out, &hint);
    if (hint)
        dnnl_primitive_desc_destroy(hint);
    serial_end(threads);
    if (status) {
        asx_dnn_layer_free(l);
        return fail(err, status, conv ? "convolution" : "dense layer");
    }
    *out = l;
    return ASX_OK;
}

/* Grouped kernels wait for memory, not for products: measured, they gain nothing by shorter words.
 */
asx_status asx_dnn_layer_conv_new(asx_dnn_layer **out, const asx_dnn_conv *shape, bool half,
                                  asx_error *err)
{
    return layer_new(out, shape, half && shape->groups == 1 && asx_dnn_has_half(), 0, 0, 0, err);
}

asx_status asx_dnn_layer_dense_new(asx_dnn_layer **out, size_t rows, size_t in, size_t n_out,
                                   asx_error *err)
{
    return layer_new(out, NULL, false, rows, in, n_out, err);
}

void asx_dnn_layer_free(asx_dnn_layer *layer)
{
    if (!layer)
        return;
    for (int i = 0; i < N_KERNELS; i++) {
        if (layer->kernel[i].primitive)
            dnnl_primitive_destroy(layer->kernel[i].primitive);
        if (layer->kernel[i].reorder)
            dnnl_primitive_destroy(layer->kernel[i].reorder);
    }
    if (layer->x_round)
        dnnl_primitive_destroy(layer->x_round);
    if (layer->y_round)
        dnnl_primitive_destroy(layer->y_round);
    if (layer->engine)
        dnnl_engine_destroy(layer->engine);
    free(layer);
}

static size_t rounded_up(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

static size_t weight_bytes(const asx_dnn_layer *l, int which)
{
    return rounded_up(dnnl_memory_desc_get_size(&l->kernel[which].weight));
}

size_t asx_dnn_layer_packed_bytes(const asx_dnn_layer *layer)
{
    return weight_bytes(layer, FORWARD) + weight_bytes(layer, BACK_DATA);
}

/* Scratch is [x as read][dy as read][gradient in the kernel's order][the kernel's own]. */
typedef struct room {
    uint8_t *x, *y, *weight, *own;
} room;

static room rooms_of(const asx_dnn_layer *l, void *scratch)
{
    const size_t x = l->half ? rounded_up(dnnl_memory_desc_get_size(&l->x_in)) : 0;
    const size_t y = l->half ? rounded_up(dnnl_memory_desc_get_size(&l->y_in)) : 0;
    room r = {.x = scratch};
    r.y = r.x + x;
    r.weight = r.y + y;
    r.own = r.weight + weight_bytes(l, BACK_WEIGHTS);
    return r;
}

size_t asx_dnn_layer_scratch_bytes(const asx_dnn_layer *layer)
{
    size_t most = 0;
    uint8_t none[1];
    for (int i = 0; i < N_KERNELS; i++) {
        const size_t bytes = dnnl_memory_desc_get_size(&layer->kernel[i].scratch);
        most = bytes > most ? bytes : most;
    }
    return rounded_up(most) + (size_t)(rooms_of(layer, none).own - none);
}

/* An argument of a primitive: a caller's buffer; oneDNN's API has no const, its inputs are not
 * written. */
typedef struct argument {
    int name;
    const dnnl_memory_desc_t *desc;
    const void *data;
} argument;

enum { N_ARGUMENTS = 5 };

static asx_status execute(const asx_dnn_layer *l, dnnl_primitive_t primitive, size_t n,
                          const argument *a, asx_error *err)
{
    dnnl_exec_arg_t arg[N_ARGUMENTS] = {{0}};
    dnnl_stream_t stream = NULL;
    dnnl_status_t status = dnnl_success;
    const int threads = serial_begin();
    for (size_t i = 0; i < n && !status; i++) {
        union {
            const void *in;
            void *out;
        } p = {.in = a[i].data};
        arg[i].arg = a[i].name;
        status = dnnl_memory_create(&arg[i].memory, a[i].desc, l->engine, p.out);
    }
    if (!status)
        status = dnnl_stream_create(&stream, l->engine, dnnl_stream_default_flags);
    if (!status)
        status = dnnl_primitive_execute(primitive, stream, (int)n, arg);
    if (!status)
        status = dnnl_stream_wait(stream);
    if (stream)
        dnnl_stream_destroy(stream);
    for (size_t i = 0; i < n; i++)
        if (arg[i].memory)
            dnnl_memory_destroy(arg[i].memory);
    serial_end(threads);
    return status ? fail(err, status, "kernel") : ASX_OK;
}

asx_status asx_dnn_layer_pack(const asx_dnn_layer *layer, void *packed, const float *weight,
                              asx_error *err)
{
    uint8_t *to = packed;
    for (int i = FORWARD; i <= BACK_DATA; i++) {
        const argument a[] = {{DNNL_ARG_FROM, &layer->plain, weight},
                              {DNNL_ARG_TO, &layer->kernel[i].weight, to}};
        const asx_status status = execute(layer, layer->kernel[i].reorder, 2, a, err);
        if (status)
            return status;
        to += weight_bytes(layer, i);
    }
    return ASX_OK;
}

/* x or dy as kernels read it: rounded into `half`, or itself. */
static asx_status read_x(const asx_dnn_layer *l, const void **in, const float *x, room r,
                         asx_error *err)
{
    const argument a[] = {{DNNL_ARG_FROM, &l->x, x}, {DNNL_ARG_TO, &l->x_in, r.x}};
    *in = l->half ? (const void *)r.x : x;
    return l->half ? execute(l, l->x_round, 2, a, err) : ASX_OK;
}

static asx_status read_dy(const asx_dnn_layer *l, const void **in, const float *dy, room r,
                          asx_error *err)
{
    const argument a[] = {{DNNL_ARG_FROM, &l->y, dy}, {DNNL_ARG_TO, &l->y_in, r.y}};
    *in = l->half ? (const void *)r.y : dy;
    return l->half ? execute(l, l->y_round, 2, a, err) : ASX_OK;
}

static asx_status run_forward(const asx_dnn_layer *l, float *y, const void *x, const void *packed,
                              const float *bias, room r, asx_error *err)
{
    const kernel *k = &l->kernel[FORWARD];
    const argument a[] = {{DNNL_ARG_SRC, &l->x_in, x},
                          {DNNL_ARG_WEIGHTS, &k->weight, packed},
                          {DNNL_ARG_BIAS, &l->bias, bias},
                          {DNNL_ARG_DST, &l->y, y},
                          {DNNL_ARG_SCRATCHPAD, &k->scratch, r.own}};
    return execute(l, k->primitive, 5, a, err);
}

static asx_status run_back_data(const asx_dnn_layer *l, float *dx, const void *dy,
                                const void *packed, room r, asx_error *err)
{
    const kernel *k = &l->kernel[BACK_DATA];
    const uint8_t *weight = (const uint8_t *)packed + weight_bytes(l, FORWARD);
    const argument a[] = {{DNNL_ARG_DIFF_DST, &l->y_in, dy},
                          {DNNL_ARG_WEIGHTS, &k->weight, weight},
                          {DNNL_ARG_DIFF_SRC, &l->x, dx},
                          {DNNL_ARG_SCRATCHPAD, &k->scratch, r.own}};
    return execute(l, k->primitive, 4, a, err);
}

static asx_status run_back_weights(const asx_dnn_layer *l, float *dbias, const void *x,
                                   const void *dy, room r, asx_error *err)
{
    const kernel *k = &l->kernel[BACK_WEIGHTS];
    const argument a[] = {{DNNL_ARG_SRC, &l->x_in, x},
                          {DNNL_ARG_DIFF_DST, &l->y_in, dy},
                          {DNNL_ARG_DIFF_WEIGHTS, &k->weight, r.weight},
                          {DNNL_ARG_DIFF_BIAS, &l->bias, dbias},
                          {DNNL_ARG_SCRATCHPAD, &k->scratch, r.own}};
    return execute(l, k->primitive, 5, a, err);
}

asx_status asx_dnn_layer_forward(const asx_dnn_layer *layer, float *y, const float *x,
                                 const void *packed, const float *bias, void *scratch,
                                 asx_error *err)
{
    const room r = rooms_of(layer, scratch);
    const void *in;
    const asx_status status = read_x(layer, &in, x, r, err);
    return status ? status : run_forward(layer, y, in, packed, bias, r, err);
}

asx_status asx_dnn_layer_back_data(const asx_dnn_layer *layer, float *dx, const float *dy,
                                   const void *packed, void *scratch, asx_error *err)
{
    const room r = rooms_of(layer, scratch);
    const void *in;
    const asx_status status = read_dy(layer, &in, dy, r, err);
    return status ? status : run_back_data(layer, dx, in, packed, r, err);
}

asx_status asx_dnn_layer_back_weights(const asx_dnn_layer *layer, float *dweight, float *dbias,
                                      const float *x, const float *dy, void *scratch,
                                      asx_error *err)
{
    const room r = rooms_of(layer, scratch);
    const void *x_in, *y_in;
    asx_status status = read_x(layer, &x_in, x, r, err);
    if (!status)
        status = read_dy(layer, &y_in, dy, r, err);
    if (!status)
        status = run_back_weights(layer, dbias, x_in, y_in, r, err);
    const argument back[] = {{DNNL_ARG_FROM, &layer->kernel[BACK_WEIGHTS].weight, r.weight},
                             {DNNL_ARG_TO, &layer->plain, dweight}};
    return status ? status : execute(layer, layer->kernel[BACK_WEIGHTS].reorder, 2, back, err);
}

asx_status asx_dnn_layer_kernels(const asx_dnn_layer *layer, float *y, float *dx, float *dbias,
                                 const float *x, const float *dy, const void *packed,
                                 const float *bias, void *scratch, asx_error *err)
{
    const room r = rooms_of(layer, scratch);
    const void *x_in = layer->half ? (const void *)r.x : x;
    const void *y_in = layer->half ? (const void *)r.y : dy;
    asx_status status = run_forward(layer, y, x_in, packed, bias, r, err);
    if (!status)
        status = run_back_weights(layer, dbias, x_in, y_in, r, err);
    return !status && dx ? run_back_data(layer, dx, y_in, packed, r, err) : status;
}
