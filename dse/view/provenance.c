#include "provenance.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/text.h"
#include "explore/campaign.h"
#include "limits_text.h"
#include "results/bespoke.h"
#include "results/record.h"
#include "results/run.h"
#include "table.h"

/* Fields of a campaign, in the order they are printed. */
#define FIELD_LIST(X, EXTRA)                                                                       \
    X(name)                                                                                        \
    X(created)                                                                                     \
    X(version)                                                                                     \
    EXTRA(seed)                                                                                    \
    X(objectives)                                                                                  \
    EXTRA(limits)                                                                                  \
    X(network)                                                                                     \
    X(network_hash)                                                                                \
    X(data)                                                                                        \
    X(data_hash)                                                                                   \
    X(technology)                                                                                  \
    X(machine)                                                                                     \
    X(baseline)                                                                                    \
    EXTRA(key)

static const table_column columns[] = {
    {"campaign", TABLE_INTEGER, 0}, {"what", TABLE_TEXT, 0}, {"value", TABLE_TEXT, 0}, {0}};

static void add(table *t, int64_t campaign, const char *what, const char *value)
{
    table_integer(t, campaign);
    table_text(t, what);
    table_text(t, value);
}

/* For names in paths, which nobody opens here, whatever is set today. */
static char *any_folder(const char *name)
{
    static char folder[] = ".";
    (void)name;
    return folder;
}

/* What a stored file says. @param out  NULL if another version of the program wrote what this one does not read */
static asx_status read_file(asx_campaign **out, const char *text, asx_error *err)
{
    asx_error inner;
    *out = NULL;
    const asx_status status =
        asx_campaign_parse(out, "campaign", text, strlen(text), any_folder, &inner);
    return status == ASX_ENOMEM ? asx_fail(err, status, "%s", inner.message) : ASX_OK;
}

asx_status provenance_has_faults(bool *out, const char *text, asx_error *err)
{
    asx_campaign *c = NULL;
    const asx_status status = read_file(&c, text, err);
    *out = c && asx_faults_any(&c->calibration.faults);
    asx_campaign_free(c);
    return status;
}

/* How weights and ranges were fitted to the calibration images: said in the file alone. */
static asx_status add_calibration(table *t, int64_t id, const char *text, asx_error *err)
{
    asx_campaign *c = NULL;
    const asx_status status = read_file(&c, text, err);
    if (!c)
        return status;
    add(t, id, "ranges", asx_ranging_text(c->calibration.ranging));
    add(t, id, "rounding", asx_rounding_text(c->calibration.rounding));
    add(t, id, "bias_correction", c->calibration.bias_correction ? "on" : "off");
    asx_text faults = {0};
    if (asx_faults_any(&c->calibration.faults))
        asx_faults_print(&faults, &c->calibration.faults);
    if (faults.s)
        add(t, id, "faults", faults.s);
    asx_text_fini(&faults);
    asx_campaign_free(c);
    return ASX_OK;
}

static asx_status add_campaign(table *t, asx_store *store, int64_t id, asx_error *err)
{
    asx_record r = {0};
    char key[20], number[24];
    asx_status status = asx_record_read(&r, NULL, store, id, err);
    if (status != ASX_OK)
        return status;
    snprintf(key, sizeof key, "%016llx", (unsigned long long)asx_record_key(&r));
    snprintf(number, sizeof number, "%llu", (unsigned long long)r.seed);
    asx_limits limits;
    asx_text limits_text = {0};
    status = asx_record_limits(&limits, r.limits, err);
    if (status != ASX_OK) {
        asx_record_fini(&r);
        return status;
    }
    limits_add(&limits_text, &limits);
    const struct {
        const char *key, *seed, *limits;
    } extra = {key, number, limits_text.s ? limits_text.s : ""};
#define ADD(name)       add(t, id, #name, r.name);
#define ADD_EXTRA(name) add(t, id, #name, extra.name);
    FIELD_LIST(ADD, ADD_EXTRA)
#undef ADD_EXTRA
#undef ADD
    status = add_calibration(t, id, r.text, err);
    asx_text_fini(&limits_text);
    asx_record_fini(&r);
    return status;
}

/* "2026-11-29T08:00:00Z, asx 0.1.0 (build), processor, all threads, process 7, budget after 1.2 s" */
static asx_status add_run(table *t, const asx_run_entry *r, asx_error *err)
{
    char what[40], threads[24];
    asx_text text = {0};
    snprintf(what, sizeof what, "run %lld", (long long)r->id);
    snprintf(threads, sizeof threads, "%zu", r->threads);
    asx_text_add(&text, "%s, asx %s (%s), %s, %s threads, process %lld", r->started, r->version,
                 r->build, r->processor, r->threads ? threads : "all", (long long)r->process);
    if (r->reason)
        asx_text_add(&text, ", %s after %.1f s", r->reason, r->elapsed_s);
    if (!text.failed)
        add(t, r->campaign, what, text.s);
    const bool failed = text.failed;
    asx_text_fini(&text);
    return failed ? asx_fail(err, ASX_ENOMEM, "no memory for a run") : ASX_OK;
}

/* Names of fields as they are; lines as they fit, unless every one is to be whole. */
static asx_status provenance_look(const look *l, table *const *t, size_t n, asx_error *err)
{
    const table_style style = {.format = l->format, .width = l->wide ? 0 : look_width(stdout)};
    return table_print_as(stdout, &style, t, n, err);
}

/* @param n  campaigns in the database */
static asx_status add_campaigns(table *t, size_t *n, asx_store *store, asx_error *err)
{
    int64_t *id = NULL;
    asx_run_entry *run = NULL;
    size_t n_runs = 0;
    asx_status status = asx_record_ids(&id, n, store, err);
    for (size_t i = 0; status == ASX_OK && i < *n; i++)
        status = add_campaign(t, store, id[i], err);
    if (status == ASX_OK)
        status = asx_run_list(&run, &n_runs, store, 0, err);
    for (size_t i = 0; status == ASX_OK && i < n_runs; i++)
        status = add_run(t, &run[i], err);
    asx_run_list_free(run, n_runs);
    free(id);
    return status;
}

/* The command of a run of bespoke classifiers says all that it depends on, but for what its files hold. */
static void add_bespoke(table *t, const asx_bespoke_kept *k)
{
    asx_text rows = {0};
    asx_text_add(&rows, "%zu to learn from, %zu to choose by, %zu to report on", k->rows[0],
                 k->rows[1], k->rows[2]);
    add(t, k->id, "command", k->about);
    add(t, k->id, "technology", k->technology);
    table_integer(t, k->id);
    table_text(t, "rows");
    table_built(t, &rows);
    add(t, k->id, "finished", *k->finished ? k->finished : "not yet");
    asx_text_fini(&rows);
}

asx_status provenance_print(asx_store *store, const look *l, asx_error *err)
{
    static const table_column of_bespoke[] = {
        {"bespoke", TABLE_INTEGER, 0}, {"what", TABLE_TEXT, 0}, {"value", TABLE_TEXT, 0}, {0}};
    table *t[2] = {NULL};
    asx_bespoke_kept *kept = NULL;
    size_t n = 0, n_kept = 0;
    asx_status status = asx_bespoke_list(&kept, &n_kept, store, err);
    if (status == ASX_OK)
        status = table_new(&t[0], n_kept > 0 ? "campaigns" : NULL, columns, err);
    if (status == ASX_OK)
        status = add_campaigns(t[0], &n, store, err);
    if (status == ASX_OK)
        status = table_new(&t[1], n > 0 ? "bespoke" : NULL, of_bespoke, err);
    for (size_t i = 0; status == ASX_OK && i < n_kept; i++)
        add_bespoke(t[1], &kept[i]);
    if (status == ASX_OK) /* those that are there */
        status =
            provenance_look(l, n > 0 || n_kept == 0 ? t : t + 1, n > 0 && n_kept > 0 ? 2 : 1, err);
    table_free(t[0]);
    table_free(t[1]);
    asx_bespoke_list_free(kept, n_kept);
    return status;
}

asx_status provenance_print_file(asx_store *store, asx_error *err)
{
    int64_t campaign = 0;
    asx_record record = {0};
    asx_status status = asx_record_find(&campaign, store, NULL, err);
    if (status == ASX_OK)
        status = asx_record_read(&record, NULL, store, campaign, err);
    if (status == ASX_OK && (fputs(record.text, stdout) < 0 || fflush(stdout) != 0))
        status = asx_fail(err, ASX_EIO, "cannot write the file: %s", strerror(errno));
    asx_record_fini(&record);
    return status;
}
