/* A netlist's modules beside the parts that a design's cost has. */
#ifndef ASX_CLI_RTL_COMPARE_H
#define ASX_CLI_RTL_COMPARE_H

#include "program_options.h"

/** Prints a table: areas of the netlist's modules, and of the cost's parts that they are. @param path  of stat/cells.txt */
ASX_NODISCARD asx_status rtl_compare_print(const design_program *p, const char *path,
                                           const char *format, asx_error *err);

/** Whether the model's array is the one that was built: ASX_EINVAL tells both, ASX_EUNSUPPORTED where there are no lanes. */
ASX_NODISCARD asx_status rtl_compare_check(const design_program *p, const char *path,
                                           asx_error *err);

#endif
