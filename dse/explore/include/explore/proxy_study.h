/* How well proxies rank: a study by rank correlation. Designs are drawn by lot and measured, and
 * every proxy's order is put beside that; and where the default proxy's drops are off. */
#ifndef ASX_EXPLORE_PROXY_STUDY_H
#define ASX_EXPLORE_PROXY_STUDY_H

#include "dse/api.h"
#include "eval/draw.h"
#include "eval/rank.h"
#include "explore/additivity.h"
#include "explore/session.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_STUDY_KINDS = 2 }; /* of designs: asx_draw_kind */

/* How one proxy ranks designs of one kind, against their measured drops. */
typedef struct asx_proxy_ranking {
    const char *proxy; /* its type's name; "fitted": the best type, taught by 40 other designs
                        * measured on 'select'; "half against half": the measurement itself, one half
                        * of the images against the other, which is as good as a proxy can look */
    asx_draw_kind kind;
    asx_rank tau, rho;
    asx_rank best_half; /* tau of the half of the designs that lost least */
} asx_proxy_ranking;

/* Where a proxy that a campaign would use is not to be trusted. */
typedef struct asx_proxy_trust {
    asx_proxy_ranking ranking;
    asx_additivity where; /* its drops against measured ones */
    double plain_tau;     /* of the plainest proxy on the same designs */
    double own_half;      /* best_half of half against half */
} asx_proxy_trust;

/* The designs of one kind. */
typedef struct asx_study_designs {
    asx_design *design; /* [n] */
    double *measured;   /* [n] drops, points */
    double *predicted;  /* [n] by the best type as a campaign begins with it: not taught */
    size_t n, n_images;
} asx_study_designs;

typedef struct asx_proxy_study {
    asx_proxy_ranking *ranking; /* [n_rankings] */
    asx_proxy_trust *trust;     /* [n_trusts] */
    size_t n_rankings, n_trusts;
    asx_study_designs designs[ASX_STUDY_KINDS]; /* by kind */
} asx_proxy_study;

/**
 * Studies every type of proxy on a campaign.
 *
 * @param out        asx_proxy_study_fini it; untouched on failure
 * @param n_designs  of each kind, >= 3
 * @param images     >= 2: to measure drops on
 * @return ASX_OK; ASX_EINVAL; as asx_session_need_measure; ASX_ENOMEM
 * Cost: 2 n_designs measured on `images`, 40 on the campaign's, and a table for every type.
 * The intervals are 95 %, see eval/rank.h.
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_study_run(asx_proxy_study *out, asx_session *s,
                                                     size_t n_designs, asx_range images,
                                                     asx_error *err);
ASX_API void asx_proxy_study_fini(asx_proxy_study *study);

#ifdef __cplusplus
}
#endif

#endif
