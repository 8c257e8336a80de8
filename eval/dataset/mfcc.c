/* MFCC as TensorFlow's tf.signal computes them: stft, linear_to_mel_weight_matrix, mfccs_from_log_mel_spectrograms. */
#include "mfcc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_fft_real.h>

#include "dse/memory.h"

enum { BINS = ASX_MFCC_POINTS / 2 + 1 };

static const double PI = 3.14159265358979323846;

struct asx_mfcc {
    size_t n_coefficients;
    double window[ASX_MFCC_WINDOW];
    double mel[ASX_MFCC_BANDS][BINS];
    double dct[ASX_MFCC_BANDS][ASX_MFCC_BANDS]; /* [coefficient][band] */
    double point[ASX_MFCC_POINTS];              /* one window, and its transform */
};

static double mel_of(double hertz)
{
    return 1127 * log(1 + hertz / 700);
}

/* Triangles over the mel scale, linear in mels; the constant bin 0 is in none. */
static void fill_bands(asx_mfcc *m)
{
    const double low = mel_of(20), high = mel_of(4000);
    const double step = (high - low) / (ASX_MFCC_BANDS + 1);
    for (int b = 0; b < ASX_MFCC_BANDS; b++)
        for (int k = 1; k < BINS; k++) {
            const double mel = mel_of(k * (double)ASX_MFCC_RATE / ASX_MFCC_POINTS);
            const double up = (mel - (low + b * step)) / step;
            const double down = (low + (b + 2) * step - mel) / step;
            m->mel[b][k] = fmax(0, fmin(up, down));
        }
}

asx_status asx_mfcc_new(asx_mfcc **out, size_t n_coefficients, asx_error *err)
{
    if (n_coefficients < 1 || n_coefficients > ASX_MFCC_BANDS)
        return asx_fail(err, ASX_EINVAL, "%zu coefficients are not in 1 .. %d", n_coefficients,
                        ASX_MFCC_BANDS);
    asx_mfcc *m = asx_array_new(1, sizeof *m);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "no memory for the tables of MFCC");
    m->n_coefficients = n_coefficients;
    for (int i = 0; i < ASX_MFCC_WINDOW; i++)
        m->window[i] = 0.5 - 0.5 * cos(2 * PI * i / ASX_MFCC_WINDOW);
    for (int k = 0; k < ASX_MFCC_BANDS; k++)
        for (int b = 0; b < ASX_MFCC_BANDS; b++)
            m->dct[k][b] =
                2 * cos(PI * k * (2 * b + 1) / (2 * ASX_MFCC_BANDS)) / sqrt(2 * ASX_MFCC_BANDS);
    fill_bands(m);
    *out = m;
    return ASX_OK;
}

void asx_mfcc_free(asx_mfcc *mfcc)
{
    free(mfcc);
}

static double magnitude(const double *half_complex, int k)
{
    if (k == 0 || k == ASX_MFCC_POINTS / 2)
        return fabs(half_complex[k]);
    return hypot(half_complex[k], half_complex[ASX_MFCC_POINTS - k]);
}

void asx_mfcc_of(float *out, asx_mfcc *m, const double *sound, size_t n)
{
    for (size_t frame = 0; frame < n; frame++, sound += ASX_MFCC_STEP) {
        double energy[ASX_MFCC_BANDS] = {0};
        memset(m->point, 0, sizeof m->point);
        for (int i = 0; i < ASX_MFCC_WINDOW; i++)
            m->point[i] = sound[i] * m->window[i];
        gsl_fft_real_radix2_transform(m->point, 1, ASX_MFCC_POINTS);
        for (int k = 1; k < BINS; k++) {
            const double size = magnitude(m->point, k);
            for (int b = 0; b < ASX_MFCC_BANDS; b++)
                energy[b] += m->mel[b][k] * size;
        }
        for (size_t k = 0; k < m->n_coefficients; k++) {
            double sum = 0;
            for (int b = 0; b < ASX_MFCC_BANDS; b++)
                sum += m->dct[k][b] * log(energy[b] + 1e-6);
            *out++ = (float)sum;
        }
    }
}
