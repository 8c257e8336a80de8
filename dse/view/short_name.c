#include "short_name.h"

#include <stdio.h>
#include <string.h>

enum { SHORT = 32 };

/* What follows the first format of a design with many others; NULL if the name is shown whole. */
static const char *find_others(size_t *n, const char *design)
{
    const char *formats = strchr(design, ' ');
    const char *others = formats ? strchr(formats + 1, ' ') : NULL;
    if (strlen(design) <= SHORT || !others)
        return NULL;
    *n = 0;
    for (const char *s = others; s; s = strchr(s + 1, ' '))
        ++*n;
    return others;
}

void short_name_add(asx_text *out, const char *design, size_t row)
{
    size_t n_others = 0;
    const char *others = find_others(&n_others, design);
    if (others && row)
        asx_text_add(out, "#%zu ", row);
    if (others)
        asx_text_add(out, "%.*s +%zu", (int)(others - design), design, n_others);
    else
        asx_text_add(out, "%s", design);
}

void short_name_print(char *out, size_t n, const char *design)
{
    size_t n_others = 0;
    const char *others = find_others(&n_others, design);
    if (others)
        snprintf(out, n, "%.*s +%zu", (int)(others - design), design, n_others);
    else
        snprintf(out, n, "%s", design);
}
