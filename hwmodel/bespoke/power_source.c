/* What printed circuits run from: a table with a source in every row. */
#include <stdlib.h>

#include "asx_power_sources.h"
#include "dse/csv.h"
#include "dse/memory.h"
#include "hwmodel/bespoke.h"

static asx_status read_row(asx_power_source *s, const asx_csv *csv, size_t row,
                           const size_t column[2], asx_error *err)
{
    s->name = asx_string_copy(asx_csv_cell(csv, row, column[0]));
    return s->name ? asx_csv_number(&s->power_mw, csv, row, column[1], 1e-9, 1e9, err)
                   : asx_fail(err, ASX_ENOMEM, "no memory for power sources");
}

asx_status asx_power_sources_load(asx_power_source **out, size_t *n, asx_error *err)
{
    static const char *const names[2] = {"name", "power_mw"};
    const struct asx_embedded_file *f = &asx_power_sources[0];
    asx_csv *csv = NULL;
    size_t column[2] = {0};
    asx_status status = asx_csv_parse(&csv, f->name, (const char *)f->bytes, f->size, err);
    for (int i = 0; i < 2 && status == ASX_OK; i++)
        status = asx_csv_find(&column[i], csv, names[i], err);
    const size_t rows = status == ASX_OK ? asx_csv_rows(csv) : 0;
    asx_power_source *s = status == ASX_OK ? asx_array_new(rows, sizeof *s) : NULL;
    if (status == ASX_OK && !s)
        status = asx_fail(err, ASX_ENOMEM, "no memory for power sources");
    for (size_t i = 0; i < rows && status == ASX_OK; i++)
        status = read_row(&s[i], csv, i, column, err);
    asx_csv_free(csv);
    if (status == ASX_OK) {
        *out = s;
        *n = rows;
    } else {
        asx_power_sources_free(s, rows);
    }
    return status;
}

void asx_power_sources_free(asx_power_source *s, size_t n)
{
    for (size_t i = 0; s && i < n; i++)
        free(s[i].name);
    free(s);
}
