/* An evaluator of one's own under the search:   evaluator SEARCHER
 *
 * Accuracy is what this program says it is, the largest relative error of rounding a weight, as a stand-in for a model of
 * somebody else's; the machine's costs join it. Prints the front over drop and energy that the searcher finds. */
#include <dse/grid.h>
#include <hwmodel/machine.h>
#include <search/run.h>
#include <stdio.h>
#include <stdlib.h>

/* Percent of the range by which a weight can be off in the worst case: half of the widest gap between values that the
 * word represents. */
static asx_status worst_rounding(double *out, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const int32_t *value = asx_grid_values(grid);
    const size_t n = asx_grid_size(grid);
    int32_t widest = 0;
    for (size_t i = 0; i + 1 < n; i++)
        if (value[i + 1] - value[i] > widest)
            widest = value[i + 1] - value[i];
    *out = 50.0 * widest / (value[n - 1] - value[0]);
    asx_grid_free(grid);
    return ASX_OK;
}

/* Fills in the accuracy of an evaluation; called from several threads at once. */
static asx_status evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    (void)state;
    double worst = 0;
    for (size_t i = 0; i < design->n_layers; i++) {
        double error;
        const asx_status status = worst_rounding(&error, &design->format[i].weight, err);
        if (status != ASX_OK)
            return status;
        worst = error > worst ? error : worst;
    }
    inout->accuracy = (asx_accuracy){.tier = ASX_TIER_PROXY,
                                     .accuracy = 100 - worst,
                                     .accuracy_low = 100 - worst,
                                     .accuracy_high = 100 - worst,
                                     .drop = worst,
                                     .drop_low = worst,
                                     .drop_high = worst};
    return ASX_OK;
}

static void free_nothing(void *state)
{
    (void)state;
}

static const asx_evaluator_type rounding = {
    .name = "rounding", .evaluate = evaluate, .free = free_nothing};

/* A small network, as shapes: costs need no more. */
static asx_status make_workload(asx_workload *work, asx_error *err)
{
    const asx_layer layer[] = {
        {.name = "conv",
         .kind = ASX_LAYER_CONV,
         .in_c = 3,
         .in_h = 32,
         .in_w = 32,
         .out_c = 16,
         .out_h = 32,
         .out_w = 32,
         .kernel_h = 3,
         .kernel_w = 3,
         .stride_h = 1,
         .stride_w = 1,
         .groups = 1},
        {.name = "dense",
         .kind = ASX_LAYER_DENSE,
         .in_c = 16,
         .in_h = 1,
         .in_w = 1,
         .out_c = 10,
         .out_h = 1,
         .out_w = 1,
         .kernel_h = 1,
         .kernel_w = 1,
         .stride_h = 1,
         .stride_w = 1,
         .groups = 1,
         .input_non_negative = true},
    };
    asx_status status = asx_workload_init(work, "small", err);
    for (size_t i = 0; status == ASX_OK && i < sizeof layer / sizeof *layer; i++)
        status = asx_workload_add(work, &layer[i], err);
    return status;
}

/* Every placement; words of 4 and 8 bits, plain or with up to two alphabets, for each layer. */
static asx_status make_space(asx_space **out, const asx_workload *work, asx_error *err)
{
    const asx_placement placement[] = {ASX_PLACEMENT_VN, ASX_PLACEMENT_NEAR, ASX_PLACEMENT_IN};
    const unsigned weight_bits[] = {4, 8}, width = 4, activation_bits = 8;
    const asx_digits digits = ASX_DIGITS_UNSIGNED;
    const asx_format_choices choices = {.weight_bits = weight_bits,
                                        .n_weight_bits = 2,
                                        .digit_width = &width,
                                        .n_digit_widths = 1,
                                        .activation_bits = &activation_bits,
                                        .n_activation_bits = 1,
                                        .digits = &digits,
                                        .n_digits = 1,
                                        .weight_sets = "none max 2",
                                        .activation_sets = "none"};
    asx_space_spec spec = {
        .work = work, .placement = placement, .n_placements = 3, .per_layer = true};
    asx_format *format = NULL;
    asx_status status = asx_format_list(&format, &spec.n_formats, NULL, &choices, err);
    spec.format = format;
    if (status == ASX_OK)
        status = asx_space_new(out, &spec, err);
    free(format);
    return status;
}

static asx_status print_row(const asx_archive *archive, size_t row, const asx_space *space,
                            const asx_workload *work, asx_error *err)
{
    const double *objective = asx_archive_objective(archive, row);
    asx_design design;
    asx_text text = {0};
    char *line = NULL;
    asx_status status = asx_space_decode(&design, space, asx_archive_point(archive, row), err);
    if (status != ASX_OK)
        return status;
    asx_text_add(&text, "%.6f,%.1f,", objective[0], objective[1]);
    asx_design_print(&text, &design, work);
    asx_design_fini(&design);
    status = asx_text_take(&line, &text, err);
    if (status == ASX_OK)
        puts(line);
    free(line);
    return status;
}

static asx_status search(const asx_searcher_type *searcher, const asx_space *space,
                         const asx_workload *work, const asx_machine *machine, asx_error *err)
{
    const asx_objective objective[] = {ASX_DROP, ASX_ENERGY};
    asx_evaluator own = {.type = &rounding}, costs = {0}, both = {0};
    asx_search_outcome found = {0};
    asx_status status = asx_machine_evaluator(&costs, machine, err);
    if (status == ASX_OK)
        status = asx_evaluator_join(&both, &own, &costs, err);
    if (status == ASX_OK)
        status = asx_search_run(&found,
                                &(asx_search){.space = space,
                                              .work = work,
                                              .searcher = searcher,
                                              .seed = 1,
                                              .objective = objective,
                                              .n_objectives = 2,
                                              .limits = asx_limits_none(),
                                              .evaluator = &both,
                                              .budget = 20000},
                                err);
    size_t n = 0;
    const size_t *front = status == ASX_OK ? asx_archive_front(found.archive, &n) : NULL;
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = print_row(found.archive, front[i], space, work, err);
    asx_search_outcome_fini(&found);
    asx_evaluator_fini(&both);
    return status;
}

int main(int argc, char **argv)
{
    asx_error err;
    asx_workload work = {0};
    asx_space *space = NULL;
    asx_technology *technology = NULL;
    asx_machine *machine = NULL;
    const asx_searcher_type *searcher = NULL;
    asx_status status = asx_searcher_find(&searcher, argc > 1 ? argv[1] : "enumerate", &err);
    if (status == ASX_OK)
        status = make_workload(&work, &err);
    if (status == ASX_OK)
        status = make_space(&space, &work, &err);
    if (status == ASX_OK)
        status = asx_technology_load(&technology, "nangate45", &err);
    if (status == ASX_OK)
        status = asx_machine_new(&machine, technology, &work, NULL, &err);
    if (status == ASX_OK)
        status = search(searcher, space, &work, machine, &err);
    if (status != ASX_OK)
        fprintf(stderr, "evaluator: %s\n", err.message);
    asx_machine_free(machine);
    asx_technology_free(technology);
    asx_space_free(space);
    asx_workload_fini(&work);
    return status == ASX_OK ? 0 : 1;
}
