/* Searchers: where to look next. A searcher proposes points of a design space ("ask"), is told what
 * they turned out to be worth ("tell"), and never evaluates. */
#ifndef ASX_SEARCH_SEARCHER_H
#define ASX_SEARCH_SEARCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/observer.h"
#include "dse/param.h"
#include "dse/resume.h"
#include "dse/separable.h"
#include "dse/space.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a searcher is made for; borrowed, and valid until its fini. */
typedef struct asx_searcher_setup {
    const asx_space *space;
    size_t n_objectives;
    const asx_params *params; /* over the type's own table */
    uint64_t seed;
    const asx_objective *objective; /* [n_objectives] */
    asx_limits limits;
    const asx_separable *model; /* what the evaluator computes or, for `model_param`, a prediction
                                 * of it; NULL if there is none */
    const asx_gene *start;      /* [n_start][n_genes], distinct: points to begin with */
    size_t n_start;
    bool (*stop)(void *state); /* polled by what takes long; may be NULL */
    void *stop_state;
    const asx_observer *observer; /* of exact searches; may be NULL */
    const asx_resume *resume;     /* of exact searches; may be NULL */
} asx_searcher_setup;

/* `state` is `state_size` zeroed bytes of the caller's. Everything a searcher proposes is a
 * function of its setup and of what it was told, never of how the points were cut into batches. */
typedef struct asx_searcher_type {
    const char *name, *summary;   /* name: command line, database, plots */
    const asx_param_spec *params; /* ends with {0}; NULL if it has none */
    size_t state_size;
    bool wants_model; /* works on the setup's `model` */
    bool concludes;   /* works by itself before it proposes anything. Told to stop it proposes
                              * what it has found by then, and that is evaluated though */
    const char *model_param; /* the parameter that, above 0, makes it begin with what is best by the
                              * `model`; NULL: none */
    /** What it refuses of a setup, by all but the model, which may be NULL here: for those who ask before they make one. NULL:
     *  nothing. init asks it. */
    asx_status (*check)(const asx_searcher_setup *setup, asx_error *err);
    /** Whatever the outcome, the caller calls fini afterwards. */
    asx_status (*init)(void *state, const asx_searcher_setup *setup, asx_error *err);
    /** Writes up to `max` (> 0) points, [max][n_genes], and their number. No point is proposed
     * twice.
     *  `*n` = 0 with nothing left to tell: the space, or the method, is exhausted. */
    asx_status (*ask)(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err);
    /** Tells all points of the last ask, in its order: objectives [n][n_objectives], smaller is
     *  better, and per point by how much it breaks the limits, 0 = feasible. */
    asx_status (*tell)(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err);
    /** Releases what `state` holds; fine on zeroed bytes and after a failed init. */
    void (*fini)(void *state);
    /** Whether a parameter of its own ended it before it had done what it was to do; NULL: none does. */
    bool (*fell_short)(const void *state);
    /** Appends a line that says what the searcher can vouch for; NULL if that is nothing. */
    void (*report)(asx_text *out, const void *state);
} asx_searcher_type;

/** Whether it works on a model, with these parameters. */
ASX_API bool asx_searcher_wants_model(const asx_searcher_type *type, const asx_params *params);

/* All of them; NULL-terminated; the only list. */
ASX_API extern const asx_searcher_type *const asx_searchers[];

/* Proposes the setup's `start` and nothing else; not among them, for nobody searches with it. */
ASX_API extern const asx_searcher_type asx_searcher_list;

/** A searcher by name. @return ASX_OK; ASX_ENOTFOUND lists the names there are */
ASX_API ASX_NODISCARD asx_status asx_searcher_find(const asx_searcher_type **out, const char *name,
                                                   asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
