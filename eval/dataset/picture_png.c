/* PNG, by libpng. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "dse/memory.h"
#include "picture.h"

/* What libpng's callbacks work on; all that changes between setjmp and longjmp lies here. */
typedef struct decoder {
    jmp_buf failed;
    const unsigned char *at, *end;
    png_structp png;
    png_infop info;
    asx_picture *out;
    png_bytep *row;
    bool stored; /* indices of a palette and grey as the file has them */
    asx_status status;
    char message[128];
} decoder;

static void on_error(png_structp png, png_const_charp message)
{
    decoder *d = png_get_error_ptr(png);
    strncpy(d->message, message, sizeof d->message - 1);
    longjmp(d->failed, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void take_bytes(png_structp png, png_bytep to, size_t n)
{
    decoder *d = png_get_io_ptr(png);
    if ((size_t)(d->end - d->at) < n)
        png_error(png, "the file is cut");
    memcpy(to, d->at, n);
    d->at += n;
}

/* Bytes of one or three channels, whatever the file holds. Of 16 bits the upper 8 are kept, unless that would be another
 * number. */
static void set_transforms(decoder *d)
{
    if (d->stored) {
        png_set_packing(d->png);
    } else {
        png_set_strip_16(d->png);
        png_set_expand(d->png); /* palettes, fewer bits than 8, a transparent colour */
        png_set_strip_alpha(d->png);
    }
    png_set_interlace_handling(d->png);
    png_read_update_info(d->png, d->info);
}

static asx_status check_mask(const decoder *d, const char *path, asx_error *err)
{
    const int color = png_get_color_type(d->png, d->info);
    if (color == PNG_COLOR_TYPE_RGB || (color & PNG_COLOR_MASK_ALPHA))
        return asx_fail(
            err, ASX_EUNSUPPORTED,
            "'%s' has colours; a mask is a PNG of grey or of a palette, its numbers the "
            "classes of pixels",
            path);
    if (png_get_bit_depth(d->png, d->info) > 8)
        return asx_fail(err, ASX_EUNSUPPORTED, "'%s' has 16 bits a pixel; masks have 1 to 8", path);
    return ASX_OK;
}

static void read_pixels(decoder *d, const char *path, asx_error *err)
{
    png_set_user_limits(d->png, ASX_PICTURE_PIXELS_MAX, ASX_PICTURE_PIXELS_MAX);
    png_read_info(d->png, d->info);
    if (d->stored && (d->status = check_mask(d, path, err)) != ASX_OK)
        return;
    set_transforms(d);
    *d->out = (asx_picture){.width = png_get_image_width(d->png, d->info),
                            .height = png_get_image_height(d->png, d->info),
                            .channels = png_get_channels(d->png, d->info)};
    d->status = asx_picture_new(d->out, path, err);
    if (d->status == ASX_OK && !(d->row = asx_array_new(d->out->height, sizeof *d->row)))
        d->status = asx_fail(err, ASX_ENOMEM, "no memory for the rows of '%s'", path);
    if (d->status != ASX_OK)
        return;
    for (size_t y = 0; y < d->out->height; y++)
        d->row[y] = d->out->pixel + y * d->out->width * d->out->channels;
    png_read_image(d->png, d->row);
    png_read_end(d->png, NULL);
}

asx_status asx_picture_decode_png(asx_picture *out, const unsigned char *bytes, size_t n,
                                  bool stored, const char *path, asx_error *err)
{
    asx_picture made = {0};
    decoder d = {.at = bytes, .end = bytes + n, .out = &made, .stored = stored};
    d.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &d, on_error, on_warning);
    d.info = d.png ? png_create_info_struct(d.png) : NULL;
    if (!d.info)
        d.status = asx_fail(err, ASX_ENOMEM, "no memory to read '%s'", path);
    else if (setjmp(d.failed) == 0) {
        png_set_read_fn(d.png, &d, take_bytes);
        read_pixels(&d, path, err);
    } else {
        d.status = asx_fail(err, ASX_EPARSE, "'%s': damaged PNG: %s", path, d.message);
    }
    free(d.row);
    png_destroy_read_struct(&d.png, &d.info, NULL);
    if (d.status != ASX_OK)
        asx_picture_fini(&made);
    else
        *out = made;
    return d.status;
}
