/* What the designs of a front have in each layer, and what it costs to do with one alphabet there.
 */
#ifndef ASX_VIEW_LAYERS_H
#define ASX_VIEW_LAYERS_H

#include "results/front.h"
#include "table.h"

/* "layers" and "in_words". */
enum { LAYER_TABLES = 2 };

/**
 * Looks at the designs of the front that lose at most `max_drop`, in the unit of the measure.
 * @param f        with all its rows
 * @param tables   [LAYER_TABLES], NULL before; table_free each, whatever is returned
 * @return ASX_OK; ASX_ENOTFOUND if the front has no such design; ASX_EDB, ASX_ENOMEM
 */
ASX_NODISCARD asx_status layers_tables_make(table **tables, asx_store *store, const asx_front *f,
                                            double max_drop, asx_error *err);

#endif
