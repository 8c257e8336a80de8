#include "front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/number.h"
#include "results/candidates.h"
#include "results/sql.h"
#include "search/pareto.h"

/* The n-th blank-separated word of a text; false when there is none. */
static bool take_word(char *word, size_t size, const char **cursor)
{
    const char *p = *cursor + strspn(*cursor, " ");
    const size_t n = strcspn(p, " ");
    if (n == 0 || n >= size)
        return false;
    memcpy(word, p, n);
    word[n] = '\0';
    *cursor = p + n;
    return true;
}

static asx_status read_objectives(front *f, asx_error *err)
{
    char word[40];
    for (const char *p = f->record.objectives; take_word(word, sizeof word, &p);) {
        if (f->n_objectives == ASX_N_OBJECTIVES)
            return asx_fail(err, ASX_EDB, "the campaign has too many objectives");
        const asx_status st = asx_objective_parse(&f->objective[f->n_objectives], word, err);
        if (st < 0)
            return st;
        f->n_objectives++;
    }
    if (f->n_objectives == 0)
        return asx_fail(err, ASX_EDB, "the campaign has no objectives");
    return ASX_OK;
}

static asx_status read_limits(front *f, asx_error *err)
{
    char word[80];
    f->limits = asx_limits_none();
    for (const char *p = f->record.limits; take_word(word, sizeof word, &p);) {
        asx_objective o;
        double value = 0;
        char *equals = strchr(word, '=');
        if (!equals)
            return asx_fail(err, ASX_EDB, "limit '%s' is not of the form name=value", word);
        *equals = '\0';
        asx_status st = asx_objective_parse(&o, word, err);
        if (st == ASX_OK)
            st = asx_number_parse(&value, equals + 1, -INFINITY, INFINITY, "a limit", err);
        if (st < 0)
            return st;
        f->limits.max[o] = value;
    }
    return ASX_OK;
}

static asx_status load_rows(asx_rows *out, const front *f, asx_store *store, asx_tier tier,
                            const char *subset, const char *where, asx_error *err)
{
    const asx_query query = {
        .campaign = f->campaign, .tier = asx_tier_text(tier), .subset = subset, .where = where};
    return asx_query_rows(out, store, &query, err);
}

/* Rows that may be on the front. */
static asx_status load_few(asx_rows *out, const front *f, asx_store *store, asx_error *err)
{
    int64_t *inputs = NULL;
    size_t n = 0;
    asx_status st = asx_candidates_inputs(&inputs, &n, store, f->campaign, asx_tier_text(f->tier),
                                          "select", err);
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        asx_candidates c = {0};
        st = asx_candidates_read(&c, store, f->campaign, inputs[i], 0, err);
        if (st == ASX_OK)
            st = asx_rows_append(out, &c.rows, err);
    }
    free(inputs);
    return st;
}

static asx_status load_front(front *f, asx_store *store, const front_options *options,
                             asx_error *err)
{
    asx_rows_fini(&f->rows);
    return options->few && !options->where
               ? load_few(&f->rows, f, store, err)
               : load_rows(&f->rows, f, store, f->tier, "select", options->where, err);
}

/* Without a tier asked for, it is the one the search ran on: proxy rows exist only if it was that.
 */
static asx_status load_all(front *f, asx_store *store, const front_options *options, asx_error *err)
{
    asx_status st = ASX_OK;
    f->tier = ASX_TIER_PROXY;
    if (options->tier)
        st = asx_tier_parse(&f->tier, options->tier, err);
    if (st == ASX_OK)
        st = load_front(f, store, options, err);
    if (st == ASX_OK && f->rows.n == 0 && !options->tier) {
        f->tier = ASX_TIER_MEASURED;
        st = load_front(f, store, options, err);
    }
    if (st == ASX_OK && f->tier == ASX_TIER_PROXY)
        st = load_rows(&f->checked, f, store, ASX_TIER_MEASURED, "select", NULL, err);
    if (st == ASX_OK)
        st = load_rows(&f->report, f, store, ASX_TIER_MEASURED, "report", NULL, err);
    return st;
}

static int by_design(const void *a, const void *b)
{
    return strcmp(((const asx_row *)a)->design, ((const asx_row *)b)->design);
}

void front_sort_rows(asx_rows *rows)
{
    if (rows->n)
        qsort(rows->row, rows->n, sizeof *rows->row, by_design);
}

const asx_row *front_find(const asx_rows *rows, const char *design)
{
    const asx_row key = {.design = design};
    return rows->n ? bsearch(&key, rows->row, rows->n, sizeof key, by_design) : NULL;
}

const asx_row *front_checked(const front *f, const asx_row *row)
{
    return row->evaluation.accuracy.tier != ASX_TIER_MEASURED ? front_find(&f->checked, row->design)
                                                              : NULL;
}

/* Which of `rows` are on the front; index is to be freed. */
static asx_status pick(size_t **index, size_t *n_index, bool *feasible, const front *f,
                       const asx_rows *rows, asx_error *err)
{
    const size_t n = rows->n, d = f->n_objectives;
    asx_status st = ASX_OK;
    double *value = asx_array_new(n * d, sizeof *value);
    double *violation = asx_array_new(n, sizeof *violation);
    size_t *picked = asx_array_new(n, sizeof *picked), n_picked = 0;
    if (!value || !violation || !picked) {
        st = asx_fail(err, ASX_ENOMEM, "no memory for a front");
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        const asx_evaluation *e = &rows->row[i].evaluation;
        for (size_t j = 0; j < d; j++)
            value[i * d + j] = asx_evaluation_objective(e, f->objective[j]);
        violation[i] = asx_limits_violation(&f->limits, e);
    }
    if (n > 0)
        st = asx_pareto_front(picked, &n_picked, value, violation, n, d, err);
    if (st == ASX_OK) {
        *feasible = n_picked > 0 && violation[picked[0]] == 0;
        *index = picked;
        *n_index = n_picked;
        picked = NULL;
    }
done:
    free(picked);
    free(violation);
    free(value);
    return st;
}

static void sort_front(front *f)
{
    asx_objective key = f->objective[0];
    for (size_t j = 0; j < f->n_objectives && key == ASX_DROP; j++)
        key = f->objective[j];
    /* insertion sort: fronts are short, and the rows' order breaks ties */
    for (size_t i = 1; i < f->n; i++) {
        const size_t row = f->index[i];
        const double v = asx_evaluation_objective(&f->rows.row[row].evaluation, key);
        size_t k = i;
        for (; k > 0; k--) {
            const asx_row *before = &f->rows.row[f->index[k - 1]];
            if (asx_evaluation_objective(&before->evaluation, key) <= v)
                break;
            f->index[k] = f->index[k - 1];
        }
        f->index[k] = row;
    }
}

static asx_status find_baseline(front *f, asx_store *store, asx_error *err)
{
    f->baseline = front_find(&f->rows, f->record.baseline);
    if (f->baseline)
        return ASX_OK;
    /* it need not be trained: what counts is its cost */
    const asx_tier tier = f->tier == ASX_TIER_TRAINED ? ASX_TIER_MEASURED : f->tier;
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(tier),
                             .subset = "select",
                             .design = f->record.baseline};
    const asx_status st = asx_query_rows(&f->outside, store, &query, err);
    if (st == ASX_OK && f->outside.n > 0)
        f->baseline = &f->outside.row[0];
    return st;
}

/* The campaign and what it minimises. */
static asx_status read_campaign(front *f, asx_store *store, const front_options *options,
                                asx_error *err)
{
    asx_status st = ASX_OK;
    f->campaign = options->id;
    if (!f->campaign)
        st = asx_campaign_find(&f->campaign, store, options->campaign, err);
    if (st == ASX_OK)
        st = asx_campaign_read(&f->record, NULL, store, f->campaign, err);
    if (st == ASX_OK)
        st = read_objectives(f, err);
    return st == ASX_OK ? read_limits(f, err) : st;
}

asx_status front_load(front *out, asx_store *store, const front_options *options, asx_error *err)
{
    front f = {0};
    asx_status st = read_campaign(&f, store, options, err);
    if (st == ASX_OK)
        st = load_all(&f, store, options, err);
    if (st == ASX_OK) {
        asx_rows *all[] = {&f.rows, &f.checked, &f.report};
        for (int i = 0; i < 3; i++)
            front_sort_rows(all[i]);
        if (!options->tier || f.tier == ASX_TIER_TRAINED)
            st = front_add_trained(&f, store, options->where, err);
    }
    if (st == ASX_OK) {
        st = find_baseline(&f, store, err);
    }
    if (st == ASX_OK)
        st = pick(&f.index, &f.n, &f.feasible, &f, &f.rows, err);
    if (st == ASX_OK) {
        sort_front(&f);
        f.first_row = 1;
        *out = f;
    } else {
        front_fini(&f);
    }
    return st;
}

/* In steps, so that a long campaign that was never kept need not fit into memory. */
static asx_status keep_under(asx_store *store, const front *f, int64_t inputs, asx_error *err)
{
    enum { STEP = 1 << 18 };
    asx_status st = ASX_OK;
    for (bool complete = false; st == ASX_OK && !complete;) {
        asx_candidates c = {0};
        size_t *index = NULL, n = 0;
        bool feasible;
        st = asx_candidates_read(&c, store, f->campaign, inputs, STEP, err);
        if (st == ASX_OK)
            st = pick(&index, &n, &feasible, f, &c.rows, err);
        if (st == ASX_OK)
            st = asx_candidates_keep(store, &c, index, n, err);
        complete = c.complete;
        free(index);
        asx_rows_fini(&c.rows);
    }
    return st;
}

asx_status front_keep(asx_store *store, int64_t campaign, asx_error *err)
{
    front f = {0};
    int64_t *inputs = NULL;
    size_t n = 0;
    asx_status st = read_campaign(&f, store, &(front_options){.id = campaign}, err);
    if (st == ASX_OK)
        st = asx_candidates_inputs(&inputs, &n, store, campaign, NULL, NULL, err);
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        st = keep_under(store, &f, inputs[i], err);
    free(inputs);
    front_fini(&f);
    return st;
}

typedef struct id_list {
    int64_t *id;
    size_t n, capacity;
} id_list;

static asx_status add_id(void *state, size_t n, const char *const *name, const asx_sql_value *value,
                         asx_error *err)
{
    id_list *list = state;
    (void)n, (void)name;
    if (!value)
        return ASX_OK;
    int64_t *grown = asx_array_grow(list->id, &list->capacity, list->n + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu campaigns", list->n + 1);
    list->id = grown;
    grown[list->n++] = value->integer;
    return ASX_OK;
}

asx_status front_keep_all(asx_store *store, asx_error *err)
{
    id_list list = {0};
    asx_status st = asx_sql_each(store, "SELECT id FROM campaign ORDER BY id", add_id, &list, err);
    for (size_t i = 0; st == ASX_OK && i < list.n; i++)
        st = front_keep(store, list.id[i], err);
    free(list.id);
    return st;
}

void front_fini(front *f)
{
    free(f->index);
    asx_rows_fini(&f->rows);
    asx_rows_fini(&f->checked);
    asx_rows_fini(&f->report);
    asx_rows_fini(&f->trained);
    asx_rows_fini(&f->outside);
    asx_campaign_record_fini(&f->record);
    *f = (front){0};
}

/* The columns of trained drops, proofs and exceeded limits are there where something was trained,
 * asked, or cannot be kept. */
#define TRAINED {"trained_drop", TABLE_NUMBER, 2},
#define PROOF   {"proof", TABLE_TEXT, 0},
#define EXCEEDS {"exceeds", TABLE_TEXT, 0},
#define COLUMNS(trained, proof, exceeds)                                                           \
    {                                                                                              \
        {"row", TABLE_INTEGER, 0}, {"energy_pj", TABLE_NUMBER, TABLE_AUTO},                        \
            {"saved_percent", TABLE_NUMBER, 1}, {"latency_ns", TABLE_NUMBER, TABLE_AUTO},          \
            {"area_um2", TABLE_NUMBER, TABLE_AUTO}, {"weight_bits", TABLE_NUMBER, 0},              \
            {"tier", TABLE_TEXT, 0}, {"drop", TABLE_NUMBER, 2},                                    \
            {"measured_drop", TABLE_NUMBER, 2}, trained{"report_drop", TABLE_NUMBER, 2},           \
            {"report_drop_low", TABLE_NUMBER, 2}, {"report_drop_high", TABLE_NUMBER, 2},           \
            proof exceeds{"design", TABLE_TEXT, 0}, {0},                                           \
    }

static const table_column columns[2][2][2][17] = {
    {{COLUMNS(, , ), COLUMNS(, , EXCEEDS)}, {COLUMNS(, PROOF, ), COLUMNS(, PROOF, EXCEEDS)}},
    {{COLUMNS(TRAINED, , ), COLUMNS(TRAINED, , EXCEEDS)},
     {COLUMNS(TRAINED, PROOF, ), COLUMNS(TRAINED, PROOF, EXCEEDS)}}};

void front_exceeds(asx_text *out, const asx_limits *limits, const asx_evaluation *e)
{
    for (int o = 0; o < ASX_N_OBJECTIVES; o++) {
        const double value = asx_evaluation_objective(e, (asx_objective)o);
        if (value > limits->max[o])
            asx_text_add(out, "%s%s %.6g > %.6g", out->n ? ", " : "",
                         asx_objective_field((asx_objective)o), value, limits->max[o]);
    }
}

asx_status front_table(table **out, const front *f, asx_error *err)
{
    table *t = NULL;
    asx_text exceeds = {0};
    const bool broken = f->n > 0 && !f->feasible;
    const asx_status st =
        table_new(&t, NULL, columns[f->trained.n > 0][f->proof != NULL][broken], err);
    if (st < 0)
        return st;
    const double baseline = f->baseline ? f->baseline->evaluation.cost.energy_pj : NAN;
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        const asx_cost *cost = &row->evaluation.cost;
        const asx_row *checked = row->evaluation.accuracy.tier == ASX_TIER_MEASURED
                                     ? row
                                     : front_find(&f->checked, row->design);
        const asx_row *trained = front_find(&f->trained, row->design);
        const asx_row *report = front_find(&f->report, row->design);
        const asx_accuracy *a = report ? &report->evaluation.accuracy : NULL;
        table_number(t, f->first_row ? (double)(f->first_row + i) : NAN);
        table_number(t, cost->energy_pj);
        table_number(t, 100 * (1 - cost->energy_pj / baseline));
        table_number(t, cost->latency_ns);
        table_number(t, cost->area_um2);
        table_number(t, cost->weight_bits);
        table_text(t, asx_tier_text(row->evaluation.accuracy.tier));
        table_number(t, row->evaluation.accuracy.drop);
        table_number(t, checked ? checked->evaluation.accuracy.drop : NAN);
        if (f->trained.n > 0)
            table_number(t, trained ? trained->evaluation.accuracy.drop : NAN);
        table_number(t, a ? a->drop : NAN);
        table_number(t, a ? a->drop_low : NAN);
        table_number(t, a ? a->drop_high : NAN);
        if (f->proof)
            table_text(t, f->proof);
        if (broken) {
            asx_text_clear(&exceeds);
            front_exceeds(&exceeds, &f->limits, &row->evaluation);
            table_text(t, exceeds.s);
        }
        table_text(t, row->design);
    }
    asx_text_fini(&exceeds);
    *out = t;
    return ASX_OK;
}

asx_status front_print(const char *database, const front_options *options, const char *print,
                       asx_error *err)
{
    asx_store *store = NULL;
    front f = {0};
    table *t = NULL;
    asx_status st = asx_store_open(&store, database, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = front_load(&f, store, options, err);
    if (st == ASX_OK)
        st = front_table(&t, &f, err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, err);
    if (st == ASX_OK && f.n == 0)
        fprintf(stderr, "asx: nothing was evaluated%s\n",
                options->where ? " that fits --where" : " yet");
    else if (st == ASX_OK && !f.feasible)
        fprintf(stderr, "asx: no design keeps the limits (%s); these come closest\n",
                f.record.limits);
    if (st == ASX_OK && f.record.machine && strstr(f.record.machine, "extrapolate=1"))
        fprintf(stderr, "asx: costs may be extrapolated beyond the technology's rows "
                        "(extrapolate=1); 'asx show' says where\n");
    table_free(t);
    front_fini(&f);
    asx_store_free(store);
    return st;
}
