/* The workbench: a campaign with everything it names opened, built step by step as commands need
 * it. */
#ifndef ASX_CLI_WORKBENCH_H
#define ASX_CLI_WORKBENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "campaign.h"
#include "dse/evaluator.h"
#include "dse/param.h"
#include "dse/space.h"
#include "eval/calibrate.h"
#include "eval/dataset.h"
#include "eval/measure.h"
#include "eval/network.h"
#include "eval/proxy.h"
#include "hwmodel/machine.h"
#include "hwmodel/technology.h"

/* Which of the campaign's images: the search sees one part, the final table is measured on the
 * other. */
typedef enum workbench_subset { SUBSET_SELECT, SUBSET_REPORT, N_SUBSETS } workbench_subset;

const char *workbench_subset_text(workbench_subset subset);

typedef struct workbench {
    campaign *campaign;
    /* workbench_open: enough for costs */
    asx_network *network;
    asx_technology *technology;
    asx_params machine_params;
    asx_machine *machine;
    /* workbench_need_space */
    asx_space *space;
    size_t n_formats_raw;
    /* workbench_need_data */
    asx_dataset *data;
    asx_range calibrate;
    asx_range subset[N_SUBSETS];
    bool has_subset[N_SUBSETS];
    /* workbench_need_measure, workbench_need_proxy */
    asx_calibration *calibration;
    asx_measure *measure[N_SUBSETS];
    asx_proxy *proxy;
    asx_proxy_fit_report proxy_fit;
    uint64_t proxy_learned; /* hash of a proxy that learned from a campaign; 0: it did not */
} workbench;

/**
 * Opens campaign, network, technology and machine.
 * @param path  NULL: the embedded campaign
 */
ASX_NODISCARD asx_status workbench_open(workbench *out, const char *path, asx_error *err);
void workbench_close(workbench *w);

const asx_workload *workbench_workload(const workbench *w);

/* Each makes what it is named for, and what that needs, unless it is there already. */
ASX_NODISCARD asx_status workbench_need_space(workbench *w, asx_error *err);
ASX_NODISCARD asx_status workbench_need_data(workbench *w, asx_error *err);
ASX_NODISCARD asx_status workbench_need_calibration(workbench *w, asx_error *err);
ASX_NODISCARD asx_status workbench_need_measure(workbench *w, workbench_subset subset,
                                                asx_error *err);
ASX_NODISCARD asx_status workbench_need_proxy(workbench *w, asx_error *err);

/** Takes the proxy's place with one that learned. @param proxy taken over, on failure too */
ASX_NODISCARD asx_status workbench_set_proxy(workbench *w, asx_proxy *proxy, asx_error *err);

/** Every format a design of the campaign can use. @param out owned by the caller, free() */
ASX_NODISCARD asx_status workbench_list_formats(asx_format **out, size_t *n, workbench *w,
                                                asx_error *err);

/** Images that '--images' names; NULL: the campaign's 'select'. */
ASX_NODISCARD asx_status workbench_images(asx_range *out, workbench *w, const char *option,
                                          asx_error *err);

/** Appends the database that '--db' names; NULL: the campaign's name with .db, in this folder. */
ASX_NODISCARD asx_status workbench_database(asx_text *out, const workbench *w, const char *option,
                                            asx_error *err);

/** Hash of all that the accuracy at a tier on a subset depends on, and of all that costs depend on.
 */
uint64_t workbench_accuracy_key(const workbench *w, asx_tier tier, workbench_subset subset);
uint64_t workbench_cost_key(const workbench *w);

#endif
