/* The parts of a campaign that other modules define: data set, ranges of images, searcher,
 * parameters. */
#include <math.h>
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

static asx_status expand_paths(char ***out, char *const *raw, size_t n, const campaign *c,
                               asx_error *err)
{
    asx_status st = ASX_OK;
    char **path = asx_array_new(n, sizeof *path);
    if (!path)
        return asx_fail(err, ASX_ENOMEM, "no memory for paths");
    for (size_t i = 0; i < n && st == ASX_OK; i++)
        st = campaign_path(&path[i], c, raw[i], err);
    if (st < 0)
        free_paths(path, n);
    else
        *out = path;
    return st;
}

static asx_status check_numbers(const campaign *c, const double *value, size_t n, const char *key,
                                bool positive, asx_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(value[i]) || (positive && value[i] <= 0))
            return campaign_fail(c, err, ASX_EINVAL, key, "data.%s: %g is not a %s number", key,
                                 value[i], positive ? "positive" : "finite");
    return ASX_OK;
}

static asx_status check_conversion(const campaign *c, const campaign_data *d, asx_error *err)
{
    asx_status st = check_numbers(c, d->mean, d->mean_count, "mean", false, err);
    if (st == ASX_OK)
        st = check_numbers(c, d->std, d->std_count, "std", true, err);
    if (st == ASX_OK && d->offset)
        st = check_numbers(c, d->offset, 1, "offset", false, err);
    if (st == ASX_OK && d->scale)
        st = check_numbers(c, d->scale, 1, "scale", true, err);
    return st;
}

static asx_status take_shape(size_t *shape, const campaign *c, const campaign_data *d,
                             asx_error *err)
{
    enum { SIDE_MAX = 1 << 20 };
    if (d->shape_count != 0 && d->shape_count != 3)
        return campaign_fail(c, err, ASX_EINVAL, "shape",
                             "data.shape: 3 numbers are wanted: channels, height, width");
    for (unsigned i = 0; i < d->shape_count; i++) {
        if (d->shape[i] < 1 || d->shape[i] > SIDE_MAX)
            return campaign_fail(c, err, ASX_EINVAL, "shape", "data.shape: %lld is outside 1 .. %d",
                                 (long long)d->shape[i], SIDE_MAX);
        shape[i] = (size_t)d->shape[i];
    }
    return ASX_OK;
}

static asx_status take_generated(asx_dataset_spec *spec, const campaign *c, const campaign_data *d,
                                 asx_error *err)
{
    enum { GENERATED_MAX = 1000000, GENERATED_DEFAULT = 10000 };
    const bool generated = spec->format == ASX_DATA_GLYPHS;
    if (!generated && (d->seed || d->count))
        return campaign_fail(c, err, ASX_EINVAL, d->count ? "count" : "seed",
                             "data: 'seed' and 'count' are for generated data only");
    if (d->count && (*d->count < 1 || *d->count > GENERATED_MAX))
        return campaign_fail(c, err, ASX_EINVAL, "count", "data.count: %lld is outside 1 .. %d",
                             (long long)*d->count, GENERATED_MAX);
    spec->seed = d->seed ? (uint64_t)*d->seed : 1;
    spec->n_generated = d->count ? (size_t)*d->count : GENERATED_DEFAULT;
    return ASX_OK;
}

asx_status campaign_load_data(asx_dataset **out, const campaign *c, asx_error *err)
{
    const campaign_data *d = c->file->data;
    asx_dataset_spec spec = {.scale = 1};
    char **file = NULL, **label = NULL;
    asx_error inner;
    if (!d)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "the campaign has no 'data', which accuracy needs");
    if (asx_data_format_parse(&spec.format, d->format, &inner) < 0)
        return campaign_fail(c, err, inner.status, d->format, "data.format: %s", inner.message);
    asx_status st = check_conversion(c, d, err);
    if (st == ASX_OK)
        st = take_shape(spec.shape, c, d, err);
    if (st == ASX_OK)
        st = take_generated(&spec, c, d, err);
    if (st == ASX_OK)
        st = expand_paths(&file, d->files, d->files_count, c, err);
    if (st == ASX_OK)
        st = expand_paths(&label, d->labels, d->labels_count, c, err);
    if (st < 0)
        goto done;
    spec.file = (const char *const *)file;
    spec.n_files = d->files_count;
    spec.label = (const char *const *)label;
    spec.n_labels = d->labels_count;
    spec.offset = d->offset ? *d->offset : 0;
    spec.scale = d->scale ? *d->scale : 1;
    spec.mean = d->mean;
    spec.n_mean = d->mean_count;
    spec.std = d->std;
    spec.n_std = d->std_count;
    st = asx_dataset_load(out, &spec, &inner);
    if (st < 0)
        st = campaign_fail(c, err, st, d->files_count ? d->files[0] : "data", "data: %s",
                           inner.message);
done:
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
