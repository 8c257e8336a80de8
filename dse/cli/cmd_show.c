/* asx show: one design of a stored campaign in full. The machine is rebuilt from the database, so
 * that neither the campaign file nor the network is needed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "cost_tables.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "front.h"
#include "option.h"
#include "rows_table.h"
#include "saving_tables.h"
#include "stored.h"

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
    stored of;
} subject;

static asx_status subject_open(subject *s, const char *path, const char *campaign, asx_error *err)
{
    asx_status st = asx_store_open(&s->store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = asx_campaign_find(&s->campaign, s->store, campaign, err);
    return st == ASX_OK ? stored_read(&s->of, s->store, s->campaign, err) : st;
}

static void subject_close(subject *s)
{
    stored_fini(&s->of);
    asx_store_free(s->store);
}

/* The text of the N-th row of the front. */
static asx_status front_row(char **out, const subject *s, const char *number, const char *campaign,
                            asx_error *err)
{
    front f = {0};
    long long n = 0;
    const front_options options = {.campaign = campaign, .few = true};
    asx_status st = front_load(&f, s->store, &options, err);
    if (st == ASX_OK && f.n == 0)
        st = asx_fail(err, ASX_ENOTFOUND, "the front has no row %s: nothing was evaluated yet",
                      number);
    if (st == ASX_OK)
        st = asx_integer_parse(&n, number, 1, (long long)f.n, "row of the front", err);
    if (st == ASX_OK) {
        *out = asx_string_copy(f.rows.row[f.index[n - 1]].design);
        if (!*out)
            st = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    }
    front_fini(&f);
    return st;
}

static asx_status evaluations(table **out, const subject *s, const asx_design *design,
                              asx_error *err)
{
    asx_text text = {0};
    char *canonical = NULL;
    asx_rows rows = {0};
    asx_limits limits;
    asx_design_print(&text, design, &s->of.work);
    asx_status st = asx_text_take(&canonical, &text, err);
    if (st == ASX_OK) {
        const asx_query query = {.campaign = s->campaign, .design = canonical};
        st = asx_query_rows(&rows, s->store, &query, err);
    }
    if (st == ASX_OK && rows.n == 0)
        fprintf(stderr, "asx: '%s' was not evaluated; its cost is computed\n", canonical);
    if (st == ASX_OK)
        st = front_limits(&limits, s->of.record.limits, err);
    if (st == ASX_OK)
        st = rows_table(out, "evaluations", &rows, ROWS_BRIEF, &limits, err);
    asx_rows_fini(&rows);
    free(canonical);
    return st;
}

enum { N_TABLES = 1 + SAVING_TABLES + COST_TABLES };

static asx_status show(const subject *s, const char *text, const char *campaign, const char *print,
                       asx_error *err)
{
    table *tables[N_TABLES] = {NULL};
    asx_design design = {0};
    char *row = NULL;
    asx_status st = ASX_OK;
    if (*text && text[strspn(text, "0123456789")] == '\0')
        st = front_row(&row, s, text, campaign, err);
    if (st == ASX_OK)
        st = asx_design_parse(&design, row ? row : text, &s->of.work, err);
    if (st == ASX_OK)
        st = evaluations(&tables[0], s, &design, err);
    if (st == ASX_OK)
        st = saving_tables_make(tables + 1, s->of.machine, &s->of.work, &design, err);
    if (st == ASX_OK)
        st = cost_tables_make(tables + 1 + SAVING_TABLES, s->of.machine, &s->of.work, &design, err);
    if (st == ASX_OK)
        st = table_print(stdout, print, tables, N_TABLES, err);
    for (int i = 0; i < N_TABLES; i++)
        table_free(tables[i]);
    asx_design_fini(&design);
    free(row);
    return st;
}

int cmd_show(int argc, char **argv)
{
    const char *campaign = NULL, *print = "table";
    const option options[] = {OPTION_CAMPAIGN(&campaign), OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    subject s = {0};
    asx_status st = subject_open(&s, args.argument[0], campaign, &err);
    if (st == ASX_OK)
        st = show(&s, args.argument[1], campaign, print, &err);
    subject_close(&s);
    return cmd_end(st, &err);
}
