/* What to cite: the program, its method, and what a technology's figures were published in. */
#ifndef ASX_VIEW_CITE_H
#define ASX_VIEW_CITE_H

#include "dse/text.h"
#include "hwmodel/technology.h"

/** Appends BibTeX entries of the program and of the method it follows. @param version  "0.1.0" */
void cite_program(asx_text *out, const char *version);

/** Appends an entry for every publication that a row names which prices come from: of those that
 *  they are only compared with, none. */
void cite_technology(asx_text *out, const asx_technology *technology);

#endif
