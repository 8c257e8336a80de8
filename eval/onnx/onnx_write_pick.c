/* Any movement of elements: all of them in a row, behind a fill where there is one, from which they are
 * gathered. */
#include "onnx_writers.h"

static char *shape(asx_pen *p, const char *name, const int64_t *dim, size_t n)
{
    return asx_pen_integers(p, asx_pen_text(p, "%s/shape", name), dim, n);
}

static char *step(asx_pen *p, const char *op, char *input, char *constant, char *output)
{
    Onnx__NodeProto *n = asx_pen_node(p, op, asx_pen_text(p, "%s", output));
    asx_pen_input(p, n, input);
    asx_pen_input(p, n, constant);
    asx_pen_output(p, n, output);
    return output;
}

/* The fill as element 0 of the row, which all places count from. */
static char *put_fill(asx_pen *p, char *row, char *name, const asx_node *node)
{
    char *output = asx_pen_text(p, "%s/filled", name);
    Onnx__NodeProto *n = asx_pen_node(p, "Pad", asx_pen_text(p, "%s", output));
    asx_pen_input(p, n, row);
    asx_pen_input(
        p, n, asx_pen_integers(p, asx_pen_text(p, "%s/pads", name), (int64_t[]){0, 1, 0, 0}, 4));
    asx_pen_input(p, n,
                  asx_pen_floats(p, asx_pen_text(p, "%s/fill", name), 0, NULL, &node->fill, 1));
    asx_pen_output(p, n, output);
    return output;
}

void asx_onnx_write_pick(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const asx_value *y = &p->net->value[node->output];
    char *input = n->input[0], *output = n->output[0];
    int64_t dim[1 + ASX_RANK_MAX] = {0};
    char *row = asx_pen_text(p, "%s/row", output);
    int64_t *at = asx_pen_keep(p, node->n_picks, sizeof *at);
    for (size_t i = 0; at && i < node->n_picks; i++)
        at[i] = (int64_t)node->pick[i];
    for (size_t i = 0; i < y->rank; i++)
        dim[i + 1] = (int64_t)y->dim[i];
    if (!row || !at)
        return;
    row = step(p, "Reshape", input, shape(p, row, (int64_t[]){0, -1}, 2), row);
    row = put_fill(p, row, output, node);
    char *places = asx_pen_integers(p, asx_pen_text(p, "%s/places", output), at, node->n_picks);
    char *picked = step(p, "Gather", row, places, asx_pen_text(p, "%s/picked", output));
    if (!p->failed)
        asx_pen_int(p, p->node[p->n_nodes - 1], "axis", 1);
    if (p->failed)
        return;
    n->input[0] = picked;
    asx_pen_input(p, n, shape(p, output, dim, y->rank + 1));
    asx_pen_last(p, n);
}
