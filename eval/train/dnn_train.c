/* oneDNN 2.6, C API; the conventions of dnn.c. Every kernel chooses its own order of weights, so a
 * layer also holds the three reorders between those and the plain one. A layer that multiplies in
 * bfloat16 rounds x and dy on the way in; its sums, outputs and gradients are float. */
#include <omp.h>
#include <stdlib.h>

#include "dnn_layer.h"
#include "dse/memory.h"

typedef struct geometry {
    dnnl_dims_t stride, gap, before, after;
} geometry;

asx_status asx_dnn_fail(asx_error *err, dnnl_status_t status, const char *what)
{
    if (status == dnnl_out_of_memory)
        return asx_fail(err, ASX_ENOMEM, "no memory for %s", what);
    return asx_fail(err, ASX_EUNSUPPORTED, "%s: oneDNN reports status %d", what, (int)status);
}

int asx_dnn_serial_begin(void)
{
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    return threads;
}

void asx_dnn_serial_end(int threads)
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
    if (status == dnnl_success)
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
    asx_dnn_kernel *k = &l->kernel[which];
    dnnl_primitive_attr_t attr = NULL;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(&attr);
    if (status == dnnl_success)
        status = dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(&pd, desc, attr, l->engine, *hint);
    if (status == dnnl_success) {
        const dnnl_query_t weights =
            which == BACK_WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
        k->weight = *dnnl_primitive_desc_query_md(pd, weights, 0);
        k->scratch = *dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
        status = dnnl_primitive_create(&k->primitive, pd);
    }
    if (status == dnnl_success)
        status = which == BACK_WEIGHTS ? make_reorder(&k->reorder, l, &k->weight, &l->plain)
                                       : make_reorder(&k->reorder, l, &l->plain, &k->weight);
    if (status == dnnl_success && which == FORWARD) {
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
    if (status == dnnl_success)
        status = describe(&l->y, 4, y, dnnl_nhwc);
    if (status == dnnl_success)
        status = describe(&l->bias, 1, bias, dnnl_x);
    if (status == dnnl_success)
        status = describe(&l->plain, rank, w, g > 1 ? dnnl_goihw : dnnl_oihw);
    if (status == dnnl_success)
        status = describe(&any, rank, w, dnnl_format_tag_any);
    if (status == dnnl_success)
        status = make_roundings(l);
    any_in = as_read(l, &any);
    if (status == dnnl_success)
        status = dnnl_dilated_convolution_forward_desc_init(&desc, dnnl_forward_training, direct,
                                                            &l->x_in, &any_in, &l->bias, &l->y,
                                                            m.stride, m.gap, m.before, m.after);
    if (status == dnnl_success)
        status = make_kernel(l, FORWARD, &desc, hint);
    if (status == dnnl_success)
        status = dnnl_dilated_convolution_backward_data_desc_init(
            &desc, direct, &l->x, &any_in, &l->y_in, m.stride, m.gap, m.before, m.after);
    if (status == dnnl_success)
        status = make_kernel(l, BACK_DATA, &desc, hint);
    if (status == dnnl_success)
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
    if (status == dnnl_success)
        status = describe(&l->y, 2, y, dnnl_ab);
    if (status == dnnl_success)
        status = describe(&l->bias, 1, bias, dnnl_x);
    if (status == dnnl_success)
        status = describe(&l->plain, 2, w, dnnl_ab);
    if (status == dnnl_success)
        status = describe(&any, 2, w, dnnl_format_tag_any);
    if (status == dnnl_success)
        status = make_roundings(l);
    if (status == dnnl_success)
        status = dnnl_inner_product_forward_desc_init(&desc, dnnl_forward_training, &l->x, &any,
                                                      &l->bias, &l->y);
    if (status == dnnl_success)
        status = make_kernel(l, FORWARD, &desc, hint);
    if (status == dnnl_success)
        status = dnnl_inner_product_backward_data_desc_init(&desc, &l->x, &any, &l->y);
    if (status == dnnl_success)
        status = make_kernel(l, BACK_DATA, &desc, hint);
    if (status == dnnl_success)
        status = dnnl_inner_product_backward_weights_desc_init(&desc, &l->x, &any, &l->bias, &l->y);
    return status ? status : make_kernel(l, BACK_WEIGHTS, &desc, hint);
}

static asx_status layer_new(asx_dnn_layer **out, const asx_dnn_conv *conv, bool half, size_t rows,
                            size_t in, size_t n_out, asx_error *err)
{
    asx_dnn_layer *l = asx_memory_spare(ASX_DNN_SPARE) ? asx_array_new(1, sizeof *l) : NULL;
    if (!l)
        return asx_fail(err, ASX_ENOMEM, "no memory for a layer");
    l->half = half;
    const int threads = asx_dnn_serial_begin();
    dnnl_primitive_desc_t hint = NULL;
    dnnl_status_t status = dnnl_engine_create(&l->engine, dnnl_cpu, 0);
    if (status == dnnl_success)
        status = conv ? make_conv(l, conv, &hint) : make_dense(l, rows, in, n_out, &hint);
    if (hint)
        dnnl_primitive_desc_destroy(hint);
    asx_dnn_serial_end(threads);
    if (status != dnnl_success) {
        asx_dnn_layer_free(l);
        return asx_dnn_fail(err, status, conv ? "convolution" : "dense layer");
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
