/* Texts of others, made harmless before they are shown. */
#ifndef ASX_DSE_TAME_H
#define ASX_DSE_TAME_H

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a string harmless for a terminal, in place: control characters (C0, DEL, C1 in UTF-8 or bare) and those that
 * turn the direction of writing become '?'. Names in files and databases may be anybody's.
 */
ASX_API void asx_text_tame(char *s);

#ifdef __cplusplus
}
#endif

#endif
