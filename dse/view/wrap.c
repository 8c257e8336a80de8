#include "wrap.h"

#include <string.h>

/* What any terminal has: help and man pages are the same everywhere. */
enum { LINE = 80 };

void print_wrapped(FILE *out, const char *text, int indent, int column)
{
    int at = column;
    while (*text) {
        const size_t word = strcspn(text, " \n");
        if (at > indent && at + 1 + (int)word > LINE) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', out);
            at++;
        }
        fwrite(text, 1, word, out);
        at += (int)word;
        text += word;
        if (*text == '\n') {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        }
        if (*text)
            text++;
    }
    fputc('\n', out);
}
