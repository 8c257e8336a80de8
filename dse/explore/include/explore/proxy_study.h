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

/* Kinds of designs: those drawn by lot, and those that a database has from somebody else. */
typedef enum asx_study_kind {
    ASX_STUDY_SPREAD = ASX_DRAW_SPREAD,
    ASX_STUDY_MIXED = ASX_DRAW_MIXED,
    ASX_STUDY_STORED, /* whatever campaigns measured on the same images */
    ASX_STUDY_KINDS,
    ASX_STUDY_DRAWN = ASX_STUDY_STORED /* how many kinds are drawn */
} asx_study_kind;

/** Its name in tables. */
ASX_API const char *asx_study_kind_text(asx_study_kind kind);

/* What a study is of. */
typedef struct asx_study_options {
    size_t n_designs; /* of each drawn kind, >= 3; 0 with a database: as many as it has */
    asx_range images; /* >= 2: to measure drops on */
    /* made if it is missing and designs are to be drawn: what it has of these designs, on these images, of this network, is not measured again, and
     * what is measured is booked as it comes. NULL: nothing is kept */
    const char *database;
} asx_study_options;

/* How one proxy ranks designs of one kind, against their measured drops. */
typedef struct asx_proxy_ranking {
    const char *proxy; /* its type's name; "fitted": the campaign's type, taught by 40 other designs
                        * measured on 'select'; "cross-fitted", with a database: taught by four fifths of the designs that
                        * are judged, each judged by the one that it did not teach; "whole": no table, but the design itself on 128 calibration images without labels
                        * (asx_proxy_whole); "half against half": the
                        * measurement itself, one half of the images against the other, which is as good as a proxy can
                        * look */
    asx_study_kind kind;
    asx_rank tau, rho;
    asx_rank best_half; /* tau of the half of the designs that lost least */
} asx_proxy_ranking;

/* Where a proxy that a campaign would use is not to be trusted. */
typedef struct asx_proxy_trust {
    asx_proxy_ranking ranking;
    asx_additivity where; /* its drops against measured ones */
    double plain_tau;     /* of the plainest proxy on the same designs */
    double own_half;      /* best_half of half against half; NAN where halves are not known */
} asx_proxy_trust;

/* The designs of one kind. */
typedef struct asx_study_designs {
    asx_design *design;     /* [n] */
    asx_accuracy *accuracy; /* [n] measured on all images */
    double *measured;       /* [n] drops, points */
    double *predicted;      /* [n] by the campaign's type as it begins with it: not taught */
    double *damage;         /* [n][asx_proxy_n_types()][layers] what each type says of each layer */
    double *total; /* [n][asx_proxy_n_types()] and of all layers together; NAN: it cannot say */
    double *whole; /* [n] by asx_proxy_whole */
    size_t n, n_images;
} asx_study_designs;

typedef struct asx_proxy_study {
    asx_proxy_ranking *ranking; /* [n_rankings] */
    asx_proxy_trust *trust;     /* [n_trusts] */
    size_t n_rankings, n_trusts;
    asx_study_designs designs[ASX_STUDY_KINDS]; /* by kind; n is 0 or at least 3 */
    size_t n_known,
        n_measured; /* of the designs drawn, those taught by included: in the database before, and not */
} asx_proxy_study;

/**
 * Studies every type of proxy on a campaign. One with cross terms is left out where the network has too many outputs.
 *
 * @param out  asx_proxy_study_fini it; untouched on failure
 * @return ASX_OK; ASX_EINVAL; as asx_session_need_measure; ASX_ENOTFOUND for a database that has fewer than three designs
 *         of every kind, where none are to be drawn; ASX_EDB; ASX_ENOMEM
 * Cost: 2 n_designs measured on `images`, 40 on the campaign's, less what the database has, and a table for every type.
 * Of designs that others measured, at most a thousand count, by lot, and none with a format outside the campaign's space.
 * The intervals are 95 %, see eval/rank.h.
 */
ASX_API ASX_NODISCARD asx_status asx_proxy_study_run(asx_proxy_study *out, asx_session *s,
                                                     const asx_study_options *options,
                                                     asx_error *err);
ASX_API void asx_proxy_study_fini(asx_proxy_study *study);

#ifdef __cplusplus
}
#endif

#endif
