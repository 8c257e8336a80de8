/* The files that a data set is made of where its own name others. */
#include "eval/dataset.h"
#include "listing.h"

static asx_status add_items(asx_kept *out, const char *what, const asx_listing *list,
                            asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < list->n && status == ASX_OK; i++)
        status = asx_kept_add(out, what, list->item[i].path, err);
    for (size_t i = 0; i < list->n && status == ASX_OK && list->item[i].mask; i++)
        status = asx_kept_add(out, what, list->item[i].mask, err);
    return status;
}

asx_status asx_dataset_files(asx_kept *out, const char *what, asx_data_format format,
                             asx_label_kind labels, const char *path, asx_error *err)
{
    asx_listing list = {0};
    const char *const *endings = format == ASX_DATA_IMAGES ? asx_listing_pictures
                                 : format == ASX_DATA_WAV  ? asx_listing_recordings
                                                           : NULL;
    asx_status status =
        endings ? asx_listing_read(&list, path, endings, labels == ASX_LABEL_MAP, err) : ASX_OK;
    status = status == ASX_OK ? add_items(out, what, &list, err)
                              : (status == ASX_ENOMEM ? status : ASX_OK);
    asx_listing_fini(&list);
    return status;
}
