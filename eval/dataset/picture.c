/* Pictures: bytes of known sizes. */
#include "picture.h"

#include <stdlib.h>

#include "dse/memory.h"

void asx_picture_fini(asx_picture *picture)
{
    if (picture) {
        free(picture->pixel);
        *picture = (asx_picture){0};
    }
}

asx_status asx_picture_new(asx_picture *picture, const char *path, asx_error *err)
{
    if (picture->width == 0 || picture->height == 0 ||
        picture->width > ASX_PICTURE_PIXELS_MAX / picture->height)
        return asx_fail(err, ASX_EINVAL, "'%s': %zu x %zu pixels, 1 .. %d are allowed", path,
                        picture->width, picture->height, ASX_PICTURE_PIXELS_MAX);
    picture->pixel = asx_array_new(picture->width * picture->height, picture->channels);
    return picture->pixel ? ASX_OK
                          : asx_fail(err, ASX_ENOMEM, "no memory for the pixels of '%s'", path);
}
