/* The texts of a machine: parameters, contents of memories, testbench. Private. */
#ifndef ASX_EVAL_MACHINE_TEXT_H
#define ASX_EVAL_MACHINE_TEXT_H

#include "dse/text.h"
#include "machine_plan.h"

/** rtl/asx_parameters.vh */
void asx_machine_parameters(asx_text *text, const asx_machine_plan *plan);

/** mem/: for $readmemh, a line a word. */
ASX_NODISCARD asx_status asx_machine_weights(asx_text *text, const asx_machine_plan *plan,
                                             asx_error *err);
void asx_machine_constants(asx_text *text, const asx_machine_plan *plan);
void asx_machine_descriptors(asx_text *text, const asx_machine_plan *plan);
ASX_NODISCARD asx_status asx_machine_nearest(asx_text *text, const asx_machine_plan *plan,
                                             asx_error *err);

/** tb/: n images' integers and what every step leaves of them, from their traces. */
void asx_machine_images(asx_text *text, const asx_machine_plan *plan, const int32_t *trace,
                        size_t n);
void asx_machine_expected(asx_text *text, const asx_machine_plan *plan, const int32_t *trace,
                          size_t n);

/** tb/asx_expected.vh, tb/asx_steps.vh */
void asx_machine_bench_sizes(asx_text *text, const asx_machine_plan *plan, size_t n_images);
void asx_machine_bench_steps(asx_text *text, const asx_machine_plan *plan);

/** design.json */
void asx_machine_json(asx_text *text, const asx_machine_plan *plan, const asx_emit *what);

#endif
