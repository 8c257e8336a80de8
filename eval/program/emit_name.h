/* Names inside files that are written. */
#ifndef ASX_PROGRAM_EMIT_NAME_H
#define ASX_PROGRAM_EMIT_NAME_H

#include "dse/text.h"

/** Appends a name that came from a file, harmless in a comment or a quoted text: what ends one is written as '_'. */
void asx_emit_name(asx_text *t, const char *name);

#endif
