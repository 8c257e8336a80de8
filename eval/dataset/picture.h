/* Pictures as bytes, from PNG and JPEG, and their way to the size a network wants. Private to eval. */
#ifndef ASX_EVAL_PICTURE_H
#define ASX_EVAL_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

/* pixel: [height][width][channels], row-major; channels is 1 (grey) or 3 (RGB). Zeroed = empty. */
typedef struct asx_picture {
    size_t width, height, channels;
    unsigned char *pixel; /* owned */
} asx_picture;

/* Larger files, and pictures of more pixels, are refused before anything of their size is allocated. */
enum { ASX_PICTURE_BYTES_MAX = 1 << 28, ASX_PICTURE_PIXELS_MAX = 1 << 26 };

void asx_picture_fini(asx_picture *picture);

/** Memory for the pixels of a picture whose sizes are set; `path` for messages.
 *  @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if a size is 0 or there are too many pixels */
ASX_NODISCARD asx_status asx_picture_new(asx_picture *picture, const char *path, asx_error *err);

/**
 * Reads a PNG or JPEG file; which of them is seen from its first bytes.
 * Bytes are those that Pillow's convert("RGB") or convert("L") gives: palettes looked up, transparency and colour
 * profiles passed over, JPEG decoded by libjpeg's default transforms, CMYK mixed as inks on white. Of 16 bits a channel the
 * upper 8 are kept (as Pillow does of colours; its grey of 16 bits is cut off at 255).
 *
 * @param out       asx_picture_fini it; untouched on failure
 * @param channels  1 or 3 that are wanted
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE if damaged or cut; ASX_EINVAL if too large; ASX_EUNSUPPORTED for
 *         another format, other numbers of components
 */
ASX_NODISCARD asx_status asx_picture_read(asx_picture *out, const char *path, size_t channels,
                                          asx_error *err);

/**
 * Reads a PNG whose numbers are classes: indices of a palette, or grey of 1 to 8 bits, as the file has them.
 * @return as asx_picture_read; ASX_EUNSUPPORTED for colours, transparency, 16 bits, JPEG (which is not kept exactly)
 */
ASX_NODISCARD asx_status asx_picture_read_mask(asx_picture *out, const char *path, asx_error *err);

/* The two decoders: channels as in the file. @param stored  numbers as the file has them, one channel or none */
ASX_NODISCARD asx_status asx_picture_decode_png(asx_picture *out, const unsigned char *bytes,
                                                size_t n, bool stored, const char *path,
                                                asx_error *err);
ASX_NODISCARD asx_status asx_picture_decode_jpeg(asx_picture *out, const unsigned char *bytes,
                                                 size_t n, const char *path, asx_error *err);

/**
 * Scales the shorter side to `side`, as torchvision's Resize(side) does of Pillow's images: bilinear over the whole
 * support (antialiased), columns first, coefficients of 22 fractional bits, rounded to bytes after each pass. Bit for bit
 * as Pillow computes it.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the longer side becomes absurd
 */
ASX_NODISCARD asx_status asx_picture_resize(asx_picture *picture, size_t side, const char *path,
                                            asx_error *err);

/** The same to the nearest pixel, as Pillow's NEAREST: of classes there is no mean. */
ASX_NODISCARD asx_status asx_picture_resize_nearest(asx_picture *picture, size_t side,
                                                    const char *path, asx_error *err);

/** Cuts `side` x `side` from the middle, as torchvision's CenterCrop(side): halves rounded to even, smaller pictures
 *  surrounded by `fill`. */
ASX_NODISCARD asx_status asx_picture_crop(asx_picture *picture, size_t side, unsigned char fill,
                                          const char *path, asx_error *err);

#endif
