#include "sieve.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"

enum { FIRST_ROWS = 1 << 15 };

asx_sieve asx_sieve_of(const asx_front *f)
{
    return (asx_sieve){
        .objective = f->objective, .n_objectives = f->n_objectives, .limits = &f->limits};
}

void asx_sieve_fini(asx_sieve *s)
{
    free(s->id);
    free(s->value);
    free(s->violation);
    *s = (asx_sieve){0};
}

static asx_status reserve(asx_sieve *s, size_t capacity, asx_error *err)
{
    int64_t *id = realloc(s->id, capacity * sizeof *id);
    if (id)
        s->id = id;
    double *value = id ? realloc(s->value, capacity * s->n_objectives * sizeof *value) : NULL;
    if (value)
        s->value = value;
    double *violation = value ? realloc(s->violation, capacity * sizeof *violation) : NULL;
    if (!violation)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front");
    s->violation = violation;
    s->capacity = capacity;
    return ASX_OK;
}

asx_status asx_sieve_settle(asx_sieve *s, asx_error *err)
{
    const size_t d = s->n_objectives;
    size_t n = 0, *index = asx_array_new(s->n, sizeof *index);
    if (!index)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front");
    const asx_status status =
        s->n ? asx_pareto_front(index, &n, s->value, s->violation, s->n, d, err) : ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) { /* ascending, so nothing is lost */
        s->id[i] = s->id[index[i]];
        s->violation[i] = s->violation[index[i]];
        memmove(s->value + i * d, s->value + index[i] * d, d * sizeof *s->value);
    }
    free(index);
    if (status == ASX_OK) {
        s->n = s->n_kept = n;
        s->feasible = n > 0 && s->violation[0] == 0;
    }
    return status;
}

asx_status asx_sieve_put(asx_sieve *s, const asx_row *row, asx_error *err)
{
    asx_status status = ASX_OK;
    if (s->n == s->capacity && s->n > 0)
        status = asx_sieve_settle(s, err);
    /* at least half of the room is for rows to come, so that sifting is paid by them */
    if (status == ASX_OK && 2 * s->n >= s->capacity && s->n == s->n_kept)
        status = reserve(s, s->capacity ? 2 * s->capacity : FIRST_ROWS, err);
    if (status != ASX_OK)
        return status;
    s->id[s->n] = row->id;
    s->violation[s->n] = asx_limits_violation(s->limits, &row->evaluation);
    for (size_t j = 0; j < s->n_objectives; j++)
        s->value[s->n * s->n_objectives + j] =
            asx_evaluation_objective(&row->evaluation, s->objective[j]);
    s->n++;
    s->seen++;
    return ASX_OK;
}
