/* A growing string, for building texts piece by piece. */
#ifndef ASX_DSE_TEXT_H
#define ASX_DSE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Start with `asx_text t = {0};`. A failed allocation is remembered in `failed`, so that callers
 * append freely and check once at the end. */
typedef struct asx_text {
    char *s; /* NUL-terminated once anything was added; NULL before */
    size_t n, capacity;
    bool failed;
} asx_text;

/** Appends formatted text. */
ASX_API void asx_text_add(asx_text *text, const char *format, ...) ASX_PRINTF(2, 3);

/** Appends `n` bytes. */
ASX_API void asx_text_add_bytes(asx_text *text, const char *bytes, size_t n);

/** Appends a blank and a word as a shell takes it, in quotes where it has to be. */
ASX_API void asx_text_add_word(asx_text *text, const char *word);

/** Empties the text and keeps its memory, and `failed` too: what went wrong before is not forgotten. */
ASX_API void asx_text_clear(asx_text *text);

/**
 * Hands the string over to the caller (free() it) and resets the text; "" if nothing was added.
 * @return ASX_OK; ASX_ENOMEM if any append failed (the text is then released)
 */
ASX_API ASX_NODISCARD asx_status asx_text_take(char **out, asx_text *text, asx_error *err);

ASX_API void asx_text_fini(asx_text *text);

#ifdef __cplusplus
}
#endif

#endif
