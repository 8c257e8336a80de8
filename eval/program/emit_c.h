/* Steps as C. Private. */
#ifndef ASX_EVAL_EMIT_C_H
#define ASX_EVAL_EMIT_C_H

#include "dse/text.h"
#include "eval/program.h"

/** The largest magnitude of a total: every input at the end of its word that adds most, the bias. */
double asx_step_largest_sum(const asx_step *step);

/** The integer of a real number of the image. */
int32_t asx_program_image_integer(const asx_program *program, float real);

/** The constants of a step. @return ASX_OK; ASX_EUNSUPPORTED if its products exceed 62 bits */
ASX_NODISCARD asx_status asx_emit_c_step(asx_text *text, const asx_program *program, size_t step,
                                         asx_error *err);

/** The call that runs it. */
void asx_emit_c_call(asx_text *text, const asx_program *program, size_t step);

#endif
