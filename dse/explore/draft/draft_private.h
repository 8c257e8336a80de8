/* Private to the draft: what is known so far, and who finds out more. */
#ifndef ASX_EXPLORE_DRAFT_PRIVATE_H
#define ASX_EXPLORE_DRAFT_PRIVATE_H

#include "dse/text.h"
#include "eval/dataset.h"
#include "eval/network.h"
#include "explore/draft.h"

/* How stored numbers become those the network was trained on. */
typedef struct asx_draft_conversion {
    const char *name;
    double offset, scale; /* 0: 1 */
    double *mean, *std;   /* [n]; owned */
    size_t n;             /* 0, 1 or the number of channels */
} asx_draft_conversion;

/* Images, from A to B - 1 each. */
typedef struct asx_draft_parts {
    size_t n, calibrate, select, confirm; /* 0:calibrate, 0:select, select:confirm, confirm:n */
} asx_draft_parts;

typedef struct asx_draft_state {
    const asx_draft_options *told;    /* what was asked for */
    const asx_draft_options *options; /* the same, or `sorted` */
    asx_draft_options sorted;         /* with files of classes that stand among the data */
    const char **path;                /* [told->n_data] of `sorted`: images, then their classes */
    asx_network *network;
    asx_score score; /* what is measured, by what the network gives and the labels are */
    asx_data_format format;
    char **label;        /* [n_data] files with classes, found or told; NULL: none */
    size_t shape[3];     /* what the data are told to be; zeros: what they say themselves */
    size_t resize, crop; /* of pictures; 0: as they are */
    asx_dataset *data;   /* as stored, until conversions are tried */
    asx_draft_parts parts;
    asx_draft_conversion conversion;
    asx_text tried; /* comment lines about conversions */
    asx_text close; /* those that are as good as the one that was taken, within the noise */
} asx_draft_state;

/* ---- draft_data.c ---- */

/** Loads the data as they are stored: finds format and labels, and holds shape and classes against the network. */
ASX_NODISCARD asx_status asx_draft_open_data(asx_draft_state *d, asx_error *err);

/* ---- draft_conversion.c ---- */

/** Takes the conversion that was told, or else that under which the float network is best. */
ASX_NODISCARD asx_status asx_draft_convert(asx_draft_state *d, asx_error *err);
void asx_draft_conversion_fini(asx_draft_conversion *c);

/* ---- draft_write.c ---- */

/** The campaign's text with one of the spaces, richest first. @return ASX_ENOTFOUND if there is no such space */
ASX_NODISCARD asx_status asx_draft_write(char **out, const asx_draft_state *d, size_t space,
                                         asx_error *err);

/** What a key means, as a comment in its section. */
void asx_draft_explain(asx_text *out, const char *path);

/** A text of anybody's as YAML. */
void asx_draft_add_quoted(asx_text *out, const char *text);

/** A file as it leads there from a campaign's folder: from the root, unless that is this folder. @param campaign  its file;
 *  may be NULL @return ASX_OK; ASX_EINVAL for a name that campaigns take for a variable; ASX_EIO */
ASX_NODISCARD asx_status asx_draft_add_path(asx_text *out, const char *campaign, const char *path,
                                            asx_error *err);

/* ---- draft_table.c ---- */

/** A campaign of bespoke classifiers for tables. @return as asx_draft_new */
ASX_NODISCARD asx_status asx_draft_table(asx_draft *out, const asx_draft_options *o,
                                         asx_error *err);

/** The file's name without folder and end, as a campaign may be called. */
void asx_draft_name(asx_text *out, const char *path);

#endif
