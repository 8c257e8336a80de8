/* What two campaigns asked differently, field by field. */
#ifndef ASX_VIEW_COMPARE_DIFFERENCES_H
#define ASX_VIEW_COMPARE_DIFFERENCES_H

#include "results/front.h"
#include "table.h"

/** @param whole, @return as compare_tables_make */
ASX_NODISCARD asx_status compare_differences(table **out, const asx_front *a, const asx_front *b,
                                             bool whole, asx_error *err);

#endif
