/* The keys of campaign files as a JSON schema, draft 2020-12, for editors. */
#ifndef ASX_VIEW_KEY_SCHEMA_H
#define ASX_VIEW_KEY_SCHEMA_H

#include <stdio.h>

#include "dse/error.h"

/** @return ASX_OK; ASX_ENOMEM; ASX_EIO */
asx_status key_schema_print(FILE *out, asx_error *err);

#endif
