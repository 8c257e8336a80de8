/* Networks: read, written and read again. */
#include <stdlib.h>

#include "eval/network.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    asx_error err = {0};
    asx_network *network = NULL;
    if (asx_network_load(&network, fuzz_file(0, ".onnx", data, size), &err) != ASX_OK) {
        if (!err.message[0])
            abort(); /* a failure without a message */
        return 0;
    }
    asx_network_free(network);
    return 0;
}
