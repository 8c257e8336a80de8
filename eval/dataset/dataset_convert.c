/* From stored elements to the real numbers a network wants. */
#include "dataset_convert.h"

#include <math.h>
#include <stdlib.h>

#include "dse/file.h"
#include "dse/memory.h"

static asx_status check_spec(const asx_dataset_spec *spec, size_t channels, asx_error *err)
{
    if (!isfinite(spec->offset))
        return asx_fail(err, ASX_EINVAL, "data 'offset' %g is not finite", spec->offset);
    if (!isfinite(spec->scale) || spec->scale == 0)
        return asx_fail(err, ASX_EINVAL, "data 'scale' %g is zero or not finite", spec->scale);
    if (spec->n_mean > 1 && spec->n_mean != channels)
        return asx_fail(err, ASX_EINVAL, "%zu values of 'mean' for %zu channels", spec->n_mean,
                        channels);
    if (spec->n_std > 1 && spec->n_std != channels)
        return asx_fail(err, ASX_EINVAL, "%zu values of 'std' for %zu channels", spec->n_std,
                        channels);
    for (size_t c = 0; c < spec->n_mean; c++)
        if (!isfinite(spec->mean[c]))
            return asx_fail(err, ASX_EINVAL, "data 'mean' %g is not finite", spec->mean[c]);
    for (size_t c = 0; c < spec->n_std; c++)
        if (!isfinite(spec->std[c]) || spec->std[c] <= 0)
            return asx_fail(err, ASX_EINVAL, "data 'std' %g is not positive and finite",
                            spec->std[c]);
    return ASX_OK;
}

static float convert(const asx_conversion *conversion, size_t c, double stored)
{
    double real = (stored - conversion->offset) * conversion->scale;
    return (float)((real - conversion->mean[c]) / conversion->std[c]);
}

/* One-byte types have 256 answers per channel: look them up. */
static float *make_table(const asx_conversion *conversion, asx_sample_type type)
{
    float *table = asx_array_new(conversion->n_channels, 256 * sizeof *table);
    for (size_t c = 0; table && c < conversion->n_channels; c++)
        for (int byte = 0; byte < 256; byte++) {
            int value = type == ASX_SAMPLE_I8 && byte > 127 ? byte - 256 : byte;
            table[c * 256 + (size_t)byte] = convert(conversion, c, value);
        }
    return table;
}

asx_status asx_conversion_init(asx_conversion *out, const asx_dataset_spec *spec, size_t channels,
                               asx_sample_type type, asx_error *err)
{
    asx_status status = check_spec(spec, channels, err);
    if (status != ASX_OK)
        return status;
    size_t n = spec->n_mean > 1 || spec->n_std > 1 ? channels : 1;
    asx_conversion made = {.offset = spec->offset, .scale = spec->scale, .n_channels = n};
    made.mean = asx_array_new(n, sizeof *made.mean);
    made.std = asx_array_new(n, sizeof *made.std);
    if (!made.mean || !made.std)
        goto no_memory;
    for (size_t c = 0; c < n; c++) {
        made.mean[c] = spec->n_mean ? spec->mean[spec->n_mean > 1 ? c : 0] : 0;
        made.std[c] = spec->n_std ? spec->std[spec->n_std > 1 ? c : 0] : 1;
    }
    if (asx_sample_size(type) == 1 && !(made.table = make_table(&made, type)))
        goto no_memory;
    *out = made;
    return ASX_OK;
no_memory:
    asx_conversion_fini(&made);
    return asx_fail(err, ASX_ENOMEM, "no memory for the conversion of %zu channels", n);
}

void asx_conversion_fini(asx_conversion *conversion)
{
    if (!conversion)
        return;
    free(conversion->mean);
    free(conversion->std);
    free(conversion->table);
    *conversion = (asx_conversion){0};
}

void asx_conversion_apply(float *out, const asx_conversion *conversion, const asx_samples *samples,
                          size_t channel, size_t first, size_t n)
{
    size_t c = conversion->n_channels > 1 ? channel : 0;
    if (conversion->table) {
        const float *table = conversion->table + 256 * c;
        const unsigned char *from = samples->bytes + first;
        for (size_t i = 0; i < n; i++)
            out[i] = table[from[i]];
    } else {
        for (size_t i = 0; i < n; i++)
            out[i] = convert(conversion, c, asx_samples_value(samples, first + i));
    }
}

uint64_t asx_conversion_hash(const asx_conversion *conversion, uint64_t seed)
{
    const double affine[2] = {conversion->offset, conversion->scale};
    seed = asx_hash(affine, sizeof affine, seed);
    seed = asx_hash(conversion->mean, conversion->n_channels * sizeof(double), seed);
    return asx_hash(conversion->std, conversion->n_channels * sizeof(double), seed);
}
