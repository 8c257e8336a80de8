/* Which decoder reads a file, and grey from colours and back. */
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "picture.h"

/* Pillow's L: ITU-R 601-2 luma in 16 fractional bits, rounded. */
static unsigned char luma(const unsigned char *rgb)
{
    return (unsigned char)((rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 0x8000u) >> 16);
}

static asx_status convert(asx_picture *picture, size_t channels, const char *path, asx_error *err)
{
    if (picture->channels == channels)
        return ASX_OK;
    const size_t n = picture->width * picture->height;
    asx_picture to = {picture->width, picture->height, channels, NULL};
    const asx_status status = asx_picture_new(&to, path, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < n; i++)
        if (channels == 1)
            to.pixel[i] = luma(picture->pixel + 3 * i);
        else
            memset(to.pixel + 3 * i, picture->pixel[i], 3);
    asx_picture_fini(picture);
    *picture = to;
    return ASX_OK;
}

static bool is_png(const unsigned char *bytes, size_t n)
{
    return n >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0;
}

asx_status asx_picture_read_mask(asx_picture *out, const char *path, asx_error *err)
{
    char *text;
    size_t n;
    asx_status status = asx_file_read(&text, &n, path, ASX_PICTURE_BYTES_MAX, err);
    if (status != ASX_OK)
        return status;
    const unsigned char *bytes = (const unsigned char *)text;
    status = is_png(bytes, n)
                 ? asx_picture_decode_png(out, bytes, n, true, path, err)
                 : asx_fail(err, ASX_EUNSUPPORTED, "'%s' is no PNG, as masks are", path);
    free(text);
    return status;
}

asx_status asx_picture_read(asx_picture *out, const char *path, size_t channels, asx_error *err)
{
    char *text;
    size_t n;
    asx_picture made = {0};
    asx_status status = asx_file_read(&text, &n, path, ASX_PICTURE_BYTES_MAX, err);
    if (status != ASX_OK)
        return status;
    const unsigned char *bytes = (const unsigned char *)text;
    if (is_png(bytes, n))
        status = asx_picture_decode_png(&made, bytes, n, false, path, err);
    else if (n >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
        status = asx_picture_decode_jpeg(&made, bytes, n, path, err);
    else
        status = asx_fail(err, ASX_EUNSUPPORTED, "'%s' is neither PNG nor JPEG", path);
    free(text);
    if (status == ASX_OK)
        status = convert(&made, channels, path, err);
    if (status != ASX_OK)
        asx_picture_fini(&made);
    else
        *out = made;
    return status;
}
