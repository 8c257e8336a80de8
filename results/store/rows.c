/* Rows of evaluations in memory: no database here. */
#include "results/rows.h"

#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "dse/text.h"

static void row_fini(asx_row *row)
{
    free((void *)row->design);
    free((void *)row->subset);
    *row = (asx_row){0};
}

void asx_rows_fini(asx_rows *rows)
{
    if (!rows)
        return;
    for (size_t i = 0; i < rows->n; i++)
        row_fini(&rows->row[i]);
    free(rows->row);
    *rows = (asx_rows){0};
}

static asx_status reserve(asx_rows *rows, size_t n, asx_error *err)
{
    asx_row *grown = asx_array_grow(rows->row, &rows->capacity, n, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", n);
    rows->row = grown;
    return ASX_OK;
}

asx_status asx_rows_add(asx_rows *rows, const asx_row *row, asx_error *err)
{
    asx_row copy = *row;
    const asx_status status = reserve(rows, rows->n + 1, err);
    if (status != ASX_OK)
        return status;
    copy.design = asx_string_copy(row->design);
    copy.subset = asx_string_copy(row->subset);
    if (!copy.design || !copy.subset) {
        row_fini(&copy);
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", rows->n + 1);
    }
    rows->row[rows->n++] = copy;
    return ASX_OK;
}

asx_status asx_rows_append(asx_rows *rows, asx_rows *from, asx_error *err)
{
    const asx_status status = from->n ? reserve(rows, rows->n + from->n, err) : ASX_OK;
    if (status == ASX_OK && from->n) {
        memcpy(rows->row + rows->n, from->row, from->n * sizeof *rows->row);
        rows->n += from->n;
        from->n = 0; /* the texts have moved */
    }
    asx_rows_fini(from);
    return status;
}

static int by_design(const void *a, const void *b)
{
    return strcmp(((const asx_row *)a)->design, ((const asx_row *)b)->design);
}

void asx_rows_sort(asx_rows *rows)
{
    if (rows->n)
        qsort(rows->row, rows->n, sizeof *rows->row, by_design);
}

const asx_row *asx_rows_find(const asx_rows *rows, const char *design)
{
    const asx_row key = {.design = design};
    return rows->n ? bsearch(&key, rows->row, rows->n, sizeof key, by_design) : NULL;
}

void asx_rows_restrict(asx_rows *rows, const asx_rows *among)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const asx_row row = rows->row[i];
        if (asx_rows_find(among, row.design)) {
            rows->row[i] = rows->row[n];
            rows->row[n++] = row;
        }
    }
    for (size_t i = n; i < rows->n; i++)
        row_fini(&rows->row[i]);
    rows->n = n;
}

asx_status asx_rows_lay_over(asx_rows *into, const asx_rows *over, asx_error *err)
{
    const size_t n = into->n;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < over->n; i++) {
        const asx_row *row = &over->row[i];
        const asx_rows sorted = {.row = into->row, .n = n};
        const asx_row *found = asx_rows_find(&sorted, row->design);
        const asx_row *last = into->n > n ? &into->row[into->n - 1] : NULL;
        if (!found && last && strcmp(last->design, row->design) == 0)
            found = last;
        if (found) {
            into->row[found - into->row].id = row->id;
            into->row[found - into->row].evaluation = row->evaluation;
        } else {
            status = asx_rows_add(into, row, err);
        }
    }
    asx_rows_sort(into);
    return status;
}

asx_status asx_rows_front(size_t **index, size_t *n_index, bool *feasible, const asx_rows *rows,
                          const asx_objective *objective, size_t n_objectives,
                          const asx_limits *limits, asx_error *err)
{
    const size_t n = rows->n, d = n_objectives;
    asx_status status = ASX_OK;
    double *value = asx_array_new(n * d, sizeof *value);
    double *violation = asx_array_new(n, sizeof *violation);
    size_t *picked = asx_array_new(n, sizeof *picked), n_picked = 0;
    if (!value || !violation || !picked) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for a front");
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        const asx_evaluation *e = &rows->row[i].evaluation;
        for (size_t j = 0; j < d; j++)
            value[i * d + j] = asx_evaluation_objective(e, objective[j]);
        violation[i] = asx_limits_violation(limits, e);
    }
    if (n > 0)
        status = asx_pareto_front(picked, &n_picked, value, violation, n, d, err);
    if (status == ASX_OK) {
        *feasible = n_picked > 0 && violation[picked[0]] == 0;
        *index = picked;
        *n_index = n_picked;
        picked = NULL;
    }
done:
    free(picked);
    free(violation);
    free(value);
    return status;
}
