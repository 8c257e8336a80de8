/* Short names of designs, where there is no room for the text of every layer. */
#ifndef ASX_VIEW_SHORT_NAME_H
#define ASX_VIEW_SHORT_NAME_H

#include <stddef.h>

#include "dse/text.h"

/** Appends a design's text; a long one cut to its row in the table of the front (0: none), the
 * format of most layers and the number of layers that differ: "#12 near: w4{1,3}a8 +7". */
void short_name_add(asx_text *out, const char *design, size_t row);

/** The same without a row, into a buffer. */
void short_name_print(char *out, size_t n, const char *design);

#endif
