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
    const size_t n_labels = (size_t)asx_dataset_max_label(data) + 1, top = asx_dataset_top(data);
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

asx_floating asx_floating_of(const asx_accuracy *accuracy, const asx_dataset *data,
                             asx_range images, size_t n_classes, double expect)
{
    asx_floating f = {.accuracy = *accuracy};
    const size_t most = count_commonest(&f.commonest, data, images);
    f.guessing = fmax(100.0 * (double)most / (double)(images.end - images.first),
                      100.0 * (double)asx_dataset_top(data) / (double)n_classes);
    f.guesses = accuracy->accuracy_low <= f.guessing;
    f.unexpected = expect < accuracy->accuracy_low || expect > accuracy->accuracy_high;
    return f;
}

asx_status asx_session_floating(asx_floating *out, asx_session *s, asx_subset subset,
                                asx_error *err)
{
    const asx_status status = asx_session_need_measure(s, subset, err);
    if (status != ASX_OK)
        return status;
    const asx_accuracy accuracy = asx_measure_float(s->measure[subset]);
    *out = asx_floating_of(&accuracy, s->data, s->subset[subset], asx_network_n_classes(s->network),
                           s->campaign->expect);
    out->subset = subset;
    return ASX_OK;
}

asx_status asx_session_float_keep(asx_store *store, int64_t campaign, asx_session *s,
                                  asx_subset subset, asx_error *err)
{
    asx_floating f = {0};
    const asx_status status = asx_session_floating(&f, s, subset, err);
    const asx_float_network network = {f.accuracy, f.guessing};
    return status == ASX_OK ? asx_float_network_keep(store, campaign, subset, &network, err)
                            : status;
}

void asx_floating_print(asx_text *out, const asx_floating *f)
{
    const asx_float_network network = {f->accuracy, f->guessing};
    asx_float_network_print(out, &network);
}

void asx_floating_print_unexpected(asx_text *out, const asx_floating *f, const asx_session *s)
{
    const asx_accuracy *a = &f->accuracy;
    if (f->unexpected)
        asx_text_add(
            out,
            "the float network has %.1f %% [%.1f, %.1f] of the '%s' images right, where the campaign "
            "expects %.4g %%: is it the same network, are the images converted as in its training?",
            a->accuracy, a->accuracy_low, a->accuracy_high, asx_subset_text(f->subset),
            s->campaign->expect);
}

asx_status asx_floating_check(const asx_floating *f, const asx_session *s, asx_error *err)
{
    const asx_accuracy *a = &f->accuracy;
    if (!f->guesses || s->campaign->expect_any)
        return ASX_OK;
    return asx_campaign_fail(
        s->campaign, err, ASX_EINVAL, NULL,
        "data: the float network has %.1f %% [%.1f, %.1f] of the %zu '%s' images right, which cannot be told from "
        "guessing, %.1f %% (class %u): are they converted as in its training (scale, mean, std), are files and "
        "classes its own? 'expect: any' in 'data' takes it as it is",
        a->accuracy, a->accuracy_low, a->accuracy_high, a->images, asx_subset_text(f->subset),
        f->guessing, f->commonest);
}
