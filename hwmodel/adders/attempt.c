#include "attempt.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "span.h"

typedef struct rows {
    span_parent *parent;
    size_t *order;
    unsigned *height; /* rows below each */
    asx_wire *output;
    asx_wire *wire; /* of a row that is summed */
} rows;

static bool rows_init(rows *r, const attempt *a, patience *until)
{
    r->parent = asx_array_new(a->rows, sizeof *r->parent);
    r->order = asx_array_new(a->rows, sizeof *r->order);
    r->height = asx_array_new(a->rows, sizeof *r->height);
    r->output = asx_array_new(a->rows, sizeof *r->output);
    return r->parent && r->order && r->height && r->output &&
           span_rows(r->parent, r->order, a->matrix, a->rows, a->columns, a->levels, until);
}

static void rows_fini(rows *r)
{
    free(r->parent);
    free(r->order);
    free(r->height);
    free(r->output);
    free(r->wire);
}

static void measure_heights(rows *r, size_t n)
{
    for (size_t k = n; k-- > 0;) {
        const span_parent *p = &r->parent[r->order[k]];
        const unsigned above = r->height[r->order[k]] + 1;
        if (p->row != ASX_NO_NODE && r->height[p->row] < above)
            r->height[p->row] = above;
    }
}

static int64_t left_of(const attempt *a, const span_parent *p, size_t row, size_t column)
{
    const int64_t own = a->matrix[row * a->columns + column];
    if (p->row == ASX_NO_NODE)
        return own;
    const int64_t of = (int64_t)a->matrix[p->row * a->columns + column] * ((int64_t)1 << p->shift);
    return p->negative ? own + of : own - of;
}

/* The differences' digits; and what each row may weigh. @return whether they fit the depth */
static bool fill(sharing *s, const rows *r, const attempt *a)
{
    for (size_t row = 0; row < a->rows && !s->patience->stopped; row++)
        for (size_t c = 0; c < a->columns; c++)
            sharing_add(s, row, (uint32_t)c, left_of(a, &r->parent[row], row, c));
    for (size_t row = 0; row < a->rows && a->depth > 0 && !s->failed; row++) {
        const span_parent *p = &r->parent[row];
        if (a->depth < r->height[row] || (p->row != ASX_NO_NODE && a->depth < r->height[p->row]))
            return false;
        s->row[row].limit = a->depth - r->height[row];
        if (p->row != ASX_NO_NODE)
            s->row[row].weight += (uint64_t)1 << (a->depth - r->height[p->row]);
        if (s->row[row].weight > (uint64_t)1 << s->row[row].limit)
            return false;
    }
    return true;
}

static void sum_row(sharing *s, rows *r, size_t row)
{
    const span_parent *p = &r->parent[row];
    const share_row *of = &s->row[row];
    size_t n = 0;
    for (size_t i = 0; i < of->n; i++)
        r->wire[n++] = (asx_wire){of->digit[i].term, of->digit[i].shift, of->digit[i].negative};
    if (p->row != ASX_NO_NODE && r->output[p->row].node != ASX_NO_NODE)
        r->wire[n++] = wire_move(r->output[p->row], p->shift, p->negative);
    r->output[row] = builder_sum(s->to, r->wire, n);
}

static bool sum_rows(sharing *s, rows *r, size_t n)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = s->row[i].n > most ? s->row[i].n : most;
    r->wire = asx_array_new(most + 1, sizeof *r->wire);
    for (size_t k = 0; r->wire && k < n && patience_ask(s->patience); k++)
        sum_row(s, r, r->order[k]);
    return r->wire;
}

bool attempt_make(asx_adder_graph **out, const attempt *a, patience *until)
{
    builder b = {0};
    sharing s = {0};
    rows r = {0};
    *out = NULL;
    bool ready = builder_init(&b, a->columns) && sharing_init(&s, &b, a->rows, until) &&
                 rows_init(&r, a, until);
    bool fits = false;
    if (ready) {
        measure_heights(&r, a->rows);
        fits = fill(&s, &r, a);
        if (fits && !s.uncounted)
            sharing_run(&s, &a->rule);
        ready = !s.failed && !s.pairs.failed && (!fits || sum_rows(&s, &r, a->rows));
    }
    if (ready && fits && !until->stopped) {
        *out = builder_take(&b, r.output, a->rows);
        ready = *out;
    }
    rows_fini(&r);
    sharing_fini(&s);
    builder_fini(&b);
    return ready;
}
