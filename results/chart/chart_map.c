/* Maps of cells. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "axis.h"
#include "chart_script.h"
#include "numbers.h"
#include "results/chart.h"

enum { INNER = 900, ROW_MAX = 26, ROW_MIN = 12, HEIGHT_MAX = 620, CELL_MAX = 90 };
enum { RIGHT = 140, BOTTOM = 70, TOP = 50, CHAR = 7, LEFT_MIN = 90, NARROW = 8 };
/* Of a given width: cells take what names of rows and the scale of shades leave. */
enum { TEXT_LINE = 12, TEXT_CHAR = 7 }; /* of the texts of cells that stand upright */
enum { CLOSE_RIGHT = 94, NO_TITLE = 12, ROW_LINE = 15, ROWS_BESIDE = 20, CELLS_MIN = 60 };
/* Of the width: longer names go on in the next line. */
static const double most_of_names = 0.42, least_of_names = 0.25;
/* Names of columns that are wider than these stand aslant, of narrow ones upright, as long as their lines keep apart. */
enum { ASLANT_MIN = 24, UPRIGHT_MIN = 12, ASLANT_DEGREES = 35, UPRIGHT_DEGREES = 90 };
static const double char_width = 7.8, aslant_sine = 0.57, upright_sine = 1;

typedef struct map {
    const asx_plot_options *options;
    const asx_chart_map *m;
    double left, right, top, width, height, cell_width, row_height;
    size_t row_chars;               /* that a line of a row's name has */
    size_t n_row, n_column, n_cell; /* characters of the longest */
    int degrees;                    /* that names of columns are turned by */
    bool texts;                     /* of cells: for a paper in most or in none */
    bool upright;                   /* they stand so in cells too narrow for them */
} map;

static double at(const asx_chart_map *m, size_t row, size_t column)
{
    return m->value[row * m->n_columns + column];
}

static void add_ticks(asx_text *s, char name, const char *const *text, size_t n, size_t every,
                      size_t n_chars)
{
    asx_text_add(s, "set %ctics scale 0 (", name);
    for (size_t i = 0; i < n; i += every) {
        asx_text_add(s, "%s", i ? ", " : "");
        asx_chart_wrapped(s, text[i], n_chars);
        asx_text_add(s, " %zu", i);
    }
    asx_text_add(s, ")\n");
}

static bool is_same(const asx_chart_map *m, size_t i, size_t j)
{
    return m->value[i] == m->value[j] && (!m->cell || strcmp(m->cell[i], m->cell[j]) == 0);
}

/* Columns: middle, row, ends, value, colour of the text, text, hover. Cells too narrow to be told
 * apart are drawn as one where they are the same. */
static bool has_room(const map *p, size_t i, double n_columns)
{
    if (p->upright)
        return p->m->cell && p->cell_width >= TEXT_LINE &&
               TEXT_CHAR * (double)strlen(p->m->cell[i]) < 0.94 * p->row_height;
    return p->m->cell && p->row_height >= 14 &&
           CHAR * (double)strlen(p->m->cell[i]) < 0.94 * n_columns * p->cell_width;
}

static void add_cells(asx_text *s, const map *p)
{
    const asx_chart_map *m = p->m;
    const bool narrow = p->cell_width < NARROW;
    const double gap = narrow ? 0 : 0.03;
    asx_text_add(s, "$cells << EOD\n");
    for (size_t r = 0; r < m->n_rows; r++)
        for (size_t c = 0, end; c < m->n_columns; c = end) {
            const size_t i = r * m->n_columns + c;
            end = c + 1;
            while (narrow && end < m->n_columns && is_same(m, i, r * m->n_columns + end))
                end++;
            if (isnan(m->value[i]))
                continue;
            const bool fits = p->texts && has_room(p, i, (double)(end - c));
            asx_text_add(s, "%.10g %zu %.10g %.10g %.10g %d ", 0.5 * (double)(c + end - 1), r,
                         (double)c - 0.5 + gap, (double)end - 0.5 - gap, m->value[i],
                         m->value[i] > m->low + 0.6 * (m->high - m->low) ? 0xffffff : 0x222222);
            asx_chart_string(s, fits ? m->cell[i] : NULL);
            asx_text_add(s, " ");
            if (end - c > 1) {
                asx_text hover = {0};
                asx_text_add(&hover, "%s: %s\ncolumns %s to %s", m->row[r],
                             m->cell ? m->cell[i] : "", m->column[c], m->column[end - 1]);
                asx_chart_string(s, hover.s);
                s->failed |= hover.failed;
                asx_text_fini(&hover);
            } else {
                asx_chart_string(s, m->hover ? m->hover[i] : NULL);
            }
            asx_text_add(s, "\n");
        }
    asx_text_add(s, "EOD\n");
}

static bool is_sized(const map *p)
{
    return p->options->width_cm > 0;
}

static double name_width(const map *p)
{
    return char_width * (double)(p->n_column + 1);
}

static double sine(const map *p)
{
    return p->degrees == UPRIGHT_DEGREES ? upright_sine : p->degrees ? aslant_sine : 0;
}

/* Of the label below the columns, in a line: it may reach a little beyond them on both sides. */
static size_t label_chars(const map *p)
{
    return (size_t)((p->width - p->right - p->left + 2 * fmin(p->left, p->right)) / CHAR);
}

static double label_extra(const map *p)
{
    asx_text lines = {0};
    const size_t n = is_sized(p) ? asx_chart_wrap(&lines, p->m->column_label, label_chars(p)) : 1;
    asx_text_fini(&lines);
    return ROW_LINE * (double)(n - 1);
}

/* Below the cells: the axis label, and what names aslant need beyond a line. */
static double bottom(const map *p)
{
    return BOTTOM + label_extra(p) + sine(p) * name_width(p);
}

static void add_axes(asx_text *s, const map *p)
{
    const asx_chart_map *m = p->m;
    const size_t every = p->degrees ? 1 : 1 + (size_t)(name_width(p) / p->cell_width);
    asx_text_add(s, "set xlabel ");
    if (is_sized(p))
        (void)asx_chart_wrapped(s, m->column_label, label_chars(p));
    else
        asx_gnuplot_quote(s, m->column_label);
    asx_text_add(s, "\n");
    add_ticks(s, 'x', m->column, m->n_columns, every, SIZE_MAX);
    if (p->degrees)
        asx_text_add(s, "set xtics rotate by %d right\n", p->degrees);
    add_ticks(s, 'y', m->row, m->n_rows, 1, p->row_chars);
}

/* Where the scale ends above the least value and cells do not tell it, the scale's end does. */
static void add_least(asx_text *s, const map *p)
{
    const asx_chart_map *m = p->m;
    double least = m->low;
    for (size_t i = 0; i < m->n_rows * m->n_columns; i++)
        least = fmin(least, m->value[i]); /* NAN is no number */
    if (!p->texts && least < m->low)
        asx_text_add(s, "set cbtics add ('to %.4g' %.10g)\n", least, m->low);
}

static void make_script(asx_text *s, const void *state, const char *output)
{
    const map *p = state;
    const asx_chart_map *m = p->m;
    const drawing_fonts *fonts = asx_drawing_fonts(p->options->format);
    asx_text_add(s, "# made by asx; draws with gnuplot 5.4 or newer\n");
    asx_drawing_terminal(s, p->options, (size_t)p->width, (size_t)p->height, output);
    asx_text_add(s, "set encoding utf8\nunset key\n");
    asx_chart_frame(s, p->width, p->height, p->left, p->right, bottom(p), p->top);
    if (asx_drawing_has_title(p->options))
        asx_chart_title(s, p->options, p->width, p->height);
    asx_chart_shades(s, m->shade_label);
    if (is_sized(p))
        asx_text_add(s, "set cblabel offset character 0.8,0\nset cbtics %.10g\n",
                     asx_axis_step(m->high - m->low, 6));
    add_least(s, p);
    asx_text_add(s,
                 "unset grid\nset border 0\nset cbrange [%.10g:%.10g]\nset xrange "
                 "[-0.5:%g]\nset yrange [%g:-0.5]\nset style fill solid noborder\n",
                 m->low, m->high, (double)m->n_columns - 0.5, (double)m->n_rows - 0.5);
    add_axes(s, p);
    add_cells(s, p);
    asx_text_add(s,
                 "plot $cells using 1:2:3:4:($2-0.47):($2+0.47):5 with boxxyerror linecolor "
                 "palette notitle, \\\n  $cells using 1:2:7:6 with labels font ',%g'%s textcolor "
                 "rgb variable notitle",
                 fonts->name, p->upright ? " rotate by 90" : "");
    if (m->hover && p->options->format == ASX_PLOT_SVG)
        asx_text_add(s, ", \\\n  $cells using 1:2:8 with labels hypertext point pointtype 5 "
                        "pointsize 2 linecolor rgb '#ff000000' notitle");
    asx_text_add(s, "\n");
}

/* Cells as their text where there is room, else in ten shades. */
static void make_text(asx_text *s, const map *p)
{
    static const char shades[] = " .:-=+*#%@";
    const asx_chart_map *m = p->m;
    size_t width, height;
    asx_drawing_text_size(&width, &height, p->options);
    const size_t cell = p->n_cell > p->n_column ? p->n_cell : p->n_column;
    const bool wide = m->cell && p->n_row + 1 + m->n_columns * (cell + 1) <= width;
    const size_t each = wide ? cell + 1 : p->n_row + 1 + 2 * m->n_columns <= width ? 2 : 1;
    const size_t room = width > p->n_row + 10 ? width - p->n_row - 1 : 10;
    const size_t shown = m->n_columns * each <= room ? m->n_columns : room / each;
    asx_text_add(s, "%s\n", p->options->title ? p->options->title : "");
    asx_text_add(s, "rows: %s; columns: %s", m->row_label, m->column_label);
    if (!wide)
        asx_text_add(s, "; '%s' is %s from %.4g to %.4g", shades, m->shade_label, m->low, m->high);
    if (shown < m->n_columns)
        asx_text_add(s, "; %zu of %zu columns, spread evenly", shown, m->n_columns);
    asx_text_add(s, "\n\n");
    if (wide || p->n_column < each) {
        asx_text_add(s, "%*s", (int)p->n_row, "");
        for (size_t c = 0; c < m->n_columns; c++)
            asx_text_add(s, "%*s", (int)each, m->column[c]);
        asx_text_add(s, "\n");
    }
    for (size_t r = 0; r < m->n_rows; r++) {
        asx_text_add(s, "%*s%s", (int)p->n_row, m->row[r], each == 1 ? " " : "");
        for (size_t k = 0; k < shown; k++) {
            const size_t c = shown < m->n_columns ? k * (m->n_columns - 1) / (shown - 1) : k;
            const double share = (at(m, r, c) - m->low) / (m->high - m->low);
            const int shade = isnan(share) ? 0 : (int)(9 * fmin(fmax(share, 0), 1) + 0.5);
            if (wide)
                asx_text_add(s, "%*s", (int)each, m->cell[r * m->n_columns + c]);
            else
                asx_text_add(s, "%*c", (int)each, shades[shade]);
        }
        asx_text_add(s, "\n");
    }
}

static size_t longest(const char *const *text, size_t n)
{
    size_t most = 0;
    for (size_t i = 0; text && i < n; i++)
        most = text[i] && strlen(text[i]) > most ? strlen(text[i]) : most;
    return most;
}

/* Names of rows in lines of so many characters; sets the lines of the longest. */
static size_t wrap_rows(map *p, size_t n_chars)
{
    size_t lines = 1, most = 0;
    p->row_chars = n_chars;
    for (size_t r = 0; r < p->m->n_rows; r++) {
        asx_text text = {0};
        const size_t n = asx_chart_wrap(&text, p->m->row[r], n_chars);
        lines = n > lines ? n : lines;
        for (const char *s = text.s; s && *s; s += strcspn(s, "\n"), s += *s == '\n')
            most = strcspn(s, "\n") > most ? strcspn(s, "\n") : most;
        asx_text_fini(&text);
    }
    p->n_row = most;
    return lines;
}

/* Whether most cells have room for their texts. */
static bool fit_texts(const map *p)
{
    const size_t n = p->m->n_rows * p->m->n_columns;
    size_t fit = 0;
    for (size_t i = 0; i < n; i++)
        fit += has_room(p, i, 1);
    return 4 * fit >= 3 * n;
}

static void lay_out(map *p)
{
    const bool sized = is_sized(p);
    const double n_columns = (double)p->m->n_columns, n_rows = (double)p->m->n_rows;
    double row_min = ROW_MIN;
    p->row_chars = SIZE_MAX;
    p->right = RIGHT;
    p->width = (double)asx_drawing_width(p->options, 0);
    if (sized) {
        p->right = CLOSE_RIGHT + 0.02 * p->width;
        /* names of columns want cells of this width, if that leaves something to those of rows */
        const double rest = p->width - p->right - UPRIGHT_MIN * n_columns - ROWS_BESIDE;
        const double names = fmin(most_of_names * p->width, fmax(least_of_names * p->width, rest));
        row_min = fmax(row_min, ROW_LINE * (double)wrap_rows(p, (size_t)(names / CHAR)));
    }
    p->left = fmax(sized ? 0 : LEFT_MIN, CHAR * (double)p->n_row + (sized ? ROWS_BESIDE : 30));
    p->cell_width = sized ? fmax(CELLS_MIN, p->width - p->left - p->right) / n_columns
                          : fmin(INNER / n_columns, CELL_MAX);
    if (!sized)
        p->width = p->left + fmax(p->cell_width * n_columns, 300) + p->right;
    p->top = sized && !asx_drawing_has_title(p->options)
                 ? NO_TITLE
                 : TOP + asx_chart_title_extra(p->options, p->width);
    p->row_height = fmax(row_min, fmin(ROW_MAX, HEIGHT_MAX / n_rows));
    p->texts = !sized || fit_texts(p);
    p->upright = !p->texts;
    if (p->upright)
        p->upright = p->texts = fit_texts(p);
    if (p->cell_width < name_width(p) && p->cell_width >= UPRIGHT_MIN)
        p->degrees = p->cell_width >= ASLANT_MIN ? ASLANT_DEGREES : sized ? UPRIGHT_DEGREES : 0;
    p->height = p->top + bottom(p) + p->row_height * n_rows;
}

asx_status asx_plot_map(const asx_plot_options *options, const asx_chart_map *m, asx_error *err)
{
    map p = {.options = options, .m = m};
    if (m->n_rows == 0 || m->n_columns == 0)
        return asx_fail(err, ASX_EINVAL, "there is nothing to plot: no cells");
    if (!(m->low < m->high))
        return asx_fail(err, ASX_EINVAL, "the scale from %g to %g is empty", m->low, m->high);
    asx_status status = asx_drawing_check(options, err);
    if (status != ASX_OK)
        return status;
    p.n_row = longest(m->row, m->n_rows);
    p.n_column = longest(m->column, m->n_columns);
    p.n_cell = longest(m->cell, m->n_rows * m->n_columns);
    lay_out(&p);
    if (options->format != ASX_PLOT_TEXT && options->format != ASX_PLOT_CSV)
        return asx_drawing_make(options, make_script, &p, err);
    asx_text text = {0};
    if (options->format == ASX_PLOT_CSV)
        asx_numbers_map(&text, m);
    else
        make_text(&text, &p);
    status = asx_drawing_text(options, &text, err);
    asx_text_fini(&text);
    return status;
}
