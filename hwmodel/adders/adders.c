/* The best graph of many attempts. */
#include "hwmodel/adders.h"

#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "dse/memory.h"
#include "patience.h"
#include "turn.h"

/* A way to make attempts, and what came of it. */
typedef struct way {
    bool turned;     /* of the transposed matrix */
    unsigned levels; /* of the tree of rows */
    unsigned slack;
    size_t best; /* adders of the best graph so far */
    size_t tries;
} way;

static const way ways[] = {
    {false, 64, 0, SIZE_MAX, 0}, {true, 64, 0, SIZE_MAX, 0}, {false, 3, 0, SIZE_MAX, 0},
    {true, 3, 0, SIZE_MAX, 0},   {false, 1, 0, SIZE_MAX, 0}, {true, 1, 0, SIZE_MAX, 0},
    {false, 0, 0, SIZE_MAX, 0},  {true, 0, 0, SIZE_MAX, 0},  {false, 64, 1, SIZE_MAX, 0},
    {true, 64, 1, SIZE_MAX, 0},
};
enum {
    WAYS = sizeof ways / sizeof *ways,
    STEPS_OF_ATTEMPT = 2000 /* beside those that it counts */,
    STALE = 400
};

typedef struct solver {
    const int32_t *matrix;
    int32_t *turned; /* the transposed matrix */
    size_t rows, columns;
    const asx_adder_options *options;
    way way[WAYS];
    asx_adder_graph *best;
    size_t steps;        /* of all attempts */
    size_t tries, since; /* attempts, and those since the best */
    patience patience;
} solver;

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for an adder graph");
}

static asx_status stopped(asx_adder_graph *g, asx_error *err)
{
    asx_adder_graph_free(g);
    return asx_fail(err, ASX_EINTERRUPTED, "stopped while adders were shared");
}

/* Keeps the better one of two graphs. */
static asx_status keep(solver *s, way *w, asx_adder_graph *g, asx_error *err)
{
    unsigned depth = 0;
    const asx_status status = asx_adder_graph_depth(&depth, g, err);
    const bool fits = s->options->depth == 0 || depth <= s->options->depth;
    if (status == ASX_OK && fits && g->n < w->best)
        w->best = g->n;
    if (status == ASX_OK && fits && (!s->best || g->n < s->best->n)) {
        asx_adder_graph_free(s->best);
        s->best = g;
        s->since = 0;
    } else {
        asx_adder_graph_free(g);
    }
    return status;
}

static asx_status try_way(solver *s, way *w, asx_error *err)
{
    const attempt a = {
        .matrix = w->turned ? s->turned : s->matrix,
        .rows = w->turned ? s->columns : s->rows,
        .columns = w->turned ? s->rows : s->columns,
        .depth = w->turned ? 0 : s->options->depth,
        .levels = w->levels,
        .rule = {.seed = s->options->seed + s->tries, .shallow = w->tries == 0, .slack = w->slack}};
    asx_adder_graph *g = NULL, *back = NULL;
    w->tries++;
    s->tries++;
    s->since++;
    patience_begin(&s->patience);
    const bool made = attempt_make(&g, &a, &s->patience);
    s->steps += STEPS_OF_ATTEMPT + s->patience.steps;
    if (!made)
        return no_memory(err);
    if (!patience_ask(&s->patience))
        return stopped(g, err);
    if (g && w->turned) {
        back = turn_graph(g);
        asx_adder_graph_free(g);
        g = back;
        if (!g)
            return no_memory(err);
    }
    return g ? keep(s, w, g, err) : ASX_OK;
}

/* Every way once; then those that were best so far, the less often tried first among equals. */
static way *next_way(solver *s)
{
    way *best = &s->way[0];
    for (size_t i = 0; i < WAYS; i++)
        if (s->way[i].tries == 0)
            return &s->way[i];
    for (size_t i = 1; i < WAYS; i++) {
        /* a way that is worse by a tenth of a percent is tried so much less */
        const double a = (double)s->way[i].best * (1 + 1e-4 * (double)s->way[i].tries);
        const double b = (double)best->best * (1 + 1e-4 * (double)best->tries);
        if (a < b)
            best = &s->way[i];
    }
    return best;
}

static asx_status search(solver *s, asx_error *err)
{
    asx_status status = ASX_OK;
    do
        status = try_way(s, next_way(s), err);
    while (status == ASX_OK &&
           (!s->best || (!s->patience.over && s->steps < s->options->effort && s->since < STALE)));
    if (status == ASX_OK)
        s->best->cut = s->patience.over;
    return status;
}

/* Column by column, in integers: the graph is W, or there is a mistake here. */
static bool is_exact(const asx_adder_graph *g, const int32_t *matrix, int64_t *x, int64_t *y,
                     int64_t *work, patience *until)
{
    memset(x, 0, g->inputs * sizeof *x);
    for (size_t c = 0; c < g->inputs && patience_ask(until); c++) {
        x[c] = 1;
        asx_adder_graph_run(y, g, x, work);
        x[c] = 0;
        for (size_t r = 0; r < g->outputs; r++)
            if (y[r] != matrix[r * g->inputs + c])
                return false;
    }
    return true;
}

static asx_status verify(const asx_adder_graph *g, const int32_t *matrix, patience *until,
                         asx_error *err)
{
    int64_t *x = asx_array_new(2 * g->inputs + g->outputs + g->n, sizeof *x);
    if (!x)
        return no_memory(err);
    int64_t *y = x + g->inputs, *work = y + g->outputs;
    const bool exact = is_exact(g, matrix, x, y, work, until);
    free(x);
    if (until->stopped)
        return stopped(NULL, err);
    return exact ? ASX_OK
                 : asx_fail(err, ASX_EINVAL, "the adder graph does not compute its matrix");
}

static asx_status check(const int32_t *matrix, size_t rows, size_t columns, asx_error *err)
{
    if (rows < 1 || rows > ASX_ADDERS_SIDE_MAX || columns < 1 || columns > ASX_ADDERS_SIDE_MAX)
        return asx_fail(err, ASX_EINVAL, "a matrix of %zu x %zu is outside [1, %d] x [1, %d]", rows,
                        columns, ASX_ADDERS_SIDE_MAX, ASX_ADDERS_SIDE_MAX);
    for (size_t k = 0; k < rows * columns; k++)
        if (matrix[k] < -ASX_ADDERS_WEIGHT_MAX || matrix[k] > ASX_ADDERS_WEIGHT_MAX)
            return asx_fail(err, ASX_EINVAL, "row %zu, column %zu: %d is outside [-%d, %d]",
                            k / columns, k % columns, (int)matrix[k], ASX_ADDERS_WEIGHT_MAX,
                            ASX_ADDERS_WEIGHT_MAX);
    return ASX_OK;
}

/* The least depth of canonical digits: of the row that has most. */
static unsigned least_depth(const int32_t *matrix, size_t rows, size_t columns)
{
    size_t most = 0;
    for (size_t r = 0; r < rows; r++) {
        const size_t n = asx_adders_of_digits(matrix + r * columns, 1, columns);
        most = n > most ? n : most;
    }
    unsigned depth = 0;
    while ((size_t)1 << depth < most + 1)
        depth++;
    return depth;
}

static size_t attempt_limit(size_t effort)
{
    return effort == 0 || effort > SIZE_MAX / ASX_ADDERS_ATTEMPT ? SIZE_MAX
                                                                 : effort * ASX_ADDERS_ATTEMPT;
}

asx_status asx_adder_graph_new(asx_adder_graph **out, const int32_t *matrix, size_t rows,
                               size_t columns, const asx_adder_options *options, asx_error *err)
{
    asx_status status = check(matrix, rows, columns, err);
    if (status != ASX_OK)
        return status;
    if (options->depth > ASX_ADDERS_DEPTH_MAX)
        return asx_fail(err, ASX_EINVAL, "a depth of %u is outside [1, %d]", options->depth,
                        ASX_ADDERS_DEPTH_MAX);
    const unsigned least = least_depth(matrix, rows, columns);
    if (options->depth > 0 && options->depth < least)
        return asx_fail(err, ASX_EINVAL, "a depth of %u is too small: canonical digits need %u",
                        options->depth, least);
    solver s = {.matrix = matrix, .rows = rows, .columns = columns, .options = options};
    s.patience = (patience){.stop = options->stop,
                            .state = options->stop_state,
                            .limit = attempt_limit(options->effort)};
    s.turned = asx_array_new(rows * columns, sizeof *s.turned);
    memcpy(s.way, ways, sizeof ways);
    for (size_t k = 0; s.turned && k < rows * columns; k++)
        s.turned[k % columns * rows + k / columns] = matrix[k];
    status = s.turned ? search(&s, err) : no_memory(err);
    if (status == ASX_OK)
        status = verify(s.best, matrix, &s.patience, err);
    free(s.turned);
    if (status == ASX_OK)
        *out = s.best;
    else
        asx_adder_graph_free(s.best);
    return status;
}
