/* A machine as one line of text, as the database keeps it: its parameters, and what is known of the
 * layers' operands. */
#ifndef ASX_EXPLORE_MACHINE_TEXT_H
#define ASX_EXPLORE_MACHINE_TEXT_H

#include "dse/param.h"
#include "dse/text.h"
#include "dse/workload.h"

/** Appends "name=value ..."; where statistics are known, "operands=" with those of each layer. */
void asx_machine_text_print(asx_text *out, const asx_params *params, const asx_workload *work);

/**
 * @param out   initialised here to asx_machine_params
 * @param work  its layers get their operands
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB if the text is none; what asx_params_set says
 */
ASX_NODISCARD asx_status asx_machine_text_parse(asx_params *out, asx_workload *work,
                                                const char *text, asx_error *err);

#endif
