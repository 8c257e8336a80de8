/* Data sets: what all formats share. Files are read by asx_samples_read_*, one per format, and kept
 * in their stored type; see dataset_convert.c for the way to real numbers. */
#include "eval/dataset.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset_convert.h"
#include "dataset_labels.h"
#include "dataset_samples.h"
#include "dse/file.h"
#include "dse/memory.h"

struct asx_dataset {
    asx_samples images;
    asx_conversion conversion;
    size_t shape[3];
    asx_labels labels;
    asx_samples words; /* of it names alone: those of classes that are words */
    asx_score score;
    double peak; /* of labels that are numbers: the largest less the smallest */
    uint64_t hash;
};

enum { LABEL_MAX = UINT16_MAX };

static const char *const FORMAT_TEXTS[ASX_N_DATA_FORMATS] = {
#define ASX_TEXT(name, text, help) text,
    ASX_DATA_FORMAT_LIST(ASX_TEXT)
#undef ASX_TEXT
};

static const struct {
    asx_samples_reader *read;
    bool has_label_files, needs_shape, generated;
} FORMATS[ASX_N_DATA_FORMATS] = {
    [ASX_DATA_CIFAR10] = {asx_samples_read_cifar10, false, false, false},
    [ASX_DATA_IDX] = {asx_samples_read_idx, true, false, false},
    [ASX_DATA_NPY] = {asx_samples_read_npy, true, false, false},
    [ASX_DATA_NPZ] = {asx_samples_read_npz, false, false, false},
    [ASX_DATA_CSV] = {asx_samples_read_csv, false, false, false},
    [ASX_DATA_RAW] = {asx_samples_read_raw, true, true, false},
    [ASX_DATA_IMAGES] = {asx_samples_read_images, false, false, false},
    [ASX_DATA_WAV] = {asx_samples_read_wav, false, false, false},
    [ASX_DATA_GLYPHS] = {asx_samples_read_glyphs, false, false, true},
};

const char *asx_data_format_text(asx_data_format format)
{
    return (unsigned)format < ASX_N_DATA_FORMATS ? FORMAT_TEXTS[format] : "?";
}

asx_status asx_data_format_parse(asx_data_format *out, const char *text, asx_error *err)
{
    for (int f = 0; f < ASX_N_DATA_FORMATS; f++)
        if (strcmp(text, FORMAT_TEXTS[f]) == 0) {
            *out = (asx_data_format)f;
            return ASX_OK;
        }
#define ASX_TEXT(name, known, help) " " known
    return asx_fail(err, ASX_EINVAL,
                    "data format '%s' is not one of" ASX_DATA_FORMAT_LIST(ASX_TEXT), text);
#undef ASX_TEXT
}

static asx_status check_spec(const asx_dataset_spec *spec, asx_error *err)
{
    if ((unsigned)spec->format >= ASX_N_DATA_FORMATS)
        return asx_fail(err, ASX_EINVAL, "unknown data format %d", (int)spec->format);
    const char *text = FORMAT_TEXTS[spec->format];
    bool generated = FORMATS[spec->format].generated;
    size_t want_labels = FORMATS[spec->format].has_label_files ? spec->n_files : 0;
    if (generated && spec->n_files)
        return asx_fail(err, ASX_EINVAL, "data format '%s' is generated and takes no files", text);
    if (!generated && spec->n_files == 0)
        return asx_fail(err, ASX_EINVAL, "data format '%s' needs at least one file", text);
    if (spec->n_labels != want_labels)
        return asx_fail(err, ASX_EINVAL, "data format '%s' needs %zu label files, not %zu", text,
                        want_labels, spec->n_labels);
    if ((spec->resize || spec->crop) && spec->format != ASX_DATA_IMAGES)
        return asx_fail(err, ASX_EINVAL, "data format '%s' cannot be scaled or cut, images can",
                        text);
    size_t n_zero = 0;
    for (int d = 0; d < 3; d++) {
        n_zero += spec->shape[d] == 0;
        if (spec->shape[d] > (1u << 20))
            return asx_fail(err, ASX_EINVAL, "data shape [%zu, %zu, %zu] is absurd", spec->shape[0],
                            spec->shape[1], spec->shape[2]);
    }
    if (n_zero == 1 || n_zero == 2 || (n_zero && FORMATS[spec->format].needs_shape))
        return asx_fail(err, ASX_EINVAL, "data format '%s' needs a shape of three sizes above 0",
                        text);
    return ASX_OK;
}

/* [n][c][h][w] as they are, [n][h][w] one channel, [n][features] a vector. */
static asx_status settle_shape(size_t shape[3], const asx_dataset_spec *spec,
                               const asx_samples *images, asx_error *err)
{
    const size_t *dim = images->dim;
    size_t own[3] = {1, 1, 1};
    if (images->n_dims == 4)
        memcpy(own, dim + 1, sizeof own);
    else if (images->n_dims == 3)
        memcpy(own + 1, dim + 1, 2 * sizeof *own);
    else if (images->n_dims == 2)
        own[0] = dim[1];
    if (spec->shape[0]) {
        size_t item = spec->shape[0] * spec->shape[1] * spec->shape[2];
        if (item != asx_samples_item(images))
            return asx_fail(
                err, ASX_EINVAL,
                "data shape [%zu, %zu, %zu] has %zu elements, the file's items %zu%s",
                spec->shape[0], spec->shape[1], spec->shape[2], item, asx_samples_item(images),
                spec->format == ASX_DATA_IMAGES ? ": data.resize and data.crop fit them" : "");
        memcpy(own, spec->shape, sizeof own);
    }
    memcpy(shape, own, sizeof own);
    return ASX_OK;
}

static asx_status load_file(asx_dataset *data, const asx_dataset_spec *spec, size_t i,
                            asx_error *err)
{
    asx_samples images = {0}, labels = {0};
    const char *path = spec->n_files ? spec->file[i] : asx_data_format_text(spec->format);
    asx_status status = FORMATS[spec->format].read(&images, &labels, spec, i, err);
    const size_t before = data->images.bytes ? data->images.dim[0] : 0;
    if (status == ASX_OK)
        status = asx_labels_add(&data->labels, &labels, before, images.dim[0],
                                spec->n_labels ? spec->label[i] : path, err);
    if (status == ASX_OK)
        status = asx_samples_append(&data->images, &images, path, err);
    asx_samples_fini(&images);
    if (status == ASX_OK && i == 0) {
        data->words = (asx_samples){.name = labels.name, .n_names = labels.n_names};
        labels.name = NULL;
        labels.n_names = 0;
    }
    asx_samples_fini(&labels);
    return status;
}

static uint64_t hash_content(const asx_dataset *data)
{
    const asx_samples *images = &data->images;
    size_t n = images->dim[0];
    const uint64_t head[] = {(uint64_t)images->type, n, data->shape[0], data->shape[1],
                             data->shape[2]};
    uint64_t hash = asx_hash(head, sizeof head, 0);
    hash =
        asx_hash(images->bytes, n * asx_samples_item(images) * asx_sample_size(images->type), hash);
    hash = asx_labels_hash(&data->labels, n, hash);
    hash = asx_conversion_hash(&data->conversion, hash);
    const uint64_t top = data->score.top, kind = data->score.kind;
    if (kind != ASX_SCORE_TOP)
        return asx_hash(&kind, sizeof kind, hash);
    return top > 1 ? asx_hash(&top, sizeof top, hash) : hash; /* before top-k nothing stood here */
}

asx_status asx_dataset_load(asx_dataset **out, const asx_dataset_spec *spec, asx_error *err)
{
    asx_status status = check_spec(spec, err);
    if (status != ASX_OK)
        return status;
    asx_dataset *data = asx_array_new(1, sizeof *data);
    if (!data)
        return asx_fail(err, ASX_ENOMEM, "no memory for a data set");
    size_t n_files = FORMATS[spec->format].generated ? 1 : spec->n_files;
    data->labels.kind = spec->labels;
    for (size_t i = 0; i < n_files && status == ASX_OK; i++)
        status = load_file(data, spec, i, err);
    if (status == ASX_OK)
        status = settle_shape(data->shape, spec, &data->images, err);
    if (status == ASX_OK)
        status =
            asx_conversion_init(&data->conversion, spec, data->shape[0], data->images.type, err);
    if (status != ASX_OK) {
        asx_dataset_free(data);
        return status;
    }
    data->score = asx_score_top1();
    data->hash = hash_content(data);
    *out = data;
    return ASX_OK;
}

static asx_status take_bytes(asx_dataset *data, const unsigned char *bytes, const uint16_t *label,
                             size_t n, size_t features, asx_error *err)
{
    data->images = (asx_samples){.type = ASX_SAMPLE_U8, .n_dims = 2, .dim = {n, features}};
    data->images.bytes = asx_array_copy(bytes, n, features);
    data->labels.class = asx_array_copy(label, n, sizeof *label);
    if (!data->images.bytes || !data->labels.class)
        return asx_fail(err, ASX_ENOMEM, "no memory for a data set of %zu items", n);
    for (size_t i = 0; i < n; i++)
        data->labels.largest = label[i] > data->labels.largest ? label[i] : data->labels.largest;
    return ASX_OK;
}

asx_status asx_dataset_new(asx_dataset **out, const unsigned char *bytes, const uint16_t *label,
                           size_t n, size_t features, double scale, asx_error *err)
{
    const asx_dataset_spec spec = {.scale = scale};
    if (n == 0 || features == 0)
        return asx_fail(err, ASX_EINVAL, "a data set of %zu items of %zu features", n, features);
    asx_dataset *data = asx_array_new(1, sizeof *data);
    if (!data)
        return asx_fail(err, ASX_ENOMEM, "no memory for a data set");
    asx_status status = take_bytes(data, bytes, label, n, features, err);
    if (status == ASX_OK)
        status = settle_shape(data->shape, &spec, &data->images, err);
    if (status == ASX_OK)
        status = asx_conversion_init(&data->conversion, &spec, features, ASX_SAMPLE_U8, err);
    if (status != ASX_OK) {
        asx_dataset_free(data);
        return status;
    }
    data->score = asx_score_top1();
    data->hash = hash_content(data);
    *out = data;
    return ASX_OK;
}

asx_status asx_dataset_convert(asx_dataset *data, const asx_dataset_spec *spec, asx_error *err)
{
    asx_conversion conversion = {0};
    const asx_status status =
        asx_conversion_init(&conversion, spec, data->shape[0], data->images.type, err);
    if (status != ASX_OK)
        return status;
    asx_conversion_fini(&data->conversion);
    data->conversion = conversion;
    data->hash = hash_content(data);
    return ASX_OK;
}

void asx_dataset_free(asx_dataset *data)
{
    if (!data)
        return;
    asx_samples_fini(&data->images);
    asx_conversion_fini(&data->conversion);
    asx_labels_fini(&data->labels);
    asx_samples_fini(&data->words);
    free(data);
}

asx_dataset_names asx_dataset_names_of(const asx_dataset *data)
{
    return (asx_dataset_names){(const char *const *)data->images.name, data->images.n_names,
                               (const char *const *)data->words.name, data->words.n_names};
}

size_t asx_dataset_size(const asx_dataset *data)
{
    return data->images.dim[0];
}

const size_t *asx_dataset_shape(const asx_dataset *data)
{
    return data->shape;
}

void asx_dataset_images(float *out, const asx_dataset *data, size_t first, size_t n)
{
    assert(first <= asx_dataset_size(data) && n <= asx_dataset_size(data) - first);
    size_t channels = data->shape[0], plane = data->shape[1] * data->shape[2];
    if (data->conversion.n_channels == 1) { /* all alike: one long row */
        plane *= channels;
        channels = 1;
    }
    for (size_t i = first * channels; i < (first + n) * channels; i++, out += plane)
        asx_conversion_apply(out, &data->conversion, &data->images, i % channels, i * plane, plane);
}

const float *asx_dataset_of_bytes(const asx_dataset *data, size_t channel)
{
    const asx_conversion *c = &data->conversion;
    return c->table ? c->table + 256 * (c->n_channels > 1 ? channel : 0) : NULL;
}

const unsigned char *asx_dataset_bytes(const asx_dataset *data, size_t index)
{
    return data->conversion.table ? data->images.bytes + index * asx_samples_item(&data->images)
                                  : NULL;
}

unsigned asx_dataset_label(const asx_dataset *data, size_t index)
{
    assert(index < asx_dataset_size(data));
    return data->labels.class[index];
}

size_t asx_dataset_n_classes(const asx_dataset *data, asx_range images)
{
    uint64_t seen[(LABEL_MAX + 1) / 64] = {0};
    size_t n = 0;
    assert(images.end <= asx_dataset_size(data));
    for (size_t i = images.first; data->labels.class && i < images.end; i++) {
        const uint16_t class = data->labels.class[i];
        const uint64_t bit = (uint64_t)1 << (class % 64);
        n += !(seen[class / 64] & bit);
        seen[class / 64] |= bit;
    }
    return n;
}

unsigned asx_dataset_max_label(const asx_dataset *data)
{
    return data->labels.largest;
}

size_t asx_dataset_target_size(const asx_dataset *data)
{
    return data->labels.kind == ASX_LABEL_CLASS ? 1 : asx_samples_item(&data->labels.target);
}

double asx_dataset_target(const asx_dataset *data, size_t index, size_t i)
{
    assert(index < asx_dataset_size(data) && i < asx_dataset_target_size(data));
    return data->labels.kind == ASX_LABEL_CLASS
               ? (double)data->labels.class[index]
               : asx_samples_value(&data->labels.target,
                                   index * asx_samples_item(&data->labels.target) + i);
}

/* Two digits: what limits are multiples of is to be read. */
static double short_number(double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.1e", x);
    return strtod(text, NULL);
}

asx_status asx_dataset_set_score(asx_dataset *data, const asx_score *score, asx_error *err)
{
    asx_label_spread spread = {0};
    asx_score s = *score;
    if (asx_score_labels(score) != data->labels.kind)
        return asx_fail(err, ASX_EINVAL, "the data were not read with labels for this measure");
    if (data->labels.kind == ASX_LABEL_NUMBERS) {
        const asx_status status = asx_labels_spread(&spread, &data->labels, err);
        if (status != ASX_OK)
            return status;
        if (!(spread.square > 0 && isfinite(spread.square)))
            return asx_fail(err, ASX_EINVAL,
                            spread.square > 0
                                ? "labels up to %g are too large to be squared"
                                : "all labels are the same, %g: nothing to measure by",
                            spread.high);
    }
    if (isnan(s.point))
        s.point = short_number((s.kind == ASX_SCORE_MSE ? spread.square : spread.absolute) / 100);
    data->peak = spread.high - spread.low;
    data->score = s;
    data->hash = hash_content(data);
    return ASX_OK;
}

const asx_score *asx_dataset_score(const asx_dataset *data)
{
    return &data->score;
}

double asx_dataset_peak(const asx_dataset *data)
{
    return data->peak;
}

uint64_t asx_dataset_hash(const asx_dataset *data)
{
    return data->hash;
}

asx_status asx_dataset_set_classes(asx_dataset *data, const unsigned *label, asx_error *err)
{
    const size_t n = asx_dataset_size(data);
    unsigned largest = 0;
    if (data->labels.kind != ASX_LABEL_CLASS)
        return asx_fail(err, ASX_EINVAL, "labels of these data are no classes");
    for (size_t i = 0; i < n; i++) {
        if (label[i] > UINT16_MAX)
            return asx_fail(err, ASX_EINVAL, "class %u of image %zu is above %d", label[i], i,
                            UINT16_MAX);
        largest = label[i] > largest ? label[i] : largest;
    }
    for (size_t i = 0; i < n; i++)
        data->labels.class[i] = (uint16_t)label[i];
    data->labels.largest = largest;
    return ASX_OK;
}
