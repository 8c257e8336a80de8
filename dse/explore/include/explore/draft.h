/* A first campaign for a network and labelled data: what fits together is found out by trying, and written down with
 * comments that say why. */
#ifndef ASX_EXPLORE_DRAFT_H
#define ASX_EXPLORE_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "explore/watcher.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the campaign is to be about. Texts as a campaign file has them; NULL: to be found out. */
typedef struct asx_draft_options {
    const char *
        campaign; /* the file it is for: names the campaign, paths in it are relative to its folder */
    const char *network, *output; /* no network: bespoke classifiers for a table */
    const char *const *data;      /* [n_data] files, one after the other */
    size_t n_data;
    const char *const *labels; /* [n_labels] NULL: beside the data */
    size_t n_labels;
    const char *format, *label;              /* of the data; the column of the class */
    const char *offset, *scale, *mean, *std; /* lists: "0.485,0.456,0.406" */
    const char *expect;
    const asx_watcher *watcher; /* may be NULL */
} asx_draft_options;

typedef struct asx_draft {
    char *text;    /* the campaign */
    char *summary; /* what was found, lines for the user */
} asx_draft;

/**
 * Opens network and data, finds format, labels, shape and conversion, divides the images, and writes a campaign that a
 * run takes: it was opened and its float network run before this returns. Without a network the data are tables, CSV, for
 * which bespoke classifiers are to be trained; of the options 'campaign', 'data' and 'label' count then.
 *
 * @param out  asx_draft_fini it; untouched on failure
 * @return ASX_OK; ASX_ENOMEM; what reading the files says; ASX_EINVAL with the way out where network and data do not
 *         fit each other, where no conversion makes the network better than guessing, for fewer images than can be
 *         divided, and for images that are sorted by class
 * Cost: the float network on a few hundred images for every conversion that is tried.
 */
ASX_API ASX_NODISCARD asx_status asx_draft_new(asx_draft *out, const asx_draft_options *options,
                                               asx_error *err);
ASX_API void asx_draft_fini(asx_draft *draft);

#ifdef __cplusplus
}
#endif

#endif
