/* What operators are read, from the tables that read them. */
#include <stdlib.h>
#include <string.h>

#include "eval/network.h"
#include "onnx_ops.h"
#include "onnx_rewrite.h"
#include "onnx_shorthand.h"

static asx_operator of_table(const asx_onnx_op *op, bool qonnx)
{
    return (asx_operator){.name = op->name,
                          .qonnx = qonnx,
                          .of_values = op->import || asx_onnx_is_mover(op->name),
                          .of_constants = op->evaluate != NULL || op->max_inputs == 0};
}

/* The i-th of all, in the order of the tables. */
static bool find(asx_operator *out, size_t i)
{
    for (int qonnx = 0; qonnx < 2; qonnx++)
        for (size_t k = 0; asx_onnx_op_at(k, qonnx == 1); k++)
            if (i-- == 0) {
                *out = of_table(asx_onnx_op_at(k, qonnx == 1), qonnx == 1);
                return true;
            }
    for (size_t k = 0; asx_onnx_rewritten(k); k++)
        if (i-- == 0) {
            *out = (asx_operator){.name = asx_onnx_rewritten(k), .of_values = true};
            return true;
        }
    for (size_t k = 0; asx_onnx_shorthand_name(k); k++)
        if (i-- == 0) {
            *out = (asx_operator){.name = asx_onnx_shorthand_name(k), .of_values = true};
            return true;
        }
    return false;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const asx_operator *)a)->name, ((const asx_operator *)b)->name);
}

size_t asx_operators(asx_operator *out, size_t room)
{
    asx_operator op;
    size_t n = 0;
    for (; find(&op, n); n++)
        if (n < room)
            out[n] = op;
    if (n > 0 && n <= room)
        qsort(out, n, sizeof *out, compare);
    return n;
}
