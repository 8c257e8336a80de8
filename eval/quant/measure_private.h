/* Measuring here and by others: what measure.c, measure_run.c and measure_away.c share. Private. */
#ifndef ASX_EVAL_MEASURE_PRIVATE_H
#define ASX_EVAL_MEASURE_PRIVATE_H

#include "calibration_private.h"
#include "eval/measure.h"
#include "lineage.h"
#include "scoring.h"

struct asx_measure {
    asx_calibration *calibration; /* borrowed */
    const asx_dataset *data;      /* borrowed */
    asx_range images;
    asx_scoring scoring;
    unsigned char *
        of_float; /* [images][scoring.size]: notes of the float network; NULL where others have them */
    asx_accuracy float_accuracy;
};

/* A design and where its result belongs. */
typedef struct asx_measure_entry {
    const asx_design *design;
    size_t number;
} asx_measure_entry;

/* ---- measure_run.c ---- */

/** Runs the designs, or (NULL) the float network. @param note [designs][images][size], free() */
ASX_NODISCARD asx_status asx_measure_run(unsigned char **note, const asx_measure *m,
                                         const asx_lineage *designs, asx_error *err);

/** The designs so that those that begin alike are together; free(); NULL without memory. */
asx_measure_entry *asx_measure_sort(const asx_design *const *design, size_t n);

/** Whether two designs have the same formats: their placement does not matter. */
bool asx_measure_alike(const asx_measure_entry *a, const asx_measure_entry *b);

/** Bytes of all notes of a design. */
size_t asx_measure_row(const asx_measure *m);

/** How images come out. @param note [n][images][size]: row `number` of each entry */
ASX_NODISCARD asx_status asx_measure_answers(unsigned char *note, const asx_measure *m,
                                             const asx_measure_entry *e, size_t n, asx_error *err);

/** Accuracies of designs, by this process alone. */
ASX_NODISCARD asx_status asx_measure_here(asx_accuracy *out, const asx_measure *m,
                                          const asx_design *const *design, size_t n,
                                          asx_error *err);

/* ---- measure_faults.c ---- */

/** Accuracies of designs, each the mean over devices with the faults of the calibration. */
ASX_NODISCARD asx_status asx_measure_devices(asx_accuracy *out, const asx_measure *m,
                                             const asx_design *const *design, size_t n,
                                             asx_error *err);

/* ---- measure_away.c ---- */

/** asx_measure_designs by the crew of the calibration. */
ASX_NODISCARD asx_status asx_measure_designs_away(asx_accuracy *out, const asx_measure *m,
                                                  const asx_design *const *design, size_t n,
                                                  asx_error *err);

/** An evaluator's evaluate_each, by the crew of the calibration. */
ASX_NODISCARD asx_status asx_measure_each_away(const asx_measure *m,
                                               const asx_design *const *design, size_t n,
                                               const asx_evaluation *known,
                                               const asx_evaluator_sink *sink, size_t *culprit,
                                               asx_error *err);

#endif
