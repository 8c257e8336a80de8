/* Scaling and cutting as torchvision does of Pillow's images; the arithmetic is that of Pillow's resampling (8 bits a
 * channel, bilinear). */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "picture.h"

enum { PRECISION = 32 - 8 - 2 };

/* How one line of `n` output pixels is made of input pixels: pixel i is the sum of weight[i][0 .. count[i] - 1] times
 * those from first[i] on. */
typedef struct mixer {
    size_t n, most; /* weight: [n][most] */
    size_t *first, *count;
    int32_t *weight;
} mixer;

static void mixer_fini(mixer *m)
{
    free(m->first);
    free(m->count);
    free(m->weight);
}

static double triangle(double x)
{
    x = fabs(x);
    return x < 1 ? 1 - x : 0;
}

static void mix_one(const mixer *m, size_t i, double *k, size_t n_in, double scale, double support)
{
    const double center = ((double)i + 0.5) * scale, step = 1 / (scale < 1 ? 1 : scale);
    const double low = center - support + 0.5, high = center + support + 0.5;
    const size_t first = low < 0 ? 0 : (size_t)low;
    const size_t end = high > (double)n_in ? n_in : (size_t)high;
    double sum = 0;
    for (size_t x = 0; first + x < end; x++)
        sum += k[x] = triangle(((double)(x + first) - center + 0.5) * step);
    for (size_t x = 0; first + x < end; x++)
        m->weight[i * m->most + x] =
            (int32_t)(0.5 + (sum > 0 ? k[x] / sum : k[x]) * (1 << PRECISION));
    m->first[i] = first;
    m->count[i] = end - first;
}

static asx_status mixer_init(mixer *m, size_t n_in, size_t n_out, asx_error *err)
{
    const double scale = (double)n_in / (double)n_out, support = scale < 1 ? 1 : scale;
    m->n = n_out;
    m->most = (size_t)ceil(support) * 2 + 1;
    m->first = asx_array_new(n_out, sizeof *m->first);
    m->count = asx_array_new(n_out, sizeof *m->count);
    m->weight =
        n_out <= SIZE_MAX / m->most ? asx_array_new(n_out * m->most, sizeof *m->weight) : NULL;
    double *k = asx_array_new(m->most, sizeof *k);
    const asx_status status =
        m->first && m->count && m->weight && k
            ? ASX_OK
            : asx_fail(err, ASX_ENOMEM, "no memory to scale %zu pixels to %zu", n_in, n_out);
    for (size_t i = 0; status == ASX_OK && i < n_out; i++)
        mix_one(m, i, k, n_in, scale, support);
    free(k);
    return status;
}

/* Pixel i of a line from pixels that lie `step` bytes apart. */
static unsigned char mix(const mixer *m, size_t i, const unsigned char *from, size_t step)
{
    const int32_t *weight = m->weight + i * m->most;
    int64_t sum = (int64_t)1 << (PRECISION - 1);
    from += m->first[i] * step;
    for (size_t x = 0; x < m->count[i]; x++)
        sum += (int64_t)weight[x] * from[x * step];
    sum >>= PRECISION;
    return (unsigned char)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

static asx_status resize_width(asx_picture *p, size_t width, const char *path, asx_error *err)
{
    asx_picture to = {width, p->height, p->channels, NULL};
    mixer m = {0};
    if (width == p->width)
        return ASX_OK;
    asx_status status = mixer_init(&m, p->width, width, err);
    if (status == ASX_OK)
        status = asx_picture_new(&to, path, err);
    for (size_t y = 0; status == ASX_OK && y < p->height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t c = 0; c < p->channels; c++)
                to.pixel[(y * width + x) * p->channels + c] =
                    mix(&m, x, p->pixel + y * p->width * p->channels + c, p->channels);
    mixer_fini(&m);
    if (status == ASX_OK) {
        asx_picture_fini(p);
        *p = to;
    }
    return status;
}

static asx_status resize_height(asx_picture *p, size_t height, const char *path, asx_error *err)
{
    const size_t row = p->width * p->channels;
    asx_picture to = {p->width, height, p->channels, NULL};
    mixer m = {0};
    if (height == p->height)
        return ASX_OK;
    asx_status status = mixer_init(&m, p->height, height, err);
    if (status == ASX_OK)
        status = asx_picture_new(&to, path, err);
    for (size_t y = 0; status == ASX_OK && y < height; y++)
        for (size_t x = 0; x < row; x++)
            to.pixel[y * row + x] = mix(&m, y, p->pixel + x, row);
    mixer_fini(&m);
    if (status == ASX_OK) {
        asx_picture_fini(p);
        *p = to;
    }
    return status;
}

/* Width and height whose shorter one is `side`. */
static asx_status scaled(size_t *new_w, size_t *new_h, const asx_picture *picture, size_t side,
                         const char *path, asx_error *err)
{
    const size_t w = picture->width, h = picture->height, shorter = w < h ? w : h;
    const double longer = (double)(side * (w < h ? h : w)) / (double)shorter;
    if (longer > ASX_PICTURE_PIXELS_MAX)
        return asx_fail(err, ASX_EINVAL, "'%s': %zu x %zu pixels cannot be scaled to %zu", path, w,
                        h, side);
    *new_w = w <= h ? side : (size_t)longer;
    *new_h = w <= h ? (size_t)longer : side;
    return ASX_OK;
}

asx_status asx_picture_resize(asx_picture *picture, size_t side, const char *path, asx_error *err)
{
    size_t w, h;
    asx_status status = scaled(&w, &h, picture, side, path, err);
    if (status == ASX_OK)
        status = resize_width(picture, w, path, err);
    return status ? status : resize_height(picture, h, path, err);
}

/* Where the middle of each of `to` pixels lies among `from`, by steps that are added as Pillow adds them. */
static void find_nearest(size_t *out, size_t to, size_t from)
{
    const double step = (double)from / (double)to;
    double at = step * 0.5;
    for (size_t i = 0; i < to; i++, at += step)
        out[i] = at < (double)from ? (size_t)at : from - 1;
}

asx_status asx_picture_resize_nearest(asx_picture *picture, size_t side, const char *path,
                                      asx_error *err)
{
    asx_picture to = {.channels = picture->channels};
    asx_status status = scaled(&to.width, &to.height, picture, side, path, err);
    size_t *column = status == ASX_OK ? asx_array_new(to.width + to.height, sizeof *column) : NULL;
    if (status == ASX_OK && !column)
        status = asx_fail(err, ASX_ENOMEM, "no memory to scale '%s'", path);
    if (status == ASX_OK)
        status = asx_picture_new(&to, path, err);
    if (status == ASX_OK) {
        size_t *const row = column + to.width, c = to.channels;
        find_nearest(column, to.width, picture->width);
        find_nearest(row, to.height, picture->height);
        for (size_t y = 0; y < to.height; y++)
            for (size_t x = 0; x < to.width; x++)
                memcpy(to.pixel + (y * to.width + x) * c,
                       picture->pixel + (row[y] * picture->width + column[x]) * c, c);
        asx_picture_fini(picture);
        *picture = to;
    }
    free(column);
    return status;
}

/* Python's round((size - side) / 2): to even. Where the picture is smaller, minus the zeros before it. */
static ptrdiff_t first_of(size_t size, size_t side)
{
    const size_t rest = size < side ? side - size : size - side, half = rest / 2;
    if (size < side)
        return -(ptrdiff_t)half;
    return (ptrdiff_t)(half + (rest % 2 && half % 2));
}

asx_status asx_picture_crop(asx_picture *picture, size_t side, unsigned char fill, const char *path,
                            asx_error *err)
{
    const size_t w = picture->width, h = picture->height, c = picture->channels;
    const ptrdiff_t left = first_of(w, side), top = first_of(h, side);
    asx_picture to = {side, side, c, NULL};
    const asx_status status = asx_picture_new(&to, path, err);
    if (status != ASX_OK)
        return status;
    memset(to.pixel, fill, side * side * c);
    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++) {
            const ptrdiff_t from_y = (ptrdiff_t)y + top, from_x = (ptrdiff_t)x + left;
            if (from_y >= 0 && from_x >= 0 && (size_t)from_y < h && (size_t)from_x < w)
                memcpy(to.pixel + (y * side + x) * c,
                       picture->pixel + ((size_t)from_y * w + (size_t)from_x) * c, c);
        }
    asx_picture_fini(picture);
    *picture = to;
    return ASX_OK;
}
