#include "input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"

const char *input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "(standard input)" : path;
}

asx_status input_read(char **out, size_t *n, const char *path, asx_error *err)
{
    char *text = NULL;
    size_t length = 0, capacity = 0, got = 0;
    if (strcmp(path, "-") != 0)
        return asx_file_read(out, n, path, (size_t)1 << 32, err);
    do {
        char *grown = asx_array_grow(text, &capacity, length + 65537, 1);
        if (!grown) {
            free(text);
            return asx_fail(err, ASX_ENOMEM, "no memory for standard input");
        }
        text = grown;
        got = fread(text + length, 1, 65536, stdin);
        length += got;
    } while (got > 0);
    text[length] = '\0';
    if (ferror(stdin)) {
        free(text);
        return asx_fail(err, ASX_EIO, "cannot read standard input");
    }
    *out = text;
    *n = length;
    return ASX_OK;
}
