/* Where technologies come from: the program itself, or a file. */
#include <stdlib.h>
#include <string.h>

#include "asx_technologies.h"
#include "dse/file.h"
#include "hwmodel/technology.h"

enum { TECHNOLOGY_BYTES_MAX = 16 << 20 };

static asx_status not_found(const char *name, asx_error *err)
{
    asx_text list = {0};
    for (const struct asx_embedded_file *file = asx_technologies; file->name; file++)
        asx_text_add(&list, " %s", file->name);
    asx_status status = asx_fail(err, ASX_ENOTFOUND,
                                 "no technology '%s': there are%s; a file needs a path that ends "
                                 "in .csv",
                                 name, list.s ? list.s : "");
    asx_text_fini(&list);
    return status;
}

asx_status asx_technology_load(asx_technology **out, const char *name_or_path, asx_error *err)
{
    for (const struct asx_embedded_file *file = asx_technologies; file->name; file++)
        if (strcmp(file->name, name_or_path) == 0)
            return asx_technology_parse(out, file->name, (const char *)file->bytes, file->size,
                                        err);
    if (!asx_is_path(name_or_path, ".csv"))
        return not_found(name_or_path, err);
    char *text = NULL;
    size_t n = 0;
    asx_status status = asx_file_read(&text, &n, name_or_path, TECHNOLOGY_BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_technology_parse(out, name_or_path, text, n, err);
    free(text);
    return status;
}

const char *asx_technology_embedded(size_t index)
{
    size_t i = 0;
    while (i < index && asx_technologies[i].name)
        i++;
    return asx_technologies[i].name;
}
