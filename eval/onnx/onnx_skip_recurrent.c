/* LSTM, GRU and RNN that are left out: their shapes and operations, where those of the sequence and of
 * the weights are known. */
#include <string.h>

#include "onnx_skip.h"

/* What is known of one. */
typedef struct layer {
    size_t steps, directions, hidden, weights; /* of W and R, all directions */
    bool batch_first;
} layer;

static size_t gates_of(const char *op)
{
    return strcmp(op, "LSTM") == 0 ? 4 : strcmp(op, "GRU") == 0 ? 3 : strcmp(op, "RNN") == 0;
}

bool asx_onnx_is_recurrent(const Onnx__NodeProto *node)
{
    return gates_of(node->op_type ? node->op_type : "") > 0;
}

/* Steps and features of the sequence, whose batch must be where the layout says. */
static bool sequence(size_t *steps, size_t *features, const asx_onnx *in,
                     const Onnx__NodeProto *node, bool batch_first)
{
    size_t rank, dim[ASX_ONNX_RANK_MAX];
    if (!asx_onnx_has_input(node, 0) || in->channels_last)
        return false;
    const asx_onnx_symbol *s = asx_onnx_find(in, node->input[0]);
    if (s && s->computed) {
        const asx_value *x = &in->net->value[s->value];
        *steps = x->dim[0];
        *features = x->dim[1];
        return x->rank == 2 && s->batch_axis == (batch_first ? 0 : 1);
    }
    if (!asx_onnx_file_shape(&rank, dim, in, node->input[0]) || rank != 3)
        return false;
    *steps = dim[batch_first ? 1 : 0];
    *features = dim[2];
    return *steps > 0;
}

static bool read_layer(layer *l, const asx_onnx *in, const Onnx__NodeProto *node)
{
    size_t rank[2], dim[2][ASX_ONNX_RANK_MAX], features;
    int64_t layout;
    asx_error ignored = {0};
    if (asx_onnx_int(&layout, node, "layout", 0, 0, 1, &ignored) != ASX_OK)
        return false;
    l->batch_first = layout == 1;
    for (size_t i = 0; i < 2; i++)
        if (!asx_onnx_has_input(node, i + 1) ||
            !asx_onnx_file_shape(&rank[i], dim[i], in, node->input[i + 1]) || rank[i] != 3)
            return false;
    const size_t *w = dim[0], *r = dim[1];
    const size_t n_w = asx_onnx_elements(3, w, 0), n_r = asx_onnx_elements(3, r, 0);
    l->directions = r[0];
    l->hidden = r[2];
    l->weights = n_w + n_r;
    return n_w > 0 && n_r > 0 && w[0] == r[0] && w[1] == r[1] && r[0] <= 2 &&
           r[1] == gates_of(node->op_type) * r[2] &&
           sequence(&l->steps, &features, in, node, l->batch_first) && w[2] == features;
}

bool asx_onnx_recurrent_shape(asx_value *y, size_t *batch_axis, const asx_onnx *in,
                              const Onnx__NodeProto *node, size_t k)
{
    layer l;
    if (!read_layer(&l, in, node) || k > 2)
        return false;
    *y = k == 0 ? (asx_value){.rank = 3, .dim = {l.steps, l.directions, l.hidden}}
                : (asx_value){.rank = 2, .dim = {l.directions, l.hidden}};
    *batch_axis = l.batch_first ? 0 : k == 0 ? 2 : 1;
    const size_t n = asx_onnx_elements(y->rank, y->dim, 0);
    return n > 0 && n <= ASX_ONNX_VALUE_MAX;
}

bool asx_onnx_count_recurrent(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node)
{
    layer l;
    *macs = read_layer(&l, in, node) ? asx_onnx_elements(2, (size_t[]){l.steps, l.weights}, 0) : 0;
    return *macs > 0;
}
