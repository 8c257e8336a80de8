/* asx best: the best of the evaluated designs under limits. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "drop_text.h"
#include "evidence.h"
#include "front_table.h"
#include "look_options.h"
#include "option.h"
#include "provenance.h"
#include "results/answer.h"
#include "results/proof.h"
#include "short_name.h"

static const option_usage usage = {
    .synopsis = "best DB [--max-drop POINTS] [--confidence PERCENT] [--max-energy PJ] ...",
    .about =
        "Prints the one evaluated design that keeps the given limits, those of the campaign where "
        "none is given, and has the smallest energy, or what --minimise says. If no design keeps them, the one that violates them "
        "least, with a message, and exit code 1, so that scripts need not read it. "
        "A limit of the drop alone is answered from what the run confirmed on images of their "
        "own (verify.drops), as sure as --confidence asks for; what was predicted, measured, "
        "confirmed and reported of the answer is said beside. Says whether an exact search has "
        "proven that no design of the space is better, for the model that it searched on. Exit code 1 also where "
        "designs were tested on these images and none was confirmed, and where nothing was evaluated yet.",
    .examples = "  asx best resnet20-cifar10.db --max-drop 1\n"
                "  asx best resnet20-cifar10.db --max-drop 1 --confidence 95\n"
                "  asx best resnet20-cifar10.db --max-energy 2e6 --minimise drop\n",
    .min_arguments = 1,
    .max_arguments = 1};

typedef struct best_options {
    asx_front_options front;
    asx_proof_question question;
    double confidence;
    look look;
} best_options;

/* What was found: a row of the front's, and how good it is. */
typedef struct answer {
    const asx_row *row;   /* NULL: nothing was evaluated */
    bool feasible;        /* it keeps the limits */
    asx_limits limits;    /* those asked for, and the campaign's where nothing is asked */
    asx_proof proof;      /* of `model` */
    const asx_row *model; /* the best by the drops that the search went by; of the front by them */
    asx_answer confirmed;
} answer;

/* Whether this is a question that runs look for an answer to, on images of their own. */
static bool may_be_confirmed(const asx_front *f, const best_options *o)
{
    return !o->question.knee && !o->front.tier && !o->front.where && f->on == ASX_SUBSET_SELECT &&
           asx_front_confirms(f, &o->question.limits, o->question.minimise);
}

static asx_status best_of(const asx_row **out, bool *feasible, asx_front *f, asx_store *store,
                          const best_options *o, const asx_limits *limits, asx_error *err)
{
    if (!o->question.knee)
        return asx_front_find_best(out, feasible, f, store, o->front.where, limits,
                                   o->question.minimise, err);
    *feasible = f->feasible;
    *out = asx_front_knee(f);
    return ASX_OK;
}

static asx_status find(answer *out, asx_front *f, asx_front *model, asx_store *store,
                       const best_options *o, const asx_certificate *certificate, asx_error *err)
{
    asx_proof_question asked = o->question;
    const asx_proof_question *q = &asked;
    for (int i = 0; i < ASX_N_OBJECTIVES; i++)
        if (isinf(asked.limits.max[i]) || asked.knee)
            asked.limits.max[i] = f->limits.max[i];
    answer a = {.limits = asked.limits};
    bool feasible = false;
    asx_status status = best_of(&a.row, &a.feasible, f, store, o, &a.limits, err);
    if (status == ASX_OK && model != f)
        status = best_of(&a.model, &feasible, model, store, o, &a.limits, err);
    if (model == f) {
        a.model = a.row;
        feasible = a.feasible;
    }
    asx_proof_judge(&a.proof, model, q, certificate, feasible);
    if (status == ASX_OK && may_be_confirmed(f, o))
        status = asx_front_answer(&a.confirmed, f, store, o->question.limits.max[ASX_DROP],
                                  o->confidence, err);
    if (a.confirmed.best.row) {
        a.row = a.confirmed.best.row;
        a.feasible = true;
    }
    *out = a;
    return status;
}

static bool is_model(const answer *a)
{
    return a->row && a->model && strcmp(a->row->design, a->model->design) == 0;
}

/* What would be the answer to who believes the search. */
static void say_other(const asx_front *f, const answer *a, const char *by)
{
    const asx_row *now = asx_rows_find(&f->rows, a->model->design);
    asx_text name = {0};
    front_name_add(&name, f, now ? now : a->model);
    if (now && now->evaluation.accuracy.tier != f->searched)
        asx_text_add(&name, ", but %s it loses %.2f", asx_tier_text(now->evaluation.accuracy.tier),
                     now->evaluation.accuracy.drop);
    look_say("proven by %s drops alone: the answer would be %s", by, name.s ? name.s : "");
    asx_text_fini(&name);
}

/* What was proven is said of the drops that the search went by. */
static void say_proof(const asx_front *f, const answer *a, const asx_proof_question *q)
{
    const asx_proof *p = &a->proof;
    const char *by = f->searched == ASX_TIER_PROXY ? "predicted" : "measured";
    const bool model = f->searched != ASX_TIER_MEASURED;
    if (p->verdict == ASX_PROOF_NONE)
        look_say("best known; not proven because %s", p->why);
    else if (!is_model(a))
        say_other(f, a, by);
    else if (p->verdict == ASX_PROOF_WITHIN)
        look_say("proven for the model: no design that keeps the limits has less than this "
                 "%s / %.6g",
                 asx_objective_text(q->minimise), p->factor);
    else if (!model)
        look_say("proven by measuring all designs on the images that the search saw: no design of "
                 "the space %s there",
                 a->feasible ? "is better" : "keeps these limits");
    else if (a->feasible)
        look_say("proven optimal for the model");
    else
        look_say("proven for the model: no design of the space keeps these limits");
}

/* Why there is no confirmed answer, if there might be one. */
static asx_status say_unconfirmed(const asx_front *f, asx_store *store, const answer *a,
                                  const best_options *o, asx_error *err)
{
    const double limit = o->question.limits.max[ASX_DROP];
    asx_text limits = {0};
    if (a->confirmed.asked) {
        drop_limit_add(&limits, &f->record.score, limit);
        look_say("asx: warning: no design was confirmed to %g %% to lose at most %s (%zu "
                 "tested on up to %zu images, at 50 and 95 %%); this one is the %s",
                 o->confidence, limits.s ? limits.s : "", a->confirmed.tried, a->confirmed.images,
                 a->confirmed.best.row ? "surest of them" : "best by what is known of all");
        asx_text_fini(&limits);
        return ASX_OK;
    }
    double *limit_at = NULL;
    size_t n = 0;
    bool faults = false;
    asx_status status = asx_confirmed_limits(&limit_at, &n, store, f->campaign, 50, err);
    if (status == ASX_OK)
        status = provenance_has_faults(&faults, f->record.text, err);
    for (size_t i = 0; i < n; i++)
        asx_text_add(&limits, "%s%.6g", i ? ", " : "", limit_at[i]);
    free(limit_at);
    if (limits.n) {
        asx_text_add(&limits, " ");
        drop_unit_add(&limits, &f->record.score, 0);
    }
    if (status == ASX_OK && limits.n)
        look_say("asx: not confirmed: the run looked for answers at %s (verify.drops)", limits.s);
    else if (status == ASX_OK && faults)
        look_say("asx: not confirmed: accuracies are means over devices with faults, and answers "
                 "are confirmed by counts of images");
    else if (status == ASX_OK)
        look_say("asx: not confirmed: the best of many noisy drops is probably worse than it "
                 "looks; data.confirm says which images to confirm answers on, unless "
                 "verify.measured is 0");
    asx_text_fini(&limits);
    return status;
}

static void say_about(const asx_front *f, const answer *a, const look *l)
{
    asx_text name = {0};
    if (!a->row) {
        look_say("asx: nothing was evaluated yet");
        return;
    }
    if (!a->feasible) {
        asx_text exceeds = {0};
        front_exceeds(&exceeds, &a->limits, &a->row->evaluation);
        look_say("asx: no evaluated design keeps these limits; this one comes closest: %s",
                 exceeds.s ? exceeds.s : "");
        asx_text_fini(&exceeds);
    }
    short_name_add(&name, a->row->design, 0);
    if (look_is_brief(l) && name.s && strcmp(name.s, a->row->design) != 0)
        look_say("  design    %s", a->row->design);
    asx_text_fini(&name);
    evidence_say(f, a->row, &a->confirmed, a->limits.max[ASX_DROP]);
}

static asx_status print_answer(const asx_front *f, const answer *a, const look *l, asx_error *err)
{
    table *t = NULL;
    char proof[40] = "unproven";
    if (is_model(a))
        asx_proof_text(proof, sizeof proof, &a->proof);
    const front_view view = {.row = &a->row,
                             .n = a->row != NULL,
                             .limits = &a->limits, /* the table is about what was asked now */
                             .broken = a->row && !a->feasible,
                             .confirmed = a->confirmed.best.row ? &a->confirmed.best : NULL,
                             .proof = proof};
    asx_status status = front_table(&t, f, &view, err);
    if (status == ASX_OK)
        status = look_print(l, &t, 1, err);
    table_free(t);
    return status;
}

static asx_status say(const asx_front *f, asx_store *store, const answer *a, const best_options *o,
                      const asx_certificate *certificate, asx_error *err)
{
    say_about(f, a, &o->look);
    if (!a->row)
        return ASX_OK;
    asx_status status = ASX_OK;
    if (may_be_confirmed(f, o) && !a->confirmed.kept)
        status = say_unconfirmed(f, store, a, o, err);
    say_proof(f, a, &o->question);
    if (certificate->text)
        look_say("the search: %s", asx_certificate_words(certificate->text));
    return status;
}

/* The front by the drops that the search went by alone, where others are laid over it. */
static asx_status load_model(asx_front *out, const asx_front *f, asx_store *store,
                             const best_options *o, asx_error *err)
{
    asx_front_options which = o->front;
    which.tier = asx_tier_text(f->searched);
    return asx_front_load(out, store, &which, err);
}

/* Whether the question has an answer: a design that keeps the limits by what is known of it, and where the run looked for
 * one on images of their own, that was confirmed to keep it as surely as asked. */
static bool is_answered(const asx_front *f, const answer *a, const best_options *o)
{
    const bool refuted = may_be_confirmed(f, o) && a->confirmed.asked && !a->confirmed.kept;
    return a->row && a->feasible && !refuted;
}

/* Of costs alone nobody can say what loses least. */
static asx_status check_known(const asx_front *f, const char *path, const best_options *o,
                              asx_error *err)
{
    const bool limit = o->question.limits.max[ASX_DROP] < INFINITY;
    if (!limit && o->question.minimise != ASX_DROP)
        return ASX_OK;
    return front_need_accuracy(
        f, path, limit ? "--max-drop" : "--minimise drop",
        "limits of energy, latency, area, storage, energy_delay and power can be "
        "had, a campaign with 'data' and a network that can be run knows drops "
        "(--campaign)",
        err);
}

static asx_status run(bool *answered, const char *path, const best_options *o, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0}, model = {0};
    asx_certificate certificate = {0};
    answer a = {0};
    asx_status status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &o->front, err);
    if (status == ASX_OK)
        status = check_known(&f, path, o, err);
    const bool other = !o->front.tier && f.tier == f.searched && asx_front_is_mixed(&f);
    if (status == ASX_OK && other)
        status = load_model(&model, &f, store, o, err);
    if (status == ASX_OK)
        status = asx_certificate_read(&certificate, store, f.campaign, err);
    if (status == ASX_OK)
        status = find(&a, &f, other ? &model : &f, store, o, &certificate, err);
    if (status == ASX_OK)
        status = print_answer(&f, &a, &o->look, err);
    if (status == ASX_OK)
        status = say(&f, store, &a, o, &certificate, err);
    if (status == ASX_OK)
        *answered = is_answered(&f, &a, o);
    asx_certificate_fini(&certificate);
    asx_front_fini(&model);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

#define OPTION_OF_LIMIT(text, value, unit, about)                                                  \
    {                                                                                              \
        .name = (text), .kind = OPTION_NUMBER, .target = (value), .argument = (unit), .low = 0,    \
        .high = 1e30, .help = (about)                                                              \
    }

int cmd_best(int argc, char **argv)
{
    best_options o = {.front = {.streamed = true},
                      .question = {.limits = asx_limits_none(), .minimise = ASX_ENERGY},
                      .confidence = 50,
                      .look = LOOK_DEFAULT};
    const char *minimise_text = "energy";
    double *max = o.question.limits.max;
    const option options[] = {
        {.name = "max-drop",
         .kind = OPTION_NUMBER,
         .target = &max[ASX_DROP],
         .argument = "POINTS",
         .low = -1e30,
         .high = 1e30,
         .help = "largest accuracy drop, in the unit of the campaign's measure"},
        {.name = "confidence",
         .kind = OPTION_NUMBER,
         .target = &o.confidence,
         .argument = "PERCENT",
         .low = 50,
         .high = 99.99,
         .help = "how sure it shall be that the drop keeps its limit (default: 50, the mean)"},
        OPTION_OF_LIMIT("max-energy", &max[ASX_ENERGY], "PJ", "largest energy per inference, pJ"),
        OPTION_OF_LIMIT("max-latency", &max[ASX_LATENCY], "NS", "longest latency, ns"),
        OPTION_OF_LIMIT("max-area", &max[ASX_AREA], "UM2", "largest area, um2"),
        OPTION_OF_LIMIT("max-storage", &max[ASX_STORAGE], "BITS", "largest weight storage, bits"),
        OPTION_OF_LIMIT("max-power", &max[ASX_POWER], "MW", "largest power while it infers, mW"),
        OPTION_OF_LIMIT("max-energy-delay", &max[ASX_ENERGY_DELAY], "NJS",
                        "largest energy x time per inference, nJ s"),
        OPTION_OF_CHOICE(&minimise_text, "minimise",
                         "drop|energy|latency|area|storage|energy_delay|power_mw",
                         "what to minimise (default: energy)"),
        OPTION_OF_FLAG(
            &o.question.knee, "knee",
            "instead, the knee of the campaign's front: least sum of its objectives, each "
            "scaled to its range"),
        OPTION_FRONT(o.front),
        OPTION_OF_TEXT(&o.look.columns, "columns", "FIELDS",
                       "these fields, separated by commas; csv has all of them in its head"),
        OPTION_LOOK(o.look),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    bool answered = false;
    o.question.where = o.front.where != NULL;
    asx_status status = asx_objective_parse(&o.question.minimise, minimise_text, &err);
    if (status == ASX_OK)
        status = run(&answered, args.argument[0], &o, &err);
    return status == ASX_OK && !answered ? CMD_FAILURE : cmd_end(status, &err);
}
