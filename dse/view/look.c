/* How results are shown. */
#include "look.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "busy.h"
#include "dse/tame.h"

enum { DOZEN = 12 };

bool look_is_told(const look *l)
{
    return strcmp(l->format, "table") == 0;
}

bool look_is_brief(const look *l)
{
    return look_is_told(l) && !l->wide && !l->columns;
}

asx_status look_print(const look *l, table *const *tables, size_t n, asx_error *err)
{
    const table_style style = {.format = l->format,
                               .people = !l->wide,
                               .width = l->wide ? 0 : look_width(stdout),
                               .columns = l->columns};
    return table_print_as(stdout, &style, tables, n, err);
}

size_t look_rows(const look *l, size_t n)
{
    const bool few = !l->all && look_is_told(l) && isatty(STDOUT_FILENO);
    const size_t most = l->limit ? (size_t)l->limit : few ? DOZEN : n;
    return most < n ? most : n;
}

static void print_wrapped(FILE *out, const char *s, size_t width)
{
    const size_t indent = strspn(s, " ");
    size_t at = indent;
    bool first = true;
    fprintf(out, "%*s", (int)indent, "");
    for (s += indent; *s;) {
        const size_t word = strcspn(s, " ");
        if (!first && width && at + 1 + word > width) {
            fprintf(out, "\n%*s", (int)indent + 2, "");
            at = indent + 2;
        } else if (!first) {
            fputc(' ', out);
            at++;
        }
        fprintf(out, "%.*s", (int)word, s);
        at += word;
        s += word + (s[word] == ' ');
        first = false;
    }
    fputc('\n', out);
}

void look_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *s = n >= 0 ? malloc((size_t)n + 1) : NULL;
    if (!s)
        return;
    va_start(arguments, format);
    vsnprintf(s, (size_t)n + 1, format, arguments);
    va_end(arguments);
    asx_text_tame(s);
    busy_end();
    print_wrapped(stderr, s, look_width(stderr));
    free(s);
}
