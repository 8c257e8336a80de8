/* Rows of a digital in-memory macro, from measured silicon. */
#ifndef FIT_MACRO_H
#define FIT_MACRO_H

#include "dse/error.h"
#include "dse/text.h"

/** Appends the bit-line and adder energies at `voltage`, and their left-out error. */
ASX_NODISCARD asx_status macro_write(asx_text *out, const char *path, double voltage,
                                     asx_error *err);

#endif
