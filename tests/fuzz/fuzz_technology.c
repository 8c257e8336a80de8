/* Technology files. */
#include <stdlib.h>

#include "fuzz.h"
#include "hwmodel/technology.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    asx_error err = {0};
    asx_technology *technology = NULL;
    if (asx_technology_parse(&technology, "t.csv", (const char *)data, size, &err) != ASX_OK) {
        if (!err.message[0])
            abort();
        return 0;
    }
    asx_technology_free(technology);
    return 0;
}
