/* Parameters set on the command line. */
#ifndef ASX_VIEW_SETTINGS_H
#define ASX_VIEW_SETTINGS_H

#include "dse/param.h"

/** Sets parameters from "name=value" pairs, separated by blanks: the value of option '--set'. */
ASX_NODISCARD asx_status settings_apply(asx_params *params, const char *text, asx_error *err);

#endif
