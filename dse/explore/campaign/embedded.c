#include "embedded.h"

#include <string.h>

#include "asx_explore_files.h" /* generated, see CMakeLists.txt */

const unsigned char *asx_embedded_find(size_t *size, const char *name)
{
    for (const struct asx_embedded_file *f = asx_explore_files; f->name; f++)
        if (strcmp(f->name, name) == 0) {
            *size = f->size;
            return f->bytes;
        }
    return NULL;
}
