/* The parts of a campaign that other modules define: data set, ranges of images, searcher,
 * parameters. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "dse/memory.h"

static void free_paths(char **path, size_t n)
{
    for (size_t i = 0; path && i < n; i++)
        free(path[i]);
    free(path);
}

static asx_status expand_paths(char ***out, const char *key, char *const *raw, size_t n,
                               const campaign *c, asx_error *err)
{
    asx_status st = ASX_OK;
    char **path = asx_array_new(n, sizeof *path);
    if (!path)
        return asx_fail(err, ASX_ENOMEM, "no memory for paths");
    for (size_t i = 0; i < n && st == ASX_OK; i++)
        st = campaign_path(&path[i], c, key, raw[i], err);
    if (st < 0)
        free_paths(path, n);
    else
        *out = path;
    return st;
}

/* @param positive  whether 0 and less are refused */
static asx_status take_numbers(double *out, char *const *text, size_t n, const char *path,
                               bool positive, const campaign *c, asx_error *err)
{
    asx_status st = ASX_OK;
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        st = campaign_number(&out[i], c, path, text[i], positive ? 1e-30 : -1e30, 1e30, err);
    return st;
}

/* @param number  room for all values of 'mean' and 'std' */
static asx_status take_conversion(asx_dataset_spec *spec, double *number, const campaign *c,
                                  const campaign_data *d, asx_error *err)
{
    spec->scale = 1;
    asx_status st = take_numbers(number, d->mean, d->mean_count, "data.mean", false, c, err);
    if (st == ASX_OK)
        st = take_numbers(number + d->mean_count, d->std, d->std_count, "data.std", true, c, err);
    if (st == ASX_OK)
        st = campaign_number(&spec->offset, c, "data.offset", d->offset, -1e30, 1e30, err);
    if (st == ASX_OK)
        st = campaign_number(&spec->scale, c, "data.scale", d->scale, 1e-30, 1e30, err);
    spec->mean = number;
    spec->n_mean = d->mean_count;
    spec->std = number + d->mean_count;
    spec->n_std = d->std_count;
    return st;
}

static asx_status take_shape(size_t *shape, const campaign *c, const campaign_data *d,
                             asx_error *err)
{
    enum { SIDE_MAX = 1 << 20 };
    if (d->shape_count != 0 && d->shape_count != 3)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "data.shape: 3 numbers are wanted: channels, height, width");
    for (unsigned i = 0; i < d->shape_count; i++) {
        long long side = 0;
        const asx_status st =
            campaign_integer(&side, c, "data.shape", d->shape[i], 1, SIDE_MAX, err);
        if (st < 0)
            return st;
        shape[i] = (size_t)side;
    }
    return ASX_OK;
}

static asx_status take_generated(asx_dataset_spec *spec, const campaign *c, const campaign_data *d,
                                 asx_error *err)
{
    enum { GENERATED_MAX = 1000000, GENERATED_DEFAULT = 10000 };
    const bool generated = spec->format == ASX_DATA_GLYPHS;
    if (!generated && (d->seed || d->count))
        return campaign_fail(c, err, ASX_EINVAL, NULL, "data.%s: it is for generated data only",
                             d->count ? "count" : "seed");
    long long seed = 1, count = GENERATED_DEFAULT;
    asx_status st = campaign_integer(&seed, c, "data.seed", d->seed, 0, INT64_MAX, err);
    if (st == ASX_OK)
        st = campaign_integer(&count, c, "data.count", d->count, 1, GENERATED_MAX, err);
    spec->seed = (uint64_t)seed;
    spec->n_generated = (size_t)count;
    return st;
}

asx_status campaign_load_data(asx_dataset **out, const campaign *c, asx_error *err)
{
    const campaign_data *d = c->file->data;
    asx_dataset_spec spec = {0};
    double *number = NULL;
    char **file = NULL, **label = NULL;
    asx_error inner;
    if (!d)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "the campaign has no 'data', which accuracy needs");
    if (asx_data_format_parse(&spec.format, d->format, &inner) < 0)
        return campaign_fail(c, err, inner.status, d->format, "data.format: %s", inner.message);
    number = asx_array_new((size_t)d->mean_count + d->std_count, sizeof *number);
    if (!number)
        return asx_fail(err, ASX_ENOMEM, "no memory for a data set's description");
    asx_status st = take_conversion(&spec, number, c, d, err);
    if (st == ASX_OK)
        st = take_shape(spec.shape, c, d, err);
    if (st == ASX_OK)
        st = take_generated(&spec, c, d, err);
    if (st == ASX_OK)
        st = expand_paths(&file, "data.files", d->files, d->files_count, c, err);
    if (st == ASX_OK)
        st = expand_paths(&label, "data.labels", d->labels, d->labels_count, c, err);
    if (st < 0)
        goto done;
    spec.file = (const char *const *)file;
    spec.n_files = d->files_count;
    spec.label = (const char *const *)label;
    spec.n_labels = d->labels_count;
    st = asx_dataset_load(out, &spec, &inner);
    if (st < 0)
        st = campaign_fail(c, err, st, d->files_count ? d->files[0] : NULL, "data: %s",
                           inner.message);
done:
    free(number);
    free_paths(file, d->files_count);
    free_paths(label, d->labels_count);
    return st;
}

asx_status campaign_range(asx_range *out, bool *given, const campaign *c, const char *key,
                          const asx_dataset *data, asx_error *err)
{
    const campaign_data *d = c->file->data;
    const size_t size = asx_dataset_size(data);
    const char *raw = strcmp(key, "calibrate") == 0 ? d->calibrate
                      : strcmp(key, "select") == 0  ? d->select
                                                    : d->report;
    asx_error inner;
    if (given)
        *given = raw != NULL;
    if (!raw) {
        enum { CALIBRATION_DEFAULT = 256 };
        const bool few = strcmp(key, "calibrate") == 0 && size > CALIBRATION_DEFAULT;
        *out = (asx_range){.first = 0, .end = few ? CALIBRATION_DEFAULT : size};
        return ASX_OK;
    }
    if (asx_range_parse(out, raw, size, &inner) < 0)
        return campaign_fail(c, err, inner.status, raw, "data.%s: %s", key, inner.message);
    return ASX_OK;
}

asx_status campaign_calibration_options(asx_calibration_options *out, const campaign *c,
                                        asx_error *err)
{
    *out = asx_calibration_options_default();
    const campaign_calibration *k = c->file->calibration;
    asx_error inner;
    if (!k)
        return ASX_OK;
    if (k->ranges && asx_ranging_parse(&out->ranging, k->ranges, &inner) < 0)
        return campaign_fail(c, err, inner.status, k->ranges, "calibration.ranges: %s",
                             inner.message);
    if (k->percentile && out->ranging != ASX_RANGING_PERCENTILE)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "calibration.percentile: it is for 'ranges: percentile' only");
    if (k->bias_correction) {
        out->bias_correction = strcmp(k->bias_correction, "on") == 0;
        if (!out->bias_correction && strcmp(k->bias_correction, "off") != 0)
            return campaign_fail(c, err, ASX_EINVAL, k->bias_correction,
                                 "calibration.bias_correction: '%s' is not one of on, off",
                                 k->bias_correction);
    }
    return campaign_number(&out->percentile, c, "calibration.percentile", k->percentile, 50, 100,
                           err);
}

asx_status campaign_set_params(asx_params *params, const campaign *c, const char *section,
                               char *const *text, size_t n, asx_error *err)
{
    for (size_t i = 0; i < n; i++) {
        asx_error inner;
        char name[64];
        const size_t length = strcspn(text[i], "=");
        if (text[i][length] != '=' || length == 0 || length >= sizeof name)
            return campaign_fail(c, err, ASX_EPARSE, text[i],
                                 "%s.parameters: '%s' is not of the form name=value", section,
                                 text[i]);
        memcpy(name, text[i], length);
        name[length] = '\0';
        if (asx_params_set(params, name, text[i] + length + 1, &inner) < 0)
            return campaign_fail(c, err, inner.status, text[i], "%s.parameters: %s", section,
                                 inner.message);
    }
    return ASX_OK;
}

asx_status campaign_searcher(const asx_searcher_type **type, asx_params *params, const campaign *c,
                             asx_error *err)
{
    static const campaign_search none = {0};
    const campaign_search *s = c->file->search ? c->file->search : &none;
    const char *name = s->algorithm ? s->algorithm : "enumerate";
    asx_error inner;
    if (asx_searcher_find(type, name, &inner) < 0)
        return campaign_fail(c, err, inner.status, s->algorithm, "search.algorithm: %s",
                             inner.message);
    asx_params_init(params, (*type)->params);
    return campaign_set_params(params, c, "search", s->parameters, s->parameters_count, err);
}
