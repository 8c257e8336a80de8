/* Numbers: strict ones from text (the whole string, or an error that names value and range), and
 * logarithms of whole ones. */
#ifndef ASX_DSE_NUMBER_H
#define ASX_DSE_NUMBER_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @param what  the subject of messages, e.g. "option '--seed'"
 * @return ASX_OK; ASX_EPARSE if `text` is not entirely one finite number; ASX_EINVAL if outside
 *         [low, high]; `*out` untouched on failure
 */
ASX_API ASX_NODISCARD asx_status asx_number_parse(double *out, const char *text, double low,
                                                  double high, const char *what, asx_error *err);

/** The same for integers, decimal only. */
ASX_API ASX_NODISCARD asx_status asx_integer_parse(long long *out, const char *text, long long low,
                                                   long long high, const char *what,
                                                   asx_error *err);

/** ceil(log2 n), 0 for n <= 1. */
ASX_API unsigned asx_log2_ceil(size_t n);

#ifdef __cplusplus
}
#endif

#endif
