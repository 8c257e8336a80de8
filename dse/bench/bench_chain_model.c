#include "bench_chain_model.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "bench_chain.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/seed.h"
#include "hwmodel/share.h"

enum { SAMPLES = 256, PLACEMENTS = 3 };

/* A chain as a separable model. */
struct bench_chain {
    asx_separable model;
    asx_workload work;
    asx_machine *machine;
    asx_shares *shares[PLACEMENTS];
    asx_format *format; /* [n_formats] */
    size_t n_formats, *n_choices, n_needs[PLACEMENTS];
    asx_need_set *need[PLACEMENTS];
    asx_separable_choice *choice; /* [PLACEMENTS][n_layers][n_formats] */
    const asx_separable_choice **group;
    bool *ordered;
    double *error; /* [n_formats] */
};

static double drop(const void *state, double damage)
{
    (void)state;
    return 90 * -expm1(-damage);
}

static asx_status share(double *leakage, double *area_um2, const void *state, size_t placement,
                        const asx_need_set *set, double weight_bits, asx_error *err)
{
    const bench_chain *c = state;
    double nw = 0;
    const asx_status status =
        asx_shares_price(&nw, area_um2, c->shares[placement], set, weight_bits, err);
    *leakage = 1e-6 * nw; /* nW x ns = 1e-6 pJ */
    return status;
}

/* Mean squared error of normal deviates rounded on the word's values, at the best of some scales. */
static asx_status rounding_error(double *out, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    const asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const double top = asx_grid_values(grid)[asx_grid_size(grid) - 1];
    *out = INFINITY;
    for (double range = 1.5; range < 4.5; range += 0.25) {
        double sum = 0;
        for (int i = 0; i < SAMPLES; i++) {
            const double x = gsl_cdf_ugaussian_Pinv((i + 0.5) / SAMPLES), scale = range / top;
            const double e = x - scale * asx_grid_nearest(grid, x / scale);
            sum += e * e;
        }
        *out = fmin(*out, sum / SAMPLES);
    }
    asx_grid_free(grid);
    return ASX_OK;
}

static asx_status fill_layer(bench_chain *c, size_t placement, size_t layer, asx_error *err)
{
    static const asx_placement places[PLACEMENTS] = {ASX_PLACEMENT_VN, ASX_PLACEMENT_NEAR,
                                                     ASX_PLACEMENT_IN};
    const double sensitivity = 0.05 * exp(5 * asx_seed_uniform(1, 0, layer));
    asx_separable_choice *row = c->choice + (placement * c->work.n_layers + layer) * c->n_formats;
    c->group[placement * c->work.n_layers + layer] = row;
    asx_status status = ASX_OK;
    asx_format *own = asx_array_new(c->work.n_layers, sizeof *own);
    if (!own)
        return asx_fail(err, ASX_ENOMEM, "no memory for a chain");
    for (size_t i = 0; status == ASX_OK && i < c->n_formats; i++) {
        asx_cost cost;
        own[layer] = c->format[i];
        status =
            asx_machine_layer_cost(&cost, c->machine, places[placement], layer, &own[layer], err);
        if (status == ASX_OK)
            status = asx_shares_add(&row[i].need, c->shares[placement], &layer, 1, own, err);
        row[i].damage = sensitivity * c->error[i];
        row[i].energy_pj = cost.energy_pj - cost.energy_part_pj[ASX_PART_LEAKAGE];
        row[i].latency_ns = cost.latency_ns;
        row[i].weight_bits = cost.weight_bits;
    }
    free(own);
    return status;
}

static asx_status fill_placement(bench_chain *c, size_t k, asx_error *err)
{
    static const asx_placement places[PLACEMENTS] = {ASX_PLACEMENT_VN, ASX_PLACEMENT_NEAR,
                                                     ASX_PLACEMENT_IN};
    asx_status status = asx_shares_new(&c->shares[k], c->machine, places[k], err);
    for (size_t l = 0; status == ASX_OK && l < c->work.n_layers; l++)
        status = fill_layer(c, k, l, err);
    if (status != ASX_OK)
        return status;
    c->n_needs[k] = asx_shares_count(c->shares[k]);
    c->need[k] = asx_array_new(c->n_needs[k], sizeof *c->need[k]);
    return c->need[k] ? asx_shares_sets(c->need[k], c->shares[k], err)
                      : asx_fail(err, ASX_ENOMEM, "no memory for a chain");
}

static asx_status make_tables(bench_chain *c, const char *sets, asx_error *err)
{
    static const unsigned bits[] = {4, 5, 6, 8}, width[] = {4}, x_bits[] = {8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    const asx_format_choices choices = {.weight_bits = bits,
                                        .digit_width = width,
                                        .activation_bits = x_bits,
                                        .digits = digits,
                                        .n_weight_bits = 4,
                                        .n_digit_widths = 1,
                                        .n_activation_bits = 1,
                                        .n_digits = 2,
                                        .weight_sets = sets,
                                        .activation_sets = "none"};
    const size_t n = c->work.n_layers;
    asx_status status = asx_format_list(&c->format, &c->n_formats, NULL, &choices, err);
    if (status != ASX_OK)
        return status;
    c->error = asx_array_new(c->n_formats, sizeof *c->error);
    c->choice = asx_array_new(PLACEMENTS * n, c->n_formats * sizeof *c->choice);
    c->group = asx_array_new(PLACEMENTS * n, sizeof(asx_separable_choice *));
    c->n_choices = asx_array_new(n, sizeof *c->n_choices);
    c->ordered = asx_array_new(n, sizeof *c->ordered);
    if (!c->error || !c->choice || !c->group || !c->n_choices || !c->ordered)
        return asx_fail(err, ASX_ENOMEM, "no memory for a chain");
    for (size_t l = 0; l < n; l++) {
        c->n_choices[l] = c->n_formats;
        c->ordered[l] = true;
    }
    for (size_t i = 0; status == ASX_OK && i < c->n_formats; i++)
        status = rounding_error(&c->error[i], &c->format[i].weight, err);
    for (size_t k = 0; status == ASX_OK && k < PLACEMENTS; k++)
        status = fill_placement(c, k, err);
    return status;
}

static asx_status fill(bench_chain *c, size_t n_layers, const char *sets,
                       const asx_technology *technology, asx_error *err)
{
    asx_status status = bench_chain_init(&c->work, "a chain", n_layers, err);
    if (status == ASX_OK)
        status = asx_machine_new(&c->machine, technology, &c->work, NULL, err);
    if (status == ASX_OK)
        status = make_tables(c, sets, err);
    if (status == ASX_OK)
        status = asx_shares_excess_pj(&c->model.excess_pj, c->shares[0], err);
    if (status != ASX_OK)
        return status;
    c->model.n_placements = PLACEMENTS;
    c->model.n_groups = n_layers;
    c->model.n_choices = c->n_choices;
    c->model.choice = c->group;
    c->model.ordered = c->ordered;
    c->model.n_needs = c->n_needs;
    c->model.need = (const asx_need_set *const *)c->need;
    c->model.most_bits = INFINITY; /* weights stay on chip, so that latency is what the table has */
    c->model.step_bits = asx_shares_step_bits(c->shares[0]);
    c->model.state = c;
    c->model.drop = drop;
    c->model.share = share;
    return ASX_OK;
}

asx_status bench_chain_open(bench_chain **out, size_t n_layers, const char *sets,
                            const asx_technology *technology, asx_error *err)
{
    bench_chain *c = asx_array_new(1, sizeof *c);
    if (!c)
        return asx_fail(err, ASX_ENOMEM, "no memory for a chain");
    const asx_status status = fill(c, n_layers, sets, technology, err);
    if (status == ASX_OK)
        *out = c;
    else
        bench_chain_free(c);
    return status;
}

const asx_separable *bench_chain_model(const bench_chain *c)
{
    return &c->model;
}

size_t bench_chain_formats(const bench_chain *c)
{
    return c->n_formats;
}

void bench_chain_free(bench_chain *c)
{
    if (!c)
        return;
    for (size_t k = 0; k < PLACEMENTS; k++) {
        asx_shares_free(c->shares[k]);
        free(c->need[k]);
    }
    asx_machine_free(c->machine);
    asx_workload_fini(&c->work);
    free(c->format);
    free(c->error);
    free(c->choice);
    free(c->group);
    free(c->n_choices);
    free(c->ordered);
    free(c);
}
