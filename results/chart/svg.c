/* gnuplot's SVG calls a script of its own when the mouse is over a point. The same text as the
 * point's <title> needs no script: every browser shows it, in a page and offline. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gnuplot.h"

static const char hook[] = "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'";
static const char hook_end[] = "')\"";
static const char empty_title[] = "<title> </title>";
static const char load[] =
    " onload=\"if (typeof(gnuplot_svg)!='undefined') gnuplot_svg.Init(evt)\"";
static const char style[] =
    "<style>.design{cursor:pointer}.design:hover{opacity:0.55}text{pointer-events:none}</style>\n";
static const char first_group[] = "<g id=\"gnuplot_canvas\">";

/* gnuplot lets references to characters by number through, and names are anybody's: whether XML has the character. */
static bool is_reference(const char *s)
{
    char *end;
    const bool hex = s[2] == 'x';
    const char *digits = s + 2 + hex;
    if (!(hex ? isxdigit((unsigned char)*digits) : isdigit((unsigned char)*digits)))
        return false;
    const unsigned long c = strtoul(digits, &end, hex ? 16 : 10);
    return *end == ';' && (c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0xd800) ||
                           (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c <= 0x10ffff));
}

static void add_plain(asx_text *out, const char *s, size_t n)
{
    for (const char *end = s + n; s < end;) {
        const char *at = memchr(s, '&', (size_t)(end - s));
        const size_t before = at ? (size_t)(at - s) : (size_t)(end - s);
        asx_text_add_bytes(out, s, before);
        s += before;
        if (s < end) {
            asx_text_add(out, s[1] != '#' || is_reference(s) ? "&" : "&amp;");
            s++;
        }
    }
}

/* From a hook to the end of the empty title that gnuplot puts there. */
static const char *replace_hook(asx_text *out, const char *s)
{
    const char *text = s + strlen(hook), *end = strstr(text, hook_end);
    const char *title = end ? strstr(end, empty_title) : NULL;
    if (!title)
        return NULL;
    asx_text_add(out, "<g class=\"design\"><title>");
    for (const char *c = text; c < end; c++) {
        bool newline = c[0] == '\\' && c[1] == 'n';
        add_plain(out, newline ? "\n" : c, 1);
        c += newline;
    }
    asx_text_add(out, "</title>");
    return title + strlen(empty_title);
}

asx_status asx_svg_titles(char **svg, size_t *n, asx_error *err)
{
    asx_text out = {0};
    char *made = NULL;
    bool styled = false;
    for (const char *s = *svg; *s;) {
        if (strncmp(s, load, strlen(load)) == 0) {
            s += strlen(load);
            continue;
        }
        if (!styled && strncmp(s, first_group, strlen(first_group)) == 0) {
            asx_text_add(&out, "%s", style);
            styled = true;
        }
        const char *next = strncmp(s, hook, strlen(hook)) == 0 ? replace_hook(&out, s) : NULL;
        if (!next) {
            size_t plain = 1 + strcspn(s + 1, "< ");
            add_plain(&out, s, plain);
            next = s + plain;
        }
        s = next;
    }
    size_t size = out.n;
    asx_status status = asx_text_take(&made, &out, err);
    if (status != ASX_OK)
        return status;
    free(*svg);
    *svg = made;
    *n = size;
    return ASX_OK;
}

asx_status asx_svg_size(char **svg, size_t *n, double width_cm, asx_error *err)
{
    const char *box = strstr(*svg, "viewBox=");
    double width = 0, height = 0;
    asx_text out = {0};
    char *made = NULL;
    if (!box || sscanf(box, "viewBox=\"0 0 %lf %lf", &width, &height) != 2 || !(width > 0))
        return ASX_OK; /* of a gnuplot that writes it otherwise: as large as it says */
    asx_text_add_bytes(&out, *svg, (size_t)(box - *svg));
    asx_text_add(&out, "width=\"%.4gcm\" height=\"%.4gcm\" ", width_cm, width_cm * height / width);
    asx_text_add_bytes(&out, box, *n - (size_t)(box - *svg));
    const size_t size = out.n;
    const asx_status status = asx_text_take(&made, &out, err);
    if (status != ASX_OK)
        return status;
    free(*svg);
    *svg = made;
    *n = size;
    return ASX_OK;
}
