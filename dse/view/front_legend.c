/* What the columns of a front mean, to people. */
#include "drop_text.h"
#include "front_table.h"
#include "look.h"

static const asx_row *first_of(const asx_front *f, asx_tier tier)
{
    for (size_t i = 0; i < f->n; i++)
        if (asx_front_row(f, i)->evaluation.accuracy.tier == tier)
            return asx_front_row(f, i);
    return NULL;
}

asx_status front_need_accuracy(const asx_front *f, const char *database, const char *what,
                               const char *instead, asx_error *err)
{
    if (f->tier != ASX_TIER_COSTS)
        return ASX_OK;
    return asx_fail(err, ASX_EINVAL,
                    "%s: campaign '%s' of '%s' has costs alone, and no accuracy; %s", what,
                    f->record.name, database, instead);
}

void front_say_legend(const asx_front *f)
{
    const asx_row *measured = first_of(f, ASX_TIER_MEASURED);
    const asx_row *trained = first_of(f, ASX_TIER_TRAINED);
    const char *which =
        f->on == ASX_SUBSET_SELECT ? "images the search saw" : "images it never saw";
    asx_text text = {0};
    if (f->tier == ASX_TIER_COSTS) {
        look_say("costs alone: what these designs do to accuracy is not known");
        return;
    }
    asx_text_add(&text, "drop: ");
    drop_meaning_add(&text, &f->record.score);
    if (first_of(f, ASX_TIER_PROXY))
        asx_text_add(&text, "; p predicted");
    if (measured)
        asx_text_add(&text, "; m measured on %zu %s", measured->evaluation.accuracy.images, which);
    if (trained)
        asx_text_add(&text, "; t trained, then measured on %zu",
                     trained->evaluation.accuracy.images);
    if (f->report.n > 0)
        asx_text_add(&text, "; unseen: on %zu others", f->report.row[0].evaluation.accuracy.images);
    if (f->n > 0 && text.s && !text.failed)
        look_say("%s", text.s);
    asx_text_fini(&text);
}
