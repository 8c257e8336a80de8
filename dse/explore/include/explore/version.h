/* Which asx this is. */
#ifndef ASX_EXPLORE_VERSION_H
#define ASX_EXPLORE_VERSION_H

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** "0.1.0". It is part of the keys under which evaluations are booked: it stands for the code that
 *  made them. */
ASX_API const char *asx_version(void);

/** Commit, compiler and flags, as far as they are known. */
ASX_API const char *asx_build(void);

#ifdef __cplusplus
}
#endif

#endif
