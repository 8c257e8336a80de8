/* Rows go into the technology as CACTI gives them; asx fits its model when it loads them. The
 * left-out error is of one size at a time, predicted from all others. */
#include "memory.h"

#include <math.h>
#include <string.h>

#include "component.h"
#include "dse/csv.h"

enum { ROWS_MAX = 256 };

static const struct {
    const char *column, *unit;
    asx_quantity quantity;
} figures[] = {{"read_pj", "pJ", ASX_QUANTITY_ENERGY},
               {"write_pj", "pJ", ASX_QUANTITY_WRITE},
               {"area_mm2", "mm2", ASX_QUANTITY_AREA},
               {"leakage_mw", "mW", ASX_QUANTITY_LEAKAGE},
               {"access_ns", "ns", ASX_QUANTITY_ACCESS}};

static double factor_of(const memory_source *from, asx_quantity quantity)
{
    switch (quantity) {
    case ASX_QUANTITY_AREA:
        return from->area;
    case ASX_QUANTITY_LEAKAGE:
        return from->leakage;
    case ASX_QUANTITY_ACCESS:
        return from->delay;
    default:
        return from->energy;
    }
}

static asx_status find(size_t *column, const asx_csv *csv, const char *const *names, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && names[i]; i++)
        status = asx_csv_find(&column[i], csv, names[i], err);
    return status;
}

/* The rows of one figure of one kind of memory. */
static asx_status collect(asx_component_sample *sample, size_t *n, const asx_csv *csv,
                          const char *figure, const memory_source *from, asx_error *err)
{
    const char *const names[] = {"tech_nm",    "cell_type", "objective", "size_bytes",
                                 "width_bits", figure,      NULL};
    size_t column[6];
    double value[6];
    asx_status status = find(column, csv, names, err);
    *n = 0;
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv); i++) {
        if (strcmp(asx_csv_cell(csv, i, column[1]), from->cell) != 0 ||
            strcmp(asx_csv_cell(csv, i, column[2]), from->objective) != 0)
            continue;
        for (size_t c = 0; status == ASX_OK && c < 6; c++)
            if (c != 1 && c != 2)
                status = asx_csv_number(&value[c], csv, i, column[c], 1e-12, 1e12, err);
        if (status == ASX_OK && value[0] == from->node && *n < ROWS_MAX)
            sample[(*n)++] = (asx_component_sample){value[3] / 1024, value[4], value[5], *n + 1};
    }
    if (status == ASX_OK && *n == 0)
        return asx_fail(err, ASX_ENOTFOUND, "no rows of %g nm %s", from->node, from->cell);
    return status;
}

/* Mean and worst error in %, each row predicted from all others. */
static asx_status leave_out(double *mean, double *worst, size_t *n_out,
                            const asx_component_sample *sample, size_t n, asx_quantity quantity,
                            asx_error *err)
{
    asx_status status = ASX_OK;
    *mean = *worst = 0;
    *n_out = n;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_component_sample rest[ROWS_MAX];
        asx_model model;
        size_t m = 0;
        for (size_t j = 0; j < n; j++)
            if (j != i)
                rest[m++] = sample[j];
        status = asx_model_fit(&model, "left out", ASX_COMPONENT_SRAM, quantity, rest, m, err);
        if (status != ASX_OK)
            break;
        double error = 100 * fabs(asx_model_value(&model, ASX_COMPONENT_SRAM, quantity, sample[i].x,
                                                  sample[i].y) /
                                      sample[i].value -
                                  1);
        asx_model_fini(&model);
        *mean += error / (double)n;
        *worst = fmax(*worst, error);
    }
    return status;
}

static asx_status write_figure(asx_text *out, const asx_csv *csv, size_t f,
                               const memory_source *from, asx_error *err)
{
    asx_component_sample sample[ROWS_MAX];
    size_t n = 0, n_out = 0;
    double mean = 0, worst = 0;
    asx_quantity quantity = figures[f].quantity;
    const char *name = asx_quantity_text(quantity);
    asx_status status = collect(sample, &n, csv, figures[f].column, from, err);
    if (status == ASX_OK)
        status = leave_out(&mean, &worst, &n_out, sample, n, quantity, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        asx_text_add(out, "sram,%s,%g,%g,%.6g,%s,%s,\"CACTI 7 %g nm %s objective %s%s\"\n", name,
                     sample[i].x, sample[i].y, sample[i].value * factor_of(from, quantity),
                     figures[f].unit, from->use, from->node, from->cell, from->objective,
                     from->note);
    if (status == ASX_OK)
        asx_text_add(out,
                     "sram,%s,%zu,%.3g,%.3g,%%,left-out,\"CACTI 7 %g nm %s objective %s; sizes "
                     "left out of the fit in turn%s\"\n",
                     name, n_out, worst, mean, from->node, from->cell, from->objective, from->note);
    return status;
}

asx_status memory_write(asx_text *out, const char *path, const memory_source *from, asx_error *err)
{
    asx_csv *csv = NULL;
    asx_status status = asx_csv_load(&csv, path, err);
    for (size_t f = 0; status == ASX_OK && f < sizeof figures / sizeof figures[0]; f++)
        status = write_figure(out, csv, f, from, err);
    asx_csv_free(csv);
    return status;
}
