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
#include "eval/calibrate.h"
#include "eval/dataset.h"
#include "eval/train.h"
#include "search/searcher.h"

/* ---- the file as it is written, numbers too (campaign_integer, campaign_number read them); absent
 * keys are NULL or 0 entries ---- */

typedef struct campaign_data {
    char *format;
    char **files, **labels, **shape, **mean, **std;
    unsigned files_count, labels_count, shape_count, mean_count, std_count;
    char *offset, *scale;
    char *seed, *count; /* of generated data */
    char *calibrate, *select, *report;
} campaign_data;

typedef struct campaign_calibration {
    char *ranges, *percentile, *bias_correction;
} campaign_calibration;

typedef struct campaign_hardware {
    char *technology, *operands;
    char **parameters; /* "name=value" */
    unsigned parameters_count;
} campaign_hardware;

typedef struct campaign_words {
    char **bits, **digit_width, **digits;
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
    char *drop, *energy, *latency, *area, *storage;
} campaign_limits;

typedef struct campaign_search {
    char *algorithm, *tier, *seed, *budget, *rounds, *per_round;
    char **parameters; /* "name=value" */
    unsigned parameters_count;
} campaign_search;

typedef struct campaign_verify {
    char *measured, *trained, *minutes;
} campaign_verify;

typedef struct campaign_train {
    char **files, **labels; /* read as 'data' says */
    unsigned files_count, labels_count;
    char *seed, *count; /* of generated data */
    char *images, *optimiser, *schedule, *surrogate;
    char **parameters; /* "name=value" */
    unsigned parameters_count;
} campaign_train;

typedef struct campaign_file {
    char *name, *network;
    campaign_data *data;
    campaign_calibration *calibration;
    campaign_hardware *hardware;
    campaign_space *space;
    char **objectives;
    unsigned objectives_count;
    campaign_limits *limits;
    campaign_search *search;
    campaign_verify *verify;
    campaign_train *train;
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
    asx_calibration_options calibration;
    asx_tier search_tier; /* proxy or measured */
    uint64_t seed;
    size_t budget;        /* 0: until the searcher is exhausted */
    size_t rounds;        /* of measuring and learning before the search; 0: none */
    size_t per_round;     /* designs to measure in each */
    size_t measured;      /* designs of the front to measure when the search is over */
    size_t trained;       /* designs to train then */
    double train_minutes; /* for all of them; 0: as long as it takes */
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
 * A failure with `file:line:` in front. The message begins with the path of the key that is wrong,
 * "space.weights.bits: ...", which is where the line is looked for.
 * @param raw  what stands at that key in the file, to tell lines of a long list apart; may be NULL
 */
asx_status campaign_fail(const campaign *c, asx_error *err, asx_status status, const char *raw,
                         const char *format, ...) ASX_PRINTF(5, 6);

/** A file's path as written at `key`, with ${NAME} expanded from the environment, relative to the
 *  campaign's folder. @param out owned by the caller */
ASX_NODISCARD asx_status campaign_path(char **out, const campaign *c, const char *key,
                                       const char *raw, asx_error *err);

/**
 * A number as it stands in the file. @param path of its key, for messages @param text NULL: leaves
 * `*out`
 */
ASX_NODISCARD asx_status campaign_number(double *out, const campaign *c, const char *path,
                                         const char *text, double low, double high, asx_error *err);
ASX_NODISCARD asx_status campaign_integer(long long *out, const campaign *c, const char *path,
                                          const char *text, long long low, long long high,
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

/** How the images of "calibrate" are used. */
ASX_NODISCARD asx_status campaign_calibration_options(asx_calibration_options *out,
                                                      const campaign *c, asx_error *err);

/** Applies a list of "name=value" from a section of the file. */
ASX_NODISCARD asx_status campaign_set_params(asx_params *params, const campaign *c,
                                             const char *section, char *const *text, size_t n,
                                             asx_error *err);

/** The search algorithm and its parameters. @param params borrows from `type` */
ASX_NODISCARD asx_status campaign_searcher(const asx_searcher_type **type, asx_params *params,
                                           const campaign *c, asx_error *err);

/* campaign_search.c */

/** Sets the campaign's members that 'search' and 'verify' decide. */
ASX_NODISCARD asx_status campaign_search_options(campaign *c, asx_error *err);

/* campaign_train.c */

/** The options of training that the campaign gives. */
ASX_NODISCARD asx_status campaign_train_options(asx_train_options *out, const campaign *c,
                                                asx_error *err);

/** The images to train on. @return also ASX_EINVAL if the campaign has no 'train' */
ASX_NODISCARD asx_status campaign_train_data(asx_dataset **out, asx_range *images,
                                             const campaign *c, asx_error *err);

/* campaign_schema.c: the YAML side. */
ASX_NODISCARD asx_status campaign_file_parse(campaign_file **out, const char *name,
                                             const char *text, size_t n, asx_error *err);
void campaign_file_free(campaign_file *file);

/* campaign_line.c */

/**
 * Line of a key, "space.weights.bits", or of `raw` behind it if that is found.
 * @param path  ends at the first character that cannot be part of one
 * @return 0 if the path's first key is not in the text
 */
size_t campaign_line_of(const char *text, const char *path, const char *raw);

#endif
