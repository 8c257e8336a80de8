#include "bespoke_rows.h"

#include <stdlib.h>

#include "dse/csv.h"
#include "dse/file.h"
#include "dse/memory.h"

static asx_status get_rows(bespoke_rows *rows, const asx_csv *csv, size_t columns, asx_error *err)
{
    rows->n = asx_csv_rows(csv);
    rows->columns = asx_csv_columns(csv);
    if (rows->columns != columns)
        return asx_fail(err, ASX_EINVAL, "%s: %zu columns instead of %zu", asx_csv_name(csv),
                        rows->columns, columns);
    if (rows->n == 0)
        return asx_fail(err, ASX_EINVAL, "%s: no rows", asx_csv_name(csv));
    rows->value = asx_array_new(rows->n * columns, sizeof *rows->value);
    asx_status status = rows->value ? ASX_OK
                                    : asx_fail(err, ASX_ENOMEM, "no memory for the rows of '%s'",
                                               asx_csv_name(csv));
    for (size_t k = 0; k < rows->n * columns && status == ASX_OK; k++) {
        int64_t value = 0;
        status = asx_csv_whole(&value, csv, k / columns, k % columns, 0, UINT32_MAX, err);
        rows->value[k] = (uint32_t)value;
    }
    return status;
}

asx_status bespoke_rows_read(bespoke_rows *out, const char *path, size_t columns, asx_error *err)
{
    const asx_csv_layout layout = {.separator = '?', .header = ASX_CSV_GUESS};
    bespoke_rows rows = {0};
    asx_csv *csv = NULL;
    char *text = NULL;
    size_t n = 0;
    asx_status status = asx_file_read(&text, &n, path, ASX_CSV_BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_csv_parse_as(&csv, path, text, n, &layout, err);
    if (status == ASX_OK)
        status = get_rows(&rows, csv, columns, err);
    asx_csv_free(csv);
    free(text);
    if (status == ASX_OK)
        *out = rows;
    else
        bespoke_rows_fini(&rows);
    return status;
}

void bespoke_rows_fini(bespoke_rows *rows)
{
    free(rows->value);
    *rows = (bespoke_rows){0};
}

asx_status bespoke_rows_run(uint32_t *label, const asx_bespoke *network, const bespoke_rows *rows,
                            asx_error *err)
{
    int64_t *work = asx_array_new(asx_bespoke_work(network), sizeof *work);
    if (!work)
        return asx_fail(err, ASX_ENOMEM, "no memory to run a bespoke network");
    for (size_t i = 0; i < rows->n; i++)
        label[i] = (uint32_t)asx_bespoke_run(network, rows->value + i * rows->columns, work);
    free(work);
    return ASX_OK;
}
