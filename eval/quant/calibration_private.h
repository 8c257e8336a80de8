/* What a calibration holds, for the parts of eval that run designs. Private. */
#ifndef ASX_EVAL_CALIBRATION_PRIVATE_H
#define ASX_EVAL_CALIBRATION_PRIVATE_H

#include "eval/calibration.h"
#include "groups.h"
#include "lookups.h"
#include "plan.h"
#include "projection.h"
#include "reconstruction.h"
#include "sample.h"

/** The plan: borrowed, immutable. */
const asx_plan *asx_calibration_plan(const asx_calibration *calibration);

/** The projected weights: borrowed. */
asx_projections *asx_calibration_projections(const asx_calibration *calibration);

/** Where words come from: borrowed. */
const asx_reconstruction *asx_calibration_reconstruction(const asx_calibration *calibration);

/** @return ASX_OK; ASX_EINVAL naming the option that is out of range */
ASX_NODISCARD asx_status asx_calibration_options_check(const asx_calibration_options *o,
                                                       asx_error *err);

/** The groups of the network's values: borrowed. */
const asx_groups *asx_calibration_groups(const asx_calibration *calibration);

/** Tables of the functions between layers: borrowed. */
asx_lookups *asx_calibration_lookups(const asx_calibration *calibration);

/** The option multiplier_bits. */
unsigned asx_calibration_multiplier_bits(const asx_calibration *calibration);

/** The option faults, borrowed; NULL: there are none. */
const asx_faults *asx_calibration_faults(const asx_calibration *calibration);

/** Who may work on these images besides this process; NULL: nobody. */
const asx_crew *asx_calibration_crew(const asx_calibration *calibration, const asx_dataset *data);

/** Who watches; never NULL: functions of nobody are. */
const asx_work_watch *asx_calibration_watcher(const asx_calibration *calibration);

/** ASX_EINTERRUPTED if whoever watches wants an end. Thread-safe. */
ASX_NODISCARD asx_status asx_calibration_go_on(const asx_calibration *calibration, asx_error *err);

/** Hash of what the images showed: equal on machines whose floats are equal. */
uint64_t asx_calibration_fingerprint(const asx_calibration *calibration);

/** The option share_bytes. */
size_t asx_calibration_share(const asx_calibration *calibration);

/** The kept sample of a layer's input: borrowed. */
const asx_sample *asx_calibration_sample(const asx_calibration *calibration, size_t layer);

/** The kept sample of a product's second operand: borrowed. */
const asx_sample *asx_calibration_second_sample(const asx_calibration *calibration, size_t layer);

/** The largest magnitude that calibration saw in a group. */
double asx_calibration_peak(const asx_calibration *calibration, size_t group);

/** The scale as asx_calibration_scale gives it, and the rounder (borrowed, lives as long as
 * `calibration`). */
ASX_NODISCARD asx_status asx_calibration_input(double *scale, const asx_rounder **rounder,
                                               asx_calibration *calibration, size_t layer,
                                               const asx_word *word, asx_error *err);

/** The same of a product's second operand. */
ASX_NODISCARD asx_status asx_calibration_second(double *scale, const asx_rounder **rounder,
                                                asx_calibration *calibration, size_t layer,
                                                const asx_word *word, asx_error *err);

#endif
