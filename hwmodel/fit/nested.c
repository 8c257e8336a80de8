#include "nested.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arithmetic.h"
#include "dse/memory.h"

/* A term enters while it lowers the error by more than a hundredth, by the error of so many parts
 * of the configurations, each left out in turn. */
enum { PARTS = 9, TERMS_MAX = 16 };
static const double gain = .99;

/* Complete units as ratios, and normal equations by configuration. */
typedef struct nest {
    arithmetic_group group;
    normal *config; /* [n_configs] */
    normal part[PARTS], all;
    double (*ratio)[ASX_N_TERMS]; /* [n_units] */
    unsigned *of;                 /* [n_units] configuration */
    size_t n_units;
} nest;

typedef struct choice {
    size_t term[TERMS_MAX], n;
} choice;

static void add(normal *sum, const normal *other, double sign)
{
    for (size_t i = 0; i < ASX_N_TERMS; i++) {
        for (size_t j = 0; j < ASX_N_TERMS; j++)
            sum->matrix[i][j] += sign * other->matrix[i][j];
        sum->right[i] += sign * other->right[i];
    }
}

static void solve(double *coefficient, const normal *n, const choice *c)
{
    static normal few; /* the chosen rows and columns */
    for (size_t i = 0; i < c->n; i++) {
        for (size_t j = 0; j < c->n; j++)
            few.matrix[i][j] = n->matrix[c->term[i]][c->term[j]];
        few.right[i] = n->right[c->term[i]];
    }
    normal_solve(coefficient, &few, c->n);
}

static double error_of(const nest *s, size_t unit, const double *coefficient, const choice *c)
{
    double ratio = 0;
    for (size_t k = 0; k < c->n; k++)
        ratio += coefficient[k] * s->ratio[unit][c->term[k]];
    return ratio - 1;
}

/* Mean square error of units whose part is left out; `but` is left out of everything. */
static double inner(const nest *s, const normal *part_rest, unsigned but, const choice *c)
{
    double coefficient[PARTS][TERMS_MAX], sum = 0;
    size_t n = 0;
    for (unsigned p = 0; p < PARTS; p++)
        solve(coefficient[p], &part_rest[p], c);
    for (size_t i = 0; i < s->n_units; i++) {
        if (s->of[i] == but)
            continue;
        double error = error_of(s, i, coefficient[s->of[i] % PARTS], c);
        sum += error * error;
        n++;
    }
    return sqrt(sum / (double)n);
}

/* Forward selection without a configuration; with `but` = UINT_MAX from all. */
static void choose(choice *out, const nest *s, unsigned but)
{
    static normal rest[PARTS];
    choice c = {.n = 0};
    double best = INFINITY;
    for (unsigned p = 0; p < PARTS; p++) {
        rest[p] = s->all;
        add(&rest[p], &s->part[p], -1);
        if (but < s->group.reference->n_configs && but % PARTS != p)
            add(&rest[p], &s->config[but], -1);
    }
    for (bool better = true; better && c.n < TERMS_MAX;) {
        size_t chosen = ASX_N_TERMS;
        double least = best * gain;
        for (size_t t = 0; t < ASX_N_TERMS; t++) {
            choice with = c;
            with.term[with.n++] = t;
            if (s->all.matrix[t][t] <= 0)
                continue;
            double error = inner(s, rest, but, &with);
            if (error < least) {
                least = error;
                chosen = t;
            }
        }
        better = chosen < ASX_N_TERMS;
        if (better) {
            c.term[c.n++] = chosen;
            best = least;
        }
    }
    *out = c;
}

static void outer(double *mean, double *worst, const nest *s)
{
    *mean = *worst = 0;
    for (unsigned k = 0; k < s->group.reference->n_configs; k++) {
        double coefficient[TERMS_MAX];
        choice c;
        bool any = false;
        for (size_t i = 0; i < s->n_units; i++)
            any = any || s->of[i] == k;
        if (!any)
            continue;
        choose(&c, s, k);
        normal rest = s->all;
        add(&rest, &s->config[k], -1);
        solve(coefficient, &rest, &c);
        for (size_t i = 0; i < s->n_units; i++) {
            double error = s->of[i] == k ? 100 * fabs(error_of(s, i, coefficient, &c)) : 0;
            *mean += error / (double)s->n_units;
            *worst = fmax(*worst, error);
        }
    }
}

static void load(nest *s)
{
    const asx_reference *r = s->group.reference;
    for (size_t i = 0; i < r->n_rows; i++) {
        const asx_reference_row *row = &r->row[i];
        if (!arithmetic_belongs(&s->group, row))
            continue;
        arithmetic_add(&s->config[row->config], &s->group, row, 1);
        arithmetic_add(&s->part[row->config % PARTS], &s->group, row, 1);
        arithmetic_add(&s->all, &s->group, row, 1);
        if (row->whole) {
            arithmetic_ratios(s->ratio[s->n_units], &s->group, row);
            s->of[s->n_units++] = row->config;
        }
    }
}

static void write_one(asx_text *out, const nest *s)
{
    double mean, worst;
    choice all;
    outer(&mean, &worst, s);
    choose(&all, s, (unsigned)-1);
    asx_text_add(out, "%s.%s,%s,%zu,%.3g,%.3g,", asx_family_text(s->group.family),
                 asx_mapping_text(s->group.mapping), asx_measure_text(s->group.measure), s->n_units,
                 mean, worst);
    for (size_t k = 0; k < all.n; k++)
        asx_text_add(out, "%s%s", k ? " " : "", asx_term_text((asx_term)all.term[k]));
    asx_text_add(out, "\n");
}

asx_status nested_write(asx_text *out, const asx_reference *reference, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_text_add(out, "family,measure,units,mean_percent,worst_percent,terms\n");
    for (size_t i = 0;
         status == ASX_OK && i < (size_t)ASX_N_FAMILIES * ASX_N_MAPPINGS * ASX_N_MEASURES; i++) {
        nest *s = asx_array_new(1, sizeof *s);
        if (s) {
            s->group =
                (arithmetic_group){reference, (asx_family)(i / ASX_N_MEASURES / ASX_N_MAPPINGS),
                                   (asx_mapping)(i / ASX_N_MEASURES % ASX_N_MAPPINGS),
                                   (asx_term_measure)(i % ASX_N_MEASURES)};
            s->config = asx_array_new(reference->n_configs, sizeof *s->config);
            s->ratio = asx_array_new(reference->n_rows, sizeof *s->ratio);
            s->of = asx_array_new(reference->n_rows, sizeof *s->of);
        }
        if (!s || !s->config || !s->ratio || !s->of) {
            status = asx_fail(err, ASX_ENOMEM, "no memory for a cross-validation");
        } else {
            load(s);
            if (s->n_units > 0 && s->group.measure != ASX_MEASURE_SETTLED)
                write_one(out, s);
        }
        if (s) {
            free(s->config);
            free(s->ratio);
            free(s->of);
        }
        free(s);
    }
    return status;
}
