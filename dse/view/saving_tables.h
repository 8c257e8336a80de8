/* What a design's saving against the baseline is made of: by cause and by part of the machine. */
#ifndef ASX_VIEW_SAVING_TABLES_H
#define ASX_VIEW_SAVING_TABLES_H

#include "dse/design.h"
#include "hwmodel/machine.h"
#include "table.h"

/* "saving" and "in_words". */
enum { SAVING_TABLES = 2 };

/**
 * Goes from the baseline to the design in three steps, each a design of its own: the design's word
 * lengths with exact multipliers; these in its placement; its alphabets. What a step saves depends
 * on the order of steps, which is this one.
 * @param tables  [SAVING_TABLES], NULL before; table_free each, whatever is returned
 */
ASX_NODISCARD asx_status saving_tables_make(table **tables, const asx_machine *machine,
                                            const asx_workload *work, const asx_design *design,
                                            asx_error *err);

#endif
