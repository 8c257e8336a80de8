/* Needs as bit masks: the mask of a union of units is the OR of their masks.
 *
 * Every field of a unit either is the union of sets, and is taken as it is; or is the largest of
 * numbers, and gets a bit for each value that it has among the units: all up to its own are set. */
#ifndef ASX_HWMODEL_NEED_H
#define ASX_HWMODEL_NEED_H

#include <stdbool.h>
#include <stdint.h>

#include "unit.h"

enum { ASX_NEED_WORDS = 4 };

typedef struct asx_need {
    uint64_t word[ASX_NEED_WORDS];
} asx_need;

/* What the bits of masks mean. */
typedef struct asx_need_code asx_need_code;

/**
 * @param out   [n]
 * @param code  may be NULL; else owned by the caller, asx_need_code_free it
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED if the units differ in more than the mask has bits
 */
ASX_NODISCARD asx_status asx_need_encode(asx_need *out, asx_need_code **code, const asx_unit *unit,
                                         size_t n, asx_error *err);

/** The least unit that has all that all encoded ones have and what the mask says. */
void asx_need_decode(asx_unit *out, const asx_need_code *code, const asx_need *need);
void asx_need_code_free(asx_need_code *code);

/** Whether the two can do the same. */
bool asx_unit_equal(const asx_unit *a, const asx_unit *b);

/** A number that equal units share. */
uint64_t asx_unit_hash(const asx_unit *unit);

#endif
