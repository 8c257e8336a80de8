#include "dse/name.h"

#include <string.h>

#include "dse/text.h"

asx_status asx_name_find(size_t *out, const char *what, const char *wanted, const char *const *name,
                         asx_error *err)
{
    asx_text list = {0};
    for (size_t i = 0; name[i]; i++)
        if (strcmp(name[i], wanted) == 0) {
            *out = i;
            return ASX_OK;
        }
    for (size_t i = 0; name[i]; i++)
        asx_text_add(&list, i ? ", %s" : "%s", name[i]);
    const asx_status status = asx_fail(err, ASX_ENOTFOUND, "%s '%s' is not one of %s", what, wanted,
                                       list.failed || !list.s ? "those known" : list.s);
    asx_text_fini(&list);
    return status;
}
