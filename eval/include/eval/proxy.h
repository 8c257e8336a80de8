/* The proxy tier, a surrogate model of accuracy: a design's drop predicted from the sensitivities of
 * its layers, a table, without running its network.
 *
 *   predicted drop = map(sum over layers of damage[layer][format])
 *
 * The sum is additive over layers (as in HAWQ-V2, Z. Dong et al., arXiv 1911.03852), so that exact solvers can work on the table itself; the map is
 * strictly increasing, so that it changes no ranking.
 *
 * One type has cross terms instead, as CLADO has (Z. Deng et al., arXiv 2307.05657): what is added up is what formats do to
 * the answers on some images, a vector each, and damage is how far answers diverge by the sum. */
#ifndef ASX_EVAL_PROXY_H
#define ASX_EVAL_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluator.h"
#include "dse/format.h"
#include "eval/calibration.h"
#include "eval/measure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_proxy asx_proxy;

/** Raised whenever a table or a map of the same options comes out differently. */
ASX_API uint64_t asx_proxy_version(void);

/* The kinds of tables there are, those that add up first, of these the best last: */
ASX_API size_t asx_proxy_n_types(void);
/** Number of the one that is taken where none is named: the best of those that add up. */
ASX_API size_t asx_proxy_default_type(void);
/** Whether a design's damage is the sum over its layers, which exact search needs. */
ASX_API bool asx_proxy_type_adds_up(size_t type);
ASX_API const char *asx_proxy_type_name(size_t type);
ASX_API const char *asx_proxy_type_summary(size_t type);

/**
 * Builds a table of damage. Labels are never looked at.
 *
 * @param type         name of one of the types; NULL: the default
 * @param calibration  borrowed for the call
 * @param data, images what is measured on to build it: calibration images; 64 are plenty
 * @param format       every format that designs will use; copied
 * @return ASX_OK; ASX_ENOMEM; ASX_ENOTFOUND for a type that is not there; ASX_EINVAL for an empty
 *         list or images that do not fit; what asx_word_check says of a format
 * Cost: one search for scales per distinct weight word and layer, and some hundred inferences per
 * image for the types that scale or fit.
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_new(asx_proxy **out, const char *type,
                                               asx_calibration *calibration,
                                               const asx_dataset *data, asx_range images,
                                               const asx_format *format, size_t n_formats,
                                               asx_error *err);
ASX_API void asx_proxy_free(asx_proxy *proxy);

/** The proxy with its map as bytes, to be stored. @param out owned by the caller, free() */
ASX_API ASX_NODISCARD asx_status asx_proxy_save(void **out, size_t *n, const asx_proxy *proxy,
                                                asx_error *err);

/**
 * The same proxy from its bytes.
 * @return ASX_OK; ASX_ENOMEM; ASX_EPARSE if they are damaged, of another network, or another
 * version of this library wrote them: build the proxy anew
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_load(asx_proxy **out, const asx_network *network,
                                                const void *bytes, size_t n, asx_error *err);

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
ASX_API ASX_NODISCARD asx_status asx_proxy_fit(asx_proxy_fit_report *out, asx_proxy *proxy,
                                               const asx_measure *measure, uint64_t seed,
                                               asx_error *err);

/**
 * Teaches the proxy what measured designs lost: a factor per layer (not with cross terms) and a new map, by least
 * squares, pulled towards what it was. What it then says of these designs proves nothing about it.
 *
 * @param accuracy  [n], measured; n = 0 changes nothing
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL and ASX_ENOTFOUND as asx_proxy_design; unchanged on
 * failure
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_refit(asx_proxy *proxy, const asx_design *const *design,
                                                 const asx_accuracy *accuracy, size_t n,
                                                 asx_error *err);

/** Index of a format in the table. ASX_ENOTFOUND names it. */
ASX_API ASX_NODISCARD asx_status asx_proxy_find(size_t *index, const asx_proxy *proxy,
                                                const asx_format *format, asx_error *err);

ASX_API size_t asx_proxy_n_formats(const asx_proxy *proxy);

/** Whether a design's damage is the sum of the table's entries. */
ASX_API bool asx_proxy_adds_up(const asx_proxy *proxy);

/** An entry of the table, >= 0: damage by that layer alone. */
ASX_API double asx_proxy_damage(const asx_proxy *proxy, size_t layer, size_t format);

/** A design's damage, the sum over its layers or with cross terms: what the map takes. @return as asx_proxy_design, and ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_proxy_design_damage(double *out, const asx_proxy *proxy,
                                                         const asx_design *design, asx_error *err);

/**
 * The same for many designs given by format numbers (asx_proxy_find): what searches do millions of
 * times. With cross terms it takes some 0.1 ms a design.
 *
 * @param out    [n]
 * @param format [n][layers], row-major, each below the number of formats
 */
ASX_API void asx_proxy_score(double *out, const asx_proxy *proxy, const uint16_t *format, size_t n);

/**
 * A plane below all damages: that of a design, as asx_proxy_score says it, rounding included, is at least `constant` plus the
 * slopes of its formats. With cross terms damage is convex in what layers do, and the plane is the tangent at a mixture of
 * designs; of sums it is the sum itself.
 *
 * @param slope   [n_layers][n_formats], of either sign
 * @param weight  [n_layers][n_formats] shares of the formats in the mixture, >= 0, of each layer 1 in all
 * @return ASX_OK; ASX_ENOMEM
 * Cost: milliseconds for hundreds of formats.
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_tangent(double *constant, double *slope,
                                                   const asx_proxy *proxy, const double *weight,
                                                   asx_error *err);

/** The map, in points. Before a fit it is a default curve (and accuracy 100 minus it), of which
 * only the ranking means something. */
ASX_API double asx_proxy_drop(const asx_proxy *proxy, double damage);

/**
 * Predicted accuracy of a design; its placement does not matter.
 * @return ASX_OK; ASX_EINVAL if the design has not one format per layer; ASX_ENOTFOUND naming a
 *         format that is not in the table
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_design(asx_accuracy *out, const asx_proxy *proxy,
                                                  const asx_design *design, asx_error *err);

/**
 * The proxy with a forward pass: what whole designs do to the network's answers on a few images, without labels. No table
 * adds it up, so searches cannot work on it; it ranks better than tables where layers' damages do not add up.
 *
 * @param out     [n] mean over the images of the squared change of the class probabilities against plain 8-bit words
 * @param images  calibration images; the first 128 of them are used
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if a design has not one format per layer, or images do not fit
 * Cost: n designs on 128 images each.
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_whole(double *out, asx_calibration *calibration,
                                                 const asx_dataset *data, asx_range images,
                                                 const asx_design *const *design, size_t n,
                                                 asx_error *err);

/** Fills in the accuracy of evaluations. @param proxy borrowed for the life of `*out` */
ASX_API ASX_NODISCARD asx_status asx_proxy_evaluator(asx_evaluator *out, const asx_proxy *proxy,
                                                     asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
