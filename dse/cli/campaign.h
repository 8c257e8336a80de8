/* A campaign file: everything a search needs to know, read from YAML and checked. */
#ifndef ASX_CLI_CAMPAIGN_H
#define ASX_CLI_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/format.h"
#include "dse/param.h"
#include "dse/space.h"
#include "eval/dataset.h"
#include "search/searcher.h"

/* ---- the file as it is written; absent keys are NULL or 0 entries ---- */

typedef struct campaign_data {
    char *format;
    char **files, **labels;
    double *mean, *std;
    int64_t *shape;
    unsigned files_count, labels_count, mean_count, std_count, shape_count;
    double *offset, *scale;
    int64_t *seed, *count; /* of generated data */
    char *calibrate, *select, *report;
} campaign_data;

typedef struct campaign_hardware {
    char *technology;
    char **parameters; /* "name=value" */
    unsigned parameters_count;
} campaign_hardware;

typedef struct campaign_words {
    int64_t *bits;
    int64_t *digit_width;
    char **digits;
    unsigned bits_count, digit_width_count, digits_count;
    char *alphabets;
} campaign_words;

typedef struct campaign_group {
    char *name;
    char **layers;
    unsigned layers_count;
} campaign_group;

typedef struct campaign_pin {
    char *layer, *format;
} campaign_pin;

typedef struct campaign_space {
    char *scope;
    char **placement;
    unsigned placement_count;
    campaign_words weights, activations;
    campaign_group *groups;
    campaign_pin *pin;
    unsigned groups_count, pin_count;
} campaign_space;

typedef struct campaign_limits {
    double *drop, *energy, *latency, *area, *storage;
} campaign_limits;

typedef struct campaign_search {
    char *algorithm, *tier;
    int64_t *seed, *budget;
    char **parameters; /* "name=value" */
    unsigned parameters_count;
} campaign_search;

typedef struct campaign_verify {
    int64_t *measured, *trained;
} campaign_verify;

typedef struct campaign_file {
    char *name, *network;
    campaign_data *data;
    campaign_hardware *hardware;
    campaign_space *space;
    char **objectives;
    unsigned objectives_count;
    campaign_limits *limits;
    campaign_search *search;
    campaign_verify *verify;
} campaign_file;

/* ---- the campaign: the file, and what follows from it without opening any other file ---- */

enum { CAMPAIGN_OBJECTIVES_MAX = ASX_N_OBJECTIVES };

typedef struct campaign {
    char *path; /* for messages: the file's name, or "(embedded)" */
    char *text; /* the whole file */
    size_t text_length;
    campaign_file *file;

    char *network_path; /* expanded; see campaign_path */
    asx_objective objective[CAMPAIGN_OBJECTIVES_MAX];
    size_t n_objectives;
    asx_limits limits;
    asx_tier search_tier; /* proxy or measured */
    uint64_t seed;
    size_t budget;   /* 0: until the searcher is exhausted */
    size_t measured; /* designs of the front to measure when the search is over */
} campaign;

/** The campaign file that the program carries: small network, generated images. */
extern const char *const campaign_embedded_name;

/**
 * Reads and checks a campaign file; NULL reads the embedded one.
 * @return ASX_OK; ASX_EIO; ASX_EPARSE or ASX_EINVAL with `file:line:`, key, value and what is
 * allowed
 */
ASX_NODISCARD asx_status campaign_load(campaign **out, const char *path, asx_error *err);
void campaign_free(campaign *c);

/**
 * A failure with `file:line:` in front, the line being the first that contains `raw` (a key or
 * value as it stands in the file); NULL: no line.
 */
asx_status campaign_fail(const campaign *c, asx_error *err, asx_status status, const char *raw,
                         const char *format, ...) ASX_PRINTF(5, 6);

/** A file's path as written, with ${NAME} expanded from the environment, relative to the campaign's
 *  folder. @param out owned by the caller */
ASX_NODISCARD asx_status campaign_path(char **out, const campaign *c, const char *raw,
                                       asx_error *err);

/** Builds the design space for a network's layers. @param n_raw formats before duplicates went */
ASX_NODISCARD asx_status campaign_make_space(asx_space **out, size_t *n_raw, const campaign *c,
                                             const asx_workload *work, asx_error *err);

/** Loads the data set that the campaign describes. */
ASX_NODISCARD asx_status campaign_load_data(asx_dataset **out, const campaign *c, asx_error *err);

/**
 * One of the ranges "calibrate", "select", "report".
 * @param given  whether the file says it (may be NULL); if not, `out` is the first 256 images for
 *               calibration and all images else
 */
ASX_NODISCARD asx_status campaign_range(asx_range *out, bool *given, const campaign *c,
                                        const char *key, const asx_dataset *data, asx_error *err);

/** Applies a list of "name=value" from a section of the file. */
ASX_NODISCARD asx_status campaign_set_params(asx_params *params, const campaign *c,
                                             const char *section, char *const *text, size_t n,
                                             asx_error *err);

/** The search algorithm and its parameters. @param params borrows from `type` */
ASX_NODISCARD asx_status campaign_searcher(const asx_searcher_type **type, asx_params *params,
                                           const campaign *c, asx_error *err);

/* campaign_schema.c: the YAML side. */
ASX_NODISCARD asx_status campaign_file_parse(campaign_file **out, const char *name,
                                             const char *text, size_t n, asx_error *err);
void campaign_file_free(campaign_file *file);

/** Line of the first occurrence of `raw` outside comments, 0 if there is none. */
size_t campaign_line_of(const char *text, const char *raw);

#endif
