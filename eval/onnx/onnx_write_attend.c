/* Normalisation and constants, as ONNX has them. */
#include "onnx_writers.h"

void asx_onnx_write_normalise(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const asx_value *x = &p->net->value[node->input[0]];
    int64_t dim[ASX_RANK_MAX];
    size_t first = 0, size = 1;
    while (first + 1 < x->rank && !node->reduced[first])
        first++;
    for (size_t i = first; i < x->rank; i++) {
        dim[i - first] = (int64_t)x->dim[i];
        size *= x->dim[i];
    }
    float *one = asx_pen_keep(p, size, sizeof *one);
    for (size_t i = 0; one && i < size; i++)
        one[i] = 1;
    if (!one)
        return;
    asx_pen_input(p, n,
                  asx_pen_floats(p, asx_pen_text(p, "%s/scale", n->output[0]), x->rank - first, dim,
                                 one, size));
    asx_pen_int(p, n, "axis", first + 1);
    asx_pen_float(p, n, "epsilon", node->alpha);
    if (node->beta > 0)
        n->op_type = asx_pen_text(p, "RMSNormalization");
}

/* Whoever reads an Identity of a constant makes a value of it. */
void asx_onnx_write_constant(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const asx_value *y = &p->net->value[node->output];
    int64_t dim[1 + ASX_RANK_MAX] = {1};
    for (size_t i = 0; i < y->rank; i++)
        dim[i + 1] = (int64_t)y->dim[i];
    asx_pen_input(p, n,
                  asx_pen_floats(p, asx_pen_text(p, "%s/numbers", n->output[0]), y->rank + 1, dim,
                                 node->weight, node->n_weights));
}
