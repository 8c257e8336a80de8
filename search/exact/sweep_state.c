/* The state of a sweep as bytes: a head, then rows of values, placements and choices, then the hash of all that. */
#include "sweep_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "exact_problem.h"

/* Tells other versions, and machines with other numbers, from this. */
static const uint64_t magic = 0x3173706565777361;

typedef struct head {
    uint64_t magic, n_groups, n_known, n_front, n_nodes, n_labels;
    int64_t pass;
    double limit, before, factor;
} head;

void asx_sweep_state_fini(asx_sweep_state *state)
{
    if (!state)
        return;
    asx_sweep_rows_fini(&state->known);
    asx_sweep_rows_fini(&state->front);
}

static size_t row_size(size_t n_groups)
{
    return 3 * sizeof(double) + (1 + n_groups) * sizeof(uint16_t);
}

static unsigned char *put(unsigned char *to, const void *from, size_t n)
{
    if (n > 0)
        memcpy(to, from, n);
    return to + n;
}

static unsigned char *put_rows(unsigned char *to, const asx_sweep_rows *r, size_t n_groups)
{
    to = put(to, r->value, 3 * r->n * sizeof *r->value);
    to = put(to, r->placement, r->n * sizeof *r->placement);
    return put(to, r->choice, n_groups * r->n * sizeof *r->choice);
}

asx_status asx_sweep_state_write(unsigned char **bytes, size_t *n_bytes, const asx_sweep_state *s,
                                 size_t n_groups, asx_error *err)
{
    const head h = {magic,       n_groups, s->known.n, s->front.n, s->n_nodes,
                    s->n_labels, s->pass,  s->limit,   s->before,  s->factor};
    const size_t n = sizeof h + (s->known.n + s->front.n) * row_size(n_groups) + sizeof magic;
    unsigned char *out = asx_array_new(n, 1);
    if (!out)
        return asx_exact_out_of_memory(err);
    unsigned char *end =
        put_rows(put_rows(put(out, &h, sizeof h), &s->known, n_groups), &s->front, n_groups);
    const uint64_t hash = asx_hash(out, n - sizeof hash, magic);
    put(end, &hash, sizeof hash);
    *bytes = out;
    *n_bytes = n;
    return ASX_OK;
}

static const unsigned char *take(void *to, const unsigned char *from, size_t n)
{
    if (n > 0)
        memcpy(to, from, n);
    return from + n;
}

/* Whether rows are designs of the model. */
static bool are_designs(const asx_sweep_rows *r, const asx_separable *m)
{
    for (size_t i = 0; i < r->n; i++) {
        for (int j = 0; j < 3; j++)
            if (!isfinite(r->value[3 * i + (size_t)j]))
                return false;
        if (r->placement[i] >= m->n_placements)
            return false;
        for (size_t g = 0; g < m->n_groups; g++)
            if (r->choice[i * m->n_groups + g] >= m->n_choices[g])
                return false;
    }
    return true;
}

static bool take_rows(asx_sweep_rows *r, const unsigned char **from, size_t n, size_t n_groups)
{
    if (!asx_sweep_rows_grow(r, n, n_groups))
        return false;
    *from = take(r->value, *from, 3 * n * sizeof *r->value);
    *from = take(r->placement, *from, n * sizeof *r->placement);
    *from = take(r->choice, *from, n_groups * n * sizeof *r->choice);
    r->n = n;
    return true;
}

asx_status asx_sweep_state_read(asx_sweep_state *out, bool *ok, const void *bytes, size_t n_bytes,
                                const asx_separable *m, asx_error *err)
{
    head h;
    uint64_t hash;
    *ok = false;
    if (!bytes || n_bytes < sizeof h + sizeof hash)
        return ASX_OK;
    memcpy(&h, bytes, sizeof h);
    const size_t room = n_bytes - sizeof h - sizeof hash, size = row_size(m->n_groups);
    memcpy(&hash, (const unsigned char *)bytes + sizeof h + room, sizeof hash);
    if (hash != asx_hash(bytes, sizeof h + room, magic) || h.magic != magic ||
        h.n_groups != m->n_groups || h.n_known > room / size || h.n_front > room / size ||
        (h.n_known + h.n_front) * size != room || h.pass < 0 || h.pass > 100 || isnan(h.limit) ||
        !(h.before >= 1) || !(h.factor >= 1))
        return ASX_OK;
    const unsigned char *at = (const unsigned char *)bytes + sizeof h;
    if (!take_rows(&out->known, &at, h.n_known, m->n_groups) ||
        !take_rows(&out->front, &at, h.n_front, m->n_groups))
        return asx_exact_out_of_memory(err);
    out->pass = (int)h.pass;
    out->limit = h.limit;
    out->before = h.before;
    out->factor = h.factor;
    out->n_nodes = h.n_nodes;
    out->n_labels = h.n_labels;
    *ok = are_designs(&out->known, m) && are_designs(&out->front, m);
    return ASX_OK;
}
