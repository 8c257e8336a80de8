#include "explore/floating.h"

#include <math.h>
#include <stdlib.h>

#include "campaign_private.h"
#include "dse/memory.h"
#include "results/float_network.h"

static int compare_counts(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* How many images are of the commonest class; where its first `top` answers count, of as many commonest. Without memory for
 * counts: those of the first image's. */
static size_t count_commonest(unsigned *commonest, const asx_dataset *data, asx_range images)
{
    const size_t n_labels = (size_t)asx_dataset_max_label(data) + 1;
    const size_t top = asx_dataset_score(data)->top;
    size_t most = 0;
    size_t *count = asx_array_new(n_labels, sizeof *count);
    *commonest = asx_dataset_label(data, images.first);
    for (size_t i = images.first; i < images.end; i++) {
        const unsigned label = asx_dataset_label(data, i);
        const size_t n = count ? ++count[label] : most + (label == *commonest);
        if (n > most) {
            most = n;
            *commonest = label;
        }
    }
    if (count && top > 1) {
        qsort(count, n_labels, sizeof *count, compare_counts);
        most = 0;
        for (size_t i = 0; i < top && i < n_labels; i++)
            most += count[i];
    }
    free(count);
    return most;
}

static bool better(const asx_score *score, double a, double b)
{
    return asx_score_grows(score) ? a > b : a < b;
}

asx_floating asx_floating_of(const asx_accuracy *accuracy, const asx_dataset *data,
                             asx_range images, size_t n_classes, double guessing, double expect)
{
    asx_floating f = {
        .accuracy = *accuracy, .score = *asx_dataset_score(data), .guessing = guessing};
    if (isnan(guessing)) {
        const size_t most = count_commonest(&f.commonest, data, images);
        f.guessing = fmax(100.0 * (double)most / (double)(images.end - images.first),
                          100.0 * (double)f.score.top / (double)n_classes);
    }
    f.guesses = !better(
        &f.score, asx_score_grows(&f.score) ? accuracy->accuracy_low : accuracy->accuracy_high,
        f.guessing);
    f.unexpected = expect < accuracy->accuracy_low || expect > accuracy->accuracy_high;
    return f;
}

asx_status asx_session_floating(asx_floating *out, asx_session *s, asx_subset subset,
                                asx_error *err)
{
    double guessing = NAN;
    asx_status status = asx_session_need_measure(s, subset, err);
    if (status == ASX_OK && !asx_score_counts(asx_dataset_score(s->data)))
        status = asx_measure_guess(&guessing, s->measure[subset], err);
    if (status != ASX_OK)
        return status;
    const asx_accuracy accuracy = asx_measure_float(s->measure[subset]);
    *out = asx_floating_of(&accuracy, s->data, s->subset[subset], asx_network_n_classes(s->network),
                           guessing, s->campaign->expect);
    out->subset = subset;
    return ASX_OK;
}

asx_status asx_session_float_keep(asx_store *store, int64_t campaign, asx_session *s,
                                  asx_subset subset, asx_error *err)
{
    asx_floating f = {0};
    const asx_status status = asx_session_floating(&f, s, subset, err);
    const asx_float_network network = {f.accuracy, f.guessing, f.score};
    return status == ASX_OK ? asx_float_network_keep(store, campaign, subset, &network, err)
                            : status;
}

void asx_floating_print(asx_text *out, const asx_floating *f)
{
    const asx_float_network network = {f->accuracy, f->guessing, f->score};
    asx_float_network_print(out, &network);
}

/* "91.7 % [90.1, 92.9] of the 2000 'select' images right", or "mse 0.0123 [0.0110, 0.0136] on the ...".
 * @param images  whether to say how many there are */
static void print_value(asx_text *out, const asx_floating *f, bool images)
{
    const asx_accuracy *a = &f->accuracy;
    const bool counts = asx_score_counts(&f->score);
    if (!counts) {
        asx_score_print(out, &f->score);
        asx_text_add(out, " ");
    }
    asx_score_print_interval(out, &f->score, a->accuracy, a->accuracy_low, a->accuracy_high);
    asx_text_add(out, counts ? " of the " : " on the ");
    if (images)
        asx_text_add(out, "%zu ", a->images);
    asx_text_add(out, "'%s' images%s", asx_subset_text(f->subset), counts ? " right" : "");
}

void asx_floating_print_unexpected(asx_text *out, const asx_floating *f, const asx_session *s)
{
    if (!f->unexpected)
        return;
    asx_text_add(out, "the float network has ");
    print_value(out, f, false);
    asx_text_add(
        out,
        ", where the campaign expects %.4g%s%s: is it the same network, are the images converted "
        "as in its training?",
        s->campaign->expect, *asx_score_unit(&f->score) ? " " : "", asx_score_unit(&f->score));
}

asx_status asx_floating_check(const asx_floating *f, const asx_session *s, asx_error *err)
{
    asx_text text = {0};
    if (!f->guesses || s->campaign->expect_any)
        return ASX_OK;
    asx_text_add(&text, "data: the float network has ");
    print_value(&text, f, true);
    asx_text_add(&text, ", which cannot be told from guessing, ");
    if (asx_score_counts(&f->score))
        asx_text_add(&text, "%.1f %% (class %u)", f->guessing, f->commonest);
    else
        asx_score_print_number(&text, &f->score, f->guessing);
    asx_text_add(&text,
                 ": are they converted as in its training (scale, mean, std), are files and %s its "
                 "own? 'expect: any' in 'data' takes it as it is",
                 asx_score_labels(&f->score) == ASX_LABEL_NUMBERS ? "labels" : "classes");
    const asx_status status =
        asx_campaign_fail(s->campaign, err, ASX_EINVAL, NULL, "%s",
                          text.s && !text.failed ? text.s : "data: the float network guesses");
    asx_text_fini(&text);
    return status;
}
