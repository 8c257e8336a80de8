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
    bool known[ASX_N_TERMS]; /* terms that some row has */
    size_t n;                /* rows fitted to */
    double *left_out;        /* [n_rows] model / reference of rows left out; NAN: none */
    size_t n_left_out;       /* complete units among them */
} fit;

static bool is_energy(asx_term_measure measure)
{
    return measure == ASX_MEASURE_ENERGY || measure == ASX_MEASURE_SETTLED;
}

bool arithmetic_belongs(const arithmetic_group *g, const asx_reference_row *row)
{
    bool family = row->any_style ? !asx_family_is_exact(g->family) : row->family == g->family;
    /* registers have a price of their own, and cut glitches */
    return family && row->mapping == g->mapping && row->n_registers == 0 &&
           (is_energy(g->measure) || row->sized);
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
        f->left_out[i] = ratio;
        f->n_left_out++;
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
    for (size_t i = 0; i < r->n_rows; i++)
        f->left_out[i] = NAN;
    for (unsigned c = 0; c < r->n_configs; c++)
        leave_out(f, &all, c);
    if (f->n_left_out == 0) /* banks alone do not make a family */
        return false;
    normal_solve(f->coefficient, &all, ASX_N_TERMS);
    for (size_t t = 0; t < ASX_N_TERMS; t++)
        f->known[t] = all.matrix[t][t] > 0;
    return true;
}

/* Rows that are told apart when errors are stated. */
static bool same_kind(const asx_reference_row *a, const asx_reference_row *b)
{
    return strcmp(a->unit, b->unit) == 0 && a->mac.tree == b->mac.tree &&
           a->mac.order == b->mac.order && a->mac.weight.digits == b->mac.weight.digits;
}

static void write_kind(asx_text *out, const asx_reference_row *row)
{
    static const char *const order[] = {"", ", digits inner loop", ", digits outer loop",
                                        ", bit-serial weights", ", bit-serial activations"};
    asx_text_add(out, "%s", row->unit);
    if (row->mac.rows > 1)
        asx_text_add(out, ", %s tree", asx_tree_text(row->mac.tree));
    asx_text_add(out, "%s%s", order[row->mac.order],
                 row->mac.weight.digits == ASX_DIGITS_SIGNED ? ", signed digits" : "");
}

/* A row for the errors of all rows of the kind of row `first`; nothing if an earlier row is of it.
 */
static void write_errors(asx_text *out, const fit *f, size_t first, const char *data,
                         const scaling *to)
{
    const asx_reference *r = f->group.reference;
    double mean = 0, worst = 0;
    size_t n = 0;
    for (size_t i = 0; i < r->n_rows; i++) {
        if (isnan(f->left_out[i]) || !same_kind(&r->row[i], &r->row[first]))
            continue;
        if (i < first)
            return;
        const double error = 100 * fabs(f->left_out[i] - 1);
        mean += error;
        worst = fmax(worst, error);
        n++;
    }
    asx_text_add(out, "%s.%s,%s,%zu,%.3g,%.3g,%%,left-out,\"%s; ", asx_family_text(f->group.family),
                 asx_mapping_text(f->group.mapping), asx_measure_text(f->group.measure), n, worst,
                 mean / (double)n, data);
    write_kind(out, &r->row[first]);
    asx_text_add(out,
                 "; configurations (alphabet set x word lengths) left out of the fit in turn%s\"\n",
                 to->note);
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
                         "rows%s\"\n",
                         family, mapping, asx_term_text(t), measure,
                         f->coefficient[t] * to->factor[f->group.measure], unit, to->use, data,
                         f->n, to->note);
    for (size_t i = 0; i < f->group.reference->n_rows; i++)
        if (!isnan(f->left_out[i]))
            write_errors(out, f, i, data, to);
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

/* Terms that no row of this technology speaks of, as another's are, in proportion to an adder's
 * figures in both: columns and bit-serial lanes of technologies without such data. */
static void write_borrowed(asx_text *out, const fit *own, const fit *other, const borrowed *from)
{
    const asx_term_measure measure = own->group.measure;
    for (asx_term t = 0; t < ASX_N_TERMS; t++)
        if (!own->known[t] && other->coefficient[t] > 0)
            asx_text_add(out,
                         "%s.%s/%s,%s,,,%.5g,%s,scaled,\"no data of this technology: %s's, times "
                         "the ratio of 16 bit adders\"\n",
                         asx_family_text(own->group.family), asx_mapping_text(own->group.mapping),
                         asx_term_text(t), asx_measure_text(measure),
                         other->coefficient[t] * from->ratio[measure], asx_measure_unit(measure),
                         from->name);
}

static void write_group(asx_text *out, fit *f, const char *data, const scaling *to,
                        const borrowed *from, double *ratio)
{
    fit other = {.group = f->group, .left_out = ratio};
    const bool own = run(f);
    if (own)
        write_fit(out, f, data, to);
    other.group.reference = from ? from->reference : NULL;
    if (from && (own || f->group.family == ASX_FAMILY_BIT_SERIAL) && run(&other))
        write_borrowed(out, f, &other, from);
}

asx_status arithmetic_write(asx_text *out, const asx_reference *reference, const char *data,
                            const scaling *to, const borrowed *from, asx_error *err)
{
    const size_t others = from ? from->reference->n_rows : 0;
    double *ratio = asx_array_new(reference->n_rows + others + 1, sizeof *ratio);
    if (!ratio)
        return asx_fail(err, ASX_ENOMEM, "no memory for a fit");
    for (asx_family family = 0; family < ASX_N_FAMILIES; family++)
        for (asx_mapping mapping = 0; mapping < ASX_N_MAPPINGS; mapping++) {
            write_range(out, reference, family, mapping, data, to);
            for (asx_term_measure measure = 0; measure < ASX_N_MEASURES; measure++) {
                fit f = {.group = {reference, family, mapping, measure}, .left_out = ratio};
                write_group(out, &f, data, to, from, ratio + reference->n_rows);
            }
        }
    free(ratio);
    return ASX_OK;
}
