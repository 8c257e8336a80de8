/* Running gnuplot: the same picture in any environment, and never for ever. */
#ifndef ASX_RESULTS_GNUPLOT_H
#define ASX_RESULTS_GNUPLOT_H

#include <stddef.h>

#include "dse/error.h"
#include "dse/text.h"

/**
 * Feeds a script to gnuplot's standard input. Its environment is ours but for what changes pictures (GNUTERM, GNUPLOT_*,
 * the locale, a home folder's settings and fonts). It is killed after two minutes, and when this program ends.
 * @param output  what it wrote to its standard output is appended
 * @return ASX_OK; ASX_EIO if the program is missing, fails, with its message, or does not end
 */
asx_status asx_gnuplot_run(const char *program, const char *script, asx_text *output,
                           asx_error *err);

/**
 * Appends 'text' as a gnuplot string: quoted; control characters are blanks, bytes that are no UTF-8 or no character of
 * XML '?', and "]]>", which ends XML's verbatim text, gets a blank: foreign names cannot break a picture.
 */
void asx_gnuplot_quote(asx_text *script, const char *text);

/** Makes gnuplot's SVG speak for itself: its script hooks become native titles. In place. */
asx_status asx_svg_titles(char **svg, size_t *n, asx_error *err);

/** Gives an SVG its width on paper, and the height that goes with it. In place. */
asx_status asx_svg_size(char **svg, size_t *n, double width_cm, asx_error *err);

#endif
