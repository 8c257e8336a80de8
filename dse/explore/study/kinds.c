/* Designs by kind: which kinds there are, the front of each, and the band of its best design's cost. */
#include "explore/kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "explore/stored.h"
#include "hwmodel/warnings.h"
#include "results/sql.h"

enum { KINDS_MAX = 64 };

/* ---- which there are ---- */

typedef struct collection {
    asx_kinds *kinds;
    const char *baseline;            /* its design */
    bool searched[ASX_N_PLACEMENTS]; /* has another design than that */
} collection;

/* A value, a placement and a design of a row, as the database says them. */
static asx_status collect(void *state, size_t n, const char *const *name,
                          const asx_sql_value *value, asx_error *err)
{
    collection *c = state;
    asx_kinds *kinds = c->kinds;
    (void)n, (void)name;
    if (!value || value[0].kind != ASX_SQL_TEXT || value[1].kind != ASX_SQL_TEXT)
        return ASX_OK;
    asx_placement placement = ASX_PLACEMENT_VN;
    const asx_status status = asx_placement_parse(&placement, value[1].text, err);
    if (status != ASX_OK)
        return status;
    c->searched[placement] |= strcmp(value[2].text, c->baseline) != 0;
    for (size_t i = 0; i < kinds->n; i++)
        if (kinds->kind[i].placement == placement &&
            strcmp(kinds->kind[i].value, value[0].text) == 0)
            return ASX_OK;
    if (kinds->n == KINDS_MAX)
        return asx_fail(err, ASX_EINVAL,
                        "more than %d kinds, placements told apart: too many to compare",
                        KINDS_MAX);
    char *copy = asx_string_copy(value[0].text);
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for a kind");
    kinds->kind[kinds->n++] = (asx_kind){.value = copy, .placement = placement, .error = NAN};
    return ASX_OK;
}

/* What every design is compared with is there where nobody searched, too. */
static void drop_baseline(collection *c)
{
    asx_kinds *kinds = c->kinds;
    size_t kept = 0;
    for (size_t i = 0; i < kinds->n; i++)
        if (c->searched[kinds->kind[i].placement])
            kinds->kind[kept++] = kinds->kind[i];
        else
            free(kinds->kind[i].value);
    kinds->n = kept;
}

static asx_status find_values(asx_kinds *out, const asx_front *f, asx_store *store, const char *by,
                              const char *where, asx_error *err)
{
    const asx_query query = {.campaign = f->campaign, .where = where};
    collection found = {.kinds = out, .baseline = f->baseline ? f->baseline->design : ""};
    asx_text columns = {0};
    char *sql = NULL;
    asx_text_add(&columns, "CAST((%s) AS TEXT), placement, design", by);
    asx_status status = columns.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a question")
                                       : asx_sql_select(&sql, "result", columns.s, &query, err);
    if (status == ASX_OK)
        status = asx_sql_each(store, sql, collect, &found, err);
    if (status == ASX_OK)
        drop_baseline(&found);
    free(sql);
    asx_text_fini(&columns);
    return status;
}

/* ---- the front of each ---- */

/* "(WHERE) AND placement = 'near' AND CAST((BY) AS TEXT) = 'it''s'" */
static asx_status load(asx_front *out, const asx_front *f, asx_store *store, const char *where,
                       asx_placement placement, const char *by, const char *value, asx_error *err)
{
    asx_text text = {0};
    if (where)
        asx_text_add(&text, "(%s) AND ", where);
    asx_text_add(&text, "placement = '%s'", asx_placement_text(placement));
    if (by)
        asx_text_add(&text, " AND CAST((%s) AS TEXT) = '", by);
    for (const char *s = by ? value : ""; *s; s++)
        asx_text_add(&text, "%s%c", *s == '\'' ? "'" : "", *s);
    if (by)
        asx_text_add(&text, "'");
    const asx_front_options options = {.id = f->campaign, .where = text.s};
    const asx_status status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a question")
                                          : asx_front_load(out, store, &options, err);
    asx_text_fini(&text);
    return status;
}

/* ---- how far off ---- */

/* The mean of the errors on energies of units, which are named FAMILY.MAPPING, that were left out. */
static double stated_error(const asx_technology *tech)
{
    double rows = 0, sum = 0;
    for (size_t i = 0; i < asx_technology_n_rows(tech); i++) {
        const asx_technology_row row = asx_technology_row_at(tech, i);
        if (strcmp(row.use, "left-out") != 0 || strcmp(row.quantity, "energy") != 0 ||
            !strchr(row.component, '.'))
            continue;
        rows += row.x;
        sum += row.x * row.value;
    }
    return rows > 0 ? sum / rows / 100 : ASX_KINDS_EXTRAPOLATED;
}

static asx_status find_error(asx_kind *k, const asx_kinds *kinds, const asx_stored *s,
                             asx_error *err)
{
    asx_design design = {0};
    asx_warnings warnings = {0};
    asx_cost now = {0};
    asx_status status = asx_design_parse(&design, k->best->design, &s->work, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&now, NULL, s->machine, &design, err);
    if (status == ASX_OK)
        status = asx_machine_warnings(&warnings, s->machine, &design, err);
    if (status == ASX_OK) {
        const double stored_pj = k->best->evaluation.cost.energy_pj;
        k->extrapolated = asx_warnings_have(&warnings, ASX_WARNING_EXTRAPOLATED);
        const double off = asx_cost_group_pj(&now, "compute") *
                           (k->extrapolated ? ASX_KINDS_EXTRAPOLATED : kinds->stated);
        if (kinds->cost == ASX_ENERGY && fabs(now.energy_pj - stored_pj) <= 1e-6 * stored_pj)
            k->error = off / now.energy_pj;
    }
    asx_warnings_fini(&warnings);
    asx_design_fini(&design);
    return status;
}

/* ---- all of it ---- */

static double cost_of(const asx_kind *k, asx_objective cost)
{
    return k->best ? asx_evaluation_objective(&k->best->evaluation, cost) : INFINITY;
}

/* Few: by insertion, as the order needs to know the cost. */
static void sort(asx_kinds *kinds)
{
    for (size_t i = 1; i < kinds->n; i++)
        for (size_t j = i; j > 0; j--) {
            asx_kind *a = &kinds->kind[j - 1], *b = &kinds->kind[j];
            const double x = cost_of(a, kinds->cost), y = cost_of(b, kinds->cost);
            const bool before = a->placement != b->placement ? a->placement < b->placement
                                : x < y || x > y             ? x < y
                                                             : strcmp(a->value, b->value) <= 0;
            if (before)
                break;
            const asx_kind kept = *a;
            *a = *b;
            *b = kept;
        }
}

static asx_status fill(asx_kinds *kinds, const asx_front *f, asx_store *store, const char *by,
                       const char *where, double max_drop, asx_error *err)
{
    asx_stored stored;
    asx_status status = asx_stored_read(&stored, store, f->campaign, err);
    if (status == ASX_OK)
        kinds->stated = stated_error(stored.technology);
    for (size_t i = 0; i < kinds->n && status == ASX_OK; i++) {
        asx_kind *k = &kinds->kind[i];
        asx_front *all = &kinds->all[k->placement];
        if (!all->index)
            status = load(all, f, store, where, k->placement, NULL, NULL, err);
        if (status == ASX_OK)
            status = load(&k->front, f, store, where, k->placement, by, k->value, err);
        if (status == ASX_OK)
            k->best = asx_front_cheapest(&k->front, kinds->cost, max_drop);
        if (status == ASX_OK && k->best)
            status = find_error(k, kinds, &stored, err);
    }
    asx_stored_fini(&stored);
    return status;
}

asx_status asx_kinds_find(asx_kinds *out, const asx_front *f, asx_store *store, const char *by,
                          const char *where, double max_drop, asx_error *err)
{
    if (f->searched == ASX_TIER_COSTS)
        return asx_fail(err, ASX_EINVAL,
                        "campaign '%s' is of costs alone: its designs have no drops to compare at",
                        f->record.name);
    asx_kinds kinds = {.cost = asx_front_cost(f),
                       .kind = asx_array_new(KINDS_MAX, sizeof *kinds.kind)};
    asx_status status = kinds.kind ? find_values(&kinds, f, store, by, where, err)
                                   : asx_fail(err, ASX_ENOMEM, "no memory for kinds");
    if (status == ASX_OK)
        status = fill(&kinds, f, store, by, where, max_drop, err);
    if (status != ASX_OK) {
        asx_kinds_fini(&kinds);
        return status;
    }
    sort(&kinds);
    *out = kinds;
    return ASX_OK;
}

void asx_kinds_fini(asx_kinds *kinds)
{
    if (!kinds)
        return;
    for (size_t i = 0; kinds->kind && i < kinds->n; i++) {
        free(kinds->kind[i].value);
        asx_front_fini(&kinds->kind[i].front);
    }
    for (size_t p = 0; p < ASX_N_PLACEMENTS; p++)
        asx_front_fini(&kinds->all[p]);
    free(kinds->kind);
    *kinds = (asx_kinds){0};
}

bool asx_kinds_surely_less(const asx_kinds *kinds, const asx_kind *less, const asx_kind *more)
{
    const double x = cost_of(less, kinds->cost), y = cost_of(more, kinds->cost);
    return x * (1 + less->error) < y * (1 - more->error); /* of an unknown error nothing is sure */
}
