/* Technologies: a table, and the models fitted to its rows. */
#include "hwmodel/technology.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "technology_private.h"

static asx_status fit_all(asx_technology *tech, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_component_sample *sample = asx_array_new(tech->n_rows, sizeof *sample);
    if (!sample)
        return asx_fail(err, ASX_ENOMEM, "no memory for the rows of '%s'", tech->name);
    for (asx_component c = 0; status == ASX_OK && c < ASX_N_COMPONENTS; c++) {
        for (asx_quantity q = 0; status == ASX_OK && q < ASX_N_QUANTITIES; q++) {
            if (!asx_component_has(c, q))
                continue;
            size_t n = 0;
            for (size_t i = 0; i < tech->n_rows; i++) {
                const asx_technology_entry *row = &tech->row[i];
                if (row->kind == ASX_ROW_SIZE && row->use <= ASX_USE_SCALED &&
                    row->component == c && row->quantity == q)
                    sample[n++] = (asx_component_sample){row->x, row->y, row->value,
                                                         asx_csv_line(tech->csv, i)};
            }
            if (n == 0 && asx_component_may_lack(c, q))
                continue;
            status =
                asx_model_fit(&tech->model[c][q], asx_csv_name(tech->csv), c, q, sample, n, err);
        }
    }
    free(sample);
    return status;
}

asx_status asx_technology_parse(asx_technology **out, const char *name, const char *text, size_t n,
                                asx_error *err)
{
    asx_status status = ASX_ENOMEM;
    asx_technology *tech = asx_array_new(1, sizeof *tech);
    if (!tech)
        return asx_fail(err, ASX_ENOMEM, "no memory for technology '%s'", name);
    tech->name = asx_string_copy(name);
    tech->text = asx_array_new(n + 1, 1);
    if (!tech->name || !tech->text) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for technology '%s'", name);
        goto done;
    }
    if (n > 0)
        memcpy(tech->text, text, n);
    tech->n_text = n;
    status = asx_csv_parse(&tech->csv, name, text, n, err);
    if (status == ASX_OK)
        status = asx_technology_read(tech, err);
    if (status == ASX_OK)
        status = fit_all(tech, err);
    if (status == ASX_OK) {
        *out = tech;
        tech = NULL;
    }
done:
    asx_technology_free(tech);
    return status;
}

void asx_technology_free(asx_technology *technology)
{
    if (!technology)
        return;
    for (size_t c = 0; c < ASX_N_COMPONENTS; c++)
        for (size_t q = 0; q < ASX_N_QUANTITIES; q++)
            asx_model_fini(&technology->model[c][q]);
    asx_csv_free(technology->csv);
    free(technology->row);
    free(technology->text);
    free(technology->name);
    free(technology);
}

const char *asx_technology_name(const asx_technology *technology)
{
    return technology->name;
}

const char *asx_technology_summary(const asx_technology *technology)
{
    return technology->summary;
}

double asx_technology_node_nm(const asx_technology *technology)
{
    return technology->node_nm;
}

double asx_technology_voltage(const asx_technology *technology)
{
    return technology->voltage;
}

bool asx_technology_is_scaled(const asx_technology *technology)
{
    return technology->scaled;
}

const char *asx_technology_text(const asx_technology *technology, size_t *n)
{
    *n = technology->n_text;
    return technology->text;
}

size_t asx_technology_n_rows(const asx_technology *technology)
{
    return technology->n_rows;
}
