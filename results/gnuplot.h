/* Running gnuplot, and files that appear whole or not at all. */
#ifndef ASX_RESULTS_GNUPLOT_H
#define ASX_RESULTS_GNUPLOT_H

#include <stddef.h>

#include "dse/error.h"
#include "dse/text.h"

/**
 * Feeds a script to gnuplot's standard input.
 * @param output  what it wrote to its standard output is appended; may be NULL
 * @return ASX_OK; ASX_EIO if the program is missing or fails, with its message
 */
asx_status asx_gnuplot_run(const char *program, const char *script, asx_text *output,
                           asx_error *err);

/** Appends 'text' as a gnuplot string: quoted, control characters as blanks. */
void asx_gnuplot_quote(asx_text *script, const char *text);

/** A name beside `path` for a file in the making. @param out owned by the caller */
asx_status asx_part_name(char **out, const char *path, asx_error *err);

/** Writes a file under a name of asx_part_name, then renames it. */
asx_status asx_file_write_whole(const char *path, const char *bytes, size_t n, asx_error *err);

/** Makes gnuplot's SVG speak for itself: its script hooks become native titles. In place. */
asx_status asx_svg_titles(char **svg, size_t *n, asx_error *err);

#endif
