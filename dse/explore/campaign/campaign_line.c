/* Where in a campaign file a key stands, for messages. YAML parsers tell lines of what they refuse;
 * this is for values that are well-formed and wrong. Block and flow style are both followed by
 * their words alone, which is enough for files that were parsed before. */
#include <stdbool.h>
#include <string.h>

#include "campaign_private.h"

static bool is_key_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || ch == '_';
}

/* First `word` in [p, end) outside comments; as a key (a whole word before a colon) or anywhere. */
static const char *find_word(const char *p, const char *end, const char *word, size_t n, bool key)
{
    for (const char *start = p; p + n <= end; p++) {
        if (*p == '#' && (p == start || strchr(" \n", p[-1]))) {
            p = memchr(p, '\n', (size_t)(end - p));
            if (!p)
                return NULL;
        }
        if (strncmp(p, word, n) != 0)
            continue;
        if (!key)
            return p;
        if (p[n + strspn(p + n, " ")] == ':' && (p == start || !is_key_char(p[-1])))
            return p;
    }
    return NULL;
}

/* The section of a top-level key: from the key to the next line that begins with one. */
static bool find_section(const char **begin, const char **end, const char *text, const char *key,
                         size_t n)
{
    const char *line = text;
    *begin = NULL;
    for (; *line; line += *line == '\n') {
        if (*begin && is_key_char(*line))
            break;
        if (!*begin && strncmp(line, key, n) == 0 && line[n + strspn(line + n, " ")] == ':')
            *begin = line;
        line += strcspn(line, "\n");
    }
    *end = line;
    return *begin != NULL;
}

size_t asx_campaign_line_of(const char *text, const char *path, const char *raw)
{
    size_t line = 1, n = 0;
    const char *at, *end;
    while (is_key_char(path[n]))
        n++;
    if (n == 0 || !find_section(&at, &end, text, path, n))
        return 0;
    for (path += n; *path == '.'; path += n) {
        n = 0;
        for (path++; is_key_char(path[n]);)
            n++;
        const char *key = n ? find_word(at, end, path, n, true) : NULL;
        if (!key)
            break;
        at = key;
    }
    const char *value = raw && *raw ? find_word(at, end, raw, strlen(raw), false) : NULL;
    for (const char *p = text; p < (value ? value : at); p++)
        line += *p == '\n';
    return line;
}
