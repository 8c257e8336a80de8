/* Values as they stand in a campaign, and failures that say in which line. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/number.h"
#include "dse/text.h"
#include "explore/campaign_keys.h"

asx_status asx_campaign_fail(const asx_campaign *c, asx_error *err, asx_status status,
                             const char *raw, const char *format, ...)
{
    char message[ASX_ERROR_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const size_t line = asx_campaign_line_of(c->text, message, raw);
    if (line)
        return asx_fail(err, status, "%s:%zu: %s", c->path, line, message);
    return asx_fail(err, status, "%s: %s", c->path, message);
}

/* Appends the value of ${NAME} at *cursor and moves behind it. */
static asx_status expand_one(asx_text *out, const char **cursor, const asx_campaign *c,
                             const char *key, const char *raw, asx_error *err)
{
    char name[128];
    const char *end = strchr(*cursor, '}');
    const size_t n = end ? (size_t)(end - *cursor) - 2 : 0;
    if (!end || n == 0 || n >= sizeof name)
        return asx_campaign_fail(c, err, ASX_EPARSE, raw, "%s: '${' without a name and '}' in '%s'",
                                 key, raw);
    memcpy(name, *cursor + 2, n);
    name[n] = '\0';
    const char *value = c->lookup ? c->lookup(name) : NULL;
    if (!value)
        return asx_campaign_fail(c, err, ASX_ENOTFOUND, raw,
                                 "%s: environment variable '%s' is not set, which '%s' needs", key,
                                 name, raw);
    asx_text_add(out, "%s", value);
    *cursor = end + 1;
    return ASX_OK;
}

asx_status asx_campaign_path(char **out, const asx_campaign *c, const char *key, const char *raw,
                             asx_error *err)
{
    asx_status status = ASX_OK;
    asx_text path = {0};
    const char *slash = strrchr(c->path, '/');
    if (raw[0] != '/' && raw[0] != '$' && slash)
        asx_text_add_bytes(&path, c->path, (size_t)(slash - c->path) + 1);
    for (const char *p = raw; *p;) {
        if (p[0] == '$' && p[1] == '{') {
            status = expand_one(&path, &p, c, key, raw, err);
            if (status != ASX_OK)
                goto done;
        } else {
            asx_text_add_bytes(&path, p++, 1);
        }
    }
    status = asx_text_take(out, &path, err);
done:
    asx_text_fini(&path);
    return status;
}

const char *asx_campaign_text(const char *path, const char *raw)
{
    return raw ? raw : asx_campaign_key_find(path)->standard;
}

/* What a number may be. */
static void find_range(double *low, double *high, const asx_campaign_key *key,
                       const asx_campaign *c)
{
    const bool percent = strcmp(asx_score_unit(&c->score), "%") == 0;
    *low = percent || !key->wide ? key->low : key->positive ? 0 : -1e30;
    *high = percent || !key->wide ? key->high : 1e30;
}

asx_status asx_campaign_number(double *out, const asx_campaign *c, const char *path,
                               const char *raw, asx_error *err)
{
    const asx_campaign_key *key = asx_campaign_key_find(path);
    const char *text = raw ? raw : key->standard;
    double low, high;
    asx_error inner;
    find_range(&low, &high, key, c);
    const asx_status status = text ? asx_number_parse(out, text, low, high, path, &inner) : ASX_OK;
    return status != ASX_OK ? asx_campaign_fail(c, err, status, text, "%s", inner.message) : ASX_OK;
}

asx_status asx_campaign_integer(long long *out, const asx_campaign *c, const char *path,
                                const char *raw, asx_error *err)
{
    const asx_campaign_key *key = asx_campaign_key_find(path);
    const char *text = raw ? raw : key->standard;
    const long long high = key->high < 0x1p63 ? (long long)key->high : INT64_MAX;
    asx_error inner;
    const asx_status status =
        text ? asx_integer_parse(out, text, (long long)key->low, high, path, &inner) : ASX_OK;
    return status != ASX_OK ? asx_campaign_fail(c, err, status, text, "%s", inner.message) : ASX_OK;
}

asx_status asx_campaign_size(size_t *out, const asx_campaign *c, const char *path, const char *raw,
                             asx_error *err)
{
    long long value = (long long)*out;
    const asx_status status = asx_campaign_integer(&value, c, path, raw, err);
    if (status == ASX_OK)
        *out = (size_t)value;
    return status;
}

asx_status asx_campaign_word(size_t *index, const asx_campaign *c, const char *path,
                             const char *raw, asx_error *err)
{
    const asx_campaign_key *key = asx_campaign_key_find(path);
    const char *text = raw ? raw : key->standard;
    asx_text words = {0};
    for (size_t i = 0; text && key->word(i).text; i++) {
        if (strcmp(key->word(i).text, text) == 0) {
            *index = i;
            text = NULL;
        }
        asx_text_add(&words, "%s%s", i > 0 ? ", " : "", key->word(i).text);
    }
    const asx_status status =
        text ? asx_campaign_fail(c, err, ASX_EINVAL, text, "%s: '%s' is not one of %s", path, text,
                                 words.s ? words.s : "")
             : ASX_OK;
    asx_text_fini(&words);
    return status;
}

asx_status asx_campaign_entries_of(asx_campaign_entries *out, const asx_campaign *c,
                                   const char *path, const char *const *given, unsigned n_given,
                                   asx_error *err)
{
    const asx_campaign_key *key = asx_campaign_key_find(path);
    *out = (asx_campaign_entries){.entry = given, .n = n_given};
    if (n_given > 0 &&
        (n_given < key->min_entries || (key->max_entries > 0 && n_given > key->max_entries)))
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL, "%s: a list of %u to %u is wanted", path,
                                 key->min_entries, key->max_entries);
    if (n_given > 0 || !key->standard)
        return ASX_OK;
    out->entry = out->own;
    snprintf(out->text, sizeof out->text, "%s", key->standard);
    for (char *p = out->text; *p && out->n < ASX_STANDARD_ENTRIES_MAX; p += strspn(p, ", ")) {
        out->own[out->n++] = p;
        p += strcspn(p, ",");
        if (*p)
            *p++ = '\0';
    }
    return ASX_OK;
}

asx_status asx_campaign_set_params(asx_params *params, const asx_campaign *c, const char *section,
                                   const char *const *text, size_t n, asx_error *err)
{
    uint64_t given = 0;
    for (size_t i = 0; i < n; i++) {
        asx_error inner;
        char name[64];
        const size_t length = strcspn(text[i], "=");
        if (text[i][length] != '=' || length == 0 || length >= sizeof name)
            return asx_campaign_fail(c, err, ASX_EPARSE, text[i],
                                     "%s.parameters: '%s' is not of the form name=value", section,
                                     text[i]);
        memcpy(name, text[i], length);
        name[length] = '\0';
        if (asx_params_set_once(params, &given, name, text[i] + length + 1, &inner) < 0)
            return asx_campaign_fail(c, err, inner.status, text[i], "%s.parameters: %s", section,
                                     inner.message);
    }
    return ASX_OK;
}
