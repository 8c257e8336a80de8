/* Runs the kernels that dnn_train.c makes. */
#include <stdint.h>

#include "dnn_layer.h"

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
    const int threads = asx_dnn_serial_begin();
    for (size_t i = 0; i < n && status == dnnl_success; i++) {
        union {
            const void *in;
            void *out;
        } p = {.in = a[i].data};
        arg[i].arg = a[i].name;
        status = dnnl_memory_create(&arg[i].memory, a[i].desc, l->engine, p.out);
    }
    if (status == dnnl_success)
        status = dnnl_stream_create(&stream, l->engine, dnnl_stream_default_flags);
    if (status == dnnl_success)
        status = dnnl_primitive_execute(primitive, stream, (int)n, arg);
    if (status == dnnl_success)
        status = dnnl_stream_wait(stream);
    if (stream)
        dnnl_stream_destroy(stream);
    for (size_t i = 0; i < n; i++)
        if (arg[i].memory)
            dnnl_memory_destroy(arg[i].memory);
    asx_dnn_serial_end(threads);
    return status ? asx_dnn_fail(err, status, "kernel") : ASX_OK;
}

asx_status asx_dnn_layer_pack(const asx_dnn_layer *layer, void *packed, const float *weight,
                              asx_error *err)
{
    uint8_t *to = packed;
    for (int i = FORWARD; i <= BACK_DATA; i++) {
        const argument a[] = {{DNNL_ARG_FROM, &layer->plain, weight},
                              {DNNL_ARG_TO, &layer->kernel[i].weight, to}};
        const asx_status status = execute(layer, layer->kernel[i].reorder, 2, a, err);
        if (status != ASX_OK)
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
    const asx_dnn_kernel *k = &l->kernel[FORWARD];
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
    const asx_dnn_kernel *k = &l->kernel[BACK_DATA];
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
    const asx_dnn_kernel *k = &l->kernel[BACK_WEIGHTS];
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
    if (status == ASX_OK)
        status = read_dy(layer, &y_in, dy, r, err);
    if (status == ASX_OK)
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
    if (status == ASX_OK)
        status = run_back_weights(layer, dbias, x_in, y_in, r, err);
    return status == ASX_OK && dx ? run_back_data(layer, dx, y_in, packed, r, err) : status;
}
