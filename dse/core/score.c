/* Measures by name, and what they are in. */
#include "dse/score.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "dse/number.h"

static const struct {
    const char *name, *unit, *drop_unit;
    asx_label_kind labels;
    bool grows;
} scores[] = {
#define SCORE(name, text, unit, drop, labels, up, help) [name] = {text, unit, drop, labels, up},
    ASX_SCORE_LIST(SCORE)
#undef SCORE
};

asx_score asx_score_top1(void)
{
    return (asx_score){ASX_SCORE_TOP, 1, 1};
}

static double point_of(asx_score_kind kind)
{
    switch (kind) {
    case ASX_SCORE_R2:
        return 0.01;
    case ASX_SCORE_PSNR:
        return 0.1;
    case ASX_SCORE_MSE:
    case ASX_SCORE_MAE:
        return NAN;
    default:
        return 1;
    }
}

asx_status asx_score_parse(asx_score *out, const char *text, asx_error *err)
{
    double top = 0;
    for (size_t i = 0; i < ASX_N_SCORES; i++)
        if (i != ASX_SCORE_TOP && strcmp(text, scores[i].name) == 0) {
            *out = (asx_score){(asx_score_kind)i, 0, point_of((asx_score_kind)i)};
            return ASX_OK;
        }
    if (strncmp(text, "top", 3) == 0 && text[3] >= '1' && text[3] <= '9' &&
        asx_number_parse(&top, text + 3, 1, 9999, "", &(asx_error){0}) == ASX_OK &&
        top == floor(top)) {
        *out = (asx_score){ASX_SCORE_TOP, (size_t)top, 1};
        return ASX_OK;
    }
    return asx_fail(
        err, ASX_EINVAL,
        "'%.40s' is not top1, top5 or its like, nor auc, pixel, miou, r2, psnr, mse or mae", text);
}

void asx_score_print(asx_text *out, const asx_score *score)
{
    asx_text_add(out, "%s", scores[score->kind].name);
    if (score->kind == ASX_SCORE_TOP)
        asx_text_add(out, "%zu", score->top);
}

asx_label_kind asx_score_labels(const asx_score *score)
{
    return scores[score->kind].labels;
}

bool asx_score_grows(const asx_score *score)
{
    return scores[score->kind].grows;
}

bool asx_score_counts(const asx_score *score)
{
    return score->kind == ASX_SCORE_TOP;
}

bool asx_score_adds_up(const asx_score *score)
{
    return score->kind == ASX_SCORE_TOP || score->kind == ASX_SCORE_PSNR ||
           score->kind == ASX_SCORE_MSE || score->kind == ASX_SCORE_MAE;
}

const char *asx_score_unit(const asx_score *score)
{
    return scores[score->kind].unit;
}

const char *asx_score_drop_unit(const asx_score *score)
{
    return scores[score->kind].drop_unit;
}

const char *asx_score_drop_help(const asx_score *score)
{
    static const char *const help[ASX_N_SCORES] = {
        [ASX_SCORE_TOP] = "accuracy lost against the float network",
        [ASX_SCORE_AUC] = "AUC lost against the float network",
        [ASX_SCORE_PIXEL] = "pixel accuracy lost against the float network",
        [ASX_SCORE_MIOU] = "mean IoU lost against the float network",
        [ASX_SCORE_R2] = "R2 lost against the float network",
        [ASX_SCORE_PSNR] = "PSNR lost against the float network",
        [ASX_SCORE_MSE] = "mean squared error above the float network",
        [ASX_SCORE_MAE] = "mean absolute error above the float network"};
    return help[score->kind];
}

double asx_score_most(const asx_score *score)
{
    if (strcmp(scores[score->kind].unit, "%") == 0)
        return 100;
    return score->kind == ASX_SCORE_R2 ? 1 : INFINITY;
}

double asx_score_least(const asx_score *score)
{
    return score->kind == ASX_SCORE_R2 || score->kind == ASX_SCORE_PSNR ? -INFINITY : 0;
}

int asx_score_decimals(const asx_score *score)
{
    const double digits = 2 - floor(log10(score->point) + 1e-9);
    return digits > 0 ? (int)fmin(digits, 12) : 0;
}

void asx_score_print_number(asx_text *out, const asx_score *score, double value)
{
    const char *unit = asx_score_unit(score);
    const int decimals = strcmp(unit, "%") == 0 ? 1 : asx_score_decimals(score);
    asx_text_add(out, "%.*f%s%s", decimals, value, *unit ? " " : "", unit);
}

void asx_score_print_interval(asx_text *out, const asx_score *score, double value, double low,
                              double high)
{
    const int decimals = strcmp(asx_score_unit(score), "%") == 0 ? 1 : asx_score_decimals(score);
    asx_score_print_number(out, score, value);
    asx_text_add(out, " [%.*f, %.*f]", decimals, low, decimals, high);
}

double asx_score_drop(const asx_score *score, double of_float, double of_design)
{
    return asx_score_grows(score) ? of_float - of_design : of_design - of_float;
}
