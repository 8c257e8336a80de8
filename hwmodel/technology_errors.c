/* How far the models are off: each row of a technology against its component's model. */
#include <math.h>

#include "technology_private.h"

static const char *cell_of(const asx_technology *technology, size_t row, const char *column)
{
    size_t found = 0; /* the columns are there: the table was read with them */
    return asx_csv_find(&found, technology->csv, column, NULL) == ASX_OK
               ? asx_csv_cell(technology->csv, row, found)
               : "";
}

asx_technology_row asx_technology_row_at(const asx_technology *technology, size_t index)
{
    const asx_technology_entry *row = &technology->row[index];
    asx_technology_row out = {
        .component = cell_of(technology, index, "component"),
        .quantity = cell_of(technology, index, "quantity"),
        .source = cell_of(technology, index, "source"),
        .use = cell_of(technology, index, "use"),
        .unit = row->unit,
        .line = asx_csv_line(technology->csv, index),
        .fitted = row->use == ASX_USE_FIT || row->use == ASX_USE_SCALED,
        .x = row->x,
        .y = row->y,
        .value = row->value,
        .model = row->kind == ASX_ROW_PROPERTY ? row->value : NAN,
    };
    if (row->kind == ASX_ROW_SIZE) {
        const asx_model *model = &technology->model[row->component][row->quantity];
        if (asx_model_reaches(model, row->component, row->x, row->y))
            out.model = asx_model_value(model, row->component, row->quantity, row->x, row->y);
    }
    return out;
}

/* Mean and worst |model / value - 1|, in percent. */
typedef struct error_sum {
    size_t n;
    double sum, worst;
} error_sum;

static void add_error(error_sum *sum, const asx_technology_row *row)
{
    if (isnan(row->model))
        return;
    double error = 100 * fabs(row->model / row->value - 1);
    sum->n++;
    sum->sum += error;
    sum->worst = fmax(sum->worst, error);
}

static void print_sum(asx_text *out, const char *what, const error_sum *sum)
{
    if (sum->n > 0)
        asx_text_add(out, "  %s %zu rows: mean %.1f %%, worst %.1f %%", what, sum->n,
                     sum->sum / (double)sum->n, sum->worst);
}

static void print_check_row(asx_text *out, const asx_technology_row *row, unsigned n_sizes)
{
    asx_text_add(out, "    x = %g", row->x);
    if (n_sizes > 1)
        asx_text_add(out, ", y = %g", row->y);
    asx_text_add(out, ": %.4g %s, model ", row->value, row->unit);
    if (isnan(row->model))
        asx_text_add(out, "does not reach there");
    else
        asx_text_add(out, "%.4g (%+.0f %%)", row->model, 100 * (row->model / row->value - 1));
    asx_text_add(out, "; %s\n", row->source);
}

static bool is_size(const asx_technology_entry *row, asx_component c, asx_quantity q)
{
    return row->kind == ASX_ROW_SIZE && row->component == c && row->quantity == q;
}

static void print_model(asx_text *out, const asx_technology *tech, asx_component c, asx_quantity q)
{
    error_sum fit = {0}, check = {0};
    for (size_t i = 0; i < tech->n_rows; i++) {
        if (!is_size(&tech->row[i], c, q))
            continue;
        asx_technology_row row = asx_technology_row_at(tech, i);
        add_error(row.fitted ? &fit : &check, &row);
    }
    asx_text_add(out, "%s %s:", asx_component_text(c), asx_quantity_text(q));
    print_sum(out, "fitted to", &fit);
    print_sum(out, "checked against", &check);
    asx_text_add(out, "\n");
    for (size_t i = 0; i < tech->n_rows; i++) {
        if (!is_size(&tech->row[i], c, q) || tech->row[i].use != ASX_USE_CHECK)
            continue;
        asx_technology_row row = asx_technology_row_at(tech, i);
        print_check_row(out, &row, asx_component_n_sizes(c));
    }
}

void asx_technology_print_errors(asx_text *out, const asx_technology *technology)
{
    for (asx_component c = 0; c < ASX_N_COMPONENTS; c++)
        for (asx_quantity q = 0; q < ASX_N_QUANTITIES; q++)
            if (asx_component_has(c, q))
                print_model(out, technology, c, q);
    for (size_t i = 0; i < technology->n_rows; i++) {
        const asx_technology_entry *row = &technology->row[i];
        if (row->kind == ASX_ROW_LEFT_OUT)
            asx_text_add(out, "%s %s:  left out %g rows: mean %.1f %%, worst %.1f %%\n",
                         cell_of(technology, i, "component"), cell_of(technology, i, "quantity"),
                         row->x, row->value, row->y);
    }
}
