/* Private: the designs that a sweep (sweep.h) knows, in three objectives. */
#ifndef ASX_SEARCH_SWEEP_ROWS_H
#define ASX_SEARCH_SWEEP_ROWS_H

#include "search/coupled.h"

/* Which of the three count: all, the first and the product of the others, or these two alone. */
typedef enum asx_sweep_kind { ASX_SWEEP_THREE, ASX_SWEEP_PRODUCT, ASX_SWEEP_COSTS } asx_sweep_kind;

typedef struct asx_sweep_rows {
    size_t n, value_capacity, choice_capacity, placement_capacity;
    double *value; /* [n][3]: damage, second and third objective */
    uint16_t *choice, *placement;
} asx_sweep_rows;

void asx_sweep_rows_fini(asx_sweep_rows *rows);

/** Makes room for `more` rows. @return false without memory */
bool asx_sweep_rows_grow(asx_sweep_rows *rows, size_t more, size_t n_groups);

/** Appends a row of a front whose third objective is `third`; there must be room. */
void asx_sweep_rows_append(asx_sweep_rows *rows, const asx_coupled_front *f, size_t row,
                           double third);

/** Drops rows that others dominate in what counts; of equal ones, which come twice, the first stays.
 *  @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_sweep_rows_compact(asx_sweep_rows *rows, size_t n_groups,
                                                asx_sweep_kind kind, asx_error *err);

/** Forgets rows whose third objective is above a limit. */
void asx_sweep_rows_limit(asx_sweep_rows *rows, size_t n_groups, double most);

/** Copies the rows of another set over those that are there. @return false without memory */
bool asx_sweep_rows_copy(asx_sweep_rows *rows, const asx_sweep_rows *from, size_t n_groups);

/** The rows as a front, whose other members stay. @param out  asx_coupled_front_fini it in any case
 *  @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_sweep_rows_hand_over(asx_coupled_front *out,
                                                  const asx_sweep_rows *rows, size_t n_groups,
                                                  asx_error *err);

static inline double asx_sweep_product(const double *row)
{
    return row[1] * row[2];
}

#endif
