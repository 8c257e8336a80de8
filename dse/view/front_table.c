/* The front as a table. */
#include "front_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "drop_text.h"
#include "limits_text.h"
#include "readable.h"
#include "results/float_network.h"
#include "results/proof.h"
#include "short_name.h"

/* A column, and whether it is there. */
typedef struct part {
    table_column column;
    bool shown;
} part;

static bool is_objective(const asx_front *f, asx_objective o)
{
    for (size_t j = 0; j < f->n_objectives; j++)
        if (f->objective[j] == o)
            return true;
    return false;
}

/* The k-th of those to print: of the front, spread evenly along it, both ends included. */
static size_t spread(const asx_front *f, const front_view *v, size_t k)
{
    return v->n > 1 && v->n < f->n ? k * (f->n - 1) / (v->n - 1) : k;
}

/* Whether a row that is printed has costs that are extrapolated. */
static bool extrapolates(const asx_front *f, const front_view *v)
{
    for (size_t k = 0; v->exact && v->exact->extrapolated && k < v->n; k++)
        if (v->exact->extrapolated[spread(f, v, k)])
            return true;
    return false;
}

/* What people are not shown: what one column says in short, costs that nobody asked about, zeros in every row. */
static const char *hidden(const asx_front *f, const front_view *v)
{
#define DROPS                                                                                      \
    "exact_saved_percent weight_bits tier drop proxy_drop measured_drop trained_drop "             \
    "confirm_drop confirm_drop_low confirm_drop_high sure_percent proof "                          \
    "report_drop report_drop_low report_drop_high"
#define PICK(MORE)                                                                                 \
    (latency && area ? DROPS MORE                                                                  \
     : latency       ? DROPS " area_um2" MORE                                                      \
     : area          ? DROPS " latency_ns" MORE                                                    \
                     : DROPS " latency_ns area_um2" MORE)
    const bool latency = is_objective(f, ASX_LATENCY), area = is_objective(f, ASX_AREA);
    return extrapolates(f, v) ? PICK("") : PICK(" extrapolated");
#undef PICK
#undef DROPS
}

/* Whether the campaign asks for what follows from energy and time. */
static bool is_about_time(const asx_front *f)
{
    bool asks = f->limits.max[ASX_ENERGY_DELAY] < INFINITY || f->limits.max[ASX_POWER] < INFINITY;
    return asks || is_objective(f, ASX_ENERGY_DELAY) || is_objective(f, ASX_POWER);
}

static bool is_about_storage(const asx_front *f)
{
    return f->limits.max[ASX_STORAGE] < INFINITY || is_objective(f, ASX_STORAGE);
}

/* Those of trained drops, proofs, exceeded limits and extrapolated costs are there where something
 * was trained, asked, cannot be kept or is extrapolated. */
static asx_status make_table(table **out, const asx_front *f, const front_view *v, asx_error *err)
{
    const int decimals = asx_score_decimals(&f->record.score);
    const part parts[] = {{{"row", TABLE_INTEGER, 0}, true},
                          {{"energy_pj", TABLE_NUMBER, TABLE_AUTO}, true},
                          {{"saved_percent", TABLE_NUMBER, 1}, true},
                          {{"exact_saved_percent", TABLE_NUMBER, 1}, v->exact},
                          {{"latency_ns", TABLE_NUMBER, TABLE_AUTO}, true},
                          {{"area_um2", TABLE_NUMBER, TABLE_AUTO}, true},
                          {{"weight_bits", TABLE_NUMBER, 0}, true},
                          {{"storage", TABLE_SHOWN, 0}, is_about_storage(f)},
                          {{"inferences_per_s", TABLE_NUMBER, TABLE_AUTO}, is_about_time(f)},
                          {{"power_mw", TABLE_NUMBER, TABLE_AUTO}, is_about_time(f)},
                          {{"energy_delay_njs", TABLE_NUMBER, TABLE_AUTO}, is_about_time(f)},
                          {{"tier", TABLE_TEXT, 0}, true},
                          {{"drop", TABLE_NUMBER, decimals}, true},
                          {{"drop", TABLE_SHOWN, 0}, f->searched != ASX_TIER_COSTS},
                          {{"proxy_drop", TABLE_NUMBER, decimals}, f->searched == ASX_TIER_PROXY},
                          {{"measured_drop", TABLE_NUMBER, decimals}, true},
                          {{"trained_drop", TABLE_NUMBER, decimals}, f->trained.n > 0},
                          {{"confirm_drop", TABLE_NUMBER, decimals}, v->confirmed},
                          {{"confirm_drop_low", TABLE_NUMBER, decimals}, v->confirmed},
                          {{"confirm_drop_high", TABLE_NUMBER, decimals}, v->confirmed},
                          {{"sure_percent", TABLE_NUMBER, 1}, v->confirmed},
                          {{"report_drop", TABLE_NUMBER, decimals}, true},
                          {{"report_drop_low", TABLE_NUMBER, decimals}, true},
                          {{"report_drop_high", TABLE_NUMBER, decimals}, true},
                          {{"unseen [95 %]", TABLE_SHOWN, 0}, f->report.n > 0},
                          {{"extrapolated", TABLE_INTEGER, 0}, v->exact && v->exact->extrapolated},
                          {{"proof", TABLE_TEXT, 0}, v->proof},
                          {{"exceeds", TABLE_TEXT, 0}, v->broken},
                          {{"design", TABLE_DESIGN, 0}, true}};
    enum { N = sizeof parts / sizeof *parts };
    table_column columns[N + 1];
    size_t n = 0;
    for (size_t i = 0; i < N; i++)
        if (parts[i].shown)
            columns[n++] = parts[i].column;
    columns[n] = (table_column){0};
    const asx_status status = table_new(out, NULL, columns, err);
    if (status == ASX_OK)
        table_for_people(*out, hidden(f, v), "latency_ns area_um2");
    return status;
}

void front_name_add(asx_text *out, const asx_front *f, const asx_row *row)
{
    const size_t place = asx_front_place(f, row);
    if (!place) {
        asx_text_add(out, "%s", row->design);
        return;
    }
    short_name_add(out, row->design, 0);
    asx_text_add(out, " (#%zu)", place);
}

void front_exceeds(asx_text *out, const asx_limits *limits, const asx_evaluation *e)
{
    for (int o = 0; o < ASX_N_OBJECTIVES; o++) {
        const double value = asx_evaluation_objective(e, (asx_objective)o);
        if (value > limits->max[o])
            asx_text_add(out, "%s%s %.6g > %.6g", out->n ? ", " : "",
                         asx_objective_field((asx_objective)o), value, limits->max[o]);
    }
}

static void add_marked(table *t, const asx_score *score, const asx_accuracy *a)
{
    asx_text text = {0};
    drop_marked_add(&text, score, a);
    table_built(t, &text);
    asx_text_fini(&text);
}

static void add_storage(table *t, double bits)
{
    char storage[40];
    readable_text(storage, sizeof storage, asx_objective_field(ASX_STORAGE), bits);
    table_text(t, storage);
}

static void add_interval(table *t, const asx_score *score, const asx_accuracy *a)
{
    asx_text text = {0};
    if (a)
        drop_interval_add(&text, score, a);
    else
        asx_text_add(&text, "-");
    table_built(t, &text);
    asx_text_fini(&text);
}

static void add_drops(table *t, const asx_front *f, const front_view *v, const asx_row *row)
{
    const asx_accuracy *drop = &row->evaluation.accuracy;
    const asx_row *predicted = asx_front_predicted(f, row);
    const asx_row *checked =
        drop->tier == ASX_TIER_MEASURED ? row : asx_rows_find(&f->checked, row->design);
    const asx_row *trained = asx_rows_find(&f->trained, row->design);
    const asx_row *report = asx_rows_find(&f->report, row->design);
    const asx_accuracy *a = report ? &report->evaluation.accuracy : NULL;
    table_text(t, asx_tier_text(drop->tier));
    table_number(t, drop->drop);
    if (f->searched != ASX_TIER_COSTS)
        add_marked(t, &f->record.score, drop);
    if (f->searched == ASX_TIER_PROXY)
        table_number(t, predicted ? predicted->evaluation.accuracy.drop : NAN);
    table_number(t, checked ? checked->evaluation.accuracy.drop : NAN);
    if (f->trained.n > 0)
        table_number(t, trained ? trained->evaluation.accuracy.drop : NAN);
    if (v->confirmed) {
        table_number(t, v->confirmed->confirmed.drop);
        table_number(t, v->confirmed->confirmed.drop_low);
        table_number(t, v->confirmed->confirmed.drop_high);
        table_number(t, v->confirmed->sureness);
    }
    table_number(t, a ? a->drop : NAN);
    table_number(t, a ? a->drop_low : NAN);
    table_number(t, a ? a->drop_high : NAN);
    if (f->report.n > 0)
        add_interval(t, &f->record.score, a);
}

static void add_row(table *t, const asx_front *f, const front_view *v, size_t k)
{
    const size_t i = v->row ? k : spread(f, v, k);
    const asx_row *row = v->row ? v->row[i] : asx_front_row(f, i);
    const size_t place = v->row ? asx_front_place(f, row) : asx_front_number(f, i);
    const double baseline = f->baseline ? f->baseline->evaluation.cost.energy_pj : NAN;
    const asx_cost *cost = &row->evaluation.cost;
    table_number(t, place ? (double)place : NAN);
    table_number(t, cost->energy_pj);
    table_number(t, 100 * (1 - cost->energy_pj / baseline));
    if (v->exact)
        table_number(t, 100 * (1 - v->exact->energy_pj[i] / baseline));
    table_number(t, cost->latency_ns);
    table_number(t, cost->area_um2);
    table_number(t, cost->weight_bits);
    if (is_about_storage(f))
        add_storage(t, cost->weight_bits);
    if (is_about_time(f)) {
        table_number(t, 1e9 / cost->latency_ns);
        table_number(t, asx_evaluation_objective(&row->evaluation, ASX_POWER));
        table_number(t, asx_evaluation_objective(&row->evaluation, ASX_ENERGY_DELAY));
    }
    add_drops(t, f, v, row);
    if (v->exact && v->exact->extrapolated)
        table_integer(t, v->exact->extrapolated[i]);
    if (v->proof)
        table_text(t, v->proof);
    if (v->broken) {
        asx_text exceeds = {0};
        front_exceeds(&exceeds, v->limits ? v->limits : &f->limits, &row->evaluation);
        table_built(t, &exceeds);
        asx_text_fini(&exceeds);
    }
    table_text(t, row->design);
}

asx_status front_table(table **out, const asx_front *f, const front_view *view, asx_error *err)
{
    const front_view whole = {.n = f->n, .broken = f->n > 0 && !f->feasible};
    const front_view *v = view ? view : &whole;
    table *t = NULL;
    const asx_status status = make_table(&t, f, v, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < v->n; i++)
        add_row(t, f, v, i);
    *out = t;
    return ASX_OK;
}

/* ---- what is said beside ---- */

asx_status front_say_proof(const asx_front *f, asx_store *store, asx_error *err)
{
    asx_certificate certificate = {0};
    const asx_status status = asx_certificate_read(&certificate, store, f->campaign, err);
    if (status == ASX_OK && f->n > 0 && certificate.text) {
        if (asx_proof_applies(f, &certificate))
            look_say("the search: %s", asx_certificate_words(certificate.text));
        else if (certificate.factor < INFINITY && f->tier == f->searched)
            look_say("the search: %s; by %s drops alone: --tier %s", certificate.text,
                     f->searched == ASX_TIER_PROXY ? "predicted" : "measured",
                     asx_tier_text(f->searched));
    }
    asx_certificate_fini(&certificate);
    return status;
}

asx_status front_say_reach(const asx_front *f, asx_error *err)
{
    asx_reference_point r;
    asx_text point = {0};
    double volume = NAN;
    const asx_status status = asx_front_hypervolume(&volume, f, err);
    if (status == ASX_OK && !isnan(volume) && asx_front_reference(&r, f)) {
        asx_reference_point_print(&point, &r);
        look_say("front %zu; hypervolume %.4f of %s", f->n, volume, point.s ? point.s : "?");
    } else if (status == ASX_OK) {
        look_say("front %zu", f->n);
    }
    asx_text_fini(&point);
    return status;
}

asx_status front_say_float(const asx_front *f, asx_store *store, asx_error *err)
{
    asx_float_network network;
    asx_text text = {0};
    bool found = false;
    const asx_status status =
        asx_float_network_read(&network, &found, store, f->campaign, f->on, err);
    if (status != ASX_OK)
        return status;
    if (f->searched == ASX_TIER_COSTS)
        return ASX_OK;
    if (found)
        asx_float_network_print(&text, &network);
    look_say("float network: %s", found && text.s ? text.s : FRONT_NO_FLOAT);
    asx_text_fini(&text);
    return ASX_OK;
}

void front_choice_add(asx_text *out, const asx_front_options *which)
{
    if (which->tier)
        asx_text_add(out, " of tier '%s'", which->tier);
    if (which->on)
        asx_text_add(out, " on the images of '%s'", which->on);
    if (which->where)
        asx_text_add(out, " that fits --where");
    if (!which->tier && !which->on && !which->where)
        asx_text_add(out, " yet");
}

asx_status front_fail_empty(asx_error *err, const char *database, const asx_front_options *which)
{
    asx_text text = {0};
    front_choice_add(&text, which);
    const asx_status status =
        asx_fail(err, ASX_ENOTFOUND, "'%s' holds no evaluation%s", database, text.s ? text.s : "");
    asx_text_fini(&text);
    return status;
}

static void say_nothing(const asx_front_options *which)
{
    asx_text text = {0};
    front_choice_add(&text, which);
    look_say("asx: nothing was evaluated%s", text.s ? text.s : "");
    asx_text_fini(&text);
}

void front_say_broken(const asx_front *f)
{
    asx_text text = {0};
    limits_add(&text, &f->limits);
    look_say("asx: no evaluated design keeps the limits (%s); these come closest",
             text.s ? text.s : "");
    asx_text_fini(&text);
}

static void say_about(const asx_front *f, size_t n, const asx_front_options *which)
{
    if (n < f->n)
        look_say("%zu of %zu rows, spread over the front; --all prints all", n, f->n);
    if (f->n == 0)
        say_nothing(which);
    else if (!f->feasible)
        front_say_broken(f);
}

static void say_extrapolated(const asx_front *f, const asx_front_exact *exact)
{
    for (size_t i = 0; exact->extrapolated && i < f->n; i++)
        if (exact->extrapolated[i]) {
            look_say(
                "asx: costs of rows with 'extrapolated' 1 go beyond the technology's rows; 'asx "
                "show' says where");
            break;
        }
}

asx_status front_probe(const asx_front *f, asx_store *store, asx_error *err)
{
    asx_float_network network;
    asx_certificate certificate = {0};
    bool found;
    asx_status status = asx_float_network_read(&network, &found, store, f->campaign, f->on, err);
    if (status == ASX_OK)
        status = asx_certificate_read(&certificate, store, f->campaign, err);
    asx_certificate_fini(&certificate);
    return status;
}

asx_status front_print(const asx_front *f, asx_store *store, const asx_front_options *which,
                       const look *l, asx_error *err)
{
    asx_front_exact exact = {0};
    table *t = NULL;
    const size_t n = look_rows(l, f->n);
    asx_status status = asx_front_exact_find(&exact, f, store, err);
    if (status == ASX_OK) {
        const front_view view = {.n = n, .broken = f->n > 0 && !f->feasible, .exact = &exact};
        status = front_table(&t, f, &view, err);
    }
    if (status == ASX_OK)
        status = look_print(l, &t, 1, err);
    if (status == ASX_OK) {
        say_about(f, n, which);
        say_extrapolated(f, &exact);
    }
    if (status == ASX_OK && look_is_brief(l))
        front_say_legend(f);
    table_free(t);
    asx_front_exact_fini(&exact);
    return status;
}
