/* The trained tier: networks that were trained for a design, beside the database, and what the
 * integer engine measured of them, in it. */
#ifndef ASX_EXPLORE_TRAINED_H
#define ASX_EXPLORE_TRAINED_H

#include "dse/api.h"
#include "eval/train.h"
#include "explore/session.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

ASX_API asx_train_options asx_trained_with_epochs(const asx_train_options *options, size_t epochs);

/** Hash of what a trained accuracy depends on besides network, data and images: the images trained
 *  on, and the options but for the number of epochs, which differs from design to design. */
ASX_API uint64_t asx_trained_key(const asx_dataset *data, asx_range images,
                                 const asx_train_options *options);

/** The inputs under which trained accuracies are booked. @param key asx_trained_key */
ASX_API asx_store_inputs asx_trained_inputs(const asx_session *s, asx_subset subset, uint64_t key);

/**
 * The file of a design's trained network, "DATABASE.train/HASH.onnx"; makes the folder. The hash is
 * of the campaign's network and the design's formats, so that a design has one trained network in a
 * database: the last.
 * @param out  appended to
 */
ASX_API ASX_NODISCARD asx_status asx_trained_path(asx_text *out, const char *database,
                                                  const asx_session *s, const asx_design *design,
                                                  asx_error *err);

/**
 * Measures a trained network on a part of the images; the drop is against the campaign's own
 * network in floating point.
 */
ASX_API ASX_NODISCARD asx_status asx_trained_measure(asx_accuracy *out, asx_session *s,
                                                     const asx_network *network,
                                                     const asx_design *design, asx_subset subset,
                                                     asx_error *err);

/**
 * Books a trained accuracy, with the design's cost.
 * @param id  of the campaign in the database
 */
ASX_API ASX_NODISCARD asx_status asx_trained_book(asx_store *store, int64_t id, asx_session *s,
                                                  const asx_store_inputs *inputs,
                                                  const asx_design *design,
                                                  const asx_accuracy *accuracy, asx_error *err);

/* What 'asx train' made. */
typedef struct asx_trained_result {
    const asx_network *network;
    const asx_design *design;
    const asx_accuracy *accuracy; /* [ASX_N_SUBSETS]; of those that the campaign has */
    uint64_t key;                 /* asx_trained_key */
} asx_trained_result;

/**
 * Keeps a training that was no part of a run: its accuracies in a database, its network beside it.
 * @param database  made if it is missing
 */
ASX_API ASX_NODISCARD asx_status asx_trained_keep(const char *database, asx_session *s,
                                                  const asx_trained_result *result, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
