#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

asx_status settings_apply(asx_params *params, const char *text, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_error inner;
    uint64_t given = 0;
    char *copy = asx_string_copy(text);
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for options");
    char *save = NULL;
    for (char *pair = strtok_r(copy, " ", &save); pair && status == ASX_OK;
         pair = strtok_r(NULL, " ", &save)) {
        char *value = strchr(pair, '=');
        if (!value) {
            status = asx_fail(err, ASX_EPARSE, "option '--set': '%s' is not of the form name=value",
                              pair);
            break;
        }
        *value = '\0';
        if (asx_params_set_once(params, &given, pair, value + 1, &inner) < 0)
            status = asx_fail(err, inner.status, "option '--set': %s", inner.message);
    }
    free(copy);
    return status;
}
