/* Random designs, stratified by damage: a sample to judge proxies by. */
#ifndef ASX_EVAL_DRAW_H
#define ASX_EVAL_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/format.h"
#include "eval/calibration.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_draw_kind {
    ASX_DRAW_SPREAD, /* one level of damage for all layers, different in every design: up to some
                      * 30 points of drop */
    ASX_DRAW_MIXED   /* a few layers in formats of much damage, the others in that of the least */
} asx_draw_kind;

/* Levels of damage are squared errors of weights and inputs, as no network's answers tell them. */
typedef struct asx_draws asx_draws;

/**
 * @param calibration borrowed for the call
 * @param format      what designs are made of; copied
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for an empty list; what asx_word_check says of a format
 */
ASX_API ASX_NODISCARD asx_status asx_draws_new(asx_draws **out, asx_calibration *calibration,
                                               const asx_format *format, size_t n_formats,
                                               asx_error *err);
ASX_API void asx_draws_free(asx_draws *draws);

/**
 * Draws a design.
 * @param out     a design of the network's layers, asx_design_init; its formats are set
 * @param number  of the design, 0, 1, ...; each its own
 * @return ASX_OK; ASX_EINVAL if the design has not one format per layer
 */
ASX_API ASX_NODISCARD asx_status asx_draws_design(asx_design *out, const asx_draws *draws,
                                                  asx_draw_kind kind, uint64_t seed, size_t number,
                                                  asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
