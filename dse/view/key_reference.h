/* The keys of campaign files as text. */
#ifndef ASX_VIEW_KEY_REFERENCE_H
#define ASX_VIEW_KEY_REFERENCE_H

#include <stdio.h>

#include "explore/campaign_keys.h"

/** All keys, a section within the other. */
void key_reference_print_all(FILE *out);

/** One key and those below it, with words, parameters and examples. @param path  how to call it */
void key_reference_print(FILE *out, const char *path, const asx_campaign_key *key);

#endif
