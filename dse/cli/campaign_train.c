/* The section 'train' of a campaign: what training learns from, and how. */
#include <stdint.h>

#include "campaign.h"

static asx_status take_choices(asx_train_options *o, const campaign *c, const campaign_train *t,
                               asx_error *err)
{
    asx_error inner;
    if (t->optimiser && asx_optimiser_parse(&o->optimiser, t->optimiser, &inner) < 0)
        return campaign_fail(c, err, inner.status, t->optimiser, "train.optimiser: %s",
                             inner.message);
    if (t->schedule && asx_schedule_parse(&o->schedule, t->schedule, &inner) < 0)
        return campaign_fail(c, err, inner.status, t->schedule, "train.schedule: %s",
                             inner.message);
    if (t->surrogate && asx_surrogate_parse(&o->surrogate, t->surrogate, &inner) < 0)
        return campaign_fail(c, err, inner.status, t->surrogate, "train.surrogate: %s",
                             inner.message);
    return ASX_OK;
}

asx_status campaign_train_options(asx_train_options *out, const campaign *c, asx_error *err)
{
    static const campaign_train none = {0};
    const campaign_train *t = c->file->train ? c->file->train : &none;
    asx_train_options o = asx_train_options_default();
    o.seed = c->seed;
    asx_status st = take_choices(&o, c, t, err);
    if (st == ASX_OK)
        st = campaign_set_params(&o.number, c, "train", t->parameters, t->parameters_count, err);
    if (st == ASX_OK)
        *out = o;
    return st;
}

/* Training images are read as the campaign's others are: the same campaign, with other files. */
asx_status campaign_train_data(asx_dataset **out, asx_range *images, const campaign *c,
                               asx_error *err)
{
    const campaign_train *t = c->file->train;
    if (!t || !c->file->data)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "the campaign has no '%s', which training needs",
                             t ? "data" : "train");
    campaign_data d = *c->file->data;
    campaign_file file = *c->file;
    campaign other = *c;
    asx_error inner;
    d.files = t->files;
    d.files_count = t->files_count;
    d.labels = t->labels;
    d.labels_count = t->labels_count;
    d.seed = t->seed;
    d.count = t->count;
    file.data = &d;
    other.file = &file;
    asx_dataset *data = NULL;
    asx_status st = campaign_load_data(&data, &other, err);
    if (st < 0)
        return st;
    *images = (asx_range){0, asx_dataset_size(data)};
    if (t->images && asx_range_parse(images, t->images, asx_dataset_size(data), &inner) < 0) {
        asx_dataset_free(data);
        return campaign_fail(c, err, inner.status, t->images, "train.images: %s", inner.message);
    }
    *out = data;
    return ASX_OK;
}
