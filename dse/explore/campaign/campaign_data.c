/* The images of a campaign: its own, those it trains on, and which of them are for what. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign_private.h"
#include "dse/memory.h"
#include "dse/text.h"

enum { KEY_SIZE = 40 };

static void free_paths(char **path, size_t n)
{
    for (size_t i = 0; path && i < n; i++)
        free(path[i]);
    free(path);
}

static asx_status expand_paths(char ***out, const char *key, const char *const *raw, size_t n,
                               const asx_campaign *c, asx_error *err)
{
    asx_status status = ASX_OK;
    char **path = asx_array_new(n, sizeof *path);
    if (!path)
        return asx_fail(err, ASX_ENOMEM, "no memory for paths");
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = asx_campaign_path(&path[i], c, key, raw[i], err);
    if (status != ASX_OK)
        free_paths(path, n);
    else
        *out = path;
    return status;
}

static asx_status take_numbers(double *out, const char *const *text, size_t n, const char *path,
                               const asx_campaign *c, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = asx_campaign_number(&out[i], c, path, text[i], err);
    return status;
}

/* @param number  room for all values of 'mean' and 'std' */
static asx_status take_conversion(asx_dataset_spec *spec, double *number, const asx_campaign *c,
                                  const asx_campaign_data *d, asx_error *err)
{
    asx_status status = take_numbers(number, d->mean, d->mean_count, "data.mean", c, err);
    if (status == ASX_OK)
        status = take_numbers(number + d->mean_count, d->std, d->std_count, "data.std", c, err);
    if (status == ASX_OK)
        status = asx_campaign_number(&spec->offset, c, "data.offset", d->offset, err);
    if (status == ASX_OK)
        status = asx_campaign_number(&spec->scale, c, "data.scale", d->scale, err);
    spec->mean = number;
    spec->n_mean = d->mean_count;
    spec->std = number + d->mean_count;
    spec->n_std = d->std_count;
    return status;
}

static asx_status take_shape(size_t *shape, const asx_campaign *c, const asx_campaign_data *d,
                             asx_error *err)
{
    if (d->shape_count != 0 && d->shape_count != 3)
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                 "data.shape: 3 numbers are wanted: channels, height, width");
    for (unsigned i = 0; i < d->shape_count; i++) {
        const asx_status status = asx_campaign_size(&shape[i], c, "data.shape", d->shape[i], err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}

/* Whose images these are: those of 'data', or others that are read in the same way. */
typedef struct source {
    const char *section;
    const char *const *files, *const *labels;
    unsigned n_files, n_labels;
    const char *seed, *count;
} source;

static const char *key_of(char out[KEY_SIZE], const source *s, const char *key)
{
    snprintf(out, KEY_SIZE, "%s.%s", s->section, key);
    return out;
}

static asx_status take_generated(asx_dataset_spec *spec, const asx_campaign *c, const source *s,
                                 asx_error *err)
{
    char key[KEY_SIZE];
    const bool generated = spec->format == ASX_DATA_GLYPHS;
    if (!generated && (s->seed || s->count))
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL, "%s: it is for generated data only",
                                 key_of(key, s, s->count ? "count" : "seed"));
    long long seed = 0;
    asx_status status = asx_campaign_integer(&seed, c, key_of(key, s, "seed"), s->seed, err);
    if (status == ASX_OK)
        status = asx_campaign_size(&spec->n_generated, c, key_of(key, s, "count"), s->count, err);
    spec->seed = (uint64_t)seed;
    return status;
}

static asx_status take_table(asx_dataset_spec *spec, const asx_campaign *c,
                             const asx_campaign_data *d, asx_error *err)
{
    const bool named = spec->format == ASX_DATA_NPZ && d->label && !d->header;
    if ((d->header || d->label) && spec->format != ASX_DATA_CSV && !named)
        return asx_campaign_fail(c, err, ASX_EINVAL, d->header ? d->header : d->label,
                                 "data.%s: it is for tables only (format: csv)",
                                 d->header ? "header" : "label");
    size_t off = 0;
    const asx_status status = asx_campaign_word(&off, c, "data.header", d->header, err);
    if (d->header)
        spec->header = off ? ASX_CSV_NO_HEADER : ASX_CSV_HEADER;
    spec->label_column = d->label;
    return status;
}

static asx_status take_sizes(asx_dataset_spec *spec, const asx_campaign *c,
                             const asx_campaign_data *d, asx_error *err)
{
    asx_status status = ASX_OK;
    if ((d->resize || d->crop) && spec->format != ASX_DATA_IMAGES)
        return asx_campaign_fail(c, err, ASX_EINVAL, d->resize ? d->resize : d->crop,
                                 "data.%s: it is for pictures only (format: images)",
                                 d->resize ? "resize" : "crop");
    if (d->resize)
        status = asx_campaign_size(&spec->resize, c, "data.resize", d->resize, err);
    if (status == ASX_OK && d->crop)
        status = asx_campaign_size(&spec->crop, c, "data.crop", d->crop, err);
    return status;
}

/* How the images are stored, and what their labels are, is for 'data' to say, of all of them. */
static asx_status load(asx_dataset **out, const asx_campaign *c, const source *s, asx_error *err)
{
    const asx_campaign_data *d = c->spec->data;
    asx_dataset_spec spec = {.header = ASX_CSV_GUESS};
    char key[KEY_SIZE], **file = NULL, **label = NULL;
    asx_error inner;
    if (asx_data_format_parse(&spec.format, d->format, &inner) < 0)
        return asx_campaign_fail(c, err, inner.status, d->format, "data.format: %s", inner.message);
    double *number = asx_array_new((size_t)d->mean_count + d->std_count, sizeof *number);
    if (!number)
        return asx_fail(err, ASX_ENOMEM, "no memory for a data set's description");
    asx_status status = take_conversion(&spec, number, c, d, err);
    if (status == ASX_OK)
        status = take_shape(spec.shape, c, d, err);
    if (status == ASX_OK)
        status = take_table(&spec, c, d, err);
    if (status == ASX_OK)
        status = take_sizes(&spec, c, d, err);
    if (status == ASX_OK)
        status = take_generated(&spec, c, s, err);
    if (status == ASX_OK)
        status = expand_paths(&file, key_of(key, s, "files"), s->files, s->n_files, c, err);
    if (status == ASX_OK)
        status = expand_paths(&label, key_of(key, s, "labels"), s->labels, s->n_labels, c, err);
    if (status != ASX_OK)
        goto done;
    spec.unpacked = c->unpacked;
    spec.labels = asx_score_labels(&c->score);
    spec.file = (const char *const *)file;
    spec.n_files = s->n_files;
    spec.label = (const char *const *)label;
    spec.n_labels = s->n_labels;
    asx_dataset *data = NULL;
    status = asx_dataset_load(&data, &spec, &inner);
    if (status == ASX_OK)
        status = asx_dataset_set_score(data, &c->score, &inner);
    if (status == ASX_OK)
        *out = data;
    else
        asx_dataset_free(data);
    if (status != ASX_OK)
        status = asx_campaign_fail(c, err, status, s->n_files ? s->files[0] : NULL, "%s: %s",
                                   s->section, inner.message);
done:
    free(number);
    free_paths(file, s->n_files);
    free_paths(label, s->n_labels);
    return status;
}

asx_status asx_campaign_keep_data(asx_campaign *c, const char *database, bool make, asx_error *err)
{
    asx_text folder = {0};
    char *text = NULL;
    asx_text_add(&folder, "%s.data", database);
    const asx_status status = asx_text_take(&text, &folder, err);
    if (status == ASX_OK && !make && access(text, X_OK) != 0) {
        free(text);
        text = NULL;
    }
    if (status == ASX_OK) {
        free(c->unpacked);
        c->unpacked = text;
    }
    return status;
}

asx_status asx_campaign_load_data(asx_dataset **out, const asx_campaign *c, asx_error *err)
{
    const asx_campaign_data *d = c->spec->data;
    if (!d)
        return asx_campaign_fail(
            c, err, ASX_EINVAL, NULL, "the campaign has no 'data', which accuracy needs%s",
            c->search_tier == ASX_TIER_COSTS ? ""
                                             : "; 'search: { tier: costs }' searches costs alone");
    const source s = {.section = "data",
                      .files = d->files,
                      .labels = d->labels,
                      .n_files = d->files_count,
                      .n_labels = d->labels_count,
                      .seed = d->seed,
                      .count = d->count};
    return load(out, c, &s, err);
}

asx_status asx_campaign_train_data(asx_dataset **out, asx_range *images, const asx_campaign *c,
                                   asx_error *err)
{
    const asx_campaign_train *t = c->spec->train;
    if (!t || !c->spec->data)
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                 "the campaign has no '%s', which training needs",
                                 t ? "data" : "train");
    const source s = {.section = "train",
                      .files = t->files,
                      .labels = t->labels,
                      .n_files = t->files_count,
                      .n_labels = t->labels_count,
                      .seed = t->seed,
                      .count = t->count};
    asx_dataset *data = NULL;
    asx_error inner;
    const asx_status status = load(&data, c, &s, err);
    if (status != ASX_OK)
        return status;
    asx_range range = {0, asx_dataset_size(data)};
    if (t->images && asx_range_parse(&range, t->images, asx_dataset_size(data), &inner) < 0) {
        asx_dataset_free(data);
        return asx_campaign_fail(c, err, inner.status, t->images, "train.images: %s",
                                 inner.message);
    }
    *images = range;
    *out = data;
    return ASX_OK;
}

asx_status asx_campaign_range(asx_range *out, bool *given, const asx_campaign *c, const char *key,
                              const asx_dataset *data, asx_error *err)
{
    const asx_campaign_data *d = c->spec->data;
    const size_t size = asx_dataset_size(data);
    const char *raw = strcmp(key, "calibrate") == 0 ? d->calibrate
                      : strcmp(key, "select") == 0  ? d->select
                      : strcmp(key, "confirm") == 0 ? d->confirm
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
        return asx_campaign_fail(c, err, inner.status, raw, "data.%s: %s", key, inner.message);
    return ASX_OK;
}
