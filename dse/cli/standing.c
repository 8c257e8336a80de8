#include "standing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "front.h"
#include "reference.h"
#include "results/sql.h"

/* The last moment of a run, and what was done of the same stage a minute before, or at the stage's
 * begin. Designs that were known before come at once: they belong to no rate. */
static const char sql[] =
    "WITH last AS (SELECT * FROM moment WHERE run = %lld ORDER BY elapsed_s DESC LIMIT 1), stage "
    "AS (SELECT m.* FROM moment AS m JOIN last AS l ON m.run = l.run AND m.stage = l.stage), "
    "before AS (SELECT s.* FROM stage AS s JOIN last AS l WHERE s.elapsed_s <= max(l.elapsed_s - "
    "60, (SELECT min(elapsed_s) FROM stage WHERE done > 0)) ORDER BY s.elapsed_s DESC LIMIT 1) "
    "SELECT l.stage, l.done, l.total, l.factor, l.elapsed_s, b.done, b.elapsed_s FROM last AS l "
    "LEFT JOIN before AS b";

enum { STAGE, DONE, TOTAL, FACTOR, ELAPSED, DONE_BEFORE, ELAPSED_BEFORE, N_FIELDS };

static double number(const asx_sql_value *v)
{
    return v->kind == ASX_SQL_NULL      ? NAN
           : v->kind == ASX_SQL_INTEGER ? (double)v->integer
                                        : v->number;
}

static asx_status take_moment(void *state, size_t n, const char *const *name,
                              const asx_sql_value *v, asx_error *err)
{
    standing *s = state;
    (void)name, (void)err;
    if (!v || n != N_FIELDS)
        return ASX_OK;
    snprintf(s->stage, sizeof s->stage, "%s", v[STAGE].kind == ASX_SQL_TEXT ? v[STAGE].text : "");
    s->done = number(&v[DONE]);
    s->total = number(&v[TOTAL]);
    s->factor = number(&v[FACTOR]);
    const double more = s->done - number(&v[DONE_BEFORE]);
    const double passed_s = number(&v[ELAPSED]) - number(&v[ELAPSED_BEFORE]);
    if (more > 0 && passed_s > 0)
        s->left_s = fmax(0, s->total - s->done) * passed_s / more;
    return ASX_OK;
}

static asx_status measure(standing *s, const front *f, asx_error *err)
{
    const size_t d = f->n_objectives;
    if (!f->baseline || d > 4) /* beyond, it takes long */
        return ASX_OK;
    const reference r = reference_of(f->objective, d, &f->limits, &f->baseline->evaluation);
    reference_print(&s->reference, &r);
    s->hypervolume = 0;
    if (!f->feasible)
        return ASX_OK;
    double *value = asx_array_new(f->n * d, sizeof *value);
    if (!value)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front");
    for (size_t i = 0; i < f->n; i++)
        for (size_t j = 0; j < d; j++)
            value[i * d + j] =
                asx_evaluation_objective(&f->rows.row[f->index[i]].evaluation, f->objective[j]);
    const asx_status st = reference_hypervolume(&s->hypervolume, &r, value, f->n, err);
    free(value);
    return st;
}

asx_status standing_read(standing *out, asx_store *store, int64_t campaign, int64_t run,
                         asx_error *err)
{
    standing s = {
        .front = NAN, .hypervolume = NAN, .done = NAN, .total = NAN, .left_s = NAN, .factor = NAN};
    char query[sizeof sql + 24];
    front f = {0};
    snprintf(query, sizeof query, sql, (long long)run);
    asx_status st = front_load(&f, store, &(front_options){.id = campaign, .few = true}, err);
    if (st == ASX_OK) {
        s.front = (double)f.n;
        st = measure(&s, &f, err);
    }
    if (st == ASX_OK && s.reference.failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a reference point");
    if (st == ASX_OK)
        st = asx_sql_each(store, query, take_moment, &s, err);
    front_fini(&f);
    if (st == ASX_OK)
        *out = s;
    else
        standing_fini(&s);
    return st;
}

void standing_fini(standing *s)
{
    asx_text_fini(&s->reference);
    *s = (standing){0};
}
