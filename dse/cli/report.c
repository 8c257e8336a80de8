/* The page is report.html with the campaign's data, as JSON, in one place. */
#include "report.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "embedded.h"

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
    json_object_set_new(out, "design", json_string(row->design));
    json_object_set_new(out, "placement", json_string(asx_placement_text(row->placement)));
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        json_object_set_new(out, asx_objective_field((asx_objective)o),
                            number(asx_evaluation_objective(&row->evaluation, (asx_objective)o)));
    const asx_accuracy *a = report ? &report->evaluation.accuracy : NULL;
    json_object_set_new(out, "report_drop", number(a ? a->drop : NAN));
    json_object_set_new(out, "report_low", number(a ? a->drop_low : NAN));
    json_object_set_new(out, "report_high", number(a ? a->drop_high : NAN));
    return out;
}

/* What a click shows: energy by part, and the format of every layer. */
static asx_status add_detail(json_t *out, asx_store *store, const front *f, const char *text,
                             const asx_workload *work, asx_error *err)
{
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(f->tier),
                             .subset = "select",
                             .design = text,
                             .parts = true};
    asx_rows rows = {0};
    asx_design design = {0};
    json_t *parts = json_array(), *formats = json_array();
    asx_status st = asx_query_rows(&rows, store, &query, err);
    for (int p = 0; p < ASX_N_PARTS && st == ASX_OK && rows.n; p++)
        json_array_append_new(parts, number(rows.row[0].evaluation.cost.energy_part_pj[p]));
    if (st == ASX_OK)
        st = asx_design_parse(&design, text, work, err);
    for (size_t l = 0; l < design.n_layers && st == ASX_OK; l++) {
        asx_text format = {0};
        asx_format_print(&format, &design.format[l]);
        json_array_append_new(formats, json_string(format.s));
        asx_text_fini(&format);
    }
    if (st == ASX_OK && rows.n)
        json_object_set(out, "parts", parts);
    json_object_set(out, "formats", formats);
    json_decref(parts);
    json_decref(formats);
    asx_design_fini(&design);
    asx_rows_fini(&rows);
    return st;
}

/* The front in its order, the baseline, then every k-th of the others. */
static asx_status designs_json(json_t *designs, json_t *front_index, asx_store *store,
                               const front *f, const asx_workload *work, asx_error *err)
{
    const size_t every = 1 + f->rows.n / REPORT_DESIGNS_MAX;
    asx_status st = ASX_OK;
    bool has_baseline = false;
    for (size_t i = 0; i < f->n && st == ASX_OK; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        json_t *d = design_json(f, row);
        st = add_detail(d, store, f, row->design, work, err);
        json_array_append_new(front_index, json_integer((json_int_t)i));
        json_array_append_new(designs, d);
        has_baseline = has_baseline || row == f->baseline;
    }
    if (st == ASX_OK && f->baseline && !has_baseline) {
        json_t *d = design_json(f, f->baseline);
        st = add_detail(d, store, f, f->baseline->design, work, err);
        json_array_append_new(designs, d);
    }
    bool *on_front = f->rows.n ? calloc(f->rows.n, sizeof *on_front) : NULL;
    for (size_t i = 0; on_front && i < f->n; i++)
        on_front[f->index[i]] = true;
    for (size_t i = 0; on_front && i < f->rows.n && st == ASX_OK; i += every)
        if (!on_front[i] && &f->rows.row[i] != f->baseline)
            json_array_append_new(designs, design_json(f, &f->rows.row[i]));
    free(on_front);
    return st;
}

static asx_status data_json(json_t **out, asx_store *store, const front *f, const char *db,
                            asx_error *err)
{
    asx_campaign_record record = {0};
    asx_workload work = {0};
    json_t *designs = json_array(), *index = json_array(), *layers = json_array();
    asx_status st = asx_campaign_read(&record, &work, store, f->campaign, err);
    if (st == ASX_OK)
        st = designs_json(designs, index, store, f, &work, err);
    for (size_t l = 0; l < work.n_layers && st == ASX_OK; l++)
        json_array_append_new(layers, json_string(work.layer[l].name));
    if (st == ASX_OK)
        *out = json_pack(
            "{s:o, s:o, s:O, s:O, s:O, s:s, s:I, s:o, s:o}", "campaign", campaign_json(f), "parts",
            parts_json(), "layers", layers, "designs", designs, "front", index, "tier",
            asx_tier_text(f->tier), "n_designs", (json_int_t)f->rows.n, "baseline_pj",
            number(f->baseline ? f->baseline->evaluation.cost.energy_pj : NAN), "command",
            json_sprintf("# the campaign file below, saved as %s.yaml; asx %s\nasx run %s.yaml "
                         "--db %s\nasx report %s -o report.html",
                         f->record.name, f->record.version, f->record.name, db, db));
    if (st == ASX_OK && !*out)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a report");
    json_decref(designs);
    json_decref(index);
    json_decref(layers);
    asx_campaign_record_fini(&record);
    asx_workload_fini(&work);
    return st;
}

asx_status report_page(asx_text *page, asx_store *store, const front *f, const char *db,
                       asx_error *err)
{
    const embedded_file *file = embedded_find("report.html");
    const char *html = (const char *)file->bytes, *at = strstr(html, mark);
    json_t *data = NULL;
    asx_status st = data_json(&data, store, f, db, err);
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
