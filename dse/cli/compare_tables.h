/* The comparison of two campaigns as tables: what was asked differently, which front is better, who
 * wins where. */
#ifndef ASX_CLI_COMPARE_TABLES_H
#define ASX_CLI_COMPARE_TABLES_H

#include "front.h"

/* "in_words", "winners", "indicators" and "differences". */
enum { COMPARE_TABLES = 4 };

/**
 * @param whole   print designs in full; else long ones are cut (short_name.h)
 * @param tables  [COMPARE_TABLES], NULL before; table_free each, whatever is returned
 * @return ASX_OK; as compare_fronts
 */
ASX_NODISCARD asx_status compare_tables_make(table **tables, const front *a, const front *b,
                                             bool whole, asx_error *err);

/** What the costs of the comparison are: the first objective of `f` beside the drop. */
asx_objective compare_cost(const front *f);

#endif
