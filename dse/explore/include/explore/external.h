/* External evaluation: a stored campaign whose designs are evaluated outside of asx, by a batch
 * system or by a program of the user's. Accuracy comes from there, cost from the campaign's machine.
 *
 * Ask and tell, as searchers do, but with the database between: any number of processes may ask and
 * tell at once, the search's course does not depend on who evaluates what and when, and whatever is
 * killed only has to be started again. */
#ifndef ASX_EXPLORE_EXTERNAL_H
#define ASX_EXPLORE_EXTERNAL_H

#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "explore/session.h"
#include "results/store.h"
#include "search/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_external asx_external;

/**
 * @param out       asx_external_close it; untouched on failure
 * @param campaign  taken over, on failure too
 * @param database  a file, made if it is missing
 * @return ASX_OK; as asx_session_open; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_external_open(asx_external **out, asx_campaign *campaign,
                                                   const char *database, asx_error *err);
ASX_API void asx_external_close(asx_external *e);

/** The campaign opened; borrowed. */
ASX_API asx_session *asx_external_session(asx_external *e);

/* ---- ask ---- */

typedef struct asx_external_asked {
    char **design; /* [n] texts; owned */
    size_t n;
    size_t known;       /* designs that the search was told of so far */
    size_t held;        /* designs that are out, these included */
    int64_t first_free; /* when the first of those out comes free, seconds since 1970 */
    bool over;          /* the search wants nothing more, whatever it is told */
    asx_search_end end; /* if it is over: why */
} asx_external_asked;

/**
 * Takes designs to evaluate: the baseline first, then what the campaign's search wants to know next
 * and nobody holds.
 * @param out      asx_external_asked_fini it; untouched on failure
 * @param max      how many at most
 * @param now      seconds since 1970, UTC; the library reads no clock
 * @param expires  until when they are held; from then on they are handed out again
 * @return ASX_OK, also if there are none; ASX_EUNSUPPORTED if the campaign's search cannot work on
 *         accuracies of its tier, as asx_explore_run says
 * Cost: a look-up in the database per design that was told so far.
 */
ASX_API ASX_NODISCARD asx_status asx_external_ask(asx_external_asked *out, asx_external *e,
                                                  size_t max, int64_t now, int64_t expires,
                                                  asx_error *err);

/** Ends the leases of designs that could not be delivered. */
ASX_API ASX_NODISCARD asx_status asx_external_give_back(asx_external *e,
                                                        const asx_external_asked *asked,
                                                        asx_error *err);
ASX_API void asx_external_asked_fini(asx_external_asked *asked);

/** The campaign's search on what it was told so far, for those who run it themselves.
 *  @param out  borrows from `e`; without an evaluator */
ASX_API ASX_NODISCARD asx_status asx_external_search(asx_search *out, asx_external *e,
                                                     asx_error *err);

/* ---- tell ---- */

/* What somebody found out about a design. */
typedef struct asx_external_told {
    const char *design;
    double accuracy, drop; /* percent, points; NAN where it is not known */
    size_t images;         /* 0: not known; else the 95 % interval follows from it */
} asx_external_told;

/**
 * Books results as tier 'measured', with the campaign's costs; a design that is known keeps what was
 * told first. All designs are looked at before the first is booked.
 *
 * @param n_known   how many of them were known before
 * @param failed    which of `told` a failure is about; `n` if it is about none
 * @param told      [n]
 * @param accuracy  of the float network, in percent; NAN: if a result has a drop or an accuracy and
 *                  not both, asx runs that network on the campaign's 'select' images, and it is here
 * @return ASX_OK; ASX_EINVAL if accuracies and drops do not add up to one accuracy of the float
 *         network; what asx_design_parse and asx_machine_cost say of a design; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_external_tell(size_t *n_known, size_t *failed, asx_external *e,
                                                   const asx_external_told *told, size_t n,
                                                   double *accuracy, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
