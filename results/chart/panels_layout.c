#include "panels_layout.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "chart_script.h"

enum { ROOMY_HEIGHT = 456, ONE_WIDTH = 900, SQUARE = 600, TWO_WIDTH = 620, MANY_WIDTH = 470 };
enum { TITLE = 44, TITLE_LINE = 16, KEY_CHAR = 7, KEY_SAMPLE = 50 };
/* Of pictures of a given width: below LEAST, panels go below each other. */
enum { LEAST_WIDTH = 250, LEAST_SHADED = 290, LEAST_HEIGHT = 180, MOST_HEIGHT = 390 };
/* Panels as narrow as this say "drop (points)" instead of describing it. */
enum { LEAST_NAMES = 480, SHADES = 66 };

static const margins roomy = {86, 26, 110, 66}, close = {80, 20, 86, 66};

bool panels_is_text(const panels *p)
{
    return p->options->format == ASX_PLOT_TEXT;
}

bool panel_has_shades(const asx_chart_panel *panel)
{
    for (size_t k = 0; k < panel->n_series; k++)
        if (panel->series[k].shade)
            return true;
    return false;
}

size_t panels_right(const panels *p, const asx_chart_panel *panel)
{
    return panel_has_shades(panel) ? p->around.shades : p->around.right;
}

size_t panels_inner_width(const panels *p, const asx_chart_panel *panel)
{
    return p->width - p->around.left - panels_right(p, panel);
}

size_t panels_title_chars(const panels *p)
{
    return p->sized ? (p->width - p->around.left) / KEY_CHAR : SIZE_MAX;
}

static size_t title_lines(const panels *p, const asx_chart_panel *panel)
{
    asx_text text = {0};
    const size_t n = panel->title ? asx_chart_wrap(&text, panel->title, panels_title_chars(p)) : 0;
    asx_text_fini(&text);
    return n;
}

void panels_key_size(size_t *rows, size_t *columns, const panels *p, const asx_chart_panel *panel)
{
    size_t n = 0, longest = 0;
    for (size_t k = 0; k < panel->n_series; k++) {
        const char *name = panel->series[k].n ? panel->series[k].name : NULL;
        n += name != NULL;
        longest = name && strlen(name) > longest ? strlen(name) : longest;
    }
    const size_t room = p->width - p->around.left - p->around.right,
                 each = KEY_SAMPLE + KEY_CHAR * longest;
    *columns = room > each ? room / each : 1;
    *rows = n ? 1 + (n - 1) / *columns : 0;
}

double panels_title_height(const panels *p, const asx_chart_panel *panel)
{
    const size_t lines = title_lines(p, panel);
    return lines ? PANELS_LINE + TITLE_LINE * (double)(lines - 1) : 0;
}

static double top_of(const panels *p)
{
    double most = 0;
    for (size_t i = 0; i < p->n; i++) {
        size_t rows, columns;
        panels_key_size(&rows, &columns, p, &p->panel[i]);
        most = fmax(most, PANELS_LINE * (double)rows + panels_title_height(p, &p->panel[i]));
    }
    return most + 6;
}

double panels_width(const panels *p)
{
    return (double)(p->columns * p->width);
}

double panels_height(const panels *p)
{
    return p->title + (double)(p->rows * p->height);
}

int panels_ticks_across(const panels *p, const asx_chart_panel *panel)
{
    return (int)(panels_is_text(p) ? p->width / 10
                                   : panels_inner_width(p, panel) / (p->sized ? 50 : 66));
}

int panels_ticks_up(const panels *p)
{
    return panels_is_text(p) || p->height < 300 ? 6 : 8;
}

static size_t longest_line(const asx_chart_axis *a)
{
    size_t most = 0;
    for (size_t i = 0; i < a->n_ticks && a->tick; i++)
        for (const char *s = a->tick[i]; *s; s += strcspn(s, "\n"), s += *s == '\n')
            most = strcspn(s, "\n") > most ? strcspn(s, "\n") : most;
    return most;
}

/* Names of x stand upright where they would touch. @return characters of the longest such */
static size_t turn_names(panels *p)
{
    size_t names = 0;
    for (size_t i = 0; i < p->n; i++) {
        chart_scale *x = &p->scale[i][CHART_X];
        const size_t wide = (longest_line(x->of) + 1) * KEY_CHAR * x->of->n_ticks;
        const size_t chars = asx_chart_scale_tick_chars(x, 0);
        x->upright = x->of->tick && wide > panels_inner_width(p, &p->panel[i]);
        if (x->upright && chars > names)
            names = chars;
    }
    return names;
}

/* Below the inner area, for upright names. */
static size_t names_height(size_t chars)
{
    return chars > 2 ? (chars - 2) * KEY_CHAR : 0;
}

/* Of a screen: all beside each other, in the size that suits them. */
static void lay_out_roomy(panels *p)
{
    const bool square = p->n == 1 && p->panel->diagonal;
    p->around = roomy;
    p->title = TITLE;
    p->columns = p->n;
    p->rows = 1;
    p->width = square ? SQUARE : p->n == 1 ? ONE_WIDTH : p->n == 2 ? TWO_WIDTH : MANY_WIDTH;
    p->title += asx_chart_title_extra(p->options, (double)(p->n * p->width));
    const size_t names = names_height(turn_names(p));
    p->around.bottom += names;
    p->top = top_of(p);
    /* keys and titles take their room from the panels, but of a square */
    p->height = square ? panels_inner_width(p, p->panel) + p->around.bottom + (size_t)p->top
                       : ROOMY_HEIGHT + names;
}

/* Room for the ticks of y, and for names of x. */
static void fit_margins(panels *p)
{
    size_t chars = 0;
    for (size_t i = 0; i < p->n; i++) {
        const size_t n = asx_chart_scale_tick_chars(&p->scale[i][CHART_Y], panels_ticks_up(p));
        chars = n > chars ? n : chars;
    }
    p->around.left = close.left - 4 * KEY_CHAR + chars * KEY_CHAR;
    p->around.bottom = close.bottom + names_height(turn_names(p));
}

/* To a width: beside each other while they are wide enough, and lower the narrower they are. */
static void lay_out_sized(panels *p, size_t width)
{
    size_t least = LEAST_WIDTH, inner;
    bool square = true;
    for (size_t i = 0; i < p->n; i++) {
        square = square && p->panel[i].diagonal;
        least = panel_has_shades(&p->panel[i]) ? LEAST_SHADED : least;
    }
    p->around = close;
    p->title = asx_drawing_has_title(p->options)
                   ? TITLE + asx_chart_title_extra(p->options, (double)width)
                   : PANELS_NO_TITLE;
    p->columns = width / least < 1 ? 1 : width / least < p->n ? width / least : p->n;
    p->rows = (p->n + p->columns - 1) / p->columns;
    p->width = width / p->columns;
    p->around.shades =
        SHADES + p->width * 2 / 25; /* the scale is as wide as a share of the panel */
    fit_margins(p);
    p->top = top_of(p);
    inner = panels_inner_width(p, p->panel);
    if (!square)
        inner = inner * 2 / 3 < LEAST_HEIGHT  ? LEAST_HEIGHT
                : inner * 2 / 3 > MOST_HEIGHT ? MOST_HEIGHT
                                              : inner * 2 / 3;
    p->height = inner + p->around.bottom + (size_t)p->top;
}

void panels_lay_out(panels *p)
{
    if (p->options->format == ASX_PLOT_TEXT)
        asx_drawing_text_size(&p->width, &p->height, p->options);
    else if (p->sized)
        lay_out_sized(p, asx_drawing_width(p->options, 0));
    else
        lay_out_roomy(p);
    const bool small = p->sized && p->width < LEAST_NAMES;
    for (size_t i = 0; i < p->n; i++)
        for (int d = 0; d < CHART_DIRECTIONS && small; d++)
            asx_chart_scale_shorten(&p->scale[i][d]);
}
