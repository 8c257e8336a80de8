/* The designs of a study for other programs: what was measured, and what proxies say of every layer. */
#include <stdlib.h>

#include "dse/memory.h"
#include "study_tables.h"

static const table_column measured[] = {
    {"kind", TABLE_TEXT, 0},        {"design", TABLE_DESIGN, 0}, {"images", TABLE_INTEGER, 0},
    {"correct", TABLE_INTEGER, 0},  {"drop", TABLE_NUMBER, 0},   {"drop_low", TABLE_NUMBER, 0},
    {"drop_high", TABLE_NUMBER, 0}, {"whole", TABLE_NUMBER, 0}};

enum { N_MEASURED = sizeof measured / sizeof *measured };

/* A type's columns: the design as a whole, and a layer each. */
static asx_status name_columns(study_designs *d, const asx_workload *work, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < d->n_names; i++) {
        const size_t layer = i % (work->n_layers + 1);
        asx_text text = {0};
        asx_text_add(&text, "%s", asx_proxy_type_name(i / (work->n_layers + 1)));
        if (layer > 0)
            asx_text_add(&text, ":%s", work->layer[layer - 1].name);
        status = asx_text_take(&d->name[i], &text, err);
    }
    return status;
}

static asx_status make_table(study_designs *d, const asx_workload *work, asx_error *err)
{
    d->n_names = asx_proxy_n_types() * (work->n_layers + 1);
    d->name = asx_array_new(d->n_names, sizeof *d->name);
    table_column *column = asx_array_new(N_MEASURED + d->n_names + 1, sizeof *column);
    asx_status status = d->name && column
                            ? name_columns(d, work, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for a table of designs");
    for (size_t i = 0; status == ASX_OK && i < N_MEASURED; i++)
        column[i] = measured[i];
    for (size_t i = 0; status == ASX_OK && i < d->n_names; i++)
        column[N_MEASURED + i] = (table_column){d->name[i], TABLE_NUMBER, TABLE_AUTO};
    if (status == ASX_OK)
        status = table_new(&d->table, NULL, column, err);
    free(column);
    return status;
}

static void add_design(table *t, asx_study_kind kind, const asx_study_designs *d, size_t i,
                       const asx_workload *work)
{
    const size_t n_types = asx_proxy_n_types(), n_layers = work->n_layers;
    const asx_accuracy *a = &d->accuracy[i];
    asx_text text = {0};
    asx_design_print_formats(&text, &d->design[i], work);
    table_text(t, asx_study_kind_text(kind));
    table_built(t, &text);
    table_integer(t, (long long)a->images);
    table_integer(t, (long long)a->correct);
    table_number(t, a->drop);
    table_number(t, a->drop_low);
    table_number(t, a->drop_high);
    table_number(t, d->whole[i]);
    for (size_t type = 0; type < n_types; type++) {
        const double *damage = d->damage + (i * n_types + type) * n_layers;
        table_number(t, d->total[i * n_types + type]);
        for (size_t l = 0; l < n_layers; l++)
            table_number(t, damage[l]);
    }
    asx_text_fini(&text);
}

asx_status study_designs_table(study_designs *out, const asx_proxy_study *study,
                               const asx_workload *work, asx_error *err)
{
    *out = (study_designs){.table = NULL, .name = NULL, .n_names = 0};
    const asx_status status = make_table(out, work, err);
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++)
        for (size_t i = 0; i < study->designs[k].n; i++)
            add_design(out->table, (asx_study_kind)k, &study->designs[k], i, work);
    return status;
}

void study_designs_fini(study_designs *d)
{
    table_free(d->table);
    for (size_t i = 0; d->name && i < d->n_names; i++)
        free(d->name[i]);
    free(d->name);
    *d = (study_designs){.table = NULL, .name = NULL, .n_names = 0};
}
