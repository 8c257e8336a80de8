/* Designs by kind as tables: which kind needs least where, and whether the model can tell. */
#ifndef ASX_VIEW_KINDS_TABLES_H
#define ASX_VIEW_KINDS_TABLES_H

#include "explore/kinds.h"
#include "table.h"

/* "in_words" and "kinds". */
enum { KINDS_TABLES = 2 };

/**
 * @param f         of the campaign
 * @param max_drop  that `kinds` were found for
 * @param whole     designs in full; else for people
 * @param tables    [KINDS_TABLES], NULL before; table_free each, whatever is returned
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status kinds_tables_make(table **tables, const asx_kinds *kinds,
                                           const asx_front *f, double max_drop, bool whole,
                                           asx_error *err);

#endif
