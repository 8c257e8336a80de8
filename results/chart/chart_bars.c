/* Horizontal stacked bars. */
#include <math.h>
#include <string.h>

#include "axis.h"
#include "chart_script.h"
#include "numbers.h"
#include "results/chart.h"

enum { WIDTH = 980, BAR = 34, RIGHT = 150, BOTTOM = 66, TOP = 140, CHAR = 8, LEFT_MIN = 90 };
/* Of a given width: names and notes get the room they need, bars the rest. */
enum {
    SLIM_BAR = 27,
    SLIM_BOTTOM = 66,
    TITLE = 44,
    KEY_LINE = 17,
    KEY_SAMPLE = 32,
    KEY_BOX = 14,
    EDGE = 10
};
enum { INNER_MIN = 80 };
static const double name_char = 7.7, note_char = 6;

typedef struct bars {
    const asx_plot_options *options;
    const asx_chart_bars *b;
    double longest, width, height, left, right, bottom, top;
    size_t n_name; /* characters of the longest name */
    int key_columns;
    bool sized; /* to a width that was asked for */
    bool notes; /* there is room for them */
} bars;

/* In the unit of the label. */
static double drawn(const asx_chart_bars *b, size_t i, size_t part)
{
    return b->value[i * b->n_parts + part] / (b->factor > 0 ? b->factor : 1);
}

static double total(const asx_chart_bars *b, size_t i)
{
    double sum = 0;
    for (size_t k = 0; k < b->n_parts; k++)
        sum += drawn(b, i, k);
    return sum;
}

/* Of a part, as the picture says it. */
static const char *name_of(const asx_chart_bars *b, size_t part)
{
    return b->part_label ? b->part_label[part] : b->part[part];
}

static bool is_used(const asx_chart_bars *b, size_t part)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->value[i * b->n_parts + part] > 0)
            return true;
    return false;
}

static void add_part(asx_text *s, const asx_chart_bars *b, size_t part)
{
    asx_text_add(s, "$p%zu << EOD\n", part);
    for (size_t i = 0; i < b->n; i++) {
        double from = 0, value = drawn(b, i, part);
        for (size_t k = 0; k < part; k++)
            from += drawn(b, i, k);
        if (value <= 0)
            continue;
        asx_text_add(s, "%.10g %zu %.10g %.10g \"", from + value / 2, i, from, from + value);
        asx_text_add(s, "%s\\n%s %.4g (%.1f %%)\"\n", b->name[i], name_of(b, part), value,
                     100 * value / total(b, i));
    }
    asx_text_add(s, "EOD\n");
}

static void add_names(asx_text *s, const bars *p)
{
    asx_text_add(s, "set ytics scale 0 (");
    for (size_t i = 0; i < p->b->n; i++) {
        asx_text_add(s, "%s", i ? ", " : "");
        asx_chart_string(s, p->b->name[i]);
        asx_text_add(s, " %zu", i);
    }
    asx_text_add(s, ")\n");
    for (size_t i = 0; i < p->b->n && p->b->note && p->notes; i++) {
        asx_text_add(s, "set label ");
        asx_gnuplot_quote(s, p->b->note[i]);
        asx_text_add(s, " at %.10g,%zu left offset character 0.6,0 font ',%g'\n", total(p->b, i), i,
                     asx_drawing_fonts(p->options->format)->name);
    }
}

static double inner_width(const bars *p)
{
    return p->width - p->left - p->right;
}

static int key_rows(const bars *p)
{
    int used = 0;
    for (size_t k = 0; k < p->b->n_parts; k++)
        used += is_used(p->b, k);
    return (used + p->key_columns - 1) / p->key_columns;
}

static double key_height(const bars *p)
{
    return KEY_LINE * (double)key_rows(p) + 6;
}

/* gnuplot's own is no wider than the bars are: this one is as wide as the picture. */
static void add_key(asx_text *s, const bars *p)
{
    const double across = p->width - EDGE, top = p->top - key_height(p) - 4;
    const int rows = key_rows(p);
    int n = 0;
    asx_text_add(s, "unset key\nset xtics %.10g\n",
                 asx_axis_step(p->longest, (int)(inner_width(p) / 45) + 1));
    for (size_t k = 0; k < p->b->n_parts; k++) {
        if (!is_used(p->b, k))
            continue;
        const double x = EDGE + across * (n / rows) / p->key_columns;
        const double y = p->height - top - KEY_LINE * (n % rows + 0.5);
        asx_text_add(s,
                     "set object rectangle from screen %.5f,screen %.5f to screen %.5f,screen %.5f "
                     "fillcolor rgb '%s' fillstyle solid noborder\nset label ",
                     x / p->width, (y - 5) / p->height, (x + KEY_BOX) / p->width,
                     (y + 5) / p->height, p->b->color[k]);
        asx_gnuplot_quote(s, name_of(p->b, k));
        asx_text_add(s, " at screen %.5f,%.5f left textcolor '#333333'\n",
                     (x + KEY_BOX + 6) / p->width, y / p->height);
        n++;
    }
}

/* Notes stand behind their bars, so only those of long bars need room beside the longest. */
static double room_for_notes(const bars *p)
{
    const double all = p->width - p->left;
    double inner = all - EDGE;
    for (size_t i = 0; i < p->b->n && p->b->note; i++) {
        const double share = total(p->b, i) / (1.02 * p->longest);
        const double note = note_char * (double)strlen(p->b->note[i]) + 8;
        inner = fmin(inner, (all - note) / fmax(share, 1e-9));
    }
    return all - inner;
}

static void lay_out(bars *p)
{
    const double n = fmax(3, (double)p->b->n);
    size_t longest = 0;
    for (size_t k = 0; k < p->b->n_parts; k++)
        longest = is_used(p->b, k) && strlen(name_of(p->b, k)) > longest ? strlen(name_of(p->b, k))
                                                                         : longest;
    p->width = (double)asx_drawing_width(p->options, WIDTH);
    p->left = fmax(LEFT_MIN, CHAR * (double)p->n_name + 16);
    p->right = RIGHT;
    p->notes = true;
    p->bottom = BOTTOM;
    const double extra = asx_chart_title_extra(p->options, p->width);
    p->top = TOP + extra;
    p->height = p->top + BOTTOM + BAR * n;
    if (!p->sized)
        return;
    p->left = name_char * (double)p->n_name + 18;
    p->right = room_for_notes(p);
    p->notes = inner_width(p) >= INNER_MIN;
    if (!p->notes)
        p->right = EDGE;
    p->key_columns = (int)((p->width - EDGE) / (KEY_SAMPLE + 7 * (double)longest));
    p->key_columns = p->key_columns < 1 ? 1 : p->key_columns;
    p->bottom = SLIM_BOTTOM;
    p->top = (asx_drawing_has_title(p->options) ? TITLE + extra : EDGE) + key_height(p);
    p->height = p->top + p->bottom + SLIM_BAR * n;
}

static void make_script(asx_text *s, const void *state, const char *output)
{
    const bars *p = state;
    const asx_chart_bars *b = p->b;
    asx_text_add(s, "# made by asx; draws with gnuplot 5.4 or newer\n");
    asx_drawing_terminal(s, p->options, (size_t)p->width, (size_t)p->height, output);
    asx_text_add(s, "set encoding utf8\n");
    asx_chart_frame(s, p->width, p->height, p->left, p->right, p->bottom, p->top);
    if (asx_drawing_has_title(p->options))
        asx_chart_title(s, p->options, p->width, p->height);
    asx_text_add(s, "set xlabel ");
    asx_gnuplot_quote(s, b->label);
    asx_text_add(s,
                 "\nset xrange [0:%.10g]\nset yrange [%g:-0.7]\nset style fill solid noborder\n"
                 "unset grid\nset grid xtics linetype 1 linecolor '#ececec'\n"
                 "set key at graph 0,1.02 left bottom Left reverse horizontal maxrows 3 "
                 "width 1 samplen 1\n",
                 1.02 * p->longest, (double)b->n - 0.3);
    if (p->sized)
        add_key(s, p);
    add_names(s, p);
    for (size_t k = 0; k < b->n_parts; k++)
        add_part(s, b, k);
    asx_text_add(s, "plot NaN notitle");
    for (size_t k = 0; k < b->n_parts; k++) {
        if (!is_used(b, k))
            continue;
        asx_text_add(s,
                     ", \\\n  $p%zu using 1:2:3:4:($2-0.36):($2+0.36) with boxxyerror linecolor "
                     "rgb '%s' title ",
                     k, b->color[k]);
        asx_gnuplot_quote(s, name_of(b, k));
        if (p->options->format == ASX_PLOT_SVG)
            asx_text_add(s,
                         ", \\\n  $p%zu using 1:2:5 with labels hypertext point pointtype 5 "
                         "pointsize 1.6 linecolor rgb '#ff000000' notitle",
                         k);
    }
    asx_text_add(s, "\n");
}

/* One letter per part, as many as its share of the longest bar's width. */
static void make_text(asx_text *s, const bars *p)
{
    const asx_chart_bars *b = p->b;
    size_t width, height;
    asx_drawing_text_size(&width, &height, p->options);
    const size_t used = p->n_name + 24;
    const double room = (double)(width > used + 20 ? width - used : 20);
    const char *between = ";";
    asx_text_add(s, "%s\n%s", p->options->title ? p->options->title : "", b->label);
    for (size_t k = 0; k < b->n_parts; k++)
        if (is_used(b, k)) {
            asx_text_add(s, "%s %c %s", between, asx_chart_letter(k), name_of(b, k));
            between = ",";
        }
    asx_text_add(s, "\n\n");
    for (size_t i = 0; i < b->n; i++) {
        double sum = 0;
        size_t at = 0;
        asx_text_add(s, "%*s |", (int)p->n_name, b->name[i]);
        for (size_t k = 0; k < b->n_parts; k++) {
            sum += drawn(b, i, k);
            for (; at < (size_t)(sum / p->longest * room + 0.5); at++)
                asx_text_add(s, "%c", asx_chart_letter(k));
        }
        asx_text_add(s, "  %s\n", b->note ? b->note[i] : "");
    }
}

asx_status asx_plot_bars(const asx_plot_options *options, const asx_chart_bars *b, asx_error *err)
{
    bars p = {.options = options, .b = b, .sized = options->width_cm > 0};
    for (size_t i = 0; i < b->n; i++) {
        const size_t length = strlen(b->name[i]);
        for (size_t k = 0; k < b->n_parts; k++)
            if (!(b->value[i * b->n_parts + k] >= 0))
                return asx_fail(err, ASX_EINVAL, "'%s' of '%s' is %g, not at least 0",
                                name_of(b, k), b->name[i], b->value[i * b->n_parts + k]);
        p.longest = fmax(p.longest, total(b, i));
        p.n_name = length > p.n_name ? length : p.n_name;
    }
    if (p.longest <= 0)
        return asx_fail(err, ASX_EINVAL, "there is nothing to plot: no bars");
    asx_status status = asx_drawing_check(options, err);
    if (status != ASX_OK)
        return status;
    lay_out(&p);
    if (options->format != ASX_PLOT_TEXT && options->format != ASX_PLOT_CSV)
        return asx_drawing_make(options, make_script, &p, err);
    asx_text text = {0};
    if (options->format == ASX_PLOT_CSV)
        asx_numbers_bars(&text, b);
    else
        make_text(&text, &p);
    status = asx_drawing_text(options, &text, err);
    asx_text_fini(&text);
    return status;
}
