/* The page is report.html with the campaign's data, as JSON. */
#include "report.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "explore/stored.h"
#include "json_memory.h"
#include "report_bespoke.h"
#include "report_sample.h"
#include "report_write.h"
#include "results/float_network.h"
#include "results/run.h"
#include "results/scan.h"

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *campaign_json(const asx_front *f)
{
    json_t *out = json_object();
#define ADD(name) json_object_set_new(out, #name, report_name(f->record.name));
    ASX_RECORD_TEXT_LIST(ADD)
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

static json_t *design_json(const asx_front *f, const asx_row *row)
{
    json_t *out = json_object();
    const asx_row *report = asx_rows_find(&f->report, row->design);
    const asx_row *checked = asx_front_checked(f, row);
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
static asx_status add_parts(json_t *out, asx_store *store, const asx_row *row, asx_error *err)
{
    asx_cost cost;
    json_t *parts = json_array();
    const asx_status status = asx_scan_parts(&cost, store, row, err);
    for (int p = 0; status == ASX_OK && p < ASX_N_PARTS; p++)
        json_array_append_new(parts, number(cost.energy_part_pj[p]));
    json_object_set_new(out, "parts", parts);
    return status;
}

/* The same by layer: [layer][group], to four digits. Nothing where the model has changed since the
 * design was priced, so that layers always add up to what stands above them. */
static asx_status add_layers(json_t *out, const asx_stored *campaign, const asx_row *row,
                             asx_error *err)
{
    static const char *const group[] = {"compute", "memory", "movement", "leakage"};
    const size_t n = campaign->work.n_layers;
    asx_design design = {0};
    asx_cost total, *layer = asx_array_new(n, sizeof *layer);
    asx_status status = layer ? asx_design_parse(&design, row->design, &campaign->work, err)
                              : asx_fail(err, ASX_ENOMEM, "no memory for a report");
    if (status == ASX_OK)
        status = asx_machine_cost(&total, layer, campaign->machine, &design, err);
    const double stored_pj = row->evaluation.cost.energy_pj;
    if (status == ASX_OK && fabs(total.energy_pj - stored_pj) <= 1e-6 * stored_pj) {
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
    return status;
}

/* A design of which everything is told. */
static asx_status add_whole(json_t *designs, asx_store *store, const asx_front *f,
                            const asx_stored *campaign, const asx_row *row, asx_error *err)
{
    json_t *d = design_json(f, row);
    asx_status status = add_parts(d, store, row, err);
    if (status == ASX_OK)
        status = add_layers(d, campaign, row, err);
    json_array_append_new(designs, d);
    return status;
}

/* Of the front as many as fit, in its order, with their places on it. */
static asx_status front_json(json_t *designs, size_t shown, asx_store *store, const asx_front *f,
                             const asx_stored *campaign, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t k = 0; k < shown && status == ASX_OK; k++) {
        const size_t i = report_sample_at(k, shown, f->n);
        status = add_whole(designs, store, f, campaign, asx_front_row(f, i), err);
        json_object_set_new(json_array_get(designs, k), "place", json_integer((json_int_t)i + 1));
    }
    return status;
}

/* The front, the baseline where that does not show it, then others. */
static asx_status designs_json(json_t *designs, const report_sample *sample, asx_store *store,
                               const asx_front *f, const asx_stored *campaign, asx_error *err)
{
    asx_status status = front_json(designs, sample->n_front, store, f, campaign, err);
    bool has_baseline = false;
    for (size_t k = 0; f->baseline && k < sample->n_front; k++)
        has_baseline |= asx_front_row(f, report_sample_at(k, sample->n_front, f->n)) == f->baseline;
    if (status == ASX_OK && f->baseline && !has_baseline)
        status = add_whole(designs, store, f, campaign, f->baseline, err);
    for (size_t i = 0; status == ASX_OK && i < sample->behind.n; i++)
        json_array_append_new(designs, design_json(f, &sample->behind.row[i]));
    return status;
}

static json_t *layers_json(const asx_workload *work)
{
    json_t *out = json_array();
    for (size_t l = 0; l < work->n_layers; l++)
        json_array_append_new(out,
                              json_pack("{s:s, s:I, s:I}", "name", work->layer[l].name, "macs",
                                        (json_int_t)asx_layer_n_macs(&work->layer[l]), "weights",
                                        (json_int_t)asx_layer_n_learned(&work->layer[l])));
    return out;
}

static json_t *text_json(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *run_json(const asx_run_entry *r)
{
    const bool ended = r->reason != NULL;
    return json_pack("{s:s, s:o, s:o, s:o, s:I, s:s, s:s, s:s}", "started", r->started, "reason",
                     text_json(r->reason), "evaluated",
                     ended ? json_integer((json_int_t)r->evaluated) : json_null(), "elapsed_s",
                     ended ? number(r->elapsed_s) : json_null(), "threads", (json_int_t)r->threads,
                     "processor", r->processor, "version", r->version, "build", r->build);
}

/* The processes that worked on the campaign. */
static asx_status runs_json(json_t *out, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_run_entry *run = NULL;
    size_t n = 0;
    const asx_status status = asx_run_list(&run, &n, store, campaign, err);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(out, run_json(&run[i]));
    asx_run_list_free(run, n);
    return status;
}

/* The float network beside guessing, on each part of the images as far as that was stored. */
static asx_status float_json(json_t *out, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_status status = ASX_OK;
    for (int i = 0; status == ASX_OK && i < ASX_N_SUBSETS; i++) {
        asx_float_network network;
        asx_text text = {0};
        bool found = false;
        status = asx_float_network_read(&network, &found, store, campaign, (asx_subset)i, err);
        if (status == ASX_OK && found)
            asx_float_network_print(&text, &network);
        if (text.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for the float network's accuracy");
        else if (text.s)
            json_object_set_new(out, asx_subset_text((asx_subset)i), json_string(text.s));
        asx_text_fini(&text);
    }
    return status;
}

static void add_command(asx_text *out, const asx_front *f, const report_about *about)
{
    const asx_front_options *options = about->options;
    const char *db = about->db;
    asx_text file = {0};
    asx_text_add(&file, "%s.yaml", f->record.name);
    asx_text_add(out, "# asx %s; the campaign file below, saved as", f->record.version);
    asx_text_add_word(out, file.s ? file.s : "");
    asx_text_add(out, "\nasx run");
    asx_text_add_word(out, file.s ? file.s : "");
    asx_text_add(out, " --db");
    asx_text_add_word(out, db);
    asx_text_add(out, "\nasx report");
    asx_text_add_word(out, db);
    asx_text_add(out, " --campaign");
    asx_text_add_word(out, f->record.name);
    if (options->tier)
        asx_text_add(out, " --tier %s", options->tier);
    if (options->where) {
        asx_text_add(out, " --where");
        asx_text_add_word(out, options->where);
    }
    asx_text_add(out, " -o report.html");
    out->failed |= file.failed;
    asx_text_fini(&file);
}

/* What drops are of, and how they are said. */
static json_t *measure_json(const asx_score *score)
{
    asx_text name = {0};
    asx_score_print(&name, score);
    json_t *out = json_pack("{s:s, s:s, s:i, s:f}", "name",
                            asx_score_counts(score) || !name.s ? "accuracy" : name.s, "unit",
                            asx_score_drop_unit(score), "decimals", asx_score_decimals(score),
                            "point", score->point);
    asx_text_fini(&name);
    return out;
}

static asx_status data_json(json_t **out, asx_store *store, const asx_front *f,
                            const report_about *about, asx_error *err)
{
    asx_stored campaign;
    asx_text command = {0};
    report_sample sample = {0};
    json_t *designs = json_array(), *runs = json_array(), *network = json_object();
    json_t *bespoke = json_array();
    asx_status status = asx_stored_read(&campaign, store, f->campaign, err);
    if (status == ASX_OK)
        status = report_sample_take(&sample, f, store, about->options->where,
                                    campaign.work.n_layers, err);
    if (status == ASX_OK)
        status = designs_json(designs, &sample, store, f, &campaign, err);
    if (status == ASX_OK)
        status = runs_json(runs, store, f->campaign, err);
    if (status == ASX_OK)
        status = float_json(network, store, f->campaign, err);
    if (status == ASX_OK)
        status = report_bespoke_json(bespoke, store, err);
    add_command(&command, f, about);
    if (status == ASX_OK)
        *out = json_pack(
            "{s:o, s:o, s:o, s:O, s:O, s:O, s:O, s:I, s:I, s:s, s:I, s:o, s:o, s:o, s:o, s:o}",
            "campaign", campaign_json(f), "parts", parts_json(), "layers",
            layers_json(&campaign.work), "designs", designs, "runs", runs, "float", network,
            "bespoke", bespoke, "n_front", (json_int_t)sample.n_front, "all_front",
            (json_int_t)f->n, "tier", asx_tier_text(f->tier), "n_designs", (json_int_t)sample.n_all,
            "baseline_pj", number(f->baseline ? f->baseline->evaluation.cost.energy_pj : NAN),
            "again_s", number(about->again_s), "db", report_name(about->db), "command",
            report_name(command.s ? command.s : ""), "measure", measure_json(&f->record.score));
    if (status == ASX_OK && (!*out || command.failed))
        status = asx_fail(err, ASX_ENOMEM, "no memory for a report");
    asx_text_fini(&command);
    json_decref(designs);
    json_decref(runs);
    json_decref(network);
    json_decref(bespoke);
    asx_stored_fini(&campaign);
    report_sample_fini(&sample);
    return status;
}

asx_status report_page(asx_text *page, asx_store *store, const asx_front *f,
                       const report_about *about, asx_error *err)
{
    json_t *data = NULL;
    json_memory_begin();
    const asx_status status = data_json(&data, store, f, about, err);
    return status == ASX_OK ? report_write(page, "report.html", data, err) : status;
}
