/* Reads a campaign, checks what can be checked without opening other files, fills in defaults. */
#include "campaign.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "dse/text.h"
#include "embedded.h"

enum { CAMPAIGN_FILE_MAX = 1 << 20, NAME_MAX_LENGTH = 100 };

const char *const campaign_embedded_name = "(embedded)";

asx_status campaign_fail(const campaign *c, asx_error *err, asx_status status, const char *raw,
                         const char *format, ...)
{
    char message[ASX_ERROR_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const size_t line = campaign_line_of(c->text, message, raw);
    if (line)
        return asx_fail(err, status, "%s:%zu: %s", c->path, line, message);
    return asx_fail(err, status, "%s: %s", c->path, message);
}

/* Appends the value of ${NAME} at *cursor and moves behind it. */
static asx_status expand_one(asx_text *out, const char **cursor, const campaign *c, const char *key,
                             const char *raw, asx_error *err)
{
    char name[128];
    const char *end = strchr(*cursor, '}');
    const size_t n = end ? (size_t)(end - *cursor) - 2 : 0;
    if (!end || n == 0 || n >= sizeof name)
        return campaign_fail(c, err, ASX_EPARSE, raw, "%s: '${' without a name and '}' in '%s'",
                             key, raw);
    memcpy(name, *cursor + 2, n);
    name[n] = '\0';
    const char *value = getenv(name);
    if (!value)
        return campaign_fail(c, err, ASX_ENOTFOUND, raw,
                             "%s: environment variable '%s' is not set, which '%s' needs", key,
                             name, raw);
    asx_text_add(out, "%s", value);
    *cursor = end + 1;
    return ASX_OK;
}

asx_status campaign_path(char **out, const campaign *c, const char *key, const char *raw,
                         asx_error *err)
{
    asx_status st = ASX_OK;
    asx_text path = {0};
    const char *slash = strrchr(c->path, '/');
    if (raw[0] != '/' && raw[0] != '$' && slash)
        asx_text_add_bytes(&path, c->path, (size_t)(slash - c->path) + 1);
    for (const char *p = raw; *p;) {
        if (p[0] == '$' && p[1] == '{') {
            st = expand_one(&path, &p, c, key, raw, err);
            if (st < 0)
                goto done;
        } else {
            asx_text_add_bytes(&path, p++, 1);
        }
    }
    st = asx_text_take(out, &path, err);
done:
    asx_text_fini(&path);
    return st;
}

asx_status campaign_number(double *out, const campaign *c, const char *path, const char *text,
                           double low, double high, asx_error *err)
{
    asx_error inner;
    const asx_status st = text ? asx_number_parse(out, text, low, high, path, &inner) : ASX_OK;
    return st < 0 ? campaign_fail(c, err, st, text, "%s", inner.message) : ASX_OK;
}

asx_status campaign_integer(long long *out, const campaign *c, const char *path, const char *text,
                            long long low, long long high, asx_error *err)
{
    asx_error inner;
    const asx_status st = text ? asx_integer_parse(out, text, low, high, path, &inner) : ASX_OK;
    return st < 0 ? campaign_fail(c, err, st, text, "%s", inner.message) : ASX_OK;
}

static asx_status check_name(const campaign *c, asx_error *err)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";
    const char *name = c->file->name;
    const size_t n = strlen(name);
    if (n == 0 || n > NAME_MAX_LENGTH || strspn(name, allowed) != n || name[0] == '.' ||
        name[0] == '-')
        return campaign_fail(c, err, ASX_EINVAL, name,
                             "name: '%s' is not 1 to %d letters, digits or any of ._-+", name,
                             NAME_MAX_LENGTH);
    return ASX_OK;
}

static asx_status set_objectives(campaign *c, asx_error *err)
{
    asx_error inner;
    if (c->file->objectives_count == 0) {
        c->objective[0] = ASX_DROP;
        c->objective[1] = ASX_ENERGY;
        c->n_objectives = 2;
        return ASX_OK;
    }
    for (unsigned i = 0; i < c->file->objectives_count; i++) {
        const char *raw = c->file->objectives[i];
        asx_objective o;
        if (asx_objective_parse(&o, raw, &inner) < 0)
            return campaign_fail(c, err, inner.status, raw, "objectives: %s", inner.message);
        for (size_t j = 0; j < c->n_objectives; j++)
            if (c->objective[j] == o)
                return campaign_fail(c, err, ASX_EINVAL, raw, "objectives: '%s' twice", raw);
        c->objective[c->n_objectives++] = o;
    }
    if (c->n_objectives < 2)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "objectives: one alone has no front; give 2 to %d", ASX_N_OBJECTIVES);
    return ASX_OK;
}

static asx_status set_limits(campaign *c, asx_error *err)
{
    c->limits = asx_limits_none();
    const campaign_limits *l = c->file->limits;
    if (!l)
        return ASX_OK;
    const char *given[ASX_N_OBJECTIVES] = {[ASX_DROP] = l->drop,
                                           [ASX_ENERGY] = l->energy,
                                           [ASX_LATENCY] = l->latency,
                                           [ASX_AREA] = l->area,
                                           [ASX_STORAGE] = l->storage};
    for (int o = 0; o < ASX_N_OBJECTIVES; o++) {
        if (!given[o])
            continue;
        char path[40];
        snprintf(path, sizeof path, "limits.%s", asx_objective_text((asx_objective)o));
        const double low = o == ASX_DROP ? -100 : 1e-30, high = o == ASX_DROP ? 100 : 1e30;
        const asx_status st = campaign_number(&c->limits.max[o], c, path, given[o], low, high, err);
        if (st < 0)
            return st;
    }
    return ASX_OK;
}

static asx_status complete(campaign *c, asx_error *err)
{
    asx_status st = check_name(c, err);
    if (st == ASX_OK)
        st = campaign_path(&c->network_path, c, "network", c->file->network, err);
    if (st == ASX_OK)
        st = set_objectives(c, err);
    if (st == ASX_OK)
        st = set_limits(c, err);
    if (st == ASX_OK)
        st = campaign_calibration_options(&c->calibration, c, err);
    if (st == ASX_OK)
        st = campaign_search_options(c, err);
    return st;
}

asx_status campaign_load(campaign **out, const char *path, asx_error *err)
{
    asx_status st = ASX_OK;
    campaign *c = asx_array_new(1, sizeof *c);
    if (!c)
        return asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    c->path = asx_string_copy(path ? path : campaign_embedded_name);
    if (path) {
        st = asx_file_read(&c->text, &c->text_length, path, CAMPAIGN_FILE_MAX, err);
    } else {
        const embedded_file *f = embedded_find("default.yaml");
        c->text = asx_string_copy((const char *)f->bytes);
        c->text_length = f->size;
    }
    if (st == ASX_OK && (!c->path || !c->text))
        st = asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    if (st == ASX_OK && strlen(c->text) != c->text_length)
        st = asx_fail(err, ASX_EPARSE, "%s: not a text file: it contains a NUL byte", c->path);
    if (st == ASX_OK)
        st = campaign_file_parse(&c->file, c->path, c->text, c->text_length, err);
    if (st == ASX_OK)
        st = complete(c, err);
    if (st == ASX_OK) {
        *out = c;
        c = NULL;
    }
    campaign_free(c);
    return st;
}

void campaign_free(campaign *c)
{
    if (!c)
        return;
    campaign_file_free(c->file);
    free(c->network_path);
    free(c->text);
    free(c->path);
    free(c);
}
