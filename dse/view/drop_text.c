#include "drop_text.h"

#include <string.h>

void drop_unit_add(asx_text *out, const asx_score *score, double amount)
{
    const char *unit = asx_score_drop_unit(score);
    if (strcmp(unit, "points") == 0) {
        asx_text_add(out, "point%s", amount > 1 || amount < 1 ? "s" : "");
    } else if (*unit) {
        asx_text_add(out, "%s", unit);
    } else {
        asx_text_add(out, "of ");
        asx_score_print(out, score);
    }
}

void drop_limit_add(asx_text *out, const asx_score *score, double limit)
{
    asx_text_add(out, "%g ", limit);
    drop_unit_add(out, score, limit);
}

void drop_number_add(asx_text *out, const asx_score *score, double drop)
{
    asx_text_add(out, "%.*f", asx_score_decimals(score), drop);
}

void drop_marked_add(asx_text *out, const asx_score *score, const asx_accuracy *a)
{
    drop_number_add(out, score, a->drop);
    asx_text_add(out, " %c", asx_tier_text(a->tier)[0]);
}

void drop_interval_add(asx_text *out, const asx_score *score, const asx_accuracy *a)
{
    const int decimals = asx_score_decimals(score);
    drop_number_add(out, score, a->drop);
    if (a->images > 0)
        asx_text_add(out, " [%.*f, %.*f]", decimals, a->drop_low, decimals, a->drop_high);
}

void drop_meaning_add(asx_text *out, const asx_score *score)
{
    if (asx_score_counts(score)) {
        asx_text_add(out, "points against the float network");
        return;
    }
    if (*asx_score_drop_unit(score))
        asx_text_add(out, "%s ", asx_score_drop_unit(score));
    asx_text_add(out, *asx_score_drop_unit(score) ? "of " : "how much ");
    if (!*asx_score_drop_unit(score))
        asx_text_add(out, "%s the ", asx_score_grows(score) ? "smaller" : "larger");
    asx_score_print(out, score);
    asx_text_add(out, *asx_score_drop_unit(score) ? " against the float network"
                                                  : " is than the float network's");
}
