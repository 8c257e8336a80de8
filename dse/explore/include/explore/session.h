/* A session: a campaign with everything it names opened, step by step as somebody needs it. */
#ifndef ASX_EXPLORE_SESSION_H
#define ASX_EXPLORE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/crew.h"
#include "dse/format.h"
#include "dse/param.h"
#include "dse/space.h"
#include "eval/calibration.h"
#include "eval/dataset.h"
#include "eval/measure.h"
#include "eval/network.h"
#include "eval/proxy.h"
#include "explore/campaign.h"
#include "hwmodel/machine.h"
#include "hwmodel/technology.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* To be read, not written, but for `subset`, which may be narrowed before anything is measured.
 * Used by one thread at a time. */
typedef struct asx_session {
    asx_campaign *campaign;
    /* asx_session_open: enough for costs */
    asx_network *network;
    asx_technology *technology;
    asx_params machine_params;
    asx_machine *machine;
    const asx_crew *crew;        /* asx_session_join; NULL: nobody else works */
    const asx_work_watch *watch; /* asx_session_watch; NULL: nobody */
    /* asx_session_need_space */
    asx_space *space;
    size_t n_formats_raw; /* before duplicates went */
    /* asx_session_need_data */
    asx_dataset *data;
    asx_range calibrate;
    asx_range subset[ASX_N_SUBSETS];
    bool has_subset[ASX_N_SUBSETS]; /* the campaign says which; else `subset` is all images */
    /* asx_session_need_measure, asx_session_need_proxy */
    asx_calibration *calibration;
    asx_measure *measure[ASX_N_SUBSETS];
    asx_proxy *proxy;
    asx_proxy_fit_report proxy_fit; /* all zero where the proxy comes from a database */
    uint64_t proxy_learned; /* hash of a proxy that learned from a campaign; 0: it did not */
} asx_session;

/**
 * Opens a campaign's network, technology and machine; its data too, if the machine's activity is
 * taken from the network (hardware.operands).
 *
 * @param out       asx_session_close it; untouched on failure
 * @param campaign  taken over, on failure too
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO, ASX_EPARSE, ASX_EINVAL or ASX_ENOTFOUND with `file:line:`
 */
ASX_API ASX_NODISCARD asx_status asx_session_open(asx_session *out, asx_campaign *campaign,
                                                  asx_error *err);
ASX_API void asx_session_close(asx_session *s);

/** Lets a crew share what takes long. Results do not depend on it. @param crew borrowed; NULL: nobody */
ASX_API void asx_session_join(asx_session *s, const asx_crew *crew);

/** Has what takes long before the search watched. Results do not depend on it. @param watch borrowed;
 *  NULL: nobody */
ASX_API void asx_session_watch(asx_session *s, const asx_work_watch *watch);

/** The network's layers. Borrowed from the session. */
ASX_API const asx_workload *asx_session_workload(const asx_session *s);

/** Another rounding of weights than the campaign's, for what is measured from now on: before any
 *  measure or proxy is there. */
ASX_API void asx_session_set_rounding(asx_session *s, asx_rounding rounding);

/** Other faults than the campaign's, for what is measured from now on. */
ASX_API void asx_session_set_faults(asx_session *s, const asx_faults *faults);

/* Each makes what it is named for, and what that needs, unless it is there already. What fails is
 * not there afterwards; statuses as of asx_session_open. */

/** The design space, all of whose words the machine can price. Cost: as a few hundred designs. */
ASX_API ASX_NODISCARD asx_status asx_session_need_space(asx_session *s, asx_error *err);

/** The images, and which of them are for what. */
ASX_API ASX_NODISCARD asx_status asx_session_need_data(asx_session *s, asx_error *err);

/**
 * What a run refuses before it evaluates anything: a searcher or training with wrong parameters, images in two of
 * 'select', 'confirm' and 'report'.
 * @param s  its space and its data are there
 * @return ASX_OK; ASX_EINVAL, ASX_ENOTFOUND or ASX_EPARSE with `file:line:`; what the searcher says
 */
ASX_API ASX_NODISCARD asx_status asx_session_check(const asx_session *s, asx_error *err);

/**
 * What users should know of the data: parts of the images that lack classes, weights rounded by few images. One line
 * each, with its end; "" if there is nothing, or no data yet.
 *
 * @param out     owned by the caller, free()
 * @param chosen  images were chosen by hand: nothing is said of their classes
 */
ASX_API ASX_NODISCARD asx_status asx_session_remarks(char **out, const asx_session *s, bool chosen,
                                                     asx_error *err);

/** Ranges of activations. Cost: the float network on the images of `calibrate`. */
ASX_API ASX_NODISCARD asx_status asx_session_need_calibration(asx_session *s, asx_error *err);

/** The integer engine on a part of the images. Cost: the float network on these. */
ASX_API ASX_NODISCARD asx_status asx_session_need_measure(asx_session *s, asx_subset subset,
                                                          asx_error *err);

/** The campaign's proxy, fitted. Cost: a table of layers x formats, and some measured designs.
 *  @return also ASX_EUNSUPPORTED with faults, of which proxies know nothing */
ASX_API ASX_NODISCARD asx_status asx_session_need_proxy(asx_session *s, asx_error *err);

/** Every format a design of the campaign can use, and the baseline's.
 *  @param out  owned by the caller, free() */
ASX_API ASX_NODISCARD asx_status asx_session_list_formats(asx_format **out, size_t *n,
                                                          asx_session *s, asx_error *err);

/* ---- in a database ---- */

/** Finds or adds the campaign with all it depends on. @param s  its data are there */
ASX_API ASX_NODISCARD asx_status asx_session_record(int64_t *id, asx_store *store,
                                                    const asx_session *s, asx_error *err);

/** Under which keys accuracies measured on any range of images are booked: where it is that of a part of the campaign's,
 *  their accuracy key is that part's. Their subset, "bench", keeps them out of fronts. @param s  its data are there */
ASX_API asx_store_inputs asx_session_inputs_on(const asx_session *s, asx_range images);

/** Under which keys evaluations are booked. @param s  its data are there; for tier proxy its space
 *  and its proxy too */
ASX_API asx_store_inputs asx_session_inputs(const asx_session *s, asx_tier tier, asx_subset subset);

#ifdef __cplusplus
}
#endif

#endif
