#include "span.h"

#include <stdlib.h>

#include "dse/bits.h"
#include "dse/memory.h"
#include "hwmodel/adders.h"

enum { SHIFTS = 4, STEP_ENTRIES = 16 /* of a row that is offered: as long as a step */ };

typedef struct span_tree {
    const int32_t *matrix;
    size_t rows, columns;
    unsigned levels;
    span_parent *parent;
    size_t *cost; /* of what is the best parent as yet */
    bool *in;
    patience *patience;
} span_tree;

/* Digits of a row less another one, shifted; no more than `most` are counted. */
static size_t difference(const span_tree *t, size_t row, const span_parent *from, size_t most)
{
    const int32_t *a = t->matrix + row * t->columns;
    const int32_t *b = from->row == ASX_NO_NODE ? NULL : t->matrix + from->row * t->columns;
    const int64_t factor = ((int64_t)1 << from->shift) * (from->negative ? -1 : 1);
    size_t n = 0;
    for (size_t i = 0; i < t->columns && n < most; i++)
        n += asx_signed_digit_count(a[i] - (b ? factor * b[i] : 0));
    return n;
}

/* Whether `from` is a better parent of a row than what it has. */
static void offer(span_tree *t, size_t row, size_t from)
{
    for (unsigned shift = 0; shift < SHIFTS; shift++)
        for (int negative = 0; negative < 2; negative++) {
            const span_parent p = {.row = from,
                                   .shift = shift,
                                   .negative = negative != 0,
                                   .level = t->parent[from].level + 1};
            const size_t cost = difference(t, row, &p, t->cost[row]);
            if (cost < t->cost[row]) {
                t->cost[row] = cost;
                t->parent[row] = p;
            }
        }
}

static size_t nearest(const span_tree *t)
{
    size_t best = ASX_NO_NODE;
    for (size_t r = 0; r < t->rows; r++)
        if (!t->in[r] && (best == ASX_NO_NODE || t->cost[r] < t->cost[best]))
            best = r;
    return best;
}

static void grow(span_tree *t, size_t *order)
{
    for (size_t r = 0; r < t->rows; r++) {
        t->parent[r] = (span_parent){.row = ASX_NO_NODE};
        t->cost[r] = difference(t, r, &t->parent[r], SIZE_MAX);
    }
    for (size_t n = 0; n < t->rows; n++) {
        const size_t next = nearest(t);
        order[n] = next;
        t->in[next] = true;
        /* at the limit, rows keep the parents that they have */
        for (size_t r = 0; r < t->rows && t->parent[next].level < t->levels; r++)
            if (!t->in[r] && patience_spend(t->patience, t->columns / STEP_ENTRIES))
                offer(t, r, next);
    }
}

bool span_rows(span_parent *parent, size_t *order, const int32_t *matrix, size_t rows,
               size_t columns, unsigned levels, patience *until)
{
    span_tree t = {.matrix = matrix,
                   .rows = rows,
                   .columns = columns,
                   .levels = levels,
                   .parent = parent,
                   .patience = until,
                   .cost = asx_array_new(rows, sizeof *t.cost),
                   .in = asx_array_new(rows, sizeof *t.in)};
    const bool ready = t.cost && t.in;
    if (ready)
        grow(&t, order);
    free(t.in);
    free(t.cost);
    return ready;
}
