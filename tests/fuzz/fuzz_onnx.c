/* Networks: read, once for their costs only. */
#include <stdlib.h>

#include "eval/network.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    asx_error err = {0};
    asx_network *network = NULL, *priced = NULL;
    const asx_status for_costs = asx_network_parse_priced(&priced, "fuzzed.onnx", data, size, &err);
    asx_network_free(priced);
    if (for_costs != ASX_OK && !err.message[0])
        abort();
    err = (asx_error){0};
    if (asx_network_load(&network, fuzz_file(0, ".onnx", data, size), &err) != ASX_OK) {
        if (!err.message[0])
            abort(); /* a failure without a message */
        return 0;
    }
    asx_network_free(network);
    return 0;
}
