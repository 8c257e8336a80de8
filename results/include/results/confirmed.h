/* What was tried and found on a campaign's confirm images: the designs that answer "least cost at a
 * drop of at most so much", with all that were tested on the way (dse/confirm.h). */
#ifndef ASX_RESULTS_CONFIRMED_H
#define ASX_RESULTS_CONFIRMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/confirm.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/text.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A design to test, and what came of it. */
typedef struct asx_confirmed_step {
    char *design;
    asx_tier tier;           /* measured as it is, or trained */
    asx_shrunk believed;     /* before the test */
    double limit;            /* that its drop is held against */
    asx_confirm_trial trial; /* `seen.images` 0: its turn did not come */
} asx_confirmed_step;

/* Zeroed: nothing. */
typedef struct asx_confirmed {
    asx_confirm_rule rule;
    asx_objective minimised;  /* what is meant by cheap */
    asx_confirmed_step *step; /* [n] in the order of the test */
    size_t n;
    bool finished;   /* the walk has ended */
    size_t answer;   /* number of a step; n: none keeps the limit */
    double sureness; /* that the answer keeps it, percent */
} asx_confirmed;

ASX_API void asx_confirmed_fini(asx_confirmed *c);

/**
 * Reads one.
 * @param out         asx_confirmed_fini it; untouched unless found
 * @param key         of the confirm images (asx_store_inputs); 0: whatever was kept last
 * @param drop_limit  points, exactly as it was asked
 * @return ASX_OK, also if there is none; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_confirmed_read(asx_confirmed *out, bool *found,
                                                    asx_store *store, int64_t campaign,
                                                    uint64_t key, double drop_limit,
                                                    double confidence, asx_error *err);

/** Keeps one in place of an earlier one of the same campaign, key, limit and confidence: all of it
 *  or nothing. */
ASX_API ASX_NODISCARD asx_status asx_confirmed_keep(asx_store *store, int64_t campaign,
                                                    uint64_t key, const asx_confirmed *c,
                                                    asx_error *err);

/** The drop limits that were confirmed at a confidence, ascending. @param out  [n] free(); NULL if none */
ASX_API ASX_NODISCARD asx_status asx_confirmed_limits(double **out, size_t *n, asx_store *store,
                                                      int64_t campaign, double confidence,
                                                      asx_error *err);

/* Counts on the first so many images; of measures that do not count (dse/score.h) sums. */
typedef struct asx_look {
    asx_paired seen;
    size_t correct;       /* under the design */
    double value, square; /* images x value of the design, images^2 x variance of that */
} asx_look;

/** @param formats  text of asx_design_print_formats @param seen_images  exactly so many */
ASX_API ASX_NODISCARD asx_status asx_look_find(asx_look *out, bool *found, asx_store *store,
                                               uint64_t key, const char *formats, size_t images,
                                               asx_error *err);
ASX_API ASX_NODISCARD asx_status asx_look_keep(asx_store *store, uint64_t key, const char *formats,
                                               const asx_look *look, asx_error *err);

/* Designs. Zeroed: none. */
typedef struct asx_contenders {
    char **design; /* [n] */
    size_t n;
} asx_contenders;

ASX_API void asx_contenders_fini(asx_contenders *c);

/** The designs chosen for measuring in a round. @param out  untouched unless found */
ASX_API ASX_NODISCARD asx_status asx_contenders_read(asx_contenders *out, bool *found,
                                                     asx_store *store, int64_t campaign,
                                                     uint64_t key, size_t round, asx_error *err);

/** Keeps them; a round without any is kept too. */
ASX_API ASX_NODISCARD asx_status asx_contenders_keep(asx_store *store, int64_t campaign,
                                                     uint64_t key, size_t round,
                                                     const asx_contenders *c, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
