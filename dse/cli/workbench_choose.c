/* What options choose of a campaign, and what is meant where they are not given. */
#include "workbench.h"

asx_status workbench_images(asx_range *out, workbench *w, const char *option, asx_error *err)
{
    asx_error inner;
    asx_range range;
    asx_status st = workbench_need_data(w, err);
    if (st < 0)
        return st;
    range = w->subset[SUBSET_SELECT];
    if (option)
        st = asx_range_parse(&range, option, asx_dataset_size(w->data), &inner);
    if (st < 0)
        return asx_fail(err, st, "option '--images': %s", inner.message);
    *out = range;
    return ASX_OK;
}

asx_status workbench_database(asx_text *out, const workbench *w, const char *option, asx_error *err)
{
    if (option && !*option)
        return asx_fail(err, ASX_EINVAL, "option '--db': the file's name is empty");
    if (option)
        asx_text_add(out, "%s", option);
    else
        asx_text_add(out, "%s.db", w->campaign->file->name);
    return out->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path") : ASX_OK;
}
