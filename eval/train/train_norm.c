#include "train_norm.h"

#include <math.h>

#include "vector.h"

/* Channels are worked on up to LANES at a time, which is enough sums at once for a processor to be
 * busy; sums over RUN rows are float, sums of those double. */
enum { LANES = 64, RUN = 64 };

/* Some columns of a matrix: all rows of n <= LANES channels, that lie `stride` apart. */
typedef struct columns {
    size_t rows, stride, n;
} columns;

static inline size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* With `other`: sums of other, and of (x - pivot) other. Without: of x - pivot, and its square. */
static inline void add_run(double *sum, double *product, const float *x, const float *other,
                           const float *pivot, size_t rows, size_t stride, size_t n)
{
    float s[LANES] = {0}, p[LANES] = {0};
    for (size_t r = 0; r < rows; r++)
        for (size_t l = 0; l < n; l++) {
            const float v = x[r * stride + l] - pivot[l];
            const float o = other ? other[r * stride + l] : v;
            s[l] += o;
            p[l] += v * o;
        }
    for (size_t l = 0; l < n; l++) {
        sum[l] += (double)s[l];
        product[l] += (double)p[l];
    }
}

ASX_VECTORISED static void add_up(double *sum, double *product, const float *x, const float *other,
                                  const float *pivot, columns c)
{
    for (size_t r = 0; r < c.rows; r += RUN) {
        const size_t count = least(RUN, c.rows - r), at = r * c.stride;
        if (c.n != LANES) /* constants make the loops vectors */
            add_run(sum, product, x + at, other ? other + at : NULL, pivot, count, c.stride, c.n);
        else if (other)
            add_run(sum, product, x + at, other + at, pivot, count, c.stride, LANES);
        else
            add_run(sum, product, x + at, NULL, pivot, count, c.stride, LANES);
    }
}

/* y = scale x + shift, per channel */
ASX_VECTORISED static void map(float *y, const float *x, const float *scale, const float *shift,
                               columns c)
{
    for (size_t r = 0; r < c.rows; r++, x += c.stride, y += c.stride)
        for (size_t l = 0; l < c.n; l++)
            y[l] = scale[l] * x[l] + shift[l];
}

/* d = scale d + slope x + shift, per channel */
ASX_VECTORISED static void map_both(float *d, const float *x, const float *scale,
                                    const float *slope, const float *shift, columns c)
{
    for (size_t r = 0; r < c.rows; r++, x += c.stride, d += c.stride)
        for (size_t l = 0; l < c.n; l++)
            d[l] = scale[l] * d[l] + (slope[l] * x[l] + shift[l]);
}

/* Rows of few channels are taken several at a time, as one row of LANES: lane l is channel
 * l % channels. */
static columns widened(columns c)
{
    const size_t times = c.n == c.stride && LANES % c.n == 0 ? LANES / c.n : 1;
    if (times == 1 || c.rows % times != 0)
        return c;
    return (columns){c.rows / times, LANES, LANES};
}

static void repeat(float *x, size_t n, size_t lanes)
{
    for (size_t l = n; l < lanes; l++)
        x[l] = x[l - n];
}

/* The sums of add_up, for columns as they are. */
static void add_columns(double *sum, double *product, const float *x, const float *other,
                        const float *pivot, columns c)
{
    const columns wide = widened(c);
    double s[LANES] = {0}, p[LANES] = {0};
    float from[LANES] = {0};
    for (size_t l = 0; l < c.n; l++)
        from[l] = pivot[l];
    repeat(from, c.n, wide.n);
    add_up(s, p, x, other, from, wide);
    for (size_t l = 0; l < c.n; l++)
        sum[l] = product[l] = 0;
    for (size_t l = 0; l < wide.n; l++) {
        sum[l % c.n] += s[l];
        product[l % c.n] += p[l];
    }
}

void asx_norm_forward(float *y, float *mean, float *variance, const float *x, const float *gamma,
                      const float *beta, size_t rows, size_t channels)
{
    for (size_t c = 0; c < channels; c += LANES) {
        const size_t n = least(LANES, channels - c);
        const columns all = {rows, channels, n}, wide = widened(all);
        double sum[LANES], square[LANES];
        float scale[LANES], shift[LANES];
        /* the first row is near the mean, or at least not farther off than the others */
        add_columns(sum, square, x + c, NULL, x + c, all);
        for (size_t l = 0; l < n; l++) {
            const double off = sum[l] / (double)rows;
            mean[c + l] = (float)((double)x[c + l] + off);
            variance[c + l] = (float)fmax(square[l] / (double)rows - off * off, 0);
            scale[l] = gamma[c + l] / sqrtf(variance[c + l] + ASX_NORM_EPSILON);
            shift[l] = beta[c + l] - mean[c + l] * scale[l];
        }
        repeat(scale, n, wide.n);
        repeat(shift, n, wide.n);
        map(y + c, x + c, scale, shift, wide);
    }
}

void asx_norm_backward(float *d, float *dgamma, float *dbeta, const float *x, const float *mean,
                       const float *variance, const float *gamma, size_t rows, size_t channels)
{
    for (size_t c = 0; c < channels; c += LANES) {
        const size_t n = least(LANES, channels - c);
        const columns all = {rows, channels, n}, wide = widened(all);
        double sum[LANES], product[LANES];
        float scale[LANES], slope[LANES], shift[LANES];
        add_columns(sum, product, x + c, d + c, mean + c, all);
        for (size_t l = 0; l < n; l++) {
            const double inverse = 1 / sqrt((double)(variance[c + l] + ASX_NORM_EPSILON));
            const double by_gamma = product[l] * inverse, a = (double)gamma[c + l] * inverse;
            dgamma[c + l] = (float)by_gamma;
            dbeta[c + l] = (float)sum[l];
            scale[l] = (float)a;
            slope[l] = (float)(-a * inverse * by_gamma / (double)rows);
            shift[l] = (float)(-a * sum[l] / (double)rows) - slope[l] * mean[c + l];
        }
        repeat(scale, n, wide.n);
        repeat(slope, n, wide.n);
        repeat(shift, n, wide.n);
        map_both(d + c, x + c, scale, slope, shift, wide);
    }
}
