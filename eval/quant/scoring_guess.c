/* What needs no network: the same answer for all images. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "dse/memory.h"
#include "scoring.h"

/* The mean of each number of the labels, or (mae) its median. */
static void find_constant(double *answer, const asx_scoring *s, double *column)
{
    const size_t n = s->images.end - s->images.first;
    for (size_t j = 0; j < s->n_targets; j++) {
        for (size_t i = 0; i < n; i++)
            column[i] = asx_dataset_target(s->data, s->images.first + i, j);
        gsl_sort(column, 1, n);
        answer[j] = s->score.kind == ASX_SCORE_MAE ? gsl_stats_median_from_sorted_data(column, 1, n)
                                                   : gsl_stats_mean(column, 1, n);
    }
}

static asx_status guess_numbers(double *out, const asx_scoring *s, asx_error *err)
{
    const size_t n = s->images.end - s->images.first;
    asx_accuracy a = {.images = 0};
    double *answer = asx_array_new(s->n_targets, sizeof *answer);
    double *note = asx_array_new(n * s->width, sizeof *note); /* of one image at least as long */
    double *column = asx_array_new(n, sizeof *column);
    asx_status status = answer && note && column
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for labels of %zu images", n);
    if (status == ASX_OK)
        find_constant(answer, s, column);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        asx_scoring_note_numbers(note + i * s->width, s, s->images.first + i, answer);
    if (status == ASX_OK)
        status = asx_scoring_sum(&a, s, ASX_TIER_FLOAT, note, note, err);
    free(column);
    free(note);
    free(answer);
    if (status == ASX_OK)
        *out = a.accuracy;
    return status;
}

/* All pixels of the commonest class: that is its share, and the only intersection there is. */
static asx_status guess_map(double *out, const asx_scoring *s, asx_error *err)
{
    size_t *count = asx_array_new(s->n_classes, sizeof *count), all = 0, most = 0, used = 0;
    if (!count)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu classes", s->n_classes);
    for (size_t i = s->images.first; i < s->images.end; i++)
        for (size_t p = 0; p < s->n_targets; p++) {
            const size_t class = (size_t)asx_dataset_target(s->data, i, p);
            if (class < s->n_classes) {
                count[class]++;
                all++;
            }
        }
    for (size_t c = 0; c < s->n_classes; c++) {
        most = count[c] > most ? count[c] : most;
        used += count[c] > 0;
    }
    free(count);
    *out = 100 * (double)most / (double)all / (s->score.kind == ASX_SCORE_MIOU ? (double)used : 1);
    return ASX_OK;
}

asx_status asx_scoring_guess(double *out, const asx_scoring *scoring, asx_error *err)
{
    if (scoring->score.kind == ASX_SCORE_AUC) {
        *out = 50;
        return ASX_OK;
    }
    return asx_score_labels(&scoring->score) == ASX_LABEL_MAP ? guess_map(out, scoring, err)
                                                              : guess_numbers(out, scoring, err);
}
