/* The designs that a sweep knows. */
#include "sweep_rows.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "exact_problem.h"

void asx_sweep_rows_fini(asx_sweep_rows *r)
{
    if (!r)
        return;
    free(r->value);
    free(r->choice);
    free(r->placement);
    *r = (asx_sweep_rows){0};
}

bool asx_sweep_rows_grow(asx_sweep_rows *r, size_t more, size_t n_groups)
{
    const size_t n = r->n + more;
    double *value = asx_array_grow(r->value, &r->value_capacity, 3 * n, sizeof *value);
    if (value)
        r->value = value;
    uint16_t *choice = asx_array_grow(r->choice, &r->choice_capacity, n_groups * n, sizeof *choice);
    if (choice)
        r->choice = choice;
    uint16_t *placement =
        asx_array_grow(r->placement, &r->placement_capacity, n, sizeof *placement);
    if (placement)
        r->placement = placement;
    return value && choice && placement;
}

void asx_sweep_rows_append(asx_sweep_rows *r, const asx_coupled_front *f, size_t row, double third)
{
    const size_t n = f->n_groups;
    memcpy(r->value + 3 * r->n, f->value + 2 * row, 2 * sizeof *r->value);
    r->value[3 * r->n + 2] = third;
    memcpy(r->choice + n * r->n, f->choice + n * row, n * sizeof *r->choice);
    r->placement[r->n++] = f->placement[row];
}

/* What counts of a row. @return how many objectives that are */
static size_t count_of(double *out, const double *row, asx_sweep_kind kind)
{
    if (kind == ASX_SWEEP_THREE) {
        memcpy(out, row, 3 * sizeof *out);
        return 3;
    }
    out[0] = kind == ASX_SWEEP_PRODUCT ? row[0] : row[1];
    out[1] = kind == ASX_SWEEP_PRODUCT ? asx_sweep_product(row) : row[2];
    return 2;
}

/* Moves a row to an earlier place. */
static void move_row(asx_sweep_rows *r, size_t to, size_t from, size_t n_groups)
{
    memmove(r->value + 3 * to, r->value + 3 * from, 3 * sizeof *r->value);
    memmove(r->choice + n_groups * to, r->choice + n_groups * from, n_groups * sizeof *r->choice);
    r->placement[to] = r->placement[from];
}

asx_status asx_sweep_rows_compact(asx_sweep_rows *r, size_t n_groups, asx_sweep_kind kind,
                                  asx_error *err)
{
    size_t n_front = 0, d = kind == ASX_SWEEP_THREE ? 3 : 2;
    size_t *index = asx_array_new(r->n + 1, sizeof *index);
    double *value = asx_array_new(r->n + 1, 3 * sizeof *value);
    asx_status status = index && value ? ASX_OK : asx_exact_out_of_memory(err);
    for (size_t i = 0; value && i < r->n; i++)
        count_of(value + d * i, r->value + 3 * i, kind);
    if (status == ASX_OK && r->n > 0)
        status = asx_pareto_front(index, &n_front, value, NULL, r->n, d, err);
    free(value);
    for (size_t i = 0; status == ASX_OK && i < n_front; i++)
        move_row(r, i, index[i], n_groups);
    r->n = n_front;
    free(index);
    return status;
}

void asx_sweep_rows_limit(asx_sweep_rows *r, size_t n_groups, double most)
{
    size_t to = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->value[3 * i + 2] <= most)
            move_row(r, to++, i, n_groups);
    r->n = to;
}

bool asx_sweep_rows_copy(asx_sweep_rows *r, const asx_sweep_rows *from, size_t n_groups)
{
    const size_t n = from->n;
    r->n = 0;
    if (!asx_sweep_rows_grow(r, n, n_groups))
        return false;
    if (n > 0) {
        memcpy(r->value, from->value, 3 * n * sizeof *r->value);
        memcpy(r->choice, from->choice, n_groups * n * sizeof *r->choice);
        memcpy(r->placement, from->placement, n * sizeof *r->placement);
    }
    r->n = n;
    return true;
}

asx_status asx_sweep_rows_hand_over(asx_coupled_front *out, const asx_sweep_rows *r,
                                    size_t n_groups, asx_error *err)
{
    out->n_groups = n_groups;
    out->value = asx_array_new(r->n + 1, 2 * sizeof *out->value);
    out->choice = asx_array_copy(r->choice, r->n * n_groups, sizeof *out->choice);
    out->placement = asx_array_copy(r->placement, r->n, sizeof *out->placement);
    out->third = asx_array_new(r->n + 1, sizeof *out->third);
    if (!out->value || !out->choice || !out->placement || !out->third)
        return asx_exact_out_of_memory(err);
    for (size_t i = 0; i < r->n; i++) {
        memcpy(out->value + 2 * i, r->value + 3 * i, 2 * sizeof *out->value);
        out->third[i] = r->value[3 * i + 2];
    }
    out->n = r->n;
    return ASX_OK;
}
