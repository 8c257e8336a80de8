#include "short_name.h"

#include <string.h>

enum { SHORT = 32 };

void short_name_add(asx_text *out, const char *design, size_t row)
{
    const char *formats = strchr(design, ' ');
    const char *others = formats ? strchr(formats + 1, ' ') : NULL;
    size_t n_others = 0;
    if (strlen(design) <= SHORT || !others) {
        asx_text_add(out, "%s", design);
        return;
    }
    for (const char *s = others; s; s = strchr(s + 1, ' '))
        n_others++;
    if (row)
        asx_text_add(out, "#%zu ", row);
    asx_text_add(out, "%.*s +%zu", (int)(others - design), design, n_others);
}
