/* Answers in words. */
#include "answers.h"

#include <stdio.h>

#include "drop_text.h"
#include "dse/text.h"
#include "front_table.h"
#include "look.h"
#include "readable.h"
#include "results/answer.h"
#include "results/record.h"

static void add_saving(asx_text *text, const asx_front *f, const asx_row *row)
{
    const asx_objective cost = asx_front_cost(f);
    const double value = asx_evaluation_objective(&row->evaluation, cost);
    char shown[40];
    readable_text(shown, sizeof shown, asx_objective_field(cost), value);
    if (f->baseline)
        asx_text_add(text, "saves %.1f %%",
                     100 * (1 - value / asx_evaluation_objective(&f->baseline->evaluation, cost)));
    else
        asx_text_add(text, "takes %s", shown);
}

/* Why one does not know better. */
static void add_doubt(asx_text *text, const asx_answer *a, const asx_accuracy *drop)
{
    const bool predicted = drop->tier == ASX_TIER_PROXY;
    asx_text_add(text, ", %s", predicted ? "predicted" : asx_tier_text(drop->tier));
    if (a->asked)
        asx_text_add(text, "; none of %zu tested is confirmed", a->tried);
    else
        asx_text_add(text, ", not confirmed");
}

/* "1 point: in: w4{1,3}a8 (#5) saves 62.6 %, loses 0.43 [0.01, 0.86], confirmed" */
static void say_one(const asx_front *f, const asx_answer *a, double limit)
{
    const asx_row *best =
        a->best.row ? a->best.row : asx_front_cheapest(f, asx_front_cost(f), limit);
    asx_text text = {0};
    asx_text_add(&text, "  ");
    drop_limit_add(&text, &f->record.score, limit);
    asx_text_add(&text, ": ");
    if (best) {
        front_name_add(&text, f, best);
        asx_text_add(&text, " ");
        add_saving(&text, f, best);
        asx_text_add(&text, ", loses ");
        drop_interval_add(&text, &f->record.score,
                          a->best.row ? &a->best.confirmed : &best->evaluation.accuracy);
        if (a->best.row)
            asx_text_add(&text, ", confirmed");
        else
            add_doubt(&text, a, &best->evaluation.accuracy);
    } else {
        asx_text_add(&text, "no design");
    }
    if (text.s && !text.failed)
        look_say("%s", text.s);
    asx_text_fini(&text);
}

/* Whether designs were searched that lose little: else a front has nothing to say of what loses less than its limit. */
static bool drops(const asx_front *f)
{
    for (size_t j = 0; j < f->n_objectives; j++)
        if (f->objective[j] == ASX_DROP)
            return true;
    return false;
}

/* Commands take the newest campaign of a database unless told. */
static asx_status say_next(const asx_front *f, asx_store *store, const char *database,
                           asx_error *err)
{
    int64_t newest = 0;
    char which[40] = "";
    const asx_status status = asx_record_find(&newest, store, NULL, err);
    if (status != ASX_OK)
        return status;
    if (newest != f->campaign)
        snprintf(which, sizeof which, " --campaign %lld", (long long)f->campaign);
    char limit[40] = "";
    if (f->searched != ASX_TIER_COSTS && drops(f))
        snprintf(limit, sizeof limit, " --max-drop %g", f->record.score.point);
    look_say("next: asx best %s%s%s, asx show %s N%s, asx plot %s%s -o front.svg", database, which,
             limit, database, which, database, which);
    return ASX_OK;
}

asx_status answers_say(const asx_front *f, asx_store *store, const double *limit, size_t n,
                       const char *database, asx_error *err)
{
    asx_status status = ASX_OK;
    if (f->n == 0)
        return ASX_OK;
    if (f->searched == ASX_TIER_COSTS || !drops(f) || !f->feasible)
        return say_next(f, store, database, err);
    look_say("least %s that loses at most:", asx_objective_text(asx_front_cost(f)));
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_answer a = {0};
        status = asx_front_answer(&a, f, store, limit[i], 50, err);
        if (status == ASX_OK)
            say_one(f, &a, limit[i]);
    }
    return status == ASX_OK ? say_next(f, store, database, err) : status;
}
