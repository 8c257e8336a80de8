/* The comparison of two campaigns as tables: what was asked differently, which front is better, who
 * wins where. */
#ifndef ASX_VIEW_COMPARE_TABLES_H
#define ASX_VIEW_COMPARE_TABLES_H

#include "results/front.h"
#include "table.h"

/* "in_words", "winners", "indicators" and "differences". */
enum { COMPARE_TABLES = 4 };

/**
 * @param whole   designs in full, and the same fields whatever there is; else for people, in lines of look_width
 * @param tables  [COMPARE_TABLES], NULL before; table_free each, whatever is returned
 * @return ASX_OK; as asx_front_compare
 */
ASX_NODISCARD asx_status compare_tables_make(table **tables, const asx_front *a, const asx_front *b,
                                             bool whole, asx_error *err);

#endif
