/* The files that a campaign is made of, for those who write others. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign_private.h"
#include "eval/dataset.h"
#include "eval/network.h"

/* A file that cannot be named, as by a variable that is not set, is in nobody's way. */
static asx_status add(asx_kept *out, const asx_campaign *c, const char *what, const char *key,
                      const char *raw, asx_error *err)
{
    char *path = NULL;
    asx_error inner = {0};
    asx_status status = asx_campaign_path(&path, c, key, raw, &inner);
    if (status == ASX_ENOMEM)
        return asx_fail(err, ASX_ENOMEM, "%s", inner.message);
    status = path ? asx_kept_add(out, what, path, err) : ASX_OK;
    free(path);
    return status;
}

static asx_status add_list(asx_kept *out, const asx_campaign *c, const char *what, const char *key,
                           const char *const *raw, unsigned n, asx_error *err)
{
    asx_status status = ASX_OK;
    for (unsigned i = 0; i < n && status == ASX_OK; i++)
        status = add(out, c, what, key, raw[i], err);
    return status;
}

/* Files with images; if these are to be looked for, also what folders and lists among the files name. */
static asx_status add_images(asx_kept *out, const asx_campaign *c, const char *key,
                             const char *const *raw, unsigned n, bool look, asx_error *err)
{
    const char *what = "the campaign's data", *format = c->spec->data->format;
    const size_t first = out->n;
    asx_data_format known;
    asx_status status = add_list(out, c, what, key, raw, n, err);
    if (!look || !format || asx_data_format_parse(&known, format, NULL) != ASX_OK)
        return status;
    for (size_t i = first, end = out->n; i < end && status == ASX_OK; i++)
        status = asx_dataset_files(out, what, known, asx_score_labels(&c->score), out->file[i].path,
                                   err);
    return status;
}

asx_status asx_campaign_files(asx_kept *out, const asx_campaign *c, const char *output,
                              asx_error *err)
{
    const asx_campaign_data *data = c->spec->data;
    const asx_campaign_train *train = c->spec->train;
    const asx_campaign_hardware *hardware = c->spec->hardware;
    const asx_campaign_space *space = c->spec->space;
    const bool look = !output || access(output, F_OK) == 0;
    asx_status status = asx_kept_add(out, "the campaign", c->path, err);
    if (status == ASX_OK && c->network_path)
        status = asx_network_files(out, c->network_path, err);
    if (status == ASX_OK && data)
        status = add_images(out, c, "data.files", data->files, data->files_count, look, err);
    if (status == ASX_OK && data)
        status = add_list(out, c, "the campaign's labels", "data.labels", data->labels,
                          data->labels_count, err);
    if (status == ASX_OK && data && train)
        status = add_images(out, c, "train.files", train->files, train->files_count, look, err);
    if (status == ASX_OK && train)
        status = add_list(out, c, "the campaign's labels", "train.labels", train->labels,
                          train->labels_count, err);
    if (status == ASX_OK && c->cells)
        status = asx_kept_add(out, "the campaign's technology", c->cells, err);
    if (status == ASX_OK && hardware && hardware->technology)
        status = add(out, c, "the campaign's technology", "hardware.technology",
                     hardware->technology, err);
    if (status == ASX_OK && space)
        status = add_list(out, c, "the campaign's values", "space.weights.values",
                          space->weights.values, space->weights.values_count, err);
    return status;
}
