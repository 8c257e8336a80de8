/* Activations of recurrent layers, as their attributes name them. */
#include <string.h>
#include <strings.h>

#include "onnx_cell.h"

/* Activations that take numbers: {name, how many, alpha, beta}. */
static const struct {
    const char *name;
    int n;
    float alpha, beta;
} numbers[] = {
    {"Affine", 2, 1, 0},     {"LeakyRelu", 1, 0.01F, 0},     {"ThresholdedRelu", 1, 1, 0},
    {"ScaledTanh", 2, 1, 1}, {"HardSigmoid", 2, 0.2F, 0.5F}, {"Elu", 1, 1, 0},
};

static float take(const Onnx__AttributeProto *list, size_t *at, float absent)
{
    return list && *at < list->n_floats ? list->floats[(*at)++] : absent;
}

/* Numbers are taken, in order, by the activations that have any. */
static void set_numbers(asx_cell_activation *out, size_t n, const Onnx__NodeProto *node)
{
    const Onnx__AttributeProto *alpha = asx_onnx_attribute(node, "activation_alpha"),
                               *beta = asx_onnx_attribute(node, "activation_beta");
    size_t at_alpha = 0, at_beta = 0;
    for (size_t i = 0; i < n; i++) {
        asx_cell_activation *a = &out[i];
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            if (strcasecmp(a->name, numbers[k].name) == 0) {
                a->alpha = take(alpha, &at_alpha, numbers[k].alpha);
                a->beta = numbers[k].n > 1 ? take(beta, &at_beta, numbers[k].beta) : 0;
            }
    }
}

asx_status asx_cell_read_activations(asx_cell_activation *out, size_t n_directions,
                                     size_t n_activations, asx_cell_kind kind,
                                     const Onnx__NodeProto *node, asx_error *err)
{
    static const char *const standard[][ASX_CELL_ACTIVATIONS] = {
        [ASX_CELL_RNN] = {"Tanh", "", ""},
        [ASX_CELL_GRU] = {"Sigmoid", "Tanh", ""},
        [ASX_CELL_LSTM] = {"Sigmoid", "Tanh", "Tanh"}};
    const Onnx__AttributeProto *given = asx_onnx_attribute(node, "activations");
    const size_t n = n_directions * n_activations;
    if (given && given->n_strings != n)
        return asx_fail(err, ASX_EINVAL, "%zu activations (%zu)", given->n_strings, n);
    for (size_t i = 0; i < n; i++) {
        asx_cell_activation *a = &out[i];
        const char *name = standard[kind][i % n_activations];
        const size_t length = given ? given->strings[i].len : strlen(name);
        if (length >= sizeof a->name)
            return asx_fail(err, ASX_EUNSUPPORTED, "activation %zu is not known", i);
        memcpy(a->name, given ? (const char *)given->strings[i].data : name, length);
        a->name[length] = '\0';
    }
    set_numbers(out, n, node);
    return ASX_OK;
}
