/* Running a script through gnuplot into a file that appears whole, or to a terminal. */
#include "drawing.h"

#include <stdlib.h>
#include <string.h>

#include "dse/output.h"
#include "gnuplot.h"

enum { TEXT_WIDTH = 80, TEXT_HEIGHT = 24 };
enum { TEXT_WIDTH_MIN = 40, TEXT_HEIGHT_MIN = 12, SIZE_MAX_SHOWN = 1000 };

static const drawing_fonts fonts[] = {
    [ASX_PLOT_TEXT] = {"", 0, 0},
    [ASX_PLOT_SVG] = {"Helvetica,Arial,sans-serif,13", 16, 11},
    [ASX_PLOT_PNG] = {"Sans,10", 12.5, 8},
    [ASX_PLOT_PDF] = {"Sans,5.6", 7, 4.6},
    [ASX_PLOT_CSV] = {"", 0, 0},
};

const drawing_fonts *asx_drawing_fonts(asx_plot_format format)
{
    return &fonts[format];
}

size_t asx_drawing_width(const asx_plot_options *o, size_t standard)
{
    return o->width_cm > 0 ? (size_t)(ASX_PLOT_PIXELS_CM * o->width_cm + 0.5) : standard;
}

bool asx_drawing_is_narrow(const asx_plot_options *o)
{
    return o->width_cm > 0 && o->width_cm < ASX_PLOT_NARROW_CM;
}

bool asx_drawing_has_title(const asx_plot_options *o)
{
    return o->title && *o->title && !(o->title_spare && asx_drawing_is_narrow(o));
}

void asx_drawing_terminal(asx_text *s, const asx_plot_options *o, size_t width, size_t height,
                          const char *output)
{
    const char *font = fonts[o->format].font;
    const double cm = o->width_cm > 0 ? o->width_cm / (double)width : 1 / ASX_PLOT_PIXELS_CM;
    switch (o->format) {
    case ASX_PLOT_TEXT:
        asx_text_add(s, "set terminal dumb size %zu,%zu nofeed noenhanced %s\n", width, height,
                     o->color ? "ansirgb" : "mono");
        break;
    case ASX_PLOT_SVG:
        asx_text_add(s,
                     "set terminal svg noenhanced size %zu,%zu dynamic background '#ffffff' font "
                     "'%s'\n",
                     width, height, font);
        break;
    case ASX_PLOT_PNG:
        asx_text_add(s,
                     "set terminal pngcairo noenhanced size %zu,%zu background '#ffffff' font "
                     "'%s' fontscale 2 pointscale 2 linewidth 2\n",
                     2 * width, 2 * height, font);
        break;
    case ASX_PLOT_PDF:
        asx_text_add(s,
                     "set terminal pdfcairo noenhanced size %gcm,%gcm font '%s' fontscale 1 "
                     "pointscale 0.6 linewidth 0.8\n",
                     cm * (double)width, cm * (double)height, font);
        break;
    case ASX_PLOT_CSV: /* is not drawn */
        break;
    }
    if (output) {
        asx_text_add(s, "set output ");
        asx_gnuplot_quote(s, output);
        asx_text_add(s, "\n");
    }
}

static size_t clamp_size(size_t value, size_t standard, size_t low)
{
    if (value == 0)
        return standard;
    return value < low ? low : value > SIZE_MAX_SHOWN ? SIZE_MAX_SHOWN : value;
}

void asx_drawing_text_size(size_t *width, size_t *height, const asx_plot_options *o)
{
    *width = clamp_size(o->columns, TEXT_WIDTH, TEXT_WIDTH_MIN);
    *height = clamp_size(o->rows, TEXT_HEIGHT, TEXT_HEIGHT_MIN);
}

asx_status asx_drawing_check(const asx_plot_options *o, asx_error *err)
{
    const bool written = o->format == ASX_PLOT_TEXT || o->format == ASX_PLOT_CSV;
    if (o->path ? *o->path == '\0' : !written || !o->stream)
        return asx_fail(err, ASX_EINVAL, "a plot needs a file to go to");
    return ASX_OK;
}

static asx_status script_text(char **out, size_t *n, asx_drawing_script *make, const void *state,
                              const char *output, asx_error *err)
{
    asx_text script = {0};
    make(&script, state, output);
    if (n)
        *n = script.n;
    return asx_text_take(out, &script, err);
}

static asx_status put_text(const asx_plot_options *o, const char *bytes, size_t n, asx_error *err)
{
    if (o->path)
        return asx_output_write(o->path, bytes, n, NULL, err);
    return fwrite(bytes, 1, n, o->stream) == n && fflush(o->stream) == 0
               ? ASX_OK
               : asx_fail(err, ASX_EIO, "cannot write the plot");
}

asx_status asx_drawing_text(const asx_plot_options *o, const asx_text *text, asx_error *err)
{
    return text->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a plot")
                        : put_text(o, text->s, text->n, err);
}

static asx_status draw_text(const asx_plot_options *o, const char *script, const char *program,
                            asx_error *err)
{
    asx_text text = {0};
    asx_status status = asx_gnuplot_run(program, script, &text, err);
    if (status == ASX_OK && text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a plot");
    if (status == ASX_OK && text.n == 0)
        status = asx_fail(err, ASX_EIO, "'%s' drew nothing", program);
    if (status == ASX_OK) {
        size_t n = 0; /* gnuplot begins every picture with a new page, asked for or not */
        for (size_t i = 0; i < text.n; i++)
            if (text.s[i] != '\f')
                text.s[n++] = text.s[i];
        status = put_text(o, text.s, n, err);
    }
    asx_text_fini(&text);
    return status;
}

static asx_status draw_file(const asx_plot_options *o, const char *script, const char *program,
                            asx_error *err)
{
    asx_text drawn = {0};
    char *bytes = NULL;
    asx_status status = asx_gnuplot_run(program, script, &drawn, err);
    size_t n = drawn.n;
    if (status == ASX_OK && n == 0 && !drawn.failed)
        status = asx_fail(err, ASX_EIO, "'%s' drew nothing", program);
    if (status == ASX_OK)
        status = asx_text_take(&bytes, &drawn, err);
    if (status == ASX_OK && o->format == ASX_PLOT_SVG)
        status = asx_svg_titles(&bytes, &n, err);
    if (status == ASX_OK && o->format == ASX_PLOT_SVG && o->width_cm > 0)
        status = asx_svg_size(&bytes, &n, o->width_cm, err);
    if (status == ASX_OK)
        status = asx_output_write(o->path, bytes, n, NULL, err);
    asx_text_fini(&drawn);
    free(bytes);
    return status;
}

asx_status asx_drawing_make(const asx_plot_options *o, asx_drawing_script *make, const void *state,
                            asx_error *err)
{
    const char *program = o->gnuplot ? o->gnuplot : "gnuplot";
    char *script = NULL, *kept = NULL;
    size_t n = 0;
    asx_status status = o->path ? asx_output_check(o->path, NULL, err) : ASX_OK;
    if (status == ASX_OK && o->script) {
        status = script_text(&kept, &n, make, state, o->path, err);
        if (status == ASX_OK)
            status = asx_output_write(o->script, kept, n, NULL, err);
    }
    if (status == ASX_OK)
        status = script_text(&script, NULL, make, state, NULL, err);
    if (status == ASX_OK)
        status = o->format == ASX_PLOT_TEXT ? draw_text(o, script, program, err)
                                            : draw_file(o, script, program, err);
    free(kept);
    free(script);
    return status;
}
