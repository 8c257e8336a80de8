#include "dataset_labels.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "dse/file.h"
#include "dse/memory.h"

enum { LABEL_MAX = UINT16_MAX };

/* Which of the K numbers of an image is 1, the others being 0; K if it is not so. */
static size_t hot(const asx_samples *labels, size_t image, size_t k)
{
    size_t found = k;
    for (size_t j = 0; j < k; j++) {
        const double v = asx_samples_value(labels, image * k + j);
        if (v > 0 && !(v > 1) && !(v < 1) && found == k)
            found = j;
        else if (v > 0 || v < 0)
            return k;
    }
    return found;
}

static asx_status class_of(double *out, const asx_samples *labels, size_t i, const char *path,
                           asx_error *err)
{
    const size_t k = asx_samples_item(labels);
    const double v = k > 1 ? (double)hot(labels, i, k) : asx_samples_value(labels, i);
    if (k > 1 && v >= (double)k)
        return asx_fail(
            err, ASX_EINVAL,
            "'%s': %zu labels per item instead of one, and those of image %zu are not one 1 "
            "among zeros; numbers are for data.measure: mse, mae, r2 or psnr, maps for pixel "
            "or miou",
            path, k, i);
    if (v < 0 || v > LABEL_MAX)
        return asx_fail(err, ASX_EPARSE, "'%s': label %.0f of image %zu is not in 0 .. %d", path, v,
                        i, LABEL_MAX);
    *out = v;
    return ASX_OK;
}

static asx_status add_classes(asx_labels *inout, const asx_samples *more, size_t before,
                              const char *path, asx_error *err)
{
    const size_t n = more->dim[0];
    const bool whole = more->type != ASX_SAMPLE_F32 && more->type != ASX_SAMPLE_F64;
    asx_status status = ASX_OK;
    if (!whole && asx_samples_item(more) == 1)
        return asx_fail(
            err, ASX_EPARSE,
            "'%s': labels are not integers; numbers are for data.measure: mse, mae, r2 or "
            "psnr",
            path);
    uint16_t *class = realloc(inout->class, (before + n) * sizeof *class);
    if (!class)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", before + n);
    inout->class = class;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        double v = 0;
        status = class_of(&v, more, i, path, err);
        class[before + i] = (uint16_t)v;
        if (class[before + i] > inout -> largest)
            inout->largest = class[before + i];
    }
    return status;
}

static asx_status check_map(const asx_samples *more, const char *path, asx_error *err)
{
    const size_t n = more->dim[0] * asx_samples_item(more);
    for (size_t i = 0; i < n; i++) {
        const double v = asx_samples_value(more, i);
        if (!(v >= 0 && v <= LABEL_MAX && v <= floor(v)))
            return asx_fail(err, ASX_EPARSE,
                            "'%s': label %g of image %zu is no class 0 .. %d of a pixel", path, v,
                            i / asx_samples_item(more), LABEL_MAX);
    }
    return ASX_OK;
}

asx_status asx_labels_add(asx_labels *inout, asx_samples *more, size_t before, size_t n,
                          const char *path, asx_error *err)
{
    if (more->dim[0] != n)
        return asx_fail(err, ASX_EINVAL, "'%s': %zu labels for %zu images", path, more->dim[0], n);
    if (inout->kind == ASX_LABEL_CLASS)
        return add_classes(inout, more, before, path, err);
    if (inout->kind == ASX_LABEL_MAP) {
        const asx_status status = check_map(more, path, err);
        if (status != ASX_OK)
            return status;
    }
    return asx_samples_append(&inout->target, more, path, err);
}

uint64_t asx_labels_hash(const asx_labels *labels, size_t n, uint64_t seed)
{
    const asx_samples *t = &labels->target;
    return labels->kind == ASX_LABEL_CLASS
               ? asx_hash(labels->class, n * sizeof *labels->class, seed)
               : asx_hash(t->bytes, n * asx_samples_item(t) * asx_sample_size(t->type), seed);
}

void asx_labels_fini(asx_labels *labels)
{
    free(labels->class);
    asx_samples_fini(&labels->target);
}

asx_status asx_labels_spread(asx_label_spread *out, const asx_labels *labels, asx_error *err)
{
    const asx_samples *t = &labels->target;
    const size_t n = t->dim[0], k = asx_samples_item(t);
    asx_label_spread s = {.low = INFINITY, .high = -INFINITY};
    double *column = asx_array_new(n, sizeof *column);
    if (!column)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", n);
    for (size_t j = 0; j < k; j++) {
        for (size_t i = 0; i < n; i++)
            column[i] = asx_samples_value(t, i * k + j);
        gsl_sort(column, 1, n);
        const double mean = gsl_stats_mean(column, 1, n);
        s.low = fmin(s.low, column[0]);
        s.high = fmax(s.high, column[n - 1]);
        s.square += gsl_stats_variance_with_fixed_mean(column, 1, n, mean) / (double)k;
        s.absolute +=
            gsl_stats_absdev_m(column, 1, n, gsl_stats_median_from_sorted_data(column, 1, n)) /
            (double)k;
    }
    free(column);
    *out = s;
    return ASX_OK;
}
