/* A program as ONNX that other runtimes compute: QuantizeLinear, Clip, DequantizeLinear, or Quant. */
#include <stdlib.h>

#include "eval/emit.h"
#include "onnx_write.h"
#include "program_network.h"

asx_status asx_emit_onnx(size_t *n_off, const asx_emit *what, bool qonnx, const char *path,
                         const asx_kept_file *keep, asx_error *err)
{
    asx_network *net = NULL;
    void *bytes = NULL;
    size_t n = 0;
    const asx_onnx_note notes[] = {{"asx.network", what->network}, {"asx.design", what->design}};
    const asx_onnx_style style = {notes, sizeof notes / sizeof *notes, qonnx};
    asx_status status = asx_program_network(&net, n_off, what->program, what->data, err);
    if (status == ASX_OK)
        status = asx_onnx_write_as(&bytes, &n, net, &style, err);
    if (status == ASX_OK)
        status = asx_output_write(path, bytes, n, keep, err);
    free(bytes);
    asx_network_free(net);
    return status;
}
