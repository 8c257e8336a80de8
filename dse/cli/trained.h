/* The trained tier: networks that were trained for a design, beside the database, and what the
 * integer engine measured of them, in it. */
#ifndef ASX_CLI_TRAINED_H
#define ASX_CLI_TRAINED_H

#include "eval/train.h"
#include "results/store.h"
#include "workbench.h"

asx_train_options trained_with_epochs(const asx_train_options *options, size_t epochs);

/** Hash of what a trained accuracy depends on besides network, data and images: the images trained
 *  on, and the options but for the number of epochs, which differs from design to design. */
uint64_t trained_key(const asx_dataset *data, asx_range images, const asx_train_options *options);

/** The inputs under which trained accuracies are booked. @param key trained_key */
asx_store_inputs trained_inputs(const workbench *w, workbench_subset subset, uint64_t key);

/**
 * The file of a design's trained network, "DATABASE.train/HASH.onnx"; makes the folder. The hash is
 * of the campaign's network and the design's formats, so that a design has one trained network in a
 * database: the last.
 * @param out  appended to
 */
ASX_NODISCARD asx_status trained_path(asx_text *out, const char *database, const workbench *w,
                                      const asx_design *design, asx_error *err);

/**
 * Measures a trained network on a part of the images; the drop is against the campaign's own
 * network in floating point.
 */
ASX_NODISCARD asx_status trained_measure(asx_accuracy *out, workbench *w,
                                         const asx_network *network, const asx_design *design,
                                         workbench_subset subset, asx_error *err);

/**
 * Books a trained accuracy, with the design's cost.
 * @param id  of the campaign in the database
 */
ASX_NODISCARD asx_status trained_book(asx_store *store, int64_t id, workbench *w,
                                      const asx_store_inputs *inputs, const asx_design *design,
                                      const asx_accuracy *accuracy, asx_error *err);

/* What 'asx train' made. */
typedef struct trained_result {
    const asx_network *network;
    const asx_design *design;
    const asx_accuracy *accuracy; /* [N_SUBSETS]; of those that the campaign has */
    uint64_t key;                 /* trained_key */
} trained_result;

/**
 * Keeps a training that was no part of a run: its accuracies in a database, its network beside it.
 * @param database  made if it is missing
 */
ASX_NODISCARD asx_status trained_keep(const char *database, workbench *w,
                                      const trained_result *result, asx_error *err);

#endif
