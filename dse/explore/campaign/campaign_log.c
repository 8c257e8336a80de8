/* What the YAML reader complains of, as a message of ours: file, line, section, key, and what was meant perhaps. */
#include "campaign_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/text.h"
#include "explore/campaign_keys.h"

void asx_campaign_log_line(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
    asx_campaign_log *log = ctx;
    char line[320];
    vsnprintf(line, sizeof line, format, args);
    line[strcspn(line, "\n")] = '\0';
    if (level < CYAML_LOG_ERROR)
        return;
    const char *text = strncmp(line, "Load: ", 6) == 0 ? line + 6 : line;
    if (strncmp(text, "  in ", 5) == 0) {
        size_t i = 0;
        while (i < ASX_CAMPAIGN_PLACES && *log->place[i])
            i++;
        if (i < ASX_CAMPAIGN_PLACES)
            snprintf(log->place[i], sizeof log->place[i], "%.*s", (int)sizeof log->place[i] - 1,
                     text + 2);
    } else if (strncmp(text, "Backtrace", 9) != 0 && !*log->what) {
        snprintf(log->what, sizeof log->what, "%.*s", (int)sizeof log->what - 1, text);
    }
}

static size_t place_line(const char *place)
{
    const char *at = strstr(place, "(line: ");
    return at ? strtoul(at + 7, NULL, 10) : 0;
}

/* What stands behind `prefix` in `text`; NULL if it does not begin so. */
static const char *behind(const char *text, const char *prefix)
{
    const size_t n = strlen(prefix);
    return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/* The innermost mapping field of the places from `i` on; "" if there is none. */
static void place_key(char *out, size_t n, const asx_campaign_log *log, size_t i)
{
    const char *name = NULL;
    for (; i < ASX_CAMPAIGN_PLACES && !name; i++)
        name = behind(log->place[i], "in mapping field '");
    snprintf(out, n, "%.*s", name ? (int)strcspn(name, "'") : 0, name ? name : "");
}

/* YAML's words for what people call a list, a value, keys with values. */
static const char *kind_text(const char *yaml)
{
    return behind(yaml, "SEQ")     ? "a list"
           : behind(yaml, "MAP")   ? "keys with values"
           : behind(yaml, "ALIAS") ? "an alias"
                                   : "one value";
}

/* Line of a key at or after the line of its neighbour. */
static size_t find_key(const char *text, size_t from, const char *key)
{
    size_t line = 1;
    for (const char *p = text; *p; line++) {
        const char *end = p + strcspn(p, "\n");
        const char *found = line >= from ? strstr(p, key) : NULL;
        if (found && found < end)
            return line;
        p = *end ? end + 1 : end;
    }
    return from;
}

/* The section of a fault, "space.weights"; "" at the top of the file. */
static void place_section(asx_text *out, const asx_campaign_log *log)
{
    for (size_t i = ASX_CAMPAIGN_PLACES; i-- > 0;) {
        const char *name = behind(log->place[i], "in mapping field '");
        if (name)
            asx_text_add(out, "%s%.*s", out->n > 0 ? "." : "", (int)strcspn(name, "'"), name);
    }
}

/* What was meant perhaps: a key that is written alike, one of another section, or any of these. */
static void advise(asx_text *out, const asx_campaign_key *keys, const char *word)
{
    const asx_campaign_key *near = asx_campaign_key_near(keys, word);
    if (near) {
        asx_text_add(out, ": perhaps '%s'", near->name);
        return;
    }
    for (const asx_campaign_key *top = asx_campaign_keys(); top->name; top++) {
        if (strcmp(top->name, word) == 0) {
            asx_text_add(out, ": it stands at the top of the file, not in a section");
            return;
        }
        for (const asx_campaign_key *k = top->keys; k && k->name; k++)
            if (strcmp(k->name, word) == 0) {
                asx_text_add(out, ": it belongs to '%s'", top->name);
                return;
            }
    }
    asx_text_add(out, "; there are:");
    for (const asx_campaign_key *k = keys; k->name; k++)
        asx_text_add(out, " %s", k->name);
}

static asx_status unknown_key(const asx_campaign_log *log, const char *name, const char *text,
                              const char *word, asx_error *err)
{
    asx_text section = {0}, advice = {0};
    place_section(&section, log);
    const asx_campaign_key *in = section.n > 0 ? asx_campaign_key_find(section.s) : NULL;
    advise(&advice, in ? in->keys : asx_campaign_keys(), word);
    const size_t line = place_line(log->place[0]);
    const asx_status status = asx_fail(err, ASX_EPARSE, "%s:%zu: unknown key '%s'%s%s%s%s", name,
                                       find_key(text, line ? line : 1, word), word,
                                       section.n > 0 ? " in '" : "", section.n > 0 ? section.s : "",
                                       section.n > 0 ? "'" : "", advice.s ? advice.s : "");
    asx_text_fini(&advice);
    asx_text_fini(&section);
    return status;
}

asx_status asx_campaign_log_fail(const asx_campaign_log *log, const char *name, const char *text,
                                 const char *fallback, asx_error *err)
{
    char key[100];
    size_t line = place_line(log->place[0]);
    line = line ? line : 1;
    place_key(key, sizeof key, log, 0);
    const char *what = *log->what ? log->what : fallback;
    const char *rest = behind(what, "Unexpected key: ");
    if (rest)
        return unknown_key(log, name, text, rest, err);
    if ((rest = behind(what, "Missing required mapping field: "))) {
        line = place_line(log->place[1]);
        place_key(key, sizeof key, log, 1);
        return asx_fail(err, ASX_EPARSE, "%s:%zu: %s%s%skey '%s' is missing", name, line ? line : 1,
                        *key ? "'" : "", key, *key ? "': " : "", rest);
    }
    if ((rest = behind(what, "Mapping field already seen: ")))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: key '%s' stands twice", name,
                        find_key(text, line + 1, rest), rest);
    const char *got = strstr(what, "got event: ");
    if ((rest = behind(what, "Expecting ")) && got)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '%s' wants %s, not %s", name, line, key,
                        kind_text(rest), kind_text(got + 11));
    if (behind(what, "Insufficient entries"))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '%s' is an empty list", name, line, key);
    if (behind(what, "STRING length < 1"))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '%s' is empty", name, line, key);
    if (behind(what, "YAML alias unsupported"))
        return asx_fail(err, ASX_EPARSE,
                        "%s:%zu: '%s' is an alias: aliases and anchors are not read; write the "
                        "value itself",
                        name, line, key);
    if (behind(what, "Internal error")) /* what the reader says of a key that is no scalar */
        return asx_fail(err, ASX_EPARSE, "%s:%zu: a bracket opens where the name of a key belongs",
                        name, line);
    rest = behind(what, "libyaml: ");
    if (rest && strcmp(rest, "(null)") == 0) /* the one complaint that libyaml has no words for */
        return asx_fail(err, ASX_ENOMEM, "no memory for campaign '%s'", name);
    return asx_fail(err, ASX_EPARSE, "%s:%zu: near '%s': %s", name, line, key, rest ? rest : what);
}
