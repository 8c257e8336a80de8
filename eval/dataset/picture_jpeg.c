/* JPEG, by libjpeg (turbo), with its default transforms: those that Pillow uses. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "dse/memory.h"
#include "picture.h"

/* A progressive file of many scans takes long for few bytes; cameras and web tools write some ten. */
enum { SCANS_MAX = 200 };

/* What libjpeg's callbacks work on; all that changes between setjmp and longjmp lies here. */
typedef struct decoder {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf failed;
    asx_picture *out;
    unsigned char *inks; /* a row of four; NULL: the file has colours or grey */
    asx_status status;
    char message[JMSG_LENGTH_MAX];
} decoder;

static void on_error(j_common_ptr jpeg)
{
    decoder *d = jpeg->client_data;
    d->errors.format_message(jpeg, d->message);
    longjmp(d->failed, 1);
}

/* libjpeg paints grey where a file is cut, and warns: that is no picture. Other warnings are about bytes between parts. */
static void on_message(j_common_ptr jpeg, int level)
{
    const decoder *d = jpeg->client_data;
    if (level < 0 && d->errors.msg_code == JWRN_JPEG_EOF)
        on_error(jpeg);
}

static void count_scans(j_common_ptr jpeg)
{
    decoder *d = jpeg->client_data;
    if (d->jpeg.input_scan_number > SCANS_MAX) {
        snprintf(d->message, sizeof d->message, "more than %d scans", SCANS_MAX);
        longjmp(d->failed, 1);
    }
}

/* a b / 255, rounded, as Pillow computes it. */
static unsigned part_of(unsigned a, unsigned b)
{
    const unsigned product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

/* Inks are stored as what they leave over, as Adobe does and Pillow takes for granted. */
static void mix_inks(unsigned char *rgb, const unsigned char *left, size_t width)
{
    for (size_t x = 0; x < width; x++, rgb += 3, left += 4)
        for (size_t c = 0; c < 3; c++)
            rgb[c] = (unsigned char)(left[3] - part_of(255U - left[c], left[3]));
}

static void read_row(decoder *d)
{
    unsigned char *pixel =
        d->out->pixel + d->jpeg.output_scanline * d->out->width * d->out->channels;
    JSAMPROW row = d->inks ? d->inks : pixel;
    jpeg_read_scanlines(&d->jpeg, &row, 1);
    if (d->inks)
        mix_inks(pixel, d->inks, d->out->width);
}

static void read_pixels(decoder *d, const unsigned char *bytes, size_t n, const char *path,
                        asx_error *err)
{
    struct jpeg_decompress_struct *jpeg = &d->jpeg;
    jpeg_mem_src(jpeg, bytes, (unsigned long)n);
    jpeg_read_header(jpeg, TRUE);
    const int n_components = jpeg->num_components;
    if (n_components != 1 && n_components != 3 && n_components != 4) {
        d->status = asx_fail(err, ASX_EUNSUPPORTED,
                             "'%s' has %d components: grey, three colours or four inks are read",
                             path, n_components);
        return;
    }
    jpeg->out_color_space = n_components == 1   ? JCS_GRAYSCALE
                            : n_components == 3 ? JCS_RGB
                                                : JCS_CMYK;
    *d->out = (asx_picture){.width = jpeg->image_width,
                            .height = jpeg->image_height,
                            .channels = n_components == 1 ? 1 : 3};
    d->status = asx_picture_new(d->out, path, err);
    if (d->status == ASX_OK && n_components == 4 &&
        !(d->inks = asx_array_new(d->out->width, 4 * sizeof *d->inks)))
        d->status = asx_fail(err, ASX_ENOMEM, "no memory for a row of '%s'", path);
    if (d->status != ASX_OK)
        return;
    jpeg_start_decompress(jpeg);
    while (jpeg->output_scanline < jpeg->output_height)
        read_row(d);
    jpeg_finish_decompress(jpeg);
}

asx_status asx_picture_decode_jpeg(asx_picture *out, const unsigned char *bytes, size_t n,
                                   const char *path, asx_error *err)
{
    asx_picture made = {0};
    decoder d = {.out = &made};
    d.jpeg.err = jpeg_std_error(&d.errors);
    d.errors.error_exit = on_error;
    d.errors.emit_message = on_message;
    d.progress.progress_monitor = count_scans;
    d.jpeg.client_data = &d;
    if (setjmp(d.failed) == 0) {
        jpeg_create_decompress(&d.jpeg);
        d.jpeg.client_data = &d; /* what is created is zeroed */
        d.jpeg.progress = &d.progress;
        read_pixels(&d, bytes, n, path, err);
    } else {
        d.status = asx_fail(err, ASX_EPARSE, "'%s': damaged JPEG: %s", path, d.message);
    }
    jpeg_destroy_decompress(&d.jpeg);
    free(d.inks);
    if (d.status != ASX_OK)
        asx_picture_fini(&made);
    else
        *out = made;
    return d.status;
}
