/* asx best: the best of the evaluated designs under limits. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "front.h"
#include "option.h"
#include "proof.h"

static const option_usage usage = {
    .synopsis = "best DB [--max-drop POINTS] [--max-energy PJ] [--minimise NAME] ...",
    .about = "Prints the one evaluated design that keeps the given limits and has the smallest "
             "energy, or what "
             "--minimise says. If no design keeps them, the one that violates them least, with a "
             "message. Says whether an exact search has proven that no design of the space is "
             "better, for the model that it searched on.",
    .examples = "  asx best resnet20-cifar10.db --max-drop 1\n"
                "  asx best resnet20-cifar10.db --max-energy 2e6 --minimise drop\n",
    .min_arguments = 1,
    .max_arguments = 1};

/* Leaves one of `rows` as the front, with its number if it was on it. */
static void leave(front *f, size_t row)
{
    f->first_row = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->index[i] == row)
            f->first_row = i + 1;
    f->n = f->rows.n > 0;
    if (f->n)
        f->index[0] = row;
}

/* Leaves the single best row on the front: least violation first, then the objective. */
static void pick_best(front *f, const asx_limits *limits, asx_objective minimise)
{
    size_t best = 0;
    double best_violation = INFINITY, best_value = INFINITY;
    for (size_t i = 0; i < f->rows.n; i++) {
        const asx_evaluation *e = &f->rows.row[i].evaluation;
        const double violation = asx_limits_violation(limits, e);
        const double value = asx_evaluation_objective(e, minimise);
        if (violation < best_violation || (violation == best_violation && value < best_value)) {
            best = i;
            best_violation = violation;
            best_value = value;
        }
    }
    f->feasible = best_violation == 0;
    leave(f, best);
}

/* Leaves the knee: the row of the front with the least sum of objectives, each scaled to its range
 * on the front; that is the farthest below the plane through the extremes. */
static void pick_knee(front *f)
{
    double low[ASX_N_OBJECTIVES], high[ASX_N_OBJECTIVES], best = INFINITY;
    size_t knee = 0;
    for (size_t j = 0; j < f->n_objectives; j++) {
        low[j] = INFINITY;
        high[j] = -INFINITY;
        for (size_t i = 0; i < f->n; i++) {
            const double v =
                asx_evaluation_objective(&f->rows.row[f->index[i]].evaluation, f->objective[j]);
            low[j] = fmin(low[j], v);
            high[j] = fmax(high[j], v);
        }
    }
    for (size_t i = 0; i < f->n; i++) {
        double sum = 0;
        for (size_t j = 0; j < f->n_objectives; j++)
            if (high[j] > low[j])
                sum += (asx_evaluation_objective(&f->rows.row[f->index[i]].evaluation,
                                                 f->objective[j]) -
                        low[j]) /
                       (high[j] - low[j]);
        if (sum < best) {
            best = sum;
            knee = f->index[i];
        }
    }
    leave(f, knee);
}

static void say_proof(const proof *p, const front *f, const proof_question *q)
{
    if (p->verdict == PROOF_NONE)
        fprintf(stderr, "best known; not proven because %s\n", p->why);
    else if (p->verdict == PROOF_WITHIN)
        fprintf(stderr,
                "proven for the model: no design that keeps the limits has less than this "
                "%s / %.6g\n",
                asx_objective_text(q->minimise), p->factor);
    else if (f->feasible)
        fprintf(stderr, "proven optimal for the model\n");
    else
        fprintf(stderr, "proven for the model: no design of the space keeps these limits\n");
}

static void say_about(const front *f, const asx_limits *limits)
{
    if (f->n == 0) {
        fprintf(stderr, "asx: nothing was evaluated yet\n");
        return;
    }
    if (!f->feasible) {
        const asx_evaluation *e = &f->rows.row[f->index[0]].evaluation;
        asx_text exceeds = {0};
        front_exceeds(&exceeds, limits, e);
        fprintf(stderr, "asx: no evaluated design keeps these limits; this one comes closest: %s\n",
                exceeds.s ? exceeds.s : "");
        asx_text_fini(&exceeds);
    }
    if (f->tier == ASX_TIER_PROXY)
        fprintf(stderr,
                "the drop is predicted; --tier measured considers the %zu designs measured\n",
                f->checked.n);
}

static asx_status run(const char *path, const front_options *options,
                      const proof_question *question, const char *print, asx_error *err)
{
    asx_store *store = NULL;
    front f = {0};
    table *t = NULL;
    char *certificate = NULL, text[40];
    proof p = {0};
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = front_load(&f, store, options, err);
    if (st == ASX_OK)
        st = proof_certificate(&certificate, store, f.campaign, err);
    if (st == ASX_OK) {
        if (question->knee)
            pick_knee(&f);
        else
            pick_best(&f, &question->limits, question->minimise);
        proof_judge(&p, &f, question, certificate, f.feasible);
        proof_text(text, sizeof text, &p);
        f.proof = text;
        if (!question->knee) /* the table is about what was asked now */
            f.limits = question->limits;
        st = front_table(&t, &f, err);
    }
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, err);
    if (st == ASX_OK)
        say_about(&f, question->knee ? &f.limits : &question->limits);
    if (st == ASX_OK && f.n) {
        say_proof(&p, &f, question);
        if (certificate)
            fprintf(stderr, "the search: %s\n", certificate);
    }
    free(certificate);
    table_free(t);
    front_fini(&f);
    asx_store_free(store);
    return st;
}

int cmd_best(int argc, char **argv)
{
    front_options which = {0};
    proof_question question = {.limits = asx_limits_none(), .minimise = ASX_ENERGY};
    const char *print = "table", *minimise_text = "energy";
    double *max = question.limits.max;
    const option options[] = {
        {.name = "max-drop",
         .kind = OPTION_NUMBER,
         .target = &max[ASX_DROP],
         .argument = "POINTS",
         .low = -100,
         .high = 100,
         .help = "largest accuracy drop"},
        {.name = "max-energy",
         .kind = OPTION_NUMBER,
         .target = &max[ASX_ENERGY],
         .argument = "PJ",
         .low = 0,
         .high = 1e30,
         .help = "largest energy per inference, pJ"},
        {.name = "max-latency",
         .kind = OPTION_NUMBER,
         .target = &max[ASX_LATENCY],
         .argument = "NS",
         .low = 0,
         .high = 1e30,
         .help = "longest latency, ns"},
        {.name = "max-area",
         .kind = OPTION_NUMBER,
         .target = &max[ASX_AREA],
         .argument = "UM2",
         .low = 0,
         .high = 1e30,
         .help = "largest area, um2"},
        {.name = "max-storage",
         .kind = OPTION_NUMBER,
         .target = &max[ASX_STORAGE],
         .argument = "BITS",
         .low = 0,
         .high = 1e30,
         .help = "largest weight storage, bits"},
        {.name = "minimise",
         .kind = OPTION_CHOICE,
         .target = &minimise_text,
         .argument = "drop|energy|latency|area|storage",
         .help = "what to minimise (default: energy)"},
        {.name = "knee",
         .kind = OPTION_FLAG,
         .target = &question.knee,
         .help = "instead, the knee of the campaign's front: least sum of its objectives, each "
                 "scaled to its range"},
        FRONT_OPTIONS(which),
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    question.where = which.where != NULL;
    asx_status st = asx_objective_parse(&question.minimise, minimise_text, &err);
    if (st == ASX_OK)
        st = run(args.argument[0], &which, &question, print, &err);
    return cmd_end(st, &err);
}
