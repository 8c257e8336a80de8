#include "doubts_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "results/chart.h"

static const table_column columns[] = {
    {"doubt", TABLE_TEXT, 0},           {"design", TABLE_TEXT, 0},
    {"saved_percent", TABLE_NUMBER, 1}, {"instead_of", TABLE_NUMBER, 1},
    {"order_tau", TABLE_NUMBER, 2},     {"baseline_pj", TABLE_NUMBER, TABLE_AUTO},
    {"about", TABLE_TEXT, 0},           {0}};

static asx_status work_out(asx_doubt_row **out, const asx_session *session, asx_error *err)
{
    asx_doubt_row *row = asx_array_new(asx_doubts_count(), sizeof *row);
    if (!row)
        return asx_fail(err, ASX_ENOMEM, "no memory for doubts");
    const asx_status status = asx_doubts_work_out(row, session, err);
    if (status == ASX_OK)
        *out = row;
    else
        free(row);
    return status;
}

asx_status doubts_table(table **out, const asx_session *session, asx_error *err)
{
    asx_doubt_row *row = NULL;
    asx_status status = work_out(&row, session, err);
    if (status == ASX_OK)
        status = table_new(out, NULL, columns, err);
    if (status == ASX_OK)
        table_for_people(*out, NULL, "baseline_pj instead_of");
    for (size_t i = 0; status == ASX_OK && i < asx_doubts_count(); i++)
        for (size_t d = 0; d < ASX_DOUBT_DESIGNS; d++) {
            table_text(*out, row[i].name);
            table_text(*out, asx_doubt_design(d));
            table_number(*out, row[i].saved[d]);
            table_number(*out, row[0].saved[d]);
            table_number(*out, row[i].tau);
            table_number(*out, row[i].baseline_pj);
            table_text(*out, row[i].about);
        }
    free(row);
    return status;
}

asx_status doubts_plot(const asx_plot_options *options, const asx_session *session, asx_error *err)
{
    enum { CELL = 16, DARK_MIN = -50 }; /* one very bad design does not make all others alike */
    const size_t n = asx_doubts_count();
    const char *row_name[32], *column[ASX_DOUBT_DESIGNS];
    asx_doubt_row *row = NULL;
    char *text = asx_array_new(n * ASX_DOUBT_DESIGNS, CELL);
    const char **cell = asx_array_new(n * ASX_DOUBT_DESIGNS, sizeof *cell);
    double *value = asx_array_new(n * ASX_DOUBT_DESIGNS, sizeof *value), low = 0, high = 1;
    asx_status status = text && cell && value ? work_out(&row, session, err)
                                              : asx_fail(err, ASX_ENOMEM, "no memory for a map");
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        row_name[i] = row[i].about;
        for (size_t d = 0; d < ASX_DOUBT_DESIGNS; d++) {
            const size_t at = i * ASX_DOUBT_DESIGNS + d;
            value[at] = row[i].saved[d];
            snprintf(text + at * CELL, CELL, "%.0f", round(value[at]) + 0.); /* no -0 */
            cell[at] = text + at * CELL;
            low = fmax(DARK_MIN, fmin(low, value[at]));
            high = fmax(high, value[at]);
            column[d] = asx_doubt_design(d);
        }
    }
    const asx_chart_map map = {.row_label = "machine",
                               .column_label = "design",
                               .shade_label = "energy saved (%)",
                               .row_field = "machine",
                               .column_field = "design",
                               .value_field = "saved_percent",
                               .n_rows = n,
                               .n_columns = ASX_DOUBT_DESIGNS,
                               .row = row_name,
                               .column = column,
                               .value = value,
                               .cell = cell,
                               .low = low,
                               .high = high};
    if (status == ASX_OK)
        status = asx_plot_map(options, &map, err);
    free(row);
    free(value);
    free(cell);
    free(text);
    return status;
}
