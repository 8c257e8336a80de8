/* Workloads: the layers with weights of one network. */
#include "dse/workload.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/name.h"
#include "dse/text.h"

static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789._-/:[]";

asx_status asx_workload_init(asx_workload *work, const char *name, asx_error *err)
{
    char *copy = asx_string_copy(name);
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for workload '%s'", name);
    *work = (asx_workload){.name = copy};
    return ASX_OK;
}

void asx_workload_fini(asx_workload *work)
{
    if (!work)
        return;
    for (size_t i = 0; i < work->n_layers; i++)
        free(work->layer[i].name);
    free(work->layer);
    free(work->name);
    *work = (asx_workload){0};
}

static bool find(size_t *index, const asx_workload *work, const char *name, size_t n)
{
    for (size_t i = 0; i < work->n_layers; i++) {
        if (strlen(work->layer[i].name) == n && memcmp(work->layer[i].name, name, n) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static asx_status check_name(const asx_workload *work, const char *name, asx_error *err)
{
    size_t index;
    if (!name || !*name)
        return asx_fail(err, ASX_EINVAL, "workload '%s': layer %zu has no name", work->name,
                        work->n_layers);
    if (name[strspn(name, name_characters)] != '\0')
        return asx_fail(err, ASX_EINVAL,
                        "layer '%s': '%c' is not allowed in a name (letters, digits, ._-/:[])",
                        name, name[strspn(name, name_characters)]);
    if (find(&index, work, name, strlen(name)))
        return asx_fail(err, ASX_EINVAL, "workload '%s' has two layers named '%s'", work->name,
                        name);
    return ASX_OK;
}

/* Whether the product of `n` sizes, none of them zero, fits a size_t. */
static bool product_fits(const size_t *size, size_t n)
{
    size_t room = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        room /= size[i];
    return room > 0;
}

static asx_status check_sizes(const asx_layer *layer, asx_error *err)
{
    const struct {
        const char *name;
        size_t value;
    } size[] = {
        {"in_c", layer->in_c},         {"in_h", layer->in_h},         {"in_w", layer->in_w},
        {"out_c", layer->out_c},       {"out_h", layer->out_h},       {"out_w", layer->out_w},
        {"kernel_h", layer->kernel_h}, {"kernel_w", layer->kernel_w}, {"stride_h", layer->stride_h},
        {"stride_w", layer->stride_w}, {"groups", layer->groups},
    };
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        if (size[i].value == 0)
            return asx_fail(err, ASX_EINVAL, "layer '%s': %s is 0", layer->name, size[i].name);
    }
    if (layer->in_c % layer->groups != 0 || layer->out_c % layer->groups != 0)
        return asx_fail(err, ASX_EINVAL,
                        "layer '%s': %zu groups divide not both of %zu and %zu channels",
                        layer->name, layer->groups, layer->in_c, layer->out_c);
    const size_t input[] = {layer->in_c, layer->in_h, layer->in_w};
    const size_t mac[] = {layer->out_c,
                          layer->out_h,
                          layer->out_w,
                          layer->kernel_h,
                          layer->kernel_w,
                          layer->in_c / layer->groups,
                          asx_layer_n_steps(layer)};
    if (!product_fits(input, 3) || !product_fits(mac, sizeof mac / sizeof *mac))
        return asx_fail(err, ASX_EINVAL, "layer '%s' is too large to count its operations",
                        layer->name);
    return ASX_OK;
}

asx_status asx_workload_add(asx_workload *work, const asx_layer *layer, asx_error *err)
{
    asx_status status = check_name(work, layer->name, err);
    if (status == ASX_OK)
        status = check_sizes(layer, err);
    if (status != ASX_OK)
        return status;

    asx_layer *grown =
        asx_array_grow(work->layer, &work->capacity, work->n_layers + 1, sizeof *work->layer);
    if (grown)
        work->layer = grown;
    char *name = asx_string_copy(layer->name);
    if (!grown || !name) {
        free(name);
        return asx_fail(err, ASX_ENOMEM, "no memory for layer '%s'", layer->name);
    }
    work->layer[work->n_layers] = *layer;
    work->layer[work->n_layers].name = name;
    work->n_layers++;
    return ASX_OK;
}

asx_status asx_workload_copy(asx_workload *out, const asx_workload *work, asx_error *err)
{
    asx_workload copy = {0};
    asx_status status = asx_workload_init(&copy, work->name, err);
    for (size_t i = 0; status == ASX_OK && i < work->n_layers; i++)
        status = asx_workload_add(&copy, &work->layer[i], err);
    if (status != ASX_OK) {
        asx_workload_fini(&copy);
        return status;
    }
    *out = copy;
    return ASX_OK;
}

asx_status asx_workload_find(size_t *index, const asx_workload *work, const char *name,
                             size_t name_length, asx_error *err)
{
    enum { SHOWN = 8 };
    size_t found;
    if (find(&found, work, name, name_length)) {
        *index = found;
        return ASX_OK;
    }
    if (!err)
        return ASX_ENOTFOUND;
    asx_text names = {0};
    for (size_t i = 0; i < work->n_layers && i < SHOWN; i++)
        asx_text_add(&names, " %s", work->layer[i].name);
    if (work->n_layers > SHOWN)
        asx_text_add(&names, " ... (%zu in all)", work->n_layers);
    const asx_status status =
        asx_fail(err, ASX_ENOTFOUND, "workload '%s' has no layer '%.*s'; there are:%s", work->name,
                 name_length < 64 ? (int)name_length : 64, name, names.s ? names.s : " none");
    asx_text_fini(&names);
    return status;
}

static const char *const KINDS[] = {
#define ASX_TEXT(name, text) text,
    ASX_LAYER_KIND_LIST(ASX_TEXT)
#undef ASX_TEXT
        NULL};

const char *asx_layer_kind_text(asx_layer_kind kind)
{
    return KINDS[kind];
}

asx_status asx_layer_kind_parse(asx_layer_kind *out, const char *text, asx_error *err)
{
    size_t i = 0;
    const asx_status status = asx_name_find(&i, "kind of layer", text, KINDS, err);
    if (status == ASX_OK)
        *out = (asx_layer_kind)i;
    return status;
}

size_t asx_layer_n_macs(const asx_layer *layer)
{
    return asx_layer_n_outputs(layer) * asx_layer_depth(layer) * asx_layer_n_steps(layer);
}

size_t asx_workload_n_macs(const asx_workload *work)
{
    size_t macs = 0;
    for (size_t i = 0; i < work->n_layers; i++)
        macs += asx_layer_n_macs(&work->layer[i]);
    return macs;
}

size_t asx_layer_n_steps(const asx_layer *layer)
{
    return layer->steps > 1 ? layer->steps : 1;
}

size_t asx_layer_n_weights(const asx_layer *layer)
{
    return layer->out_c * asx_layer_depth(layer);
}

size_t asx_layer_n_learned(const asx_layer *layer)
{
    return layer->kind == ASX_LAYER_PRODUCT ? 0 : asx_layer_n_weights(layer);
}

size_t asx_layer_n_inputs(const asx_layer *layer)
{
    return layer->in_c * layer->in_h * layer->in_w;
}

size_t asx_layer_n_outputs(const asx_layer *layer)
{
    return layer->out_c * layer->out_h * layer->out_w;
}

size_t asx_layer_depth(const asx_layer *layer)
{
    return layer->in_c / layer->groups * layer->kernel_h * layer->kernel_w;
}
