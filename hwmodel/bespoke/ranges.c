/* By unit vectors: what one more of a column, or of a bit of an input, is to each node. */
#include "ranges.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

typedef struct finder {
    const shared_sums *sums;
    const word *in;
    size_t n;                   /* nodes */
    node_range *all;            /* [n] of the inputs so far */
    int64_t *factor;            /* [n] of what is one now */
    node_range *columns, *bits; /* [n] of one input: its columns, its bits on their own */
} finder;

/* @return whether it fits in 64 bits */
static bool along(int64_t *out, const finder *f, asx_wire w)
{
    if (f->all[w.node].beyond || w.shift > 62)
        return false;
    const int64_t by = (int64_t)1 << w.shift;
    return !__builtin_mul_overflow(f->factor[w.node], w.negative ? -by : by, out);
}

/* From what is set of the graph's inputs to all adders. */
static void run(finder *f)
{
    const asx_adder_graph *g = f->sums->graph;
    for (size_t i = 0; i < g->n; i++) {
        const size_t at = g->inputs + i;
        int64_t left = 0, right = 0;
        f->factor[at] = 0;
        if (!along(&left, f, g->adder[i][0]) || !along(&right, f, g->adder[i][1]) ||
            __builtin_add_overflow(left, right, &f->factor[at]))
            f->all[at].beyond = true;
    }
}

static bool add(node_range *to, int64_t low, int64_t high)
{
    return !__builtin_add_overflow(to->low, low, &to->low) &&
           !__builtin_add_overflow(to->high, high, &to->high);
}

/* What is set takes every value up to `most`. */
static void widen(finder *f, node_range *part, uint64_t most)
{
    for (size_t i = 0; i < f->n; i++) {
        int64_t reach = 0;
        if (f->factor[i] == 0 || f->all[i].beyond)
            continue;
        if (__builtin_mul_overflow(f->factor[i], (int64_t)most, &reach) ||
            !add(&part[i], reach < 0 ? reach : 0, reach < 0 ? 0 : reach))
            f->all[i].beyond = true;
    }
}

/* Each column of an input by itself. @return how many there are */
static size_t add_columns(finder *f, size_t input)
{
    const shared_sums *s = f->sums;
    size_t n = 0;
    for (size_t c = 0; c < s->n_columns; c++) {
        if (s->input[c] != input)
            continue;
        memset(f->factor, 0, s->n_columns * sizeof *f->factor);
        f->factor[c] = 1;
        run(f);
        widen(f, f->columns, word_most(&f->in[input], s->mask[c], 0));
        n++;
    }
    return n;
}

/* Each bit of an input by itself, in all columns that have it. */
static void add_bits(finder *f, size_t input)
{
    const shared_sums *s = f->sums;
    for (unsigned k = 0; k < f->in[input].n; k++) {
        if (f->in[input].bit[k] == LITERAL_FALSE)
            continue;
        for (size_t c = 0; c < s->n_columns; c++)
            f->factor[c] = s->input[c] == input && s->mask[c] >> k & 1;
        run(f);
        widen(f, f->bits, (uint64_t)1 << k);
    }
}

enum { NODES_OF_STEP = 4 /* that are run for an input: as long as a step */ };

/* No sum is beyond what either way to look at an input says. */
static void add_input(finder *f, size_t input)
{
    memset(f->columns, 0, f->n * sizeof *f->columns);
    memset(f->bits, 0, f->n * sizeof *f->bits);
    const size_t n = add_columns(f, input);
    if (n > 1)
        add_bits(f, input);
    for (size_t i = 0; i < f->n; i++) {
        const node_range *a = &f->columns[i], *b = n > 1 ? &f->bits[i] : a;
        if (!f->all[i].beyond && !add(&f->all[i], a->low > b->low ? a->low : b->low,
                                      a->high < b->high ? a->high : b->high))
            f->all[i].beyond = true;
    }
}

bool ranges_find(node_range *out, const shared_sums *s, const word *in, patience *until)
{
    const size_t n = s->graph->inputs + s->graph->n;
    finder f = {.sums = s,
                .in = in,
                .n = n,
                .all = out,
                .factor = asx_array_new(n, sizeof *f.factor),
                .columns = asx_array_new(2 * n, sizeof *f.columns)};
    const bool ready = f.factor && f.columns;
    f.bits = ready ? f.columns + n : NULL;
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; ready && i < s->n_inputs && patience_spend(until, n / NODES_OF_STEP); i++)
        add_input(&f, i);
    free(f.factor);
    free(f.columns);
    return ready && !until->stopped;
}
