#include "hwmodel/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_private.h"
#include "dse/memory.h"
#include "reference.h"

static double tau_of(const asx_check *c)
{
    double sum = 0, pairs = 0;
    for (size_t i = 0; i < c->n; i++) {
        for (size_t j = 0; j < i; j++, pairs++) {
            double order =
                (c->pair[i].model - c->pair[j].model) * (c->pair[i].value - c->pair[j].value);
            sum += (order > 0) - (order < 0);
        }
    }
    return c->n < 3 ? NAN : sum / pairs;
}

static asx_status check_units(asx_checker *c, asx_csv *csv)
{
    asx_reference reference;
    asx_status status = asx_reference_init(&reference, csv, c->tech->name, c->err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; status == ASX_OK && i < reference.n_rows; i++) {
        const asx_reference_row *row = &reference.row[i];
        for (asx_term_measure m = 0; status == ASX_OK && row->whole && m < ASX_N_MEASURES; m++) {
            const asx_terms *terms = &c->tech->arithmetic.terms[row->family][row->mapping][m];
            bool energy = m == ASX_MEASURE_ENERGY || m == ASX_MEASURE_SETTLED;
            double amount[ASX_N_TERMS];
            char what[64];
            if (row->n_registers > 0 || (!energy && !row->sized))
                continue; /* the same figures again */
            snprintf(what, sizeof what, "%s.%s%s%s", asx_family_text(row->family),
                     asx_mapping_text(row->mapping), energy ? " " : "",
                     energy ? asx_stimulus_text(row->stimulus) : "");
            asx_reference_amounts(amount, &reference, row, row->family, m);
            status =
                asx_check_add(c, what, asx_measure_text(m), asx_measure_unit(m), row->line,
                              terms->given ? asx_terms_value(terms, amount) : NAN, row->value[m]);
        }
    }
    asx_reference_fini(&reference);
    return status;
}

static const struct {
    const char *column, *unit;
    asx_quantity quantity;
    double factor; /* from the column's unit to the model's */
} figures[] = {{"read_pj", "pJ", ASX_QUANTITY_ENERGY, 1},
               {"write_pj", "pJ", ASX_QUANTITY_WRITE, 1},
               {"area_mm2", "um2", ASX_QUANTITY_AREA, 1e6},
               {"leakage_mw", "nW", ASX_QUANTITY_LEAKAGE, 1e6},
               {"access_ns", "ns", ASX_QUANTITY_ACCESS, 1}};

enum { N_FIGURES = sizeof figures / sizeof figures[0] };

typedef struct memory_columns {
    size_t node, cell, objective, bytes, width, figure[N_FIGURES];
} memory_columns;

static asx_status find_columns(memory_columns *out, const asx_csv *csv, asx_error *err)
{
    const struct {
        const char *name;
        size_t *column;
    } want[] = {{"tech_nm", &out->node},
                {"cell_type", &out->cell},
                {"objective", &out->objective},
                {"size_bytes", &out->bytes},
                {"width_bits", &out->width}};
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < sizeof want / sizeof want[0]; i++)
        status = asx_csv_find(want[i].column, csv, want[i].name, err);
    for (size_t f = 0; status == ASX_OK && f < N_FIGURES; f++)
        status = asx_csv_find(&out->figure[f], csv, figures[f].column, err);
    return status;
}

static asx_status check_memory(asx_checker *c, const asx_csv *csv, const memory_columns *k,
                               size_t row)
{
    double bytes = 0, width = 0, value = 0;
    char what[64];
    snprintf(what, sizeof what, "sram %s %s", asx_csv_cell(csv, row, k->cell),
             asx_csv_cell(csv, row, k->objective));
    asx_status status = asx_csv_number(&bytes, csv, row, k->bytes, 1, 1e12, c->err);
    if (status == ASX_OK)
        status = asx_csv_number(&width, csv, row, k->width, 1, 1e6, c->err);
    for (size_t f = 0; status == ASX_OK && f < N_FIGURES; f++) {
        asx_quantity q = figures[f].quantity;
        const asx_model *model = &c->tech->model[ASX_COMPONENT_SRAM][q];
        double kb = bytes / 1024;
        status = asx_csv_number(&value, csv, row, k->figure[f], 1e-12, 1e12, c->err);
        bool reaches = asx_model_reaches(model, ASX_COMPONENT_SRAM, kb, width);
        if (status == ASX_OK)
            status = asx_check_add(
                c, what, asx_quantity_text(q), figures[f].unit, asx_csv_line(csv, row),
                reaches ? asx_model_value(model, ASX_COMPONENT_SRAM, q, kb, width) : NAN,
                value * figures[f].factor);
    }
    return status;
}

static asx_status check_memories(asx_checker *c, const asx_csv *csv)
{
    memory_columns k;
    asx_status status = find_columns(&k, csv, c->err);
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv); i++) {
        double node = 0;
        status = asx_csv_number(&node, csv, i, k.node, .1, 1e5, c->err);
        if (status == ASX_OK && node == c->tech->node_nm)
            status = check_memory(c, csv, &k, i);
    }
    return status;
}

/* The pairs go with it. */
static asx_status hand_over(asx_check **out, size_t *n, asx_checker *c, const char *path)
{
    asx_check *all = asx_array_new(c->n + 1, sizeof *all);
    if (!all)
        return asx_fail(c->err, ASX_ENOMEM, "no memory to check a technology");
    if (c->n == 0) {
        free(all);
        return asx_fail(c->err, ASX_ENOTFOUND,
                        "'%s' has no rows of technology '%s' (units) or of %g nm", path,
                        c->tech->name, c->tech->node_nm);
    }
    for (size_t i = 0; i < c->n; i++) {
        all[i] = c->group[i].check;
        all[i].mean /= (double)all[i].n;
        all[i].bias /= (double)all[i].n;
        all[i].tau = tau_of(&all[i]);
        c->group[i].check.pair = NULL;
    }
    *out = all;
    *n = c->n;
    return ASX_OK;
}

asx_status asx_technology_check(asx_check **out, size_t *n, const asx_technology *technology,
                                const char *path, asx_error *err)
{
    asx_checker c = {.tech = technology, .err = err};
    asx_csv *csv = NULL;
    size_t found;
    asx_status status = asx_csv_load(&csv, path, err);
    if (status != ASX_OK)
        return status;
    if (asx_reference_fits(csv)) {
        status = check_units(&c, csv);
        csv = NULL; /* taken over */
    } else if (asx_csv_find(&found, csv, "size_bytes", NULL) == ASX_OK) {
        status = check_memories(&c, csv);
    } else if (!asx_check_silicon(&status, &c, csv)) {
        status = asx_fail(err, ASX_EUNSUPPORTED,
                          "'%s' has the columns of neither gate-level units, memories, in-memory "
                          "macros nor arrays",
                          path);
    }
    if (status == ASX_OK)
        status = hand_over(out, n, &c, path);
    for (size_t i = 0; i < c.n; i++)
        free(c.group[i].check.pair);
    free(c.group);
    asx_csv_free(csv);
    return status;
}

void asx_checks_free(asx_check *check, size_t n)
{
    for (size_t i = 0; check && i < n; i++)
        free(check[i].pair);
    free(check);
}
