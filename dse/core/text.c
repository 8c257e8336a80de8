/* A growing string. */
#include "dse/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

/* Room for `n` more bytes and the NUL; false, and remembered, when there is none. */
static bool reserve(asx_text *text, size_t n)
{
    if (text->failed)
        return false;
    char *s = NULL;
    if (n < (size_t)-1 - text->n)
        s = asx_array_grow(text->s, &text->capacity, text->n + n + 1, 1);
    if (!s) {
        text->failed = true;
        return false;
    }
    text->s = s;
    return true;
}

void asx_text_add(asx_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0) {
        text->failed = true;
    } else if (reserve(text, (size_t)n)) {
        vsnprintf(text->s + text->n, (size_t)n + 1, format, again);
        text->n += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void asx_text_add_bytes(asx_text *text, const char *bytes, size_t n)
{
    if (!reserve(text, n))
        return;
    if (n)
        memcpy(text->s + text->n, bytes, n);
    text->n += n;
    text->s[text->n] = '\0';
}

void asx_text_clear(asx_text *text)
{
    text->n = 0;
    if (text->s)
        text->s[0] = '\0';
}

asx_status asx_text_take(char **out, asx_text *text, asx_error *err)
{
    asx_text_add_bytes(text, "", 0);
    if (text->failed) {
        asx_text_fini(text);
        return asx_fail(err, ASX_ENOMEM, "no memory for a text");
    }
    *out = text->s;
    *text = (asx_text){0};
    return ASX_OK;
}

void asx_text_fini(asx_text *text)
{
    if (!text)
        return;
    free(text->s);
    *text = (asx_text){0};
}

void asx_text_add_word(asx_text *text, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:";
    if (*word && word[strspn(word, plain)] == '\0') {
        asx_text_add(text, " %s", word);
        return;
    }
    asx_text_add(text, " '");
    for (; *word; word++)
        asx_text_add(text, *word == '\'' ? "'\\''" : "%c", *word);
    asx_text_add(text, "'");
}
