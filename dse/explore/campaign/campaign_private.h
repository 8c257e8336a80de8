/* Private to the library: values of a campaign as other parts want them, and failures that name the line. */
#ifndef ASX_EXPLORE_CAMPAIGN_PRIVATE_H
#define ASX_EXPLORE_CAMPAIGN_PRIVATE_H

#include "eval/calibration.h"
#include "eval/dataset.h"
#include "explore/campaign.h"

/* ---- campaign_value.c ---- */

/**
 * A failure with `file:line:` in front. The message begins with the path of the key that is wrong,
 * "space.weights.bits: ...", which is where the line is looked for.
 * @param raw  what stands at that key in the file, to tell lines of a long list apart; may be NULL
 */
asx_status asx_campaign_fail(const asx_campaign *c, asx_error *err, asx_status status,
                             const char *raw, const char *format, ...) ASX_PRINTF(5, 6);

/** A file's path as written at `key`, with ${NAME} expanded by the campaign's lookup, relative to the
 *  campaign's folder. @param out owned by the caller */
ASX_NODISCARD asx_status asx_campaign_path(char **out, const asx_campaign *c, const char *key,
                                           const char *raw, asx_error *err);

/** What the file says at `path`, or else what the table of keys says. @param raw  NULL: not given */
const char *asx_campaign_text(const char *path, const char *raw);

/* Values within what the table of keys allows at `path`; its default where `raw` is NULL, and where that has none `*out`
 * is left alone. */

ASX_NODISCARD asx_status asx_campaign_number(double *out, const asx_campaign *c, const char *path,
                                             const char *raw, asx_error *err);
ASX_NODISCARD asx_status asx_campaign_integer(long long *out, const asx_campaign *c,
                                              const char *path, const char *raw, asx_error *err);
ASX_NODISCARD asx_status asx_campaign_size(size_t *out, const asx_campaign *c, const char *path,
                                           const char *raw, asx_error *err);
/** @param index  of the word among those of the key */
ASX_NODISCARD asx_status asx_campaign_word(size_t *index, const asx_campaign *c, const char *path,
                                           const char *raw, asx_error *err);

/* The entries of a list: those of the file, or else of its default. Not to be copied. */
enum { ASX_STANDARD_ENTRIES_MAX = 8 };

typedef struct asx_campaign_entries {
    const char *const *entry;
    size_t n;
    const char *own[ASX_STANDARD_ENTRIES_MAX];
    char text[80];
} asx_campaign_entries;

/** @return ASX_OK; ASX_EINVAL if the file gives fewer or more than the table of keys allows */
ASX_NODISCARD asx_status asx_campaign_entries_of(asx_campaign_entries *out, const asx_campaign *c,
                                                 const char *path, const char *const *given,
                                                 unsigned n_given, asx_error *err);

/** Applies a list of "name=value" from a section of the file. */
ASX_NODISCARD asx_status asx_campaign_set_params(asx_params *params, const asx_campaign *c,
                                                 const char *section, const char *const *text,
                                                 size_t n, asx_error *err);

/* ---- campaign_space.c, campaign_data.c, campaign_parts.c ---- */

/** Builds the design space for a network's layers. @param n_raw formats before duplicates went */
ASX_NODISCARD asx_status asx_campaign_make_space(asx_space **out, size_t *n_raw,
                                                 const asx_campaign *c, const asx_workload *work,
                                                 asx_error *err);

/** Loads the data set that the campaign describes. */
ASX_NODISCARD asx_status asx_campaign_load_data(asx_dataset **out, const asx_campaign *c,
                                                asx_error *err);

/** The images to train on. @return also ASX_EINVAL if the campaign has no 'train' */
ASX_NODISCARD asx_status asx_campaign_train_data(asx_dataset **out, asx_range *images,
                                                 const asx_campaign *c, asx_error *err);

/**
 * One of the ranges "calibrate", "select", "confirm", "report".
 * @param given  whether the file says it (may be NULL); if not, `out` is the first 256 images for
 *               calibration and all images else
 */
ASX_NODISCARD asx_status asx_campaign_range(asx_range *out, bool *given, const asx_campaign *c,
                                            const char *key, const asx_dataset *data,
                                            asx_error *err);

/**
 * The parts of the images, by asx_subset. Without data.confirm, answers are confirmed on the longest
 * run of images that are in neither of the others, if it has at least 100; data.confirm may be a
 * share of those that 'report' says, which are then the fewer.
 * @param given  whether there is such a part; where not, it is all images
 */
ASX_NODISCARD asx_status asx_campaign_subsets(asx_range *subset, bool *given, const asx_campaign *c,
                                              const asx_dataset *data, asx_error *err);

/** How the images of "calibrate" are used. */
ASX_NODISCARD asx_status asx_campaign_calibration_options(asx_calibration_options *out,
                                                          const asx_campaign *c, asx_error *err);

/** What the section 'faults' says. @return also ASX_EINVAL where a search goes by predictions, which know no faults */
ASX_NODISCARD asx_status asx_campaign_take_faults(asx_faults *out, const asx_campaign *c,
                                                  asx_error *err);

/* ---- campaign_bespoke.c ---- */

#define ASX_BESPOKE_PLACEMENT "bespoke" /* what space.placement may say beside the section */

/** Takes the section 'bespoke', objectives and limits being there; refuses what means nothing beside it. */
ASX_NODISCARD asx_status asx_campaign_take_bespoke(asx_campaign *c, asx_error *err);

/** Of a campaign without that section. */
ASX_NODISCARD asx_status asx_campaign_check_network(const asx_campaign *c, asx_error *err);

/* ---- campaign_costs.c ---- */

/** Makes the search one of costs alone, unless the file names another tier: nothing is measured or confirmed, and
 *  objectives that were not given are energy and area. */
void asx_campaign_search_costs(asx_campaign *c);

/** @return ASX_EINVAL with the reason and the way out if something asks for accuracy, which such a search has not */
ASX_NODISCARD asx_status asx_campaign_check_costs(const asx_campaign *c, asx_error *err);

/* ---- campaign_search.c ---- */

/** Sets the campaign's members that 'search' and 'verify' decide; the limits are there. */
ASX_NODISCARD asx_status asx_campaign_search_options(asx_campaign *c, asx_error *err);

/** Says what a point of its measure is (dse/score.h), once the data tell: limits that nobody gave are in points. */
ASX_NODISCARD asx_status asx_campaign_set_point(asx_campaign *c, double point, asx_error *err);

/** Sets what the campaign expects of the float network. */
ASX_NODISCARD asx_status asx_campaign_expectation(asx_campaign *c, asx_error *err);

/* ---- campaign_schema.c: the YAML side ---- */

/** Reads a text; wrong keys and kinds are refused, values are not looked at. @param name  for messages */
ASX_NODISCARD asx_status asx_campaign_spec_parse(asx_campaign_spec **out, const char *name,
                                                 const char *text, size_t n, asx_error *err);
void asx_campaign_spec_free(asx_campaign_spec *spec);

/** The same description as a text that asx_campaign_spec_parse reads. @param out  owned by the caller, free() */
ASX_NODISCARD asx_status asx_campaign_spec_print(char **out, size_t *n,
                                                 const asx_campaign_spec *spec, asx_error *err);

/* ---- campaign_line.c ---- */

/**
 * Line of a key, "space.weights.bits", or of `raw` behind it if that is found.
 * @param path  ends at the first character that cannot be part of one
 * @return 0 if the path's first key is not in the text
 */
size_t asx_campaign_line_of(const char *text, const char *path, const char *raw);

#endif
