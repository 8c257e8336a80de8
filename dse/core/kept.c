/* Lists of files that outputs must leave alone. */
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/output.h"

asx_status asx_kept_add(asx_kept *list, const char *what, const char *path, asx_error *err)
{
    asx_kept_file *grown = asx_array_grow(list->file, &list->room, list->n + 2, sizeof *grown);
    if (grown)
        list->file = grown;
    char *copy = grown ? asx_string_copy(path) : NULL;
    if (grown)
        grown[list->n] = (asx_kept_file){what, copy};
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of files");
    grown[++list->n] = (asx_kept_file){NULL, NULL};
    return ASX_OK;
}

void asx_kept_fini(asx_kept *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->n; i++)
        free((void *)list->file[i].path);
    free(list->file);
    *list = (asx_kept){0};
}
