/* Which format data have, where their classes stand, and whether they fit the network. */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "draft_private.h"
#include "dse/memory.h"

static bool ends_with(const char *name, size_t n, const char *end)
{
    const size_t m = strlen(end);
    return n >= m && strncmp(name + n - m, end, m) == 0;
}

/* What a name promises. @return ASX_N_DATA_FORMATS if nothing */
static asx_data_format format_of_name(const char *path)
{
    static const struct {
        const char *end;
        asx_data_format format;
    } ends[] = {{".npy", ASX_DATA_NPY},        {".npz", ASX_DATA_NPZ}, {".csv", ASX_DATA_CSV},
                {"-ubyte", ASX_DATA_IDX},      {".idx", ASX_DATA_IDX}, {".i8", ASX_DATA_RAW},
                {"-idx3-int16", ASX_DATA_IDX}, {".raw", ASX_DATA_RAW}};
    size_t n = strlen(path);
    if (ends_with(path, n, ".gz") || ends_with(path, n, ".xz"))
        n -= 3;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(path, n, ends[i].end))
            return ends[i].format;
    return ASX_N_DATA_FORMATS;
}

static bool has_label_files(asx_data_format format)
{
    return format == ASX_DATA_IDX || format == ASX_DATA_NPY || format == ASX_DATA_RAW;
}

/* As they are stored, with labels as the measure takes them. */
static asx_status load_for(asx_draft_state *d, const char *measure, asx_error *err)
{
    const asx_draft_options *o = d->options;
    asx_dataset_spec spec = {.format = d->format,
                             .file = o->data,
                             .n_files = o->n_data,
                             .label = (const char *const *)d->label,
                             .n_labels = d->label ? o->n_data : 0,
                             .scale = 1,
                             .header = ASX_CSV_GUESS,
                             .label_column = o->label,
                             .resize = d->resize,
                             .crop = d->crop};
    memcpy(spec.shape, d->shape, sizeof spec.shape);
    asx_status status = asx_score_parse(&d->score, measure, err);
    spec.labels = asx_score_labels(&d->score);
    if (status == ASX_OK)
        status = asx_dataset_load(&d->data, &spec, err);
    if (status == ASX_OK)
        status = asx_dataset_set_score(d->data, &d->score, err);
    if (status == ASX_OK) /* with what a point is */
        d->score = *asx_dataset_score(d->data);
    return status;
}

static bool has_more_classes(const asx_draft_state *d)
{
    return asx_score_labels(&d->score) == ASX_LABEL_CLASS &&
           asx_dataset_max_label(d->data) >= asx_network_n_classes(d->network);
}

/* By the first measure that output and labels fit: one number may be a logit between two classes or a number by itself, a
 * map may be of classes or of numbers. */
static asx_status load(asx_draft_state *d, asx_error *err)
{
    asx_error inner;
    const bool map = asx_network_check_classes(d->network, &inner) != ASX_OK;
    const char *first = map ? "pixel" : "top1", *second = map ? "psnr" : "mse";
    const asx_status status = load_for(d, first, err);
    const bool listed = d->format == ASX_DATA_IMAGES || d->format == ASX_DATA_WAV; /* no numbers */
    if (listed || (!map && !asx_network_is_one_number(d->network)))
        return status;
    if (status == ASX_OK && (map || !has_more_classes(d)))
        return ASX_OK;
    asx_dataset *classes = d->data;
    const asx_score told = d->score;
    d->data = NULL;
    if (load_for(d, second, &inner) == ASX_OK) {
        asx_dataset_free(classes);
        return ASX_OK;
    }
    asx_dataset_free(d->data);
    d->data = classes; /* what is wrong is said of classes */
    d->score = told;
    return status;
}

/* ---- classes in a file of their own ---- */

static void free_labels(asx_draft_state *d)
{
    for (size_t i = 0; d->label && i < d->options->n_data; i++)
        free(d->label[i]);
    free(d->label);
    d->label = NULL;
}

/* How far two names agree from the beginning; 0 if the second is no name for classes: it says "label", or begins with y
 * where the first begins with x. */
static size_t likeness(const char *image, const char *label)
{
    static const char word[] = "label";
    bool says = (image[0] == 'x' || image[0] == 'X') && (label[0] == 'y' || label[0] == 'Y') &&
                strcmp(image + 1, label + 1) == 0;
    for (const char *p = label; *p && !says; p++) {
        size_t i = 0;
        while (word[i] && tolower((unsigned char)p[i]) == word[i])
            i++;
        says = !word[i];
    }
    size_t n = 0;
    while (image[n] && image[n] == label[n])
        n++;
    return says && strcmp(image, label) != 0 ? n + 1 : 0;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Whether a file is named as one for the classes of another one that was told. */
static bool is_for_classes(const asx_draft_options *o, const char *path)
{
    for (size_t i = 0; i < o->n_data; i++)
        if (likeness(name_of(o->data[i]), name_of(path)) > 0)
            return true;
    return false;
}

/* Of [n] files for classes, the one most like an image's comes first. */
static void bring_nearest(const char **label, size_t n, const char *image)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (likeness(name_of(image), name_of(label[i])) >
            likeness(name_of(image), name_of(label[best])))
            best = i;
    const char *nearest = label[best];
    label[best] = label[0];
    label[0] = nearest;
}

/* Files with classes may be told among the data: "t10k-images-idx3-ubyte t10k-labels-idx1-ubyte". */
static asx_status sort_files(asx_draft_state *d, asx_error *err)
{
    const asx_draft_options *o = d->told;
    size_t n = 0, at = 0;
    for (size_t i = 0; i < o->n_data; i++)
        n += is_for_classes(o, o->data[i]);
    if (o->n_labels > 0 || n == 0 || n == o->n_data)
        return ASX_OK;
    free(d->path);
    d->path = asx_array_new(o->n_data, sizeof *d->path);
    if (!d->path)
        return asx_fail(err, ASX_ENOMEM, "no memory for paths");
    const size_t n_images = o->n_data - n;
    for (size_t i = 0, k = n_images; i < o->n_data; i++)
        d->path[is_for_classes(o, o->data[i]) ? k++ : at++] = o->data[i];
    for (size_t i = 0; i < n_images && i < n; i++)
        bring_nearest(d->path + n_images + i, n - i, d->path[i]);
    d->sorted = *o;
    d->sorted.data = d->path;
    d->sorted.n_data = n_images;
    d->sorted.labels = d->path + n_images;
    d->sorted.n_labels = n;
    d->options = &d->sorted;
    return ASX_OK;
}

/* The file of the same folder whose name is most like one for the classes of `path`. @param out  "" if none is */
static asx_status find_labels(asx_text *out, const char *path, asx_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = name_of(path);
    asx_text folder = {0};
    asx_text_add_bytes(&folder, slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
    if (folder.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for a path");
    DIR *files = opendir(folder.s);
    size_t best = 0;
    for (struct dirent *e; files && (e = readdir(files));) {
        const size_t n = likeness(name, e->d_name);
        /* of equals the first by name: folders are in no order */
        if (n < best || n == 0 ||
            (n == best && strcmp(e->d_name, out->s + (slash ? folder.n : 0)) > 0))
            continue;
        best = n;
        asx_text_clear(out);
        asx_text_add(out, "%s%s", slash ? folder.s : "", e->d_name);
    }
    if (files)
        closedir(files);
    asx_text_fini(&folder);
    return out->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path") : ASX_OK;
}

static asx_status need_labels(asx_draft_state *d, asx_error *err)
{
    const asx_draft_options *o = d->options;
    asx_status status = ASX_OK;
    if (o->n_labels > 0 && o->n_labels != o->n_data)
        return asx_fail(err, ASX_EINVAL, "%zu files with classes for %zu with images", o->n_labels,
                        o->n_data);
    d->label = asx_array_new(o->n_data, sizeof *d->label);
    if (!d->label)
        return asx_fail(err, ASX_ENOMEM, "no memory for paths");
    for (size_t i = 0; status == ASX_OK && i < o->n_data; i++) {
        asx_text path = {0};
        if (o->n_labels > 0)
            asx_text_add(&path, "%s", o->labels[i]);
        else
            status = find_labels(&path, o->data[i], err);
        if (status == ASX_OK && path.n == 0)
            status = asx_fail(
                err, ASX_EINVAL,
                "'%s': data of format '%s' have their classes in a file of their own, and none is beside "
                "it: --labels FILE",
                o->data[i], asx_data_format_text(d->format));
        if (status == ASX_OK)
            status = asx_text_take(&d->label[i], &path, err);
        asx_text_fini(&path);
    }
    return status;
}

/* ---- the format ---- */

static void take_network_shape(asx_draft_state *d)
{
    memcpy(d->shape, asx_network_input_shape(d->network), sizeof d->shape);
}

/* As torchvision's recipes do: the square that the network takes, from a picture whose shorter side is 256/224 of it, as
 * 256 is of 224. Small networks, below 64 pixels, take all of the picture. */
static void take_network_sizes(asx_draft_state *d)
{
    const size_t *in = asx_network_input_shape(d->network);
    d->shape[0] = in[0];
    d->shape[1] = in[1];
    d->shape[2] = in[2];
    d->crop = in[1];
    d->resize = in[1] < 64 ? in[1] : (in[1] * 256 + 112) / 224;
}

static asx_status try_format(asx_draft_state *d, asx_data_format format, asx_error *err)
{
    d->format = format;
    d->options = d->told;
    asx_status status = has_label_files(format) ? sort_files(d, err) : ASX_OK;
    if (status == ASX_OK && has_label_files(format))
        status = need_labels(d, err);
    if (format == ASX_DATA_RAW || format == ASX_DATA_WAV)
        take_network_shape(d);
    if (format == ASX_DATA_IMAGES)
        take_network_sizes(d);
    if (status == ASX_OK)
        status = load(d, err);
    if (status != ASX_OK)
        free_labels(d);
    return status;
}

static bool is_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder)
        closedir(folder);
    return folder != NULL;
}

/* A folder has pictures or recordings. */
static asx_status guess_folder(asx_draft_state *d, asx_error *err)
{
    asx_error sounds;
    const asx_status status = try_format(d, ASX_DATA_WAV, &sounds);
    return status == ASX_OK ? ASX_OK : try_format(d, ASX_DATA_IMAGES, err);
}

/* Whether a file names others, with a class or a mask for each, and the first of them is there: pictures, or recordings.
 * ASX_N_DATA_FORMATS: it is no such list. */
static asx_data_format format_of_list(const char *path)
{
    static const asx_label_kind kinds[] = {ASX_LABEL_CLASS, ASX_LABEL_MAP};
    asx_data_format found = ASX_N_DATA_FORMATS;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && found == ASX_N_DATA_FORMATS; i++) {
        asx_kept listed = {0};
        asx_error inner;
        if (asx_dataset_files(&listed, "data", ASX_DATA_IMAGES, kinds[i], path, &inner) == ASX_OK &&
            listed.n > 0 && access(listed.file[0].path, R_OK) == 0) {
            const char *first = listed.file[0].path;
            found = ends_with(first, strlen(first), ".wav") ? ASX_DATA_WAV : ASX_DATA_IMAGES;
        }
        asx_kept_fini(&listed);
    }
    return found;
}

/* Formats by how surely a file is known to be of them; CSV and raw bytes have no mark of their own. */
static asx_status guess_format(asx_draft_state *d, asx_error *err)
{
    static const asx_data_format order[] = {ASX_DATA_NPY, ASX_DATA_IDX, ASX_DATA_CIFAR10,
                                            ASX_DATA_CSV};
    const char *path = d->options->data[0];
    asx_error inner;
    if (is_folder(path))
        return guess_folder(d, err);
    const asx_data_format list = format_of_list(path);
    if (list != ASX_N_DATA_FORMATS)
        return try_format(d, list, err);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const asx_status status = try_format(d, order[i], &inner);
        if (status == ASX_OK || status == ASX_ENOMEM || status == ASX_EIO)
            return status == ASX_OK ? ASX_OK : asx_fail(err, status, "%s", inner.message);
    }
    return asx_fail(
        err, ASX_EINVAL,
        "'%s' is not of format npy, idx, cifar10 or csv, and lists no pictures or recordings that are there (as csv: %.200s): --format FORMAT",
        path, inner.message);
}

/* ---- with the network ---- */

/* [height, width, channels] where the network takes [channels, height, width]: as many numbers, in another order. */
static bool is_turned(const size_t *image, const size_t *wanted)
{
    return image[0] == wanted[1] && image[1] == wanted[2] && image[2] == wanted[0] &&
           wanted[0] > 1 && wanted[1] * wanted[2] > 1;
}

static asx_status fit_shape(asx_draft_state *d, asx_error *err)
{
    const size_t *image = asx_dataset_shape(d->data);
    const size_t *wanted = asx_network_input_shape(d->network);
    const size_t n_image = image[0] * image[1] * image[2], n = wanted[0] * wanted[1] * wanted[2];
    if (memcmp(image, wanted, 3 * sizeof *image) == 0)
        return ASX_OK;
    if (n_image != n)
        return asx_fail(
            err, ASX_EINVAL,
            "'%s' has images of %zux%zux%zu numbers, network '%s' takes %zux%zux%zu: they do not belong "
            "together, or the images are still to be cut or scaled",
            d->options->data[0], image[0], image[1], image[2], d->options->network, wanted[0],
            wanted[1], wanted[2]);
    if (is_turned(image, wanted))
        return asx_fail(
            err, ASX_EINVAL,
            "'%s' has images of [height, width, channels] = %zux%zux%zu, network '%s' takes "
            "[channels, height, width]: turn them, as with numpy's transpose(0, 3, 1, 2)",
            d->options->data[0], image[0], image[1], image[2], d->options->network);
    take_network_shape(d);
    asx_dataset_free(d->data);
    d->data = NULL;
    return load(d, err);
}

static asx_status fit_classes(const asx_draft_state *d, asx_error *err)
{
    const size_t n = asx_network_n_classes(d->network);
    const unsigned most = asx_dataset_max_label(d->data);
    if (!has_more_classes(d))
        return ASX_OK;
    return asx_fail(
        err, ASX_EINVAL, "'%s' has classes up to %u, network '%s' tells %zu apart, 0 to %zu: %s",
        d->label ? d->label[0] : d->options->data[0], most, d->options->network, n, n - 1,
        d->format == ASX_DATA_CSV
            ? "is the class in another column (--label COLUMN), or counted from 1?"
            : "are they of other data, or counted from 1?");
}

asx_status asx_draft_open_data(asx_draft_state *d, asx_error *err)
{
    const asx_draft_options *o = d->told;
    asx_data_format format = format_of_name(o->data[0]);
    if (format == ASX_DATA_CSV) { /* of a table the first row names no picture that is there */
        const asx_data_format list = format_of_list(o->data[0]);
        format = list < ASX_N_DATA_FORMATS ? list : format;
    }
    asx_status status = o->format ? asx_data_format_parse(&format, o->format, err) : ASX_OK;
    if (status == ASX_OK)
        status = format < ASX_N_DATA_FORMATS ? try_format(d, format, err) : guess_format(d, err);
    if (status == ASX_OK)
        status = fit_shape(d, err);
    return status == ASX_OK ? fit_classes(d, err) : status;
}
