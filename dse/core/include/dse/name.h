/* Names out of a list: what users choose by a word. */
#ifndef ASX_DSE_NAME_H
#define ASX_DSE_NAME_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @param out   place of `wanted` in the list; untouched on failure
 * @param what  the kind of thing, for the message: "schedule"
 * @param name  the list, ending with NULL
 * @return ASX_OK; ASX_ENOTFOUND, naming all that there are
 */
ASX_API ASX_NODISCARD asx_status asx_name_find(size_t *out, const char *what, const char *wanted,
                                               const char *const *name, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
