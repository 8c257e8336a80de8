#include "report_bespoke.h"

#include "bespoke_runs.h"
#include "explore/bespoke.h"
#include "json_memory.h"
#include "report_write.h"

/* What a run's designs are told by. */
typedef struct sources {
    asx_power_source *source;
    size_t n;
} sources;

/* The losses at most that a design is the smallest for. */
static json_t *smallest_json(const asx_bespoke_kept *k, size_t i)
{
    json_t *out = json_array();
    for (int l = 0; l < ASX_BESPOKE_LOSSES; l++)
        if (i > 0 && bespoke_smallest(k, asx_bespoke_loss[l]) == i)
            json_array_append_new(out, json_integer((json_int_t)asx_bespoke_loss[l]));
    return out;
}

static json_t *design_json(const asx_bespoke_kept *k, size_t i, const sources *s)
{
    const asx_bespoke_row *d = &k->design[i];
    const asx_accuracy a =
        asx_accuracy_from_counts(ASX_TIER_MEASURED, k->rows[2], d->correct[2], 0, 0);
    return json_pack("{s:f, s:f, s:f, s:o, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o}", "area_cm2",
                     d->area_cm2, "power_mw", d->power_mw, "delay_ms", d->delay_ms, "source",
                     report_name(bespoke_power_source(s->source, s->n, d->power_mw)), "accuracy",
                     a.accuracy, "accuracy_low", a.accuracy_low, "accuracy_high", a.accuracy_high,
                     "lost", d->lost, "drop", d->drop, "drop_low", d->drop_low, "drop_high",
                     d->drop_high, "smallest_at", smallest_json(k, i));
}

static json_t *run_json(const asx_bespoke_kept *k, const sources *s)
{
    json_t *designs = json_array();
    for (size_t i = 0; i < k->n; i++)
        json_array_append_new(designs, design_json(k, i, s));
    return json_pack("{s:I, s:o, s:o, s:o, s:I, s:I, s:[I, I, I], s:I, s:o}", "id",
                     (json_int_t)k->id, "about", report_name(k->about), "technology",
                     report_name(k->technology), "finished", report_name(k->finished), "features",
                     (json_int_t)k->features, "classes", (json_int_t)k->classes, "rows",
                     (json_int_t)k->rows[0], (json_int_t)k->rows[1], (json_int_t)k->rows[2],
                     "evaluated", (json_int_t)k->evaluated, "designs", designs);
}

asx_status report_bespoke_json(json_t *out, asx_store *store, asx_error *err)
{
    asx_bespoke_kept *kept = NULL;
    sources s = {0};
    size_t n = 0;
    asx_status status = asx_bespoke_list(&kept, &n, store, err);
    if (status == ASX_OK)
        status = asx_power_sources_load(&s.source, &s.n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        if (kept[i].n > 0) /* it came to its end */
            json_array_append_new(out, run_json(&kept[i], &s));
    asx_power_sources_free(s.source, s.n);
    asx_bespoke_list_free(kept, n);
    return status;
}

asx_status report_bespoke_page(asx_text *page, asx_store *store, const char *db, asx_error *err)
{
    asx_text command = {0};
    json_memory_begin();
    json_t *runs = json_array();
    asx_status status = report_bespoke_json(runs, store, err);
    asx_text_add(&command, "asx report");
    asx_text_add_word(&command, db);
    asx_text_add(&command, " -o report.html");
    json_t *data = status == ASX_OK
                       ? json_pack("{s:o, s:o, s:O}", "db", report_name(db), "command",
                                   report_name(command.s ? command.s : ""), "bespoke", runs)
                       : NULL;
    if (status == ASX_OK && (!data || command.failed)) {
        json_decref(data);
        status = asx_fail(err, ASX_ENOMEM, "no memory for a report");
    }
    json_decref(runs);
    asx_text_fini(&command);
    return status == ASX_OK ? report_write(page, "report_bespoke.html", data, err) : status;
}
