/* A study of proxies as tables and as a picture. */
#ifndef ASX_VIEW_STUDY_TABLES_H
#define ASX_VIEW_STUDY_TABLES_H

#include "explore/proxy_study.h"
#include "results/plot.h"
#include "table.h"

/** Ranks, and where not to trust. @param out  table_free both, whatever is returned */
ASX_NODISCARD asx_status study_tables(table *out[2], const asx_proxy_study *study, asx_error *err);

/**
 * The designs with their measured drops and intervals, and what every type of proxy says of them: of the whole design,
 * `weight`, and of each of its layers, `weight:conv1`. For programs.
 * @param out  study_designs_fini it, whatever is returned
 */
typedef struct study_designs {
    table *table;
    char **name; /* of columns, which the table borrows */
    size_t n_names;
} study_designs;
ASX_NODISCARD asx_status study_designs_table(study_designs *out, const asx_proxy_study *study,
                                             const asx_workload *work, asx_error *err);
void study_designs_fini(study_designs *designs);

/** Measured against predicted drops of the best proxy, a panel a kind. */
ASX_NODISCARD asx_status study_picture(const asx_proxy_study *study, const asx_workload *work,
                                       const asx_plot_options *options, asx_error *err);

#endif
