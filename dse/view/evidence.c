#include "evidence.h"

#include "drop_text.h"
#include "front_table.h"
#include "look.h"
#include <math.h>

static void say_drop(const asx_score *score, const char *what, const asx_accuracy *a,
                     const char *images)
{
    const int decimals = asx_score_decimals(score);
    asx_text unit = {0};
    drop_unit_add(&unit, score, 0);
    const char *of = unit.s ? unit.s : "";
    if (a->images == 0)
        look_say("  %-9s %6.*f %s lost", what, decimals, a->drop, of);
    else
        look_say("  %-9s %6.*f %s lost [%.*f, %.*f] on %zu images%s", what, decimals, a->drop, of,
                 decimals, a->drop_low, decimals, a->drop_high, a->images, images);
    asx_text_fini(&unit);
}

static void warn(const char *where, const asx_accuracy *a, const char *limit_text, double limit)
{
    if (a->drop_low > limit)
        look_say("asx: warning: the limit of %s is broken on the %s images", limit_text, where);
    else if (a->drop > limit)
        look_say(
            "asx: warning: on the %s images the drop is above the limit of %s, if not surely so",
            where, limit_text);
}

static void say_sure(const asx_front *f, const asx_answer *a, const char *limit_text)
{
    const asx_objective cost = asx_front_cost(f);
    asx_text name = {0};
    look_say("sure to %.1f %% that it loses at most %s, of %zu design%s tested", a->best.sureness,
             limit_text, a->tried, a->tried == 1 ? "" : "s");
    if (!a->complete)
        look_say("a cheaper design may be as sure: not all were looked at for that");
    if (!a->surer.row)
        return;
    const double ours = asx_evaluation_objective(&a->best.row->evaluation, cost);
    const double theirs = asx_evaluation_objective(&a->surer.row->evaluation, cost);
    front_name_add(&name, f, a->surer.row);
    look_say("surer, to %.1f %%: %s, with %.1f %% more %s", a->surer.sureness, name.s ? name.s : "",
             100 * (theirs / ours - 1), asx_objective_text(cost));
    asx_text_fini(&name);
}

void evidence_say(const asx_front *f, const asx_row *row, const asx_answer *answer, double limit)
{
    const asx_accuracy *a = &row->evaluation.accuracy;
    const asx_row *predicted = asx_front_predicted(f, row);
    const asx_row *checked = asx_front_checked(f, row);
    const asx_row *report = asx_rows_find(&f->report, row->design);
    const bool confirmed = answer && answer->best.row == row;
    asx_text text = {0};
    const char *of = f->on == ASX_SUBSET_SELECT ? " that the search saw" : "";
    drop_limit_add(&text, &f->record.score, limit);
    const char *points = text.s ? text.s : "";
    if (a->tier == ASX_TIER_COSTS) {
        look_say("  costs alone: what it does to accuracy is not known");
        asx_text_fini(&text);
        return;
    }
    if (predicted)
        say_drop(&f->record.score, "predicted", &predicted->evaluation.accuracy, "");
    if (checked)
        say_drop(&f->record.score, "measured", &checked->evaluation.accuracy, of);
    if (a->tier != ASX_TIER_PROXY)
        say_drop(&f->record.score, asx_tier_text(a->tier), a, of);
    if (confirmed)
        say_drop(&f->record.score, "confirmed", &answer->best.confirmed,
                 " that no choice had seen before");
    if (report && f->on != ASX_SUBSET_REPORT)
        say_drop(&f->record.score, "reported", &report->evaluation.accuracy,
                 " that nothing was chosen by");
    if (a->tier == ASX_TIER_PROXY && !checked)
        look_say("  it was never measured");
    if (confirmed)
        say_sure(f, answer, points);
    if (confirmed)
        warn("confirm", &answer->best.confirmed, points, limit);
    else if (predicted && a->tier != ASX_TIER_PROXY)
        warn("select", a, points, limit);
    if (report)
        warn("report", &report->evaluation.accuracy, points, limit);
    asx_text_fini(&text);
}
