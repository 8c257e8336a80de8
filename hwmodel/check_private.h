/* A check that is being made. */
#ifndef ASX_HWMODEL_CHECK_PRIVATE_H
#define ASX_HWMODEL_CHECK_PRIVATE_H

#include "hwmodel/check.h"
#include "technology_private.h"

/* A group that is being filled. */
typedef struct asx_check_group {
    asx_check check; /* with its pairs */
    size_t capacity;
} asx_check_group;

typedef struct asx_checker {
    const asx_technology *tech;
    asx_check_group *group;
    size_t n, capacity;
    asx_error *err;
} asx_checker;

/** Adds a row to its group. @param model  NAN: the model does not reach it
 * @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_check_add(asx_checker *c, const char *what, const char *quantity,
                                       const char *unit, size_t line, double model, double value);

/** Checks a table of in-memory macros, of SRAM macros, or of arrays with their registers.
 * @return false if it is none of them; else `status` is written */
bool asx_check_silicon(asx_status *status, asx_checker *c, const asx_csv *csv);

#endif
