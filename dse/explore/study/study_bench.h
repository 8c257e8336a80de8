/* Private to studies: accuracies of designs on any range of images, from a database as far as it has them. */
#ifndef ASX_EXPLORE_STUDY_BENCH_H
#define ASX_EXPLORE_STUDY_BENCH_H

#include "explore/session.h"

/* Ranges of images that one study books on: two halves, both together, and the campaign's own. */
enum { STUDY_RANGES = 4 };

typedef struct study_place {
    asx_range images;
    asx_store_inputs inputs;
    asx_ledger ledger;
} study_place;

typedef struct study_bench {
    asx_session *session;
    asx_store *store; /* NULL: nothing is kept */
    int64_t campaign;
    study_place place[STUDY_RANGES];
    size_t n_places;
    size_t n_known, n_measured; /* of what study_bench_measure was asked for */
} study_bench;

/** @param s  its data are there @param database  NULL: nothing is kept @param make  it, if it is missing */
ASX_NODISCARD asx_status study_bench_open(study_bench *out, asx_session *s, const char *database,
                                          bool make, asx_error *err);
void study_bench_close(study_bench *b);

/** What is known of a design on a range of images. */
ASX_NODISCARD asx_status study_bench_find(asx_accuracy *out, bool *found, study_bench *b,
                                          asx_range images, const asx_design *design,
                                          asx_error *err);

/** Books accuracies, with the campaign's costs; one that is there stays. Does nothing without a database.
 *  @param a, design [n] */
ASX_NODISCARD asx_status study_bench_book(study_bench *b, asx_range images, const asx_accuracy *a,
                                          const asx_design *const *design, size_t n,
                                          asx_error *err);

/**
 * How many designs of each kind a study has drawn by these formats, for these images: the most that it was told of here.
 * @param n  in: to draw, 0: as many as before; out: to draw
 * Without a database there was nothing before.
 */
ASX_NODISCARD asx_status study_bench_drawn(size_t *n, study_bench *b, asx_range images,
                                           const asx_format *format, size_t n_formats,
                                           asx_error *err);

/** Under which keys accuracies on these images are booked. There is a database. */
ASX_NODISCARD asx_status study_bench_inputs(asx_store_inputs *out, study_bench *b, asx_range images,
                                            asx_error *err);

/** Accuracies of designs: those that are not known are measured, and booked a few at a time. @param out [n] */
ASX_NODISCARD asx_status study_bench_measure(asx_accuracy *out, study_bench *b, asx_range images,
                                             const asx_design *const *design, size_t n,
                                             asx_error *err);

#endif
