/* A front as a table of a paper. */
#ifndef ASX_VIEW_LATEX_H
#define ASX_VIEW_LATEX_H

#include "dse/text.h"
#include "results/front.h"

/** Appends the front, that of a condition `where` or NULL, as a LaTeX table (booktabs): energy, saving, area, the drop with its interval and
 *  a mark of how it is known, that on unseen images, short names of designs; the caption tells the
 *  images, the baseline, technology, data and version. */
void latex_front_add(asx_text *out, const asx_front *f, const char *where);

#endif
