/* Private: a study of proxies at work. */
#ifndef ASX_EXPLORE_STUDY_H
#define ASX_EXPLORE_STUDY_H

#include "explore/proxy_study.h"
#include "study_sample.h"

enum { STUDY_LESSONS = 20 }; /* of each drawn kind */

typedef struct study {
    asx_session *session;
    study_bench bench;
    asx_draws *draws;
    asx_format *format;
    size_t n_formats;
    study_sample sample[ASX_STUDY_KINDS];
    study_sample
        lesson[ASX_STUDY_DRAWN]; /* what a taught proxy learns from; nobody is judged by it */
    /* tau: half against half of those that lost least; weight error */
    asx_rank own_half[ASX_STUDY_KINDS], plain[ASX_STUDY_KINDS];
    asx_proxy_study out; /* with room for all rankings */
} study;

/** The same designs for all proxies; too few to rank count as none. */
ASX_NODISCARD asx_status study_take_samples(study *t, const asx_study_options *o, asx_error *err);

/** How well measurements agree with themselves, where two halves of them are known. */
ASX_NODISCARD asx_status study_agree_with_themselves(study *t, asx_error *err);

/** Adds a ranking of the designs of a kind. @param out may be NULL @param x, y  lists of the sample's */
ASX_NODISCARD asx_status study_rank(asx_proxy_ranking **out, study *t, const char *name,
                                    size_t kind, int x, int y, asx_error *err);

/** Ranks what is predicted of a kind. @param trusted  NULL, or whose drops to look at too */
ASX_NODISCARD asx_status study_judge(study *t, size_t kind, const char *name,
                                     const asx_proxy *trusted, asx_error *err);

#endif
