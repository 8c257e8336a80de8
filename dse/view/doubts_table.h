/* The table and the picture of doubts. */
#ifndef ASX_VIEW_DOUBTS_TABLE_H
#define ASX_VIEW_DOUBTS_TABLE_H

#include "explore/doubts.h"
#include "results/plot.h"
#include "table.h"

/** @param out  table_free it, also after a failure */
ASX_NODISCARD asx_status doubts_table(table **out, const asx_session *session, asx_error *err);

/** A map: doubts by designs, energy saved. */
ASX_NODISCARD asx_status doubts_plot(const asx_plot_options *options, const asx_session *session,
                                     asx_error *err);

#endif
