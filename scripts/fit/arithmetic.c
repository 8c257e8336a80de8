/* One fit per family, mapping and measure: weighted least squares of the relative error with
 * coefficients that are not negative. The error that is written beside them is of rows that were
 * left out: all rows of a configuration (alphabet set and word lengths) at a time are predicted
 * from coefficients fitted to the other configurations. */
#include "arithmetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

_Static_assert((int)ASX_N_TERMS <= (int)SOLVE_MAX, "too many terms");

/* Complete units count more than their parts, which say where the cost is; most counts the energy
 * of the exact unit that savings are quoted against, 8 x 8 bits. */
static const double whole_weight = 2.25, part_weight = .09, baseline_weight = 9;

typedef struct fit {
    arithmetic_group group;
    double coefficient[ASX_N_TERMS];
    size_t n;          /* rows fitted to */
    size_t n_left_out; /* complete units among them */
    double mean, worst;
} fit;

static bool is_energy(asx_measure measure)
{
    return measure == ASX_MEASURE_ENERGY || measure == ASX_MEASURE_SETTLED;
}

bool arithmetic_belongs(const arithmetic_group *g, const asx_reference_row *row)
{
    bool family = row->any_style ? !asx_family_is_exact(g->family) : row->family == g->family;
    /* sizes and delays are repeated for every stimulus */
    return family && row->mapping == g->mapping &&
           (is_energy(g->measure) || row->stimulus == ASX_STIMULUS_UNIFORM);
}

void arithmetic_ratios(double *x, const arithmetic_group *g, const asx_reference_row *row)
{
    asx_reference_amounts(x, g->reference, row, g->family, g->measure);
    for (size_t i = 0; i < ASX_N_TERMS; i++)
        x[i] /= row->value[g->measure];
}

static double weight_of(const arithmetic_group *g, const asx_reference_row *row)
{
    bool baseline = asx_family_is_exact(row->family) && row->mac.weight.bits == 8 &&
                    row->mac.activation.bits == 8 && is_energy(g->measure);
    return !row->whole ? part_weight : baseline ? baseline_weight : whole_weight;
}

void arithmetic_add(normal *n, const arithmetic_group *g, const asx_reference_row *row, double sign)
{
    double x[ASX_N_TERMS];
    arithmetic_ratios(x, g, row);
    normal_add(n, x, 1, sign * weight_of(g, row), ASX_N_TERMS);
}

/* Predicts the complete units of one configuration from all others. */
static void leave_out(fit *f, const normal *all, unsigned config)
{
    double coefficient[ASX_N_TERMS], x[ASX_N_TERMS];
    const asx_reference *r = f->group.reference;
    normal rest = *all;
    for (size_t i = 0; i < r->n_rows; i++)
        if (r->row[i].config == config && arithmetic_belongs(&f->group, &r->row[i]))
            arithmetic_add(&rest, &f->group, &r->row[i], -1);
    normal_solve(coefficient, &rest, ASX_N_TERMS);
    for (size_t i = 0; i < r->n_rows; i++) {
        const asx_reference_row *row = &r->row[i];
        if (row->config != config || !row->whole || !arithmetic_belongs(&f->group, row))
            continue;
        double ratio = 0;
        arithmetic_ratios(x, &f->group, row);
        for (size_t k = 0; k < ASX_N_TERMS; k++)
            ratio += coefficient[k] * x[k];
        double error = 100 * fabs(ratio - 1);
        f->n_left_out++;
        f->mean += error;
        f->worst = fmax(f->worst, error);
    }
}

static bool run(fit *f)
{
    normal all;
    memset(&all, 0, sizeof all);
    const asx_reference *r = f->group.reference;
    for (size_t i = 0; i < r->n_rows; i++) {
        if (arithmetic_belongs(&f->group, &r->row[i])) {
            arithmetic_add(&all, &f->group, &r->row[i], 1);
            f->n++;
        }
    }
    for (unsigned c = 0; c < r->n_configs; c++)
        leave_out(f, &all, c);
    if (f->n_left_out == 0) /* banks alone do not make a family */
        return false;
    f->mean /= (double)f->n_left_out;
    normal_solve(f->coefficient, &all, ASX_N_TERMS);
    return true;
}

static void write_fit(asx_text *out, const fit *f, const char *data, const scaling *to)
{
    const char *measure = asx_measure_text(f->group.measure),
               *unit = asx_measure_unit(f->group.measure);
    const char *family = asx_family_text(f->group.family),
               *mapping = asx_mapping_text(f->group.mapping);
    for (asx_term t = 0; t < ASX_N_TERMS; t++)
        if (f->coefficient[t] > 0)
            asx_text_add(out,
                         "%s.%s/%s,%s,,,%.5g,%s,%s,\"%s; non-negative least squares over %zu "
                         "rows, %.1f %% off on average, %.0f %% at worst, left out%s\"\n",
                         family, mapping, asx_term_text(t), measure,
                         f->coefficient[t] * to->factor[f->group.measure], unit, to->use, data,
                         f->n, f->mean, f->worst, to->note);
    asx_text_add(out,
                 "%s.%s,%s,%zu,%.3g,%.3g,%%,left-out,\"%s; configurations (alphabet set x word "
                 "lengths) left out of the fit in turn%s\"\n",
                 family, mapping, measure, f->n_left_out, f->worst, f->mean, data, to->note);
}

/* The words that a family's rows span: what lies beyond is extrapolated. */
static void write_range(asx_text *out, const asx_reference *reference, asx_family family,
                        asx_mapping mapping, const char *data, const scaling *to)
{
    unsigned low[ASX_N_RANGES] = {ASX_WORD_BITS_MAX, ASX_WORD_BITS_MAX}, high[ASX_N_RANGES] = {0};
    for (size_t i = 0; i < reference->n_rows; i++) {
        const asx_reference_row *row = &reference->row[i];
        const unsigned bits[] = {row->mac.weight.bits, row->mac.activation.bits};
        if (!row->whole || row->family != family || row->mapping != mapping)
            continue;
        for (unsigned k = 0; k < ASX_N_RANGES; k++) {
            low[k] = bits[k] < low[k] ? bits[k] : low[k];
            high[k] = bits[k] > high[k] ? bits[k] : high[k];
        }
    }
    for (unsigned k = 0; high[0] > 0 && k < ASX_N_RANGES; k++)
        asx_text_add(out, "%s.%s,%s,%u,,%u,bits,%s,\"%s; words of the units fitted to\"\n",
                     asx_family_text(family), asx_mapping_text(mapping), asx_range_text(k), low[k],
                     high[k], to->use, data);
}

void arithmetic_write(asx_text *out, const asx_reference *reference, const char *data,
                      const scaling *to)
{
    for (asx_family family = 0; family < ASX_N_FAMILIES; family++)
        for (asx_mapping mapping = 0; mapping < ASX_N_MAPPINGS; mapping++) {
            write_range(out, reference, family, mapping, data, to);
            for (asx_measure measure = 0; measure < ASX_N_MEASURES; measure++) {
                fit f = {.group = {reference, family, mapping, measure}};
                if (run(&f))
                    write_fit(out, &f, data, to);
            }
        }
}
