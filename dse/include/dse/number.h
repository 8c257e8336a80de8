/* Strict numbers from text: the whole string, or an error that names value and range. */
#ifndef ASX_DSE_NUMBER_H
#define ASX_DSE_NUMBER_H

#include "dse/error.h"

/**
 * @param what  the subject of messages, e.g. "option '--seed'"
 * @return ASX_OK; ASX_EPARSE if `text` is not entirely one finite number; ASX_EINVAL if outside
 *         [low, high]; `*out` untouched on failure
 */
ASX_NODISCARD asx_status asx_number_parse(double *out, const char *text, double low, double high,
                                          const char *what, asx_error *err);

/** The same for integers, decimal only. */
ASX_NODISCARD asx_status asx_integer_parse(long long *out, const char *text, long long low,
                                           long long high, const char *what, asx_error *err);

#endif
