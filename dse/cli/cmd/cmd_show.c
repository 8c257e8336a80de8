/* asx show: one design of a stored campaign in full. The machine is rebuilt from the database, so
 * that neither the campaign file nor the network is needed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "cost_tables.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "explore/stored.h"
#include "look_options.h"
#include "option.h"
#include "results/query.h"
#include "rows_table.h"
#include "saving_tables.h"
#include "session_options.h"

static const option_usage usage = {
    .synopsis = "show DB DESIGN [--campaign NAME] [--format table|csv|json]",
    .about =
        "Prints one design: its accuracy at every tier it was evaluated at, what it costs "
        "against the baseline, by part of the machine and by layer, and all assumptions. DESIGN "
        "is its text, or N for the N-th row of asx front.",
    .examples = "  asx show resnet20-cifar10.db 3\n"
                "  asx show resnet20-cifar10.db 'near: w4{1,3}a8 conv1=w8a8'\n",
    .min_arguments = 2,
    .max_arguments = 2};

/* What is asked of. */
typedef struct subject {
    asx_store *store;
    int64_t campaign;
    asx_stored of;
} subject;

static asx_status subject_open(subject *s, const char *path, const char *campaign, asx_error *err)
{
    asx_status status = asx_store_open(&s->store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_record_find(&s->campaign, s->store, campaign, err);
    return status == ASX_OK ? asx_stored_read(&s->of, s->store, s->campaign, err) : status;
}

static void subject_close(subject *s)
{
    asx_stored_fini(&s->of);
    asx_store_free(s->store);
}

static asx_status evaluations(table **out, const subject *s, const asx_design *design,
                              asx_error *err)
{
    asx_text text = {0};
    char *canonical = NULL;
    asx_rows rows = {0};
    asx_limits limits;
    asx_design_print(&text, design, &s->of.work);
    asx_status status = asx_text_take(&canonical, &text, err);
    if (status == ASX_OK) {
        const asx_query query = {.campaign = s->campaign, .design = canonical};
        status = asx_query_rows(&rows, s->store, &query, err);
    }
    if (status == ASX_OK && rows.n == 0)
        fprintf(stderr, "asx: '%s' was not evaluated; its cost is computed\n", canonical);
    if (status == ASX_OK)
        status = asx_record_limits(&limits, s->of.record.limits, err);
    if (status == ASX_OK)
        status =
            rows_table(out, "evaluations", &rows, ROWS_BRIEF, &limits, &s->of.record.score, err);
    if (status == ASX_OK) /* all of one design, whose costs stand below */
        table_for_people(*out, "energy_pj latency_ns area_um2 weight_bits design", NULL);
    asx_rows_fini(&rows);
    free(canonical);
    return status;
}

enum { N_TABLES = 1 + SAVING_TABLES + COST_TABLES };

static bool is_row(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static asx_status show(const subject *s, const char *text, const char *campaign, const look *l,
                       asx_error *err)
{
    table *tables[N_TABLES] = {NULL};
    asx_design design = {0};
    char *row = NULL;
    asx_status status = ASX_OK;
    if (is_row(text))
        status = front_row_text(&row, s->store, campaign, text, err);
    if (status == ASX_OK)
        status = asx_design_parse(&design, row ? row : text, &s->of.work, err);
    if (status == ASX_OK)
        status = evaluations(&tables[0], s, &design, err);
    if (status == ASX_OK)
        status = saving_tables_make(tables + 1, s->of.machine, &s->of.work, &design, err);
    if (status == ASX_OK)
        status =
            cost_tables_make(tables + 1 + SAVING_TABLES, s->of.machine, &s->of.work, &design, err);
    if (status == ASX_OK)
        status = look_print(l, tables, N_TABLES, err);
    for (int i = 0; i < N_TABLES; i++)
        table_free(tables[i]);
    asx_design_fini(&design);
    free(row);
    return status;
}

int cmd_show(int argc, char **argv)
{
    const char *campaign = NULL;
    look l = LOOK_DEFAULT;
    const option options[] = {OPTION_CAMPAIGN(&campaign), OPTION_LOOK(l), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    const char *text = args.argument[1];
    if ((is_row(text) ? check_row : check_design)(text, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    subject s = {0};
    asx_status status = subject_open(&s, args.argument[0], campaign, &err);
    if (status == ASX_OK)
        status = show(&s, text, campaign, &l, &err);
    subject_close(&s);
    return cmd_end(status, &err);
}
