/* Values that take long to work out, kept by key. Lists only grow, at their heads: readers never
 * wait, and of two writers of the same value one is kept. */
#ifndef ASX_HWMODEL_MEMO_H
#define ASX_HWMODEL_MEMO_H

#include <stddef.h>

#include "dse/error.h"

typedef struct asx_memo asx_memo;

/** @param key_size    in bytes; keys are compared as bytes, so padding must be zero
 *  @param value_size  0: keys alone are kept, and are their own values */
ASX_NODISCARD asx_status asx_memo_new(asx_memo **out, size_t key_size, size_t value_size,
                                      asx_error *err);
void asx_memo_free(asx_memo *memo);

/** @return the value, borrowed for the life of `memo`; NULL if there is none */
const void *asx_memo_find(const asx_memo *memo, const void *key);

/** Keeps a copy. @param out  the value that is kept: another thread may have been faster */
ASX_NODISCARD asx_status asx_memo_keep(const void **out, asx_memo *memo, const void *key,
                                       const void *value, asx_error *err);

#endif
