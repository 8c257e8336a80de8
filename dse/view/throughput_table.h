/* Designs at equal throughput, as a table. */
#ifndef ASX_VIEW_THROUGHPUT_TABLE_H
#define ASX_VIEW_THROUGHPUT_TABLE_H

#include "dse/error.h"
#include "explore/session.h"
#include "table.h"

/** @param designs  with ';' between @return ASX_OK; ASX_ENOMEM; as asx_cost_at_throughput */
ASX_NODISCARD asx_status throughput_table(table **out, const asx_session *session,
                                          const char *designs, double per_s, asx_error *err);

#endif
