/* Rows of published in-memory macros, and how far off predictions of unseen ones are. */
#ifndef FIT_SILICON_H
#define FIT_SILICON_H

#include "dse/error.h"
#include "dse/text.h"

/**
 * Appends component `macro`: of every published macro its figure, and at x what gate level says.
 * @param text  the technology so far, with the coefficients of its columns; appended to
 * @param note  of rows brought here from another node by the technology's own scaling, or ""
 */
ASX_NODISCARD asx_status silicon_write(asx_text *text, const char *name, const char *folder,
                                       asx_error *err);

#endif
