/* What a search vouched for, because it solved for the front or has evaluated all designs: every
 * design of the space that keeps the campaign's limits is matched by a row of the front with at most
 * its drop and at most `factor` times its costs, by the drops that the search went by. */
#ifndef ASX_RESULTS_CERTIFICATE_H
#define ASX_RESULTS_CERTIFICATE_H

#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_certificate {
    double factor; /* >= 1; INFINITY: stopped before anything was proven; NAN: it claims nothing */
    char *text;    /* in the searcher's words; NULL: there is none */
} asx_certificate;

/**
 * The certificate of a campaign's last search.
 * @param out  asx_certificate_fini it; its text is NULL if no search vouched for anything
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_certificate_read(asx_certificate *out, asx_store *store,
                                                      int64_t campaign, asx_error *err);

/** Keeps one in place of an earlier one. */
ASX_API ASX_NODISCARD asx_status asx_certificate_keep(asx_store *store, int64_t campaign,
                                                      const asx_certificate *certificate,
                                                      asx_error *err);

ASX_API void asx_certificate_fini(asx_certificate *certificate);

/** A certificate's text without its factor where that is infinite: what people are told. */
ASX_API const char *asx_certificate_words(const char *text);

/** The factor in the words of asx_search_outcome's report, "factor 1.01: ..."; NAN if it has none. */
ASX_API double asx_certificate_factor(const char *text);

/** Points of drop below which it proves nothing, in the words of such a report, "... its drop is below 0.02, the least found
 *  ...": a design that drops less is matched as if it dropped so much. 0 if it has none. */
ASX_API double asx_certificate_least_drop(const char *text);

#ifdef __cplusplus
}
#endif

#endif
