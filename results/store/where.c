/* A scanner of SQL that knows strings, names and parentheses, and nothing else. */
#include "where.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (c & 0x80);
}

/* Length of a quoted string or name at `s`, 0 if it does not end. A doubled quote stands for
 * itself. */
static size_t quoted(const char *s)
{
    char end = *s == '[' ? ']' : *s;
    for (size_t i = 1; s[i]; i++) {
        if (s[i] != end)
            continue;
        if (end != ']' && s[i + 1] == end)
            i++;
        else
            return i + 1;
    }
    return 0;
}

static size_t name_length(const char *s)
{
    size_t n = 0;
    while (is_name(s[n]))
        n++;
    return n;
}

/* A field alone in a list of columns keeps its name. */
static const char *alias(const char *what, const char *rest, int depth, const char *name)
{
    rest += strspn(rest, " \t");
    return strcmp(what, "columns") == 0 && depth == 0 && (*rest == ',' || *rest == '\0') ? name
                                                                                         : "";
}

asx_status asx_where_append(asx_text *out, const char *text, const char *what, asx_error *err)
{
    int depth = 0;
    if (text[strspn(text, " \t\r\n")] == '\0')
        return asx_fail(err, ASX_EPARSE, "%s is empty", what);
    for (const char *s = text; *s;) {
        size_t n = 1;
        if (strchr("'\"`[", *s)) {
            n = quoted(s);
            if (n == 0)
                return asx_fail(err, ASX_EPARSE, "%s '%s': the quote %c is not closed", what, text,
                                *s);
        } else if (strchr("?:@$", *s)) {
            return asx_fail(err, ASX_EPARSE,
                            "%s '%s': '%c' begins a parameter; only values are allowed", what, text,
                            *s);
        } else if (is_name(*s)) {
            n = name_length(s);
        } else if (*s == ';' || strncmp(s, "--", 2) == 0 || strncmp(s, "/*", 2) == 0) {
            return asx_fail(err, ASX_EPARSE, "%s '%s': '%.*s' is not allowed here", what, text,
                            *s == ';' ? 1 : 2, s);
        }
        depth += *s == '(' ? 1 : *s == ')' ? -1 : 0;
        if (depth < 0)
            return asx_fail(err, ASX_EPARSE, "%s '%s': ')' without '('", what, text);
        if (n == 4 && strncasecmp(s, "drop", 4) == 0)
            asx_text_add(out, "\"drop\"");
        else if (n == 3 && strncasecmp(s, "set", 3) == 0)
            asx_text_add(out, "set_of(formats)%s", alias(what, s + n, depth, " AS \"set\""));
        else if (n == 6 && strncasecmp(s, "family", 6) == 0)
            asx_text_add(out, "family_of(formats)%s", alias(what, s + n, depth, " AS family"));
        else if (n == 4 && strncasecmp(s, "bits", 4) == 0)
            asx_text_add(out, "bits_of(formats)%s", alias(what, s + n, depth, " AS bits"));
        else
            asx_text_add_bytes(out, s, n);
        s += n;
    }
    return depth == 0 ? ASX_OK
                      : asx_fail(err, ASX_EPARSE, "%s '%s': '(' is not closed", what, text);
}
