/* The proxy tier: a design's drop predicted from a table, without running its network.
 *
 *   predicted drop = map(sum over layers of damage[layer][format])
 *
 * The sum is additive over layers, so that exact solvers can work on the table itself; the map is
 * strictly increasing, so that it changes no ranking. */
#ifndef ASX_EVAL_PROXY_H
#define ASX_EVAL_PROXY_H

#include <stddef.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluator.h"
#include "dse/format.h"
#include "eval/calibrate.h"
#include "eval/measure.h"

typedef struct asx_proxy asx_proxy;

/**
 * Builds the table of damage: the relative squared errors that a format's words do to a layer's
 * weights and input, times the layer's shares of the output: how much of such an error arrives at
 * the logits, found by projecting the weights, then the input, of this layer alone onto a plain
 * 4-bit word (on calibration images; no labels).
 *
 * @param calibration  borrowed for the call
 * @param data, images where the shares are measured: calibration images; 64 are plenty
 * @param format       every format that designs will use; copied
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for an empty list or images that do not fit; what
 *         asx_word_check says of a format
 * Cost: one search for scales per distinct weight word and layer, and 2 layers + 1 inferences per
 * image.
 */
ASX_NODISCARD asx_status asx_proxy_new(asx_proxy **out, asx_calibration *calibration,
                                       const asx_dataset *data, asx_range images,
                                       const asx_format *format, size_t n_formats, asx_error *err);
void asx_proxy_free(asx_proxy *proxy);

/* What a fit found out about the map
 *   drop(D) = ceiling (1 - exp(-(D / knee)^power)),   ceiling = float accuracy - chance. */
typedef struct asx_proxy_fit_report {
    size_t n_designs;
    double ceiling, knee, power;
    double residual; /* root mean square of measured - predicted drop, points */
} asx_proxy_fit_report;

/**
 * Measures about ten designs whose damages are spread evenly (in the logarithm) over what the table
 * offers, and fits the map to their drops by least squares.
 *
 * @param out   may be NULL
 * @param seed  of the random designs among the candidates
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the measure is of another network
 */
ASX_NODISCARD asx_status asx_proxy_fit(asx_proxy_fit_report *out, asx_proxy *proxy,
                                       const asx_measure *measure, uint64_t seed, asx_error *err);

/** Index of a format in the table. ASX_ENOTFOUND names it. */
ASX_NODISCARD asx_status asx_proxy_find(size_t *index, const asx_proxy *proxy,
                                        const asx_format *format, asx_error *err);

/** An entry of the table, >= 0. */
double asx_proxy_damage(const asx_proxy *proxy, size_t layer, size_t format);

/** The map, in points. Before a fit it is a default curve (and accuracy 100 minus it), of which
 * only the ranking means something. */
double asx_proxy_drop(const asx_proxy *proxy, double damage);

/**
 * Predicted accuracy of a design; its placement does not matter.
 * @return ASX_OK; ASX_EINVAL if the design has not one format per layer; ASX_ENOTFOUND naming a
 *         format that is not in the table
 */
ASX_NODISCARD asx_status asx_proxy_design(asx_accuracy *out, const asx_proxy *proxy,
                                          const asx_design *design, asx_error *err);

/** Fills in the accuracy of evaluations. @param proxy borrowed for the life of `*out` */
ASX_NODISCARD asx_status asx_proxy_evaluator(asx_evaluator *out, const asx_proxy *proxy,
                                             asx_error *err);

#endif
