/* What a netlist's array needs for the operands of images beside what the model says, layer by layer. */
#ifndef ASX_CLI_RTL_ENERGIES_H
#define ASX_CLI_RTL_ENERGIES_H

#include "program_options.h"

/** Prints a table: energies per multiply-accumulate. @param folder  with cells.txt and toggles.csv of run-toggles */
ASX_NODISCARD asx_status rtl_energies_print(const design_program *p, const char *folder,
                                            const char *format, asx_error *err);

#endif
