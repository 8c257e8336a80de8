/* Parameters of pluggable parts (searchers, proxies, machines): one table gives names, defaults,
 * ranges and help; parsing, --help, checks and the stored record all come from it. */
#ifndef ASX_DSE_PARAM_H
#define ASX_DSE_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A table of these ends with {0}. Integers are doubles without a fraction. */
typedef struct asx_param_spec {
    const char *name;
    bool integer;
    double value, low, high; /* default and allowed range */
    const char *unit;        /* "" if none; "off|on|auto": what values 0, 1, 2 are called */
    const char *help;
} asx_param_spec;

enum { ASX_PARAMS_MAX = 48 };

/* Values in the order of the table. */
typedef struct asx_params {
    const asx_param_spec *spec;
    double value[ASX_PARAMS_MAX];
} asx_params;

/** The defaults. `spec` is borrowed for the life of `out`; it may be NULL: no parameters. */
ASX_API void asx_params_init(asx_params *out, const asx_param_spec *spec);

/**
 * Sets one parameter from text: a number, or one of its names.
 * @return ASX_OK; ASX_ENOTFOUND lists the names; ASX_EPARSE, ASX_EINVAL give value and range
 */
ASX_API ASX_NODISCARD asx_status asx_params_set(asx_params *params, const char *name,
                                                const char *text, asx_error *err);

/**
 * The same for a list in which each parameter stands once.
 * @param given  a bit for each parameter that this list has set; 0 at its beginning
 * @return as asx_params_set; ASX_EINVAL where it stands twice
 */
ASX_API ASX_NODISCARD asx_status asx_params_set_once(asx_params *params, uint64_t *given,
                                                     const char *name, const char *text,
                                                     asx_error *err);

/** A value by name; the name must be in the table. */
ASX_API double asx_params_get(const asx_params *params, const char *name);

/** Appends "name=value" pairs, separated by blanks, in table order; named values by name. */
ASX_API void asx_params_print(asx_text *text, const asx_params *params);

#ifdef __cplusplus
}
#endif

#endif
