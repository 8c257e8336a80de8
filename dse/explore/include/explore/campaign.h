/* A campaign: everything a search needs to know, as it is written and as it was understood.
 *
 * It comes from a YAML file, from such a text, or from a description built in memory:
 *
 *   const asx_campaign_spec spec = {
 *       .name = "mine",
 *       .network = "builtin:glyphs.onnx",
 *       .data = &(asx_campaign_data){.format = "glyphs", .count = "2000", .select = ":1000"},
 *       .search = &(asx_campaign_search){.algorithm = "nsga2", .budget = "500"}};
 *   status = asx_campaign_new(&campaign, &spec, &err);
 *
 * Whichever way, absent keys get their defaults, and all is checked that can be checked without
 * opening another file. */
#ifndef ASX_EXPLORE_CAMPAIGN_H
#define ASX_EXPLORE_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/output.h"
#include "dse/param.h"
#include "eval/calibration.h"
#include "eval/train.h"
#include "explore/bespoke_request.h"
#include "search/searcher.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- as it is written: a member a key, numbers too; absent keys are NULL, lists are counted ---- */

typedef struct asx_campaign_data {
    const char *format;
    const char *const *files, *const *labels, *const *shape, *const *mean, *const *std;
    unsigned files_count, labels_count, shape_count, mean_count, std_count;
    const char *offset, *scale;
    const char *seed, *count;   /* of generated data */
    const char *header, *label; /* of tables: on or off; the column of the class */
    const char *resize, *crop;  /* of pictures: pixels */
    const char *calibrate, *select, *confirm, *report;
    const char *expect;  /* percent, or "any" */
    const char *measure; /* "top1", "top5", ... */
    const char *classes; /* "told" or "network" */
} asx_campaign_data;

typedef struct asx_campaign_calibration {
    const char *ranges, *rounding, *percentile, *bias_correction, *multiplier_bits;
} asx_campaign_calibration;

typedef struct asx_campaign_faults {
    const char *flips, *stuck, *stuck_at_0, *stuck_at_1;
    const char *activation_flips, *activation_stuck, *activation_stuck_at_0, *activation_stuck_at_1;
    const char *spread, *seeds, *seed, *code, *only_bit;
} asx_campaign_faults;

typedef struct asx_campaign_hardware {
    const char *technology, *operands;
    const char *const *parameters; /* "name=value" */
    unsigned parameters_count;
} asx_campaign_hardware;

typedef struct asx_campaign_words {
    const char *const *bits, *const *digit_width, *const *digits;
    unsigned bits_count, digit_width_count, digits_count;
    const char *alphabets;
    const char *const *values; /* files */
    unsigned values_count;
    const char *const *menus; /* "4{1}/4{3}@128" */
    unsigned menus_count;
} asx_campaign_words; /* activations take no kinds of digits, no values and no menus */

typedef struct asx_campaign_group {
    const char *name;
    const char *const *layers;
    unsigned layers_count;
} asx_campaign_group;

typedef struct asx_campaign_pin {
    const char *layer, *format;
} asx_campaign_pin;

typedef struct asx_campaign_space {
    const char *scope;
    const char *const *placement;
    unsigned placement_count;
    const char *const *formats; /* families of weights' words */
    unsigned formats_count;
    asx_campaign_words weights, activations;
    const asx_campaign_group *groups;
    const asx_campaign_pin *pin;
    unsigned groups_count, pin_count;
} asx_campaign_space;

typedef struct asx_campaign_limits {
    const char *drop, *energy, *latency, *area, *storage, *energy_delay, *power_mw,
        *inferences_per_s;
} asx_campaign_limits;

typedef struct asx_campaign_search {
    const char *algorithm, *tier, *proxy, *seed, *budget, *rounds, *per_round;
    const char *const *parameters; /* "name=value" */
    unsigned parameters_count;
} asx_campaign_search;

typedef struct asx_campaign_verify {
    const char *measured, *trained, *minutes;
    const char *const *drops; /* limits to confirm answers for */
    unsigned drops_count;
} asx_campaign_verify;

typedef struct asx_campaign_train {
    const char *const *files, *const *labels; /* read as 'data' says */
    unsigned files_count, labels_count;
    const char *seed, *count; /* of generated data */
    const char *images, *optimiser, *schedule, *surrogate;
    const char *const *parameters; /* "name=value" */
    unsigned parameters_count;
} asx_campaign_train;

typedef struct asx_campaign_bespoke {
    const char *const *hidden, *const *seeds;
    unsigned hidden_count, seeds_count;
    const char *bits, *split, *evaluations, *technology, *sharing, *as_published, *pipeline, *rate;
    const char *const *parameters; /* "name=value" */
    unsigned parameters_count;
} asx_campaign_bespoke;

typedef struct asx_campaign_spec {
    const char *name, *network, *output, *unknown;
    const asx_campaign_bespoke *bespoke; /* instead of a network */
    const asx_campaign_data *data;
    const asx_campaign_calibration *calibration;
    const asx_campaign_faults *faults;
    const asx_campaign_hardware *hardware;
    const asx_campaign_space *space;
    const char *const *objectives;
    unsigned objectives_count;
    const asx_campaign_limits *limits;
    const asx_campaign_search *search;
    const asx_campaign_verify *verify;
    const asx_campaign_train *train;
} asx_campaign_spec;

/* ---- as it was understood ---- */

/** What ${NAME} stands for in paths of a campaign; NULL: it is not set. The C library's getenv is
 *  one. */
typedef char *asx_campaign_lookup(const char *name);

enum { ASX_CONFIRM_DROPS_MAX = 16 };

/* To be read, not written: made by asx_campaign_load and its like. */
typedef struct asx_campaign {
    char *path; /* for messages: the file's name, "(embedded)" or "(memory)" */
    char *text; /* the whole file, as a database keeps it */
    size_t text_length;
    asx_campaign_spec *spec;
    asx_campaign_lookup *lookup; /* may be NULL */
    char *unpacked; /* asx_campaign_keep_data; NULL: compressed data is unpacked every time */

    /* classifiers that are wired; then the rest is as zeros but for objectives and limits. NULL: formats of a network */
    asx_bespoke_request *bespoke;
    char **table,
        *cells; /* its files, with a NULL behind them, and its technology, if that is a file */

    char *network_path; /* expanded, relative to the campaign's folder */
    bool price_unknown; /* nodes that cannot be run are left out of the network: costs only */
    asx_objective objective[ASX_N_OBJECTIVES];
    size_t n_objectives;
    asx_limits limits;
    asx_calibration_options calibration;
    asx_tier search_tier; /* proxy, measured or costs */
    size_t proxy;         /* type of the proxy: asx_proxy_type_name */
    uint64_t seed;
    size_t budget;        /* 0: until the searcher is exhausted */
    size_t rounds;        /* of measuring and learning before the search; 0: none */
    size_t per_round;     /* designs to measure in each */
    size_t measured;      /* designs of the front to measure when the search is over */
    size_t trained;       /* designs to train then */
    double train_minutes; /* for all of them; 0: as long as it takes */
    asx_score score; /* what accuracy is; of mse and mae the point is not known before the data */
    /* limits of the drop to confirm an answer for, ascending: those asked for, else 0.5, 1, 2 and 5
     * points (asx_campaign_set_point), and the campaign's own */
    double confirm_drop[ASX_CONFIRM_DROPS_MAX];
    size_t n_confirm_drops;
    bool confirms; /* answers are tested: not if nothing is to be measured and no drop is named */
    bool own_classes; /* the float network's answers are right */
    double expect;    /* accuracy that the float network is known to have, percent; NAN: not said */
    bool expect_any;  /* it may be no better than guessing */
} asx_campaign;

/**
 * Reads and checks a campaign file.
 * @param out     asx_campaign_free it; untouched on failure
 * @param path    NULL: the campaign that the library carries, a small network and generated images
 * @param lookup  NULL: no ${NAME} means anything
 * @return ASX_OK; ASX_EIO; ASX_ENOMEM; ASX_EPARSE, ASX_EINVAL or ASX_ENOTFOUND with `file:line:`,
 *         key, value and what is allowed
 */
ASX_API ASX_NODISCARD asx_status asx_campaign_load(asx_campaign **out, const char *path,
                                                   asx_campaign_lookup *lookup, asx_error *err);

/**
 * The same of a text in memory.
 * @param name    what messages call it; paths are relative to its folder, if it has one
 * @param text    [n] bytes of YAML, borrowed for the call
 */
ASX_API ASX_NODISCARD asx_status asx_campaign_parse(asx_campaign **out, const char *name,
                                                    const char *text, size_t n,
                                                    asx_campaign_lookup *lookup, asx_error *err);

/**
 * The same of a description. The campaign's text is the YAML file that says the same, which
 * messages count lines of.
 * @param spec  copied
 */
ASX_API ASX_NODISCARD asx_status asx_campaign_new(asx_campaign **out, const asx_campaign_spec *spec,
                                                  asx_error *err);
ASX_API void asx_campaign_free(asx_campaign *c);

/**
 * Lets what compressed files of data hold be kept beside a database, in the folder DATABASE.data, so that it is unpacked once;
 * before data are read. What is there is looked at by the file's place, size and times, and its own hash; the folder may be
 * deleted at any time, and where it cannot be written nothing is kept.
 * @param make  the folder too; no: it is used if it is there, as for who only looks at a database
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_campaign_keep_data(asx_campaign *c, const char *database,
                                                        bool make, asx_error *err);

/**
 * Adds the files that a campaign keeps: its own, the network and weights beside it, data, labels, technology; those that
 * cannot be named or read are left out.
 * @param output  what is to be written. Where it is not there yet it is none of the pictures or recordings of a folder or
 *                list, of which there may be millions: they are not looked for. NULL: they are
 * @return ASX_OK; ASX_ENOMEM. Cost: that of reading the network's file, and of a look at each picture
 */
ASX_API ASX_NODISCARD asx_status asx_campaign_files(asx_kept *out, const asx_campaign *c,
                                                    const char *output, asx_error *err);

/** The search algorithm and its parameters. @param params borrows from `type` */
ASX_API ASX_NODISCARD asx_status asx_campaign_searcher(const asx_searcher_type **type,
                                                       asx_params *params, const asx_campaign *c,
                                                       asx_error *err);

/** The options of training that the campaign gives, its faults with them, others as asx_train_options_default has them.
 *  @return ASX_OK; ASX_EINVAL or ASX_ENOTFOUND with `file:line:` */
ASX_API ASX_NODISCARD asx_status asx_campaign_train_options(asx_train_options *out,
                                                            const asx_campaign *c, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
