/* JPEG, by libjpeg (turbo), with its default transforms: those that Pillow uses. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

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

static void read_pixels(decoder *d, const unsigned char *bytes, size_t n, const char *path,
                        asx_error *err)
{
    struct jpeg_decompress_struct *jpeg = &d->jpeg;
    jpeg_mem_src(jpeg, bytes, (unsigned long)n);
    jpeg_read_header(jpeg, TRUE);
    if (jpeg->num_components != 1 && jpeg->num_components != 3) {
        d->status = asx_fail(err, ASX_EUNSUPPORTED,
                             "'%s' has %d components: grey or three colours are read", path,
                             jpeg->num_components);
        return;
    }
    jpeg->out_color_space = jpeg->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    *d->out = (asx_picture){.width = jpeg->image_width,
                            .height = jpeg->image_height,
                            .channels = (size_t)jpeg->num_components};
    d->status = asx_picture_new(d->out, path, err);
    if (d->status != ASX_OK)
        return;
    jpeg_start_decompress(jpeg);
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = d->out->pixel + jpeg->output_scanline * d->out->width * d->out->channels;
        jpeg_read_scanlines(jpeg, &row, 1);
    }
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
    if (d.status != ASX_OK)
        asx_picture_fini(&made);
    else
        *out = made;
    return d.status;
}
