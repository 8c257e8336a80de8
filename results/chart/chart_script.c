#include "chart_script.h"

#include <string.h>

/* Okabe and Ito's palette, without yellow on white. */
const char *const asx_chart_palette[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                         "#e69f00", "#56b4e9", "#000000", "#7f6000"};

void asx_chart_frame(asx_text *s, double width, double height, double left, double right,
                     double bottom, double top)
{
    asx_text_add(s,
                 "set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
                 "set bmargin at screen %.5f\nset tmargin at screen %.5f\n"
                 "set border 3 linecolor '#555555'\nset tics nomirror out scale 0.6\n"
                 "set grid linetype 1 linecolor '#ececec'\n"
                 "set key at graph 0,1.01 left bottom Left reverse horizontal maxrows 3 "
                 "samplen 1 textcolor '#333333'\n",
                 left / width, 1 - right / width, bottom / height, 1 - top / height);
}

enum { TITLE_LINE = 20 };
static const double title_char = 8.6; /* of the title's type */

static size_t title_chars(double width)
{
    return (size_t)(width / title_char) - 4;
}

double asx_chart_title_extra(const asx_plot_options *o, double width)
{
    asx_text lines = {0};
    const size_t n =
        asx_drawing_has_title(o) ? asx_chart_wrap(&lines, o->title, title_chars(width)) : 1;
    asx_text_fini(&lines);
    return TITLE_LINE * (double)(n - 1);
}

void asx_chart_title_text(asx_text *s, const asx_plot_options *o, double width)
{
    asx_text lines = {0};
    (void)asx_chart_wrap(&lines, o->title, title_chars(width));
    char *next = lines.s;
    for (char *line = next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        asx_gnuplot_quote(s, line);
        asx_text_add(s, "%s", next ? ".\"\\n\"." : "");
    }
    if (!lines.s)
        asx_gnuplot_quote(s, "");
    s->failed |= lines.failed;
    asx_text_fini(&lines);
}

void asx_chart_title(asx_text *s, const asx_plot_options *o, double width, double height)
{
    asx_text_add(s, "set label 1000 ");
    asx_chart_title_text(s, o, width);
    asx_text_add(s, " at screen %.5f,%.5f left font ',%g' textcolor '#111111'\n", 20 / width,
                 1 - 18 / height, asx_drawing_fonts(o->format)->title);
}

void asx_chart_shades(asx_text *s, const char *label)
{
    asx_text_add(s, "set palette defined (0 '#d6e6f4', 0.25 '#c6dbef', 0.5 '#6baed6', 0.75 "
                    "'#2171b5', 1 '#08306b')\nset cblabel ");
    asx_gnuplot_quote(s, label);
    asx_text_add(s, " offset character 1.5,0\n");
}

/* Viridis (van der Walt and Smith, 2015), its yellow end darkened for white paper. */
void asx_chart_colors(asx_text *s)
{
    asx_text_add(s, "set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 "
                    "'#5ec962', 1 '#e8d520')\n");
}

void asx_chart_string(asx_text *s, const char *text)
{
    asx_text_add(s, "\"");
    for (const char *c = text ? text : ""; *c; c++)
        if (*c == '\n')
            asx_text_add(s, "\\n");
        else
            asx_text_add(s, "%c", *c == '"' || *c == '\\' || (unsigned char)*c < ' ' ? ' ' : *c);
    asx_text_add(s, "\"");
}

size_t asx_chart_wrap(asx_text *out, const char *text, size_t n_chars)
{
    size_t lines = 1, used = 0;
    for (const char *s = text ? text : ""; *s;) {
        const size_t blanks = strspn(s, " "), word = strcspn(s + blanks, " ");
        const bool next = used > 0 && used + blanks + word > n_chars;
        lines += next;
        if (next)
            asx_text_add(out, "\n");
        asx_text_add(out, "%.*s", (int)(next ? word : blanks + word), s + (next ? blanks : 0));
        used = (next ? 0 : used + blanks) + word;
        s += blanks + word;
    }
    return lines;
}

size_t asx_chart_wrapped(asx_text *s, const char *text, size_t n_chars)
{
    asx_text lines = {0};
    const size_t n = asx_chart_wrap(&lines, text, n_chars);
    asx_chart_string(s, lines.s);
    s->failed |= lines.failed;
    asx_text_fini(&lines);
    return n;
}

char asx_chart_letter(size_t k)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    return k < sizeof letters - 1 ? letters[k] : '?';
}
