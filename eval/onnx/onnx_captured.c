/* Graphs within nodes: bodies of loops and branches. */
#include "onnx_ops.h"

void asx_onnx_captured(const Onnx__NodeProto *node, void (*take)(void *state, const char *name),
                       void *state)
{
    for (size_t i = 0; i < node->n_attribute; i++) {
        const Onnx__GraphProto *graph = node->attribute[i]->g;
        for (size_t k = 0; graph && k < graph->n_node; k++) {
            for (size_t j = 0; j < graph->node[k]->n_input; j++)
                if (*graph->node[k]->input[j])
                    take(state, graph->node[k]->input[j]);
            asx_onnx_captured(graph->node[k], take, state); /* the scan bounds how deep they lie */
        }
    }
}
