/* What a reader of a cost must know, by kind, so that programs need not read the sentences. */
#ifndef ASX_HWMODEL_WARNINGS_H
#define ASX_HWMODEL_WARNINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "hwmodel/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_warning_kind {
    ASX_WARNING_EXTRAPOLATED, /* a figure beyond the technology's rows */
    ASX_WARNING_SLOW_MEMORY,  /* an access takes longer than the clock's period */
    ASX_WARNING_SLOW_PATH     /* the array's longest path does */
} asx_warning_kind;

typedef struct asx_warning {
    asx_warning_kind kind;
    char *text; /* one sentence without a line's end; owned */
} asx_warning;

typedef struct asx_warnings {
    asx_warning *list; /* [n] */
    size_t n;
} asx_warnings;

/**
 * What to know of a design's costs: words and memories that are extrapolated beyond the
 * technology's rows, lanes and memories that are slower than the clock. Often none.
 *
 * @param out  asx_warnings_fini; written on success
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_machine_warnings(asx_warnings *out, const asx_machine *machine,
                                                      const asx_design *design, asx_error *err);

ASX_API bool asx_warnings_have(const asx_warnings *warnings, asx_warning_kind kind);
ASX_API void asx_warnings_fini(asx_warnings *warnings);

#ifdef __cplusplus
}
#endif

#endif
