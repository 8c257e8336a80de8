/* What is wrong with a text whatever files hold: checks of options and arguments. Each returns ASX_OK,
 * or a message of what is wrong. */
#ifndef ASX_CLI_TEXT_CHECKS_H
#define ASX_CLI_TEXT_CHECKS_H

#include "dse/error.h"

/** Not empty. */
asx_status check_some(const char *text, asx_error *err);

/** A design of any network, or several with ';' between. */
asx_status check_design(const char *text, asx_error *err);
asx_status check_designs(const char *text, asx_error *err);

/** Faults of memories, as asx_faults_parse reads them; NAME=VALUE,VALUE,... of one of them. */
asx_status check_faults(const char *text, asx_error *err);
asx_status check_sweep(const char *text, asx_error *err);

/** The number of a row of any front: 1, 2, ... */
asx_status check_row(const char *text, asx_error *err);

/** A number; numbers with blanks or commas between, at least one; percent, or "any". */
asx_status check_number(const char *text, asx_error *err);
asx_status check_numbers(const char *text, asx_error *err);
asx_status check_percent_or_any(const char *text, asx_error *err);

/** A technology that comes with the program, or the path of one. */
asx_status check_technology(const char *text, asx_error *err);

#endif
