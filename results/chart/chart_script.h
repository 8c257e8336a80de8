/* What the three kinds of charts share. */
#ifndef ASX_RESULTS_CHART_SCRIPT_H
#define ASX_RESULTS_CHART_SCRIPT_H

#include "drawing.h"
#include "gnuplot.h"

extern const char *const asx_chart_palette[];

/** The inner area in parts of the picture, frame, grid and title. Pixels from each edge. */
void asx_chart_frame(asx_text *script, double width, double height, double left, double right,
                     double bottom, double top);
void asx_chart_title(asx_text *script, const asx_plot_options *options, double width,
                     double height);

/** What a title of more than a line needs above that of one, in pixels. */
double asx_chart_title_extra(const asx_plot_options *options, double width);

/** The title as an expression of gnuplot, in lines that fit the width. */
void asx_chart_title_text(asx_text *script, const asx_plot_options *options, double width);

/** Appends `text` broken at blanks into lines of at most `n_chars`, '\n' between; a longer word stays
 *  whole. @return lines */
size_t asx_chart_wrap(asx_text *out, const char *text, size_t n_chars);

/** The same as a quoted string of gnuplot. */
size_t asx_chart_wrapped(asx_text *script, const char *text, size_t n_chars);

/** Light to dark in one hue: readable in grey too. */
void asx_chart_shades(asx_text *script, const char *label);

/** Colours of points and lines by a scale: told apart by the colour-blind, and in grey. */
void asx_chart_colors(asx_text *script);

/** A quoted string of a data block. */
void asx_chart_string(asx_text *script, const char *text);

/** Letters, digits: what stands for the k-th thing in a picture of characters. */
char asx_chart_letter(size_t k);

#endif
