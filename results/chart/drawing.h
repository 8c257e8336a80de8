/* From a gnuplot script to a picture: terminals and their fonts, and files that appear whole.
 * Shared by the pictures of fronts and by charts. */
#ifndef ASX_RESULTS_DRAWING_H
#define ASX_RESULTS_DRAWING_H

#include "dse/text.h"
#include "results/plot.h"

/* Sizes of text in each terminal's own measure, so that all pictures look the same: 13, 16 and 11
 * pixels on a canvas of 900. */
typedef struct drawing_fonts {
    const char *font;
    double title, name;
} drawing_fonts;

const drawing_fonts *asx_drawing_fonts(asx_plot_format format);

/** Pixels across a file: those of the width that is asked for, or `standard`. */
size_t asx_drawing_width(const asx_plot_options *options, size_t standard);

/** Whether the picture is for a column of a page: short labels, and no title that can be spared. */
bool asx_drawing_is_narrow(const asx_plot_options *options);

/** Whether there is one to draw. */
bool asx_drawing_has_title(const asx_plot_options *options);

/** Appends the choice of terminal and output. @param width, height  pixels, or characters */
void asx_drawing_terminal(asx_text *script, const asx_plot_options *options, size_t width,
                          size_t height, const char *output);

/** ASX_EINVAL if there is no place to draw to. */
asx_status asx_drawing_check(const asx_plot_options *options, asx_error *err);

/** Width and height of the terminal in characters, defaults and bounds applied. */
void asx_drawing_text_size(size_t *width, size_t *height, const asx_plot_options *options);

/** Appends a whole script that draws to `output`; NULL: to standard output. */
typedef void asx_drawing_script(asx_text *script, const void *state, const char *output);

/** Makes the picture, and keeps the script if the options say so. */
asx_status asx_drawing_make(const asx_plot_options *options, asx_drawing_script *make,
                            const void *state, asx_error *err);

/** Writes text made without gnuplot where a picture of characters goes. */
asx_status asx_drawing_text(const asx_plot_options *options, const asx_text *text, asx_error *err);

#endif
