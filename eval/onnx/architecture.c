/* Architectures are drawn as graphs without weights to speak of, written as ONNX and read back: so
 * they are what a file of theirs would be. */
#include "eval/architecture.h"

#include <stdlib.h>
#include <string.h>

#include "drawing.h"
#include "dse/memory.h"
#include "network_copy.h"
#include "onnx_write.h"

typedef struct architecture {
    asx_architecture_type type;
    void (*draw)(asx_drawing *d);
    bool of_vectors; /* of 'features' numbers instead of images */
} architecture;

#define SHAPE_PARAMS                                                                               \
    {"width", false, 1, 0.05, 8, "", "factor on all numbers of channels"},                         \
        {"channels", true, 3, 1, 1024, "", "of the images"},                                       \
        {"size", true, 32, 8, 1024, "pixels", "height and width of the images"},                   \
    {                                                                                              \
        "classes", true, 10, 2, 100000, "", "to tell apart"                                        \
    }

static const asx_param_spec mlp_params[] = {
    {"features", true, 10, 1, 100000, "", "numbers of an item"},
    {"hidden", true, 3, 1, 100000, "", "neurons of the first layer"},
    {"second", true, 0, 0, 100000, "", "neurons of a second hidden layer; 0: there is none"},
    {"classes", true, 2, 2, 100000, "", "to tell apart"},
    {0}};
static const asx_param_spec mobilenet_params[] = {SHAPE_PARAMS, {0}};
static const asx_param_spec shufflenet_params[] = {SHAPE_PARAMS, {0}};
static const asx_param_spec resnet_params[] = {
    {"depth", true, 20, 8, 200, "layers", "6 n + 2"}, SHAPE_PARAMS, {0}};

static const architecture architectures[] = {
    {{"mlp", "dense layers with rectifiers between them, for tables", mlp_params},
     asx_draw_mlp,
     true},
    {{"mobilenet", "depthwise-separable convolutions, no residuals (arXiv 1704.04861)",
      mobilenet_params},
     asx_draw_mobilenet,
     false},
    {{"resnet", "residual blocks of two 3x3 convolutions (arXiv 1512.03385)", resnet_params},
     asx_draw_resnet,
     false},
    {{"shufflenet", "halves of channels that are shuffled (ShuffleNet V2, arXiv 1807.11164)",
      shufflenet_params},
     asx_draw_shufflenet,
     false},
};

size_t asx_architecture_n_types(void)
{
    return sizeof architectures / sizeof *architectures;
}

const asx_architecture_type *asx_architecture_at(size_t i)
{
    return &architectures[i].type;
}

/* The graph alone, without a workload. */
static asx_status draw(asx_network **out, const architecture *a, const asx_params *params,
                       asx_error *err)
{
    asx_drawing d = {.net = asx_array_new(1, sizeof *d.net), .params = params, .err = err};
    if (!d.net || !(d.net->name = asx_string_copy(a->type.name)))
        d.status = asx_fail(err, ASX_ENOMEM, "no memory for architecture '%s'", a->type.name);
    if (!d.status)
        d.status = asx_workload_init(&d.net->work, a->type.name, err);
    if (!d.status) {
        const bool flat = a->of_vectors;
        const size_t size = flat ? 1 : (size_t)asx_draw_number(&d, "size");
        const size_t shape[3] = {(size_t)asx_draw_number(&d, flat ? "features" : "channels"), size,
                                 size};
        d.net->input = asx_draw_value(&d, 3, shape);
    }
    if (!d.status)
        a->draw(&d);
    if (d.status) {
        asx_network_free(d.net);
        return d.status;
    }
    *out = d.net;
    return ASX_OK;
}

asx_status asx_architecture_new(asx_network **out, const asx_architecture_type *type,
                                const asx_params *params, uint64_t seed, asx_error *err)
{
    asx_params defaults;
    asx_network *drawn = NULL, *net = NULL;
    void *bytes = NULL;
    size_t n = 0, i = 0;
    while (&architectures[i].type != type)
        i++;
    asx_params_init(&defaults, type->params);
    asx_status status = draw(&drawn, &architectures[i], params ? params : &defaults, err);
    if (status == ASX_OK)
        status = asx_onnx_write(&bytes, &n, drawn, err);
    if (status == ASX_OK)
        status = asx_network_parse(&net, type->name, bytes, n, err);
    if (status == ASX_OK) {
        asx_network_randomise(net, seed);
        *out = net;
    }
    free(bytes);
    asx_network_free(drawn);
    return status;
}
