#include "emit_name.h"

#include <ctype.h>
#include <string.h>

void asx_emit_name(asx_text *t, const char *name)
{
    for (const char *c = name; *c; c++) {
        const bool ends = iscntrl((unsigned char)*c) || strchr("/\\\"", *c);
        asx_text_add(t, "%c", ends ? '_' : *c);
    }
}
