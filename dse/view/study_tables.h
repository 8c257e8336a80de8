/* A study of proxies as tables and as a picture. */
#ifndef ASX_VIEW_STUDY_TABLES_H
#define ASX_VIEW_STUDY_TABLES_H

#include "explore/proxy_study.h"
#include "results/plot.h"
#include "table.h"

/** Ranks, and where not to trust. @param out  table_free both, whatever is returned */
ASX_NODISCARD asx_status study_tables(table *out[2], const asx_proxy_study *study, asx_error *err);

/** Measured against predicted drops of the best proxy, a panel a kind. */
ASX_NODISCARD asx_status study_picture(const asx_proxy_study *study, const asx_workload *work,
                                       const asx_plot_options *options, asx_error *err);

#endif
