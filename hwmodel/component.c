/* Forms of the component models, and their fit to the rows of a technology.
 *
 *   add, mux, gate, register, clock, toggle, bitline, wire, dram: c0 x; n bits are n times one bit
 *
 *   multiply: c0 x y + c1 (x + y), an array of x y cells with two sides of registers; with QTools'
 *   coefficients exactly Horowitz' two published multipliers
 *
 *   sram: a power of size and width whose exponents grow with their logarithms, times a smooth
 *   correction (residual.h). Given few rows, c0 x^c1 y^c2 without either; area and leakage then
 *   c0 x + c1 y, cells and periphery. Form and correction were chosen by what they leave out at
 *   other nodes than nangate45's */
#include "component.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_multifit.h>

#include "dse/memory.h"
#include "residual.h"

typedef enum form { FORM_COUNT, FORM_PRODUCT, FORM_POWER, FORM_CURVED_POWER, FORM_CELLS } form;

static const unsigned form_terms[] = {[FORM_COUNT] = 1,
                                      [FORM_PRODUCT] = 2,
                                      [FORM_POWER] = 3,
                                      [FORM_CURVED_POWER] = 6,
                                      [FORM_CELLS] = 2};

/* Rows from which on a power is curved (an access time is not: it would fall somewhere) and
 * corrected. */
enum { ROWS_FOR_CORRECTION = 30 };

static bool is_power(form f)
{
    return f == FORM_POWER || f == FORM_CURVED_POWER;
}

enum {
    E = 1 << ASX_QUANTITY_ENERGY,
    W = 1 << ASX_QUANTITY_WRITE,
    A = 1 << ASX_QUANTITY_AREA,
    L = 1 << ASX_QUANTITY_LEAKAGE,
    T = 1 << ASX_QUANTITY_ACCESS
};

static const struct {
    const char *name;
    unsigned n_sizes, quantities;
    bool proportional;
} components[ASX_N_COMPONENTS] = {
    [ASX_COMPONENT_ADD] = {"add", 1, E | A | L, true},
    [ASX_COMPONENT_MULTIPLY] = {"multiply", 2, E | A | L, false},
    [ASX_COMPONENT_MUX] = {"mux", 1, E | A | L, true},
    [ASX_COMPONENT_GATE] = {"gate", 1, E | A | L, true},
    [ASX_COMPONENT_REGISTER] = {"register", 1, E | A | L, true},
    [ASX_COMPONENT_CLOCK] = {"clock", 1, E, true},
    [ASX_COMPONENT_TOGGLE] = {"toggle", 1, E, true},
    [ASX_COMPONENT_SRAM] = {"sram", 2, E | W | A | L | T, false},
    [ASX_COMPONENT_BITLINE] = {"bitline", 1, E, true},
    [ASX_COMPONENT_WIRE] = {"wire", 1, E, true},
    [ASX_COMPONENT_DRAM] = {"dram", 1, E, true},
    [ASX_COMPONENT_MACRO] = {"macro", 1, E | A | T, true},
};

static const char *const quantity_text[ASX_N_QUANTITIES] = {"energy", "write", "area", "leakage",
                                                            "access"};

/* Neighbouring sizes further apart than this are a hole. */
static const double hole_factor = 8;

const char *asx_component_text(asx_component component)
{
    return components[component].name;
}

const char *asx_quantity_text(asx_quantity quantity)
{
    return quantity_text[quantity];
}

bool asx_component_has(asx_component component, asx_quantity quantity)
{
    return components[component].quantities >> quantity & 1;
}

bool asx_component_may_lack(asx_component component, asx_quantity quantity)
{
    return quantity == ASX_QUANTITY_ACCESS || component == ASX_COMPONENT_CLOCK ||
           component == ASX_COMPONENT_TOGGLE || component == ASX_COMPONENT_MACRO;
}

unsigned asx_component_n_sizes(asx_component component)
{
    return components[component].n_sizes;
}

bool asx_component_is_proportional(asx_component component)
{
    return components[component].proportional;
}

static form form_of(asx_component component, asx_quantity quantity, size_t n_rows)
{
    if (components[component].proportional)
        return FORM_COUNT;
    if (component == ASX_COMPONENT_MULTIPLY)
        return FORM_PRODUCT;
    if (n_rows >= ROWS_FOR_CORRECTION && quantity != ASX_QUANTITY_ACCESS)
        return FORM_CURVED_POWER;
    bool size = quantity == ASX_QUANTITY_AREA || quantity == ASX_QUANTITY_LEAKAGE;
    return size ? FORM_CELLS : FORM_POWER;
}

/* The terms at a size: term is [ASX_MODEL_TERMS_MAX]. */
static void terms_at(double *term, form f, double x, double y)
{
    switch (f) {
    case FORM_COUNT:
        term[0] = x;
        break;
    case FORM_PRODUCT:
        term[0] = x * y;
        term[1] = x + y;
        break;
    case FORM_CURVED_POWER:
        term[3] = log(x) * log(x);
        term[4] = log(y) * log(y);
        term[5] = log(x) * log(y);
        /* fall through */
    case FORM_POWER:
        term[0] = 1;
        term[1] = log(x);
        term[2] = log(y);
        break;
    case FORM_CELLS:
        term[0] = x;
        term[1] = y;
        break;
    }
}

double asx_model_value(const asx_model *model, asx_component component, asx_quantity quantity,
                       double x, double y)
{
    form f = form_of(component, quantity, model->n_rows);
    double term[ASX_MODEL_TERMS_MAX] = {0}, sum = 0;
    terms_at(term, f, x, y);
    for (unsigned i = 0; i < model->n_terms; i++)
        sum += model->coefficient[i] * term[i];
    return is_power(f) ? exp(sum + asx_residual_at(&model->residual, x, y)) : sum;
}

bool asx_model_reaches(const asx_model *model, asx_component component, double x, double y)
{
    if (model->n_terms == 0)
        return false;
    if (components[component].proportional)
        return x >= 0;
    return x >= model->low[0] && x <= model->high[0] && y >= model->low[1] && y <= model->high[1];
}

/* Sizes that the rows span. A multiplier's operands may be swapped, so both share one range. */
static void span(asx_model *model, asx_component component, const asx_component_sample *sample,
                 size_t n)
{
    model->low[0] = model->low[1] = INFINITY;
    model->high[0] = model->high[1] = 0;
    model->first_line = sample[0].line;
    model->last_line = sample[0].line;
    for (size_t i = 0; i < n; i++) {
        model->low[0] = fmin(model->low[0], sample[i].x);
        model->low[1] = fmin(model->low[1], sample[i].y);
        model->high[0] = fmax(model->high[0], sample[i].x);
        model->high[1] = fmax(model->high[1], sample[i].y);
        if (sample[i].line < model->first_line)
            model->first_line = sample[i].line;
        if (sample[i].line > model->last_line)
            model->last_line = sample[i].line;
    }
    if (component == ASX_COMPONENT_MULTIPLY) {
        model->low[0] = model->low[1] = fmin(model->low[0], model->low[1]);
        model->high[0] = model->high[1] = fmax(model->high[0], model->high[1]);
    }
}

/* Refuses rows that leave a hole: for each size the next larger one must be near. */
static asx_status check_holes(const char *file, asx_component component, asx_quantity quantity,
                              const asx_component_sample *sample, size_t n, asx_error *err)
{
    for (unsigned axis = 0; axis < 2; axis++) {
        for (size_t i = 0; i < n; i++) {
            double size = axis ? sample[i].y : sample[i].x, next = INFINITY;
            for (size_t j = 0; j < n; j++) {
                double other = axis ? sample[j].y : sample[j].x;
                if (other > size && other < next)
                    next = other;
            }
            if (isfinite(next) && next > hole_factor * size)
                return asx_fail(err, ASX_EINVAL,
                                "%s:%zu: hole in the %s of '%s': no row with %c between %g and %g, "
                                "at most a factor of %g is allowed",
                                file, sample[i].line, quantity_text[quantity],
                                components[component].name, axis ? 'y' : 'x', size, next,
                                hole_factor);
        }
    }
    return ASX_OK;
}

/* A model that is not positive, or falls with size, at the corners of its range is no model.
 * Memories may fall a little: a generator finds a better organisation for a wider word now and
 * then. */
static asx_status check_shape(const asx_model *model, const char *file, asx_component component,
                              asx_quantity quantity, asx_error *err)
{
    double value[2][2], rise = component == ASX_COMPONENT_SRAM ? .5 : 1;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            value[i][j] =
                asx_model_value(model, component, quantity, i ? model->high[0] : model->low[0],
                                j ? model->high[1] : model->low[1]);
    bool good = value[0][0] > 0 && value[1][0] >= rise * value[0][0] &&
                value[0][1] >= rise * value[0][0] && value[1][1] >= rise * value[1][0] &&
                value[1][1] >= rise * value[0][1];
    if (!good)
        return asx_fail(err, ASX_EINVAL,
                        "%s:%zu: the fit to the %s of '%s' (lines %zu to %zu) is not positive and "
                        "rising over its range",
                        file, model->last_line, quantity_text[quantity], components[component].name,
                        model->first_line, model->last_line);
    return ASX_OK;
}

/* Least squares of (model - value) / value, rows being divided by their values; for powers, of
 * log(model / value), which is the same where errors are small. */
static asx_status solve(asx_model *model, form f, const asx_component_sample *sample, size_t n,
                        asx_error *err)
{
    asx_status status = ASX_ENOMEM;
    size_t k = model->n_terms;
    gsl_matrix *x = gsl_matrix_alloc(n, k), *covariance = gsl_matrix_alloc(k, k);
    gsl_vector *y = gsl_vector_alloc(n), *c = gsl_vector_alloc(k);
    gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(n, k);
    double term[ASX_MODEL_TERMS_MAX] = {0}, chi2;
    /* for vectors of k numbers that GSL does not look at */
    if (!x || !covariance || !y || !c || !work || !asx_memory_spare(1 << 20))
        goto done;
    for (size_t i = 0; i < n; i++) {
        terms_at(term, f, sample[i].x, sample[i].y);
        for (size_t j = 0; j < k; j++)
            gsl_matrix_set(x, i, j, is_power(f) ? term[j] : term[j] / sample[i].value);
        gsl_vector_set(y, i, is_power(f) ? log(sample[i].value) : 1);
    }
    status = gsl_multifit_linear(x, y, c, covariance, &chi2, work) ? ASX_EINVAL : ASX_OK;
    for (size_t j = 0; status == ASX_OK && j < k; j++)
        model->coefficient[j] = gsl_vector_get(c, j);
done:
    gsl_multifit_linear_free(work);
    gsl_vector_free(c);
    gsl_vector_free(y);
    gsl_matrix_free(covariance);
    gsl_matrix_free(x);
    return status == ASX_OK ? ASX_OK : asx_fail(err, status, "cannot fit a component's model");
}

/* Fits what the power law leaves over. */
static asx_status correct(asx_model *model, asx_component component, asx_quantity quantity,
                          const asx_component_sample *sample, size_t n, asx_error *err)
{
    double *error = asx_array_new(n, sizeof *error);
    if (!error)
        return asx_fail(err, ASX_ENOMEM, "no memory to fit a memory's model");
    for (size_t i = 0; i < n; i++)
        error[i] = log(sample[i].value /
                       asx_model_value(model, component, quantity, sample[i].x, sample[i].y));
    asx_status status = asx_residual_fit(&model->residual, sample, error, n, err);
    free(error);
    return status;
}

void asx_model_fini(asx_model *model)
{
    if (!model)
        return;
    asx_residual_fini(&model->residual);
}

asx_status asx_model_fit(asx_model *out, const char *file, asx_component component,
                         asx_quantity quantity, const asx_component_sample *sample, size_t n,
                         asx_error *err)
{
    asx_model model = {0};
    form f = form_of(component, quantity, n);
    if (n < form_terms[f])
        return asx_fail(err, ASX_EINVAL,
                        "%s:1: component '%s' has %zu rows to fit for its %s, at least %u are "
                        "needed",
                        file, components[component].name, n, quantity_text[quantity],
                        form_terms[f]);
    model.n_rows = n;
    model.n_terms = form_terms[f];
    span(&model, component, sample, n);
    asx_status status = ASX_OK;
    if (!components[component].proportional)
        status = check_holes(file, component, quantity, sample, n, err);
    if (status == ASX_OK)
        status = solve(&model, f, sample, n, err);
    if (status == ASX_OK && is_power(f) && n >= ROWS_FOR_CORRECTION)
        status = correct(&model, component, quantity, sample, n, err);
    if (status == ASX_OK)
        status = check_shape(&model, file, component, quantity, err);
    if (status == ASX_OK)
        *out = model;
    else
        asx_model_fini(&model);
    return status;
}
