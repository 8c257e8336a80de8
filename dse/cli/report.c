/* The page is report.html with the campaign's data, as JSON, in one place. */
#include "report.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "embedded.h"
#include "results/sql.h"
#include "stored.h"

static const char mark[] = "/*DATA*/null";

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *campaign_json(const front *f)
{
    json_t *out = json_object();
#define ADD(name) json_object_set_new(out, #name, json_string(f->record.name));
    ASX_CAMPAIGN_TEXT_LIST(ADD)
#undef ADD
    json_object_del(out, "technology_text"); /* long, and in the database */
    json_object_set_new(out, "version", json_string(f->record.version));
    json_object_set_new(out, "created", json_string(f->record.created));
    json_object_set_new(out, "seed", json_sprintf("%llu", (unsigned long long)f->record.seed));
    return out;
}

static json_t *parts_json(void)
{
    json_t *out = json_array();
#define ADD(name, text, group, help)                                                               \
    json_array_append_new(out, json_pack("{s:s, s:s}", "name", text, "group", group));
    ASX_COMPONENT_LIST(ADD)
#undef ADD
    return out;
}

static json_t *design_json(const front *f, const asx_row *row)
{
    json_t *out = json_object();
    const asx_row *report = front_find(&f->report, row->design);
    const asx_row *checked = front_checked(f, row);
    json_object_set_new(out, "design", json_string(row->design));
    json_object_set_new(out, "placement", json_string(asx_placement_text(row->placement)));
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        json_object_set_new(out, asx_objective_field((asx_objective)o),
                            number(asx_evaluation_objective(&row->evaluation, (asx_objective)o)));
    json_object_set_new(out, "trained",
                        json_boolean(row->evaluation.accuracy.tier == ASX_TIER_TRAINED));
    json_object_set_new(out, "measured_drop",
                        number(checked ? checked->evaluation.accuracy.drop : NAN));
    const asx_accuracy *a = report ? &report->evaluation.accuracy : NULL;
    json_object_set_new(out, "report_drop", number(a ? a->drop : NAN));
    json_object_set_new(out, "report_low", number(a ? a->drop_low : NAN));
    json_object_set_new(out, "report_high", number(a ? a->drop_high : NAN));
    return out;
}

/* What a click shows beside: energy by part. The formats of the layers are in the design's text. */
static asx_status add_parts(json_t *out, asx_store *store, const front *f, const char *text,
                            asx_error *err)
{
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(f->tier),
                             .subset = "select",
                             .design = text,
                             .parts = true};
    asx_rows rows = {0};
    const asx_status st = asx_query_rows(&rows, store, &query, err);
    if (st == ASX_OK && rows.n) {
        json_t *parts = json_array();
        for (int p = 0; p < ASX_N_PARTS; p++)
            json_array_append_new(parts, number(rows.row[0].evaluation.cost.energy_part_pj[p]));
        json_object_set_new(out, "parts", parts);
    }
    asx_rows_fini(&rows);
    return st;
}

/* The same by layer: [layer][group], to four digits. Nothing where the model has changed since the
 * design was priced, so that layers always add up to what stands above them. */
static asx_status add_layers(json_t *out, const stored *campaign, const asx_row *row,
                             asx_error *err)
{
    static const char *const group[] = {"compute", "memory", "movement", "leakage"};
    const size_t n = campaign->work.n_layers;
    asx_design design = {0};
    asx_cost total, *layer = asx_array_new(n, sizeof *layer);
    asx_status st = layer ? asx_design_parse(&design, row->design, &campaign->work, err)
                          : asx_fail(err, ASX_ENOMEM, "no memory for a report");
    if (st == ASX_OK)
        st = asx_machine_cost(&total, layer, campaign->machine, &design, err);
    const double stored_pj = row->evaluation.cost.energy_pj;
    if (st == ASX_OK && fabs(total.energy_pj - stored_pj) <= 1e-6 * stored_pj) {
        json_t *layers = json_array();
        for (size_t l = 0; l < n; l++) {
            json_t *one = json_array();
            for (int g = 0; g < 4; g++) {
                char digits[32];
                snprintf(digits, sizeof digits, "%.4g", asx_cost_group_pj(&layer[l], group[g]));
                json_array_append_new(one, number(strtod(digits, NULL)));
            }
            json_array_append_new(layers, one);
        }
        json_object_set_new(out, "layers", layers);
    }
    asx_design_fini(&design);
    free(layer);
    return st;
}

/* A design of which everything is told. */
static asx_status add_whole(json_t *designs, asx_store *store, const front *f,
                            const stored *campaign, const asx_row *row, asx_error *err)
{
    json_t *d = design_json(f, row);
    asx_status st = add_parts(d, store, f, row->design, err);
    if (st == ASX_OK)
        st = add_layers(d, campaign, row, err);
    json_array_append_new(designs, d);
    return st;
}

/* The front in its order, the baseline, then every k-th of the others. */
static asx_status designs_json(json_t *designs, asx_store *store, const front *f,
                               const stored *campaign, asx_error *err)
{
    const size_t every = 1 + f->rows.n / REPORT_DESIGNS_MAX;
    asx_status st = ASX_OK;
    bool has_baseline = false;
    for (size_t i = 0; i < f->n && st == ASX_OK; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        st = add_whole(designs, store, f, campaign, row, err);
        has_baseline = has_baseline || row == f->baseline;
    }
    if (st == ASX_OK && f->baseline && !has_baseline)
        st = add_whole(designs, store, f, campaign, f->baseline, err);
    bool *on_front = f->rows.n ? calloc(f->rows.n, sizeof *on_front) : NULL;
    for (size_t i = 0; on_front && i < f->n; i++)
        on_front[f->index[i]] = true;
    for (size_t i = 0; on_front && i < f->rows.n && st == ASX_OK; i += every)
        if (!on_front[i] && &f->rows.row[i] != f->baseline)
            json_array_append_new(designs, design_json(f, &f->rows.row[i]));
    free(on_front);
    return st;
}

static json_t *layers_json(const asx_workload *work)
{
    json_t *out = json_array();
    for (size_t l = 0; l < work->n_layers; l++)
        json_array_append_new(out,
                              json_pack("{s:s, s:I, s:I}", "name", work->layer[l].name, "macs",
                                        (json_int_t)asx_layer_n_macs(&work->layer[l]), "weights",
                                        (json_int_t)asx_layer_n_weights(&work->layer[l])));
    return out;
}

static asx_status add_run(void *state, size_t n, const char *const *name,
                          const asx_sql_value *value, asx_error *err)
{
    (void)err;
    if (!value)
        return ASX_OK;
    json_t *run = json_object();
    for (size_t i = 0; i < n; i++)
        json_object_set_new(run, name[i],
                            value[i].kind == ASX_SQL_TEXT      ? json_string(value[i].text)
                            : value[i].kind == ASX_SQL_INTEGER ? json_integer(value[i].integer)
                            : value[i].kind == ASX_SQL_NUMBER  ? number(value[i].number)
                                                               : json_null());
    json_array_append_new(state, run);
    return ASX_OK;
}

/* The processes that worked on the campaign. */
static asx_status runs_json(json_t *out, asx_store *store, int64_t campaign, asx_error *err)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT started, reason, evaluated, elapsed_s, threads, processor, version, build "
             "FROM run WHERE campaign = %lld ORDER BY id",
             (long long)campaign);
    return asx_sql_each(store, sql, add_run, out, err);
}

/* As a word of a shell's command. */
static void add_word(asx_text *out, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=-";
    if (*word && strspn(word, plain) == strlen(word)) {
        asx_text_add(out, " %s", word);
        return;
    }
    asx_text_add(out, " '");
    for (const char *c = word; *c; c++)
        asx_text_add(out, *c == '\'' ? "'\\''" : "%c", *c);
    asx_text_add(out, "'");
}

static void add_command(asx_text *out, const front *f, const char *db, const front_options *options)
{
    asx_text file = {0};
    asx_text_add(&file, "%s.yaml", f->record.name);
    asx_text_add(out, "# asx %s; the campaign file below, saved as", f->record.version);
    add_word(out, file.s ? file.s : "");
    asx_text_add(out, "\nasx run");
    add_word(out, file.s ? file.s : "");
    asx_text_add(out, " --db");
    add_word(out, db);
    asx_text_add(out, "\nasx report");
    add_word(out, db);
    asx_text_add(out, " --campaign");
    add_word(out, f->record.name);
    if (options->tier)
        asx_text_add(out, " --tier %s", options->tier);
    if (options->where) {
        asx_text_add(out, " --where");
        add_word(out, options->where);
    }
    asx_text_add(out, " -o report.html");
    out->failed |= file.failed;
    asx_text_fini(&file);
}

static asx_status data_json(json_t **out, asx_store *store, const front *f, const char *db,
                            const front_options *options, asx_error *err)
{
    stored campaign;
    asx_text command = {0};
    json_t *designs = json_array(), *runs = json_array();
    asx_status st = stored_read(&campaign, store, f->campaign, err);
    if (st == ASX_OK)
        st = designs_json(designs, store, f, &campaign, err);
    if (st == ASX_OK)
        st = runs_json(runs, store, f->campaign, err);
    add_command(&command, f, db, options);
    if (st == ASX_OK)
        *out = json_pack("{s:o, s:o, s:o, s:O, s:O, s:I, s:s, s:I, s:o, s:s, s:s}", "campaign",
                         campaign_json(f), "parts", parts_json(), "layers",
                         layers_json(&campaign.work), "designs", designs, "runs", runs, "n_front",
                         (json_int_t)f->n, "tier", asx_tier_text(f->tier), "n_designs",
                         (json_int_t)f->rows.n, "baseline_pj",
                         number(f->baseline ? f->baseline->evaluation.cost.energy_pj : NAN), "db",
                         db, "command", command.s ? command.s : "");
    if (st == ASX_OK && (!*out || command.failed))
        st = asx_fail(err, ASX_ENOMEM, "no memory for a report");
    asx_text_fini(&command);
    json_decref(designs);
    json_decref(runs);
    stored_fini(&campaign);
    return st;
}

asx_status report_page(asx_text *page, asx_store *store, const front *f, const char *db,
                       const front_options *options, asx_error *err)
{
    const embedded_file *file = embedded_find("report.html");
    const char *html = (const char *)file->bytes, *at = strstr(html, mark);
    json_t *data = NULL;
    asx_status st = data_json(&data, store, f, db, options, err);
    if (st != ASX_OK)
        return st;
    char *text = json_dumps(data, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9));
    json_decref(data);
    if (!text)
        return asx_fail(err, ASX_ENOMEM, "no memory for a report");
    asx_text_add_bytes(page, html, (size_t)(at - html));
    /* a name that holds "</script>" must not end the script */
    for (const char *s = text; *s; s++)
        asx_text_add(page, *s == '<' ? "\\u003c" : "%c", *s);
    asx_text_add(page, "%s", at + strlen(mark));
    free(text);
    return page->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a report") : ASX_OK;
}
