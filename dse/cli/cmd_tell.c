/* asx tell: books accuracies that were found outside of asx. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "option.h"
#include "outside.h"
#include "results/lease.h"
#include "told_file.h"

static const option_usage usage = {
    .synopsis = "tell CAMPAIGN.yaml [FILE] [--db FILE] [--float PERCENT]",
    .about =
        "Books results of designs that 'asx ask' handed out, or of any others, as tier 'measured'. "
        "FILE, or standard input, is CSV with a header, or lines of JSON objects; columns or "
        "members: design, and accuracy (percent) or drop (points below the float network) or both; "
        "images, if the 95 % interval is wanted. Costs are the campaign's. All lines are booked, "
        "or "
        "none if one is wrong; a design that is known keeps what was told first.",
    .examples = "  asx tell r20.yaml results.csv --db r20.db --float 92.6\n"
                "  echo '{\"design\": \"near: w4{1}a8\", \"drop\": 1.5}' | asx tell r20.yaml\n",
    .min_arguments = 1,
    .max_arguments = 2};

typedef struct telling {
    outside o;
    told_file told;
    double reference; /* accuracy of the float network; NAN: not known yet */
    size_t n_booked, n_known;
} telling;

/* Where only one of accuracy and drop was told, the float network's accuracy gives the other. */
static asx_status need_reference(telling *t, asx_error *err)
{
    bool missing = false;
    for (size_t i = 0; i < t->told.n; i++)
        missing |= isnan(t->told.result[i].accuracy) || isnan(t->told.result[i].drop);
    if (!missing || !isnan(t->reference))
        return ASX_OK;
    const asx_status st = workbench_need_measure(&t->o.w, SUBSET_SELECT, err);
    if (st < 0)
        return st;
    t->reference = asx_measure_float(t->o.w.measure[SUBSET_SELECT]).accuracy;
    fprintf(stderr, "the float network's accuracy is %.4g %% on the campaign's images\n",
            t->reference);
    return ASX_OK;
}

static asx_accuracy accuracy_of(const telling *t, const told_result *r)
{
    asx_accuracy a = {.tier = ASX_TIER_MEASURED, .images = (size_t)r->images};
    a.accuracy = isnan(r->accuracy) ? t->reference - r->drop : r->accuracy;
    a.drop = isnan(r->drop) ? t->reference - r->accuracy : r->drop;
    a.accuracy_low = a.accuracy_high = a.accuracy;
    if (a.images > 0) {
        const double correct = fmin(fmax(a.accuracy / 100, 0), 1) * (double)a.images;
        a.correct = (size_t)lround(correct);
        const asx_accuracy interval = asx_accuracy_from_counts(ASX_TIER_MEASURED, a.images,
                                                               a.correct, a.images - a.correct, 0);
        a.accuracy_low = fmin(interval.accuracy_low, a.accuracy);
        a.accuracy_high = fmax(interval.accuracy_high, a.accuracy);
    }
    /* which images the float network gets right was not told: its accuracy counts as exact */
    a.drop_low = a.drop - (a.accuracy_high - a.accuracy);
    a.drop_high = a.drop + (a.accuracy - a.accuracy_low);
    return a;
}

static asx_status book(telling *t, const told_result *r, asx_error *err)
{
    const workbench *w = &t->o.w;
    const asx_ledger *ledger = &t->o.ledger;
    asx_evaluation e = {.accuracy = accuracy_of(t, r)}, before;
    asx_design design = {0};
    asx_text text = {0};
    bool known = false;
    asx_status st = asx_design_parse(&design, r->design, workbench_workload(w), err);
    if (st == ASX_OK)
        st = asx_machine_cost(&e.cost, NULL, w->machine, &design, err);
    if (st < 0) {
        asx_design_fini(&design);
        return asx_fail_context(err, st, "%s:%zu", t->told.name, r->line);
    }
    asx_design_print(&text, &design, workbench_workload(w));
    if (text.failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    if (st == ASX_OK)
        st = ledger->find(ledger->state, text.s, &before, &known, err);
    if (st == ASX_OK && !known)
        st = ledger->book(ledger->state, text.s, &design, &e, err);
    if (st == ASX_OK)
        st = asx_lease_end(t->o.store, t->o.campaign, text.s, err);
    t->n_booked += st == ASX_OK && !known;
    t->n_known += known;
    asx_text_fini(&text);
    asx_design_fini(&design);
    return st;
}

/* Every design is read before the first is booked. */
static asx_status check_designs(const telling *t, asx_error *err)
{
    asx_status st = ASX_OK;
    for (size_t i = 0; st == ASX_OK && i < t->told.n; i++) {
        const told_result *r = &t->told.result[i];
        asx_design design = {0};
        st = asx_design_parse(&design, r->design, workbench_workload(&t->o.w), err);
        if (st < 0)
            st = asx_fail_context(err, st, "%s:%zu", t->told.name, r->line);
        asx_design_fini(&design);
    }
    return st;
}

static asx_status tell(telling *t, const char *path, asx_error *err)
{
    asx_status st = told_file_read(&t->told, path, err);
    if (st == ASX_OK)
        st = check_designs(t, err);
    if (st == ASX_OK)
        st = need_reference(t, err);
    for (size_t i = 0; st == ASX_OK && i < t->told.n; i++)
        st = book(t, &t->told.result[i], err);
    if (st == ASX_OK)
        st = asx_store_flush(t->o.store, err);
    if (st == ASX_OK)
        fprintf(stderr, "%zu designs booked, %zu known before\n", t->n_booked, t->n_known);
    return st;
}

int cmd_tell(int argc, char **argv)
{
    const char *database = NULL;
    telling t = {.reference = NAN};
    const option options[] = {
        OPTION_DATABASE(&database),
        {.name = "float",
         .kind = OPTION_NUMBER,
         .target = &t.reference,
         .argument = "PERCENT",
         .low = 0,
         .high = 100,
         .help = "the float network's accuracy with your evaluator (default: asx measures it)"},
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asx_status st = outside_open(&t.o, args.argument[0], database, &err);
    if (st == ASX_OK)
        st = tell(&t, args.n_arguments > 1 ? args.argument[1] : "-", &err);
    told_file_fini(&t.told);
    outside_close(&t.o);
    return cmd_end(st, &err);
}
