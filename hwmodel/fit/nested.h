/* How far off the fits are if the choice of terms, too, is made without what is left out. */
#ifndef FIT_NESTED_H
#define FIT_NESTED_H

#include "dse/error.h"
#include "dse/text.h"
#include "reference.h"

/**
 * Nested cross-validation (Stone 1974; Varma and Simon, BMC Bioinformatics 7, 2006): for each
 * configuration, terms are chosen among all by forward selection on the other configurations, whose
 * own left-out error is the measure; fitted to them; and predict it. The list of terms was drawn up
 * with all configurations in sight; this says whether that flatters the errors in a technology's
 * table. Appends CSV: family, measure, units, mean and worst error, terms chosen from all.
 */
ASX_NODISCARD asx_status nested_write(asx_text *out, const asx_reference *reference,
                                      asx_error *err);

#endif
