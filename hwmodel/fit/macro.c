/* Colonnade (Kim et al., JSSC 2021): 65 nm, 128 x 128 cells, one operand bit-serial. A pass ANDs
 * one of its bits with w bits of the other operand and adds them to the sum of 128 rows, so
 *
 *   E(i, w) = i [w (bitline + add) + (1 + log2 128) add] V (V - V0) / (its value at `voltage`)
 *
 * as placement `in` prices it (hwmodel/place_in.c). V0 = 0.5 V fits the three supplies best. */
#include "macro.h"

#include <math.h>
#include <string.h>

#include "dse/csv.h"
#include "solve.h"

enum { ROWS_MAX = 256, SEGMENT_ROWS = 32 };

static const double carry_bits = 8, threshold = .5;

typedef struct point {
    double input_bits, weight_bits, supply, fj;
} point;

static double supply_factor(double supply, double voltage)
{
    return supply * (supply - threshold) / (voltage * (voltage - threshold));
}

static asx_status read_points(point *out, size_t *n, const char *path, asx_error *err)
{
    static const char *const names[] = {"input_bits", "weight_bits", "vdd", "fj_per_mac"};
    asx_csv *csv = NULL;
    size_t column[4];
    asx_status status = asx_csv_load(&csv, path, err);
    for (int c = 0; status == ASX_OK && c < 4; c++)
        status = asx_csv_find(&column[c], csv, names[c], err);
    *n = 0;
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv) && i < ROWS_MAX; i++) {
        double v[4];
        for (int c = 0; status == ASX_OK && c < 4; c++)
            status = asx_csv_number(&v[c], csv, i, column[c], 1e-6, 1e6, err);
        out[(*n)++] = (point){v[0], v[1], v[2], v[3]};
    }
    asx_csv_free(csv);
    return status;
}

/* Amounts of bit-line bits and of adder bits. */
static void terms(double *x, const point *p, double voltage)
{
    double f = supply_factor(p->supply, voltage) * p->input_bits;
    x[0] = f * p->weight_bits;
    x[1] = f * (p->weight_bits + carry_bits);
}

/* Fits to all points but those of one pair of word lengths; NULL: to all. */
static void fit(double *out, const point *all, size_t n, const point *without, double voltage)
{
    normal sum;
    memset(&sum, 0, sizeof sum);
    for (size_t i = 0; i < n; i++) {
        double x[2];
        if (without && all[i].input_bits == without->input_bits &&
            all[i].weight_bits == without->weight_bits)
            continue;
        terms(x, &all[i], voltage);
        x[0] /= all[i].fj;
        x[1] /= all[i].fj;
        normal_add(&sum, x, 1, 1, 2);
    }
    normal_solve(out, &sum, 2);
}

asx_status macro_write(asx_text *out, const char *path, double voltage, asx_error *err)
{
    static const char source[] = "Colonnade, JSSC 2021, measured silicon";
    point all[ROWS_MAX];
    size_t n;
    double c[2], x[2], mean = 0, worst = 0;
    asx_status status = read_points(all, &n, path, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        fit(c, all, n, &all[i], voltage);
        terms(x, &all[i], voltage);
        double error = 100 * fabs((c[0] * x[0] + c[1] * x[1]) / all[i].fj - 1);
        mean += error / (double)n;
        worst = fmax(worst, error);
    }
    fit(c, all, n, NULL, voltage);
    asx_text_add(out,
                 "bitline,energy,1,,%.6g,fJ,fit,\"%s, per cell of a segment of %d; supply as V "
                 "(V - %g V)\"\nadd,energy,1,,%.6g,fJ,fit,\"%s; supply as V (V - %g V)\"\n",
                 c[0] / SEGMENT_ROWS, source, SEGMENT_ROWS, threshold, c[1], source, threshold);
    asx_text_add(out,
                 "bitline,energy,%zu,%.3g,%.3g,%%,left-out,\"%s; word lengths left out of the fit "
                 "in turn, all three supplies; with the adders\"\n",
                 n, worst, mean, source);
    return ASX_OK;
}
