/* Tables of silicon and of synthesis: in-memory macros, SRAM macros with layouts, arrays with their
 * registers and clock. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_private.h"
#include "circuit.h"
#include "macro_silicon.h"

/* A figure of the component `macro`; NAN where the technology has none. */
static double macro_value(const asx_technology *tech, asx_quantity quantity, double raw)
{
    const asx_model *model = &tech->model[ASX_COMPONENT_MACRO][quantity];
    return model->n_terms == 0 || !(raw > 0)
               ? NAN
               : asx_model_value(model, ASX_COMPONENT_MACRO, quantity, raw, 0);
}

static asx_status check_macro(asx_checker *c, const asx_macro *m)
{
    static const char what[] = "in-memory macros";
    asx_macro_raw raw;
    asx_status status = asx_macro_raw_figures(&raw, c->tech, m, c->err);
    if (status == ASX_OK && m->energy_pj > 0)
        status =
            asx_check_add(c, what, "energy", "pJ", m->line,
                          macro_value(c->tech, ASX_QUANTITY_ENERGY, raw.energy_pj), m->energy_pj);
    if (status == ASX_OK && m->area_um2 > 0)
        status = asx_check_add(c, what, "area", "um2", m->line,
                               macro_value(c->tech, ASX_QUANTITY_AREA, raw.area_um2), m->area_um2);
    if (status == ASX_OK && m->clock_mhz > 0)
        status = asx_check_add(c, what, "cycle", "ns", m->line,
                               macro_value(c->tech, ASX_QUANTITY_ACCESS, raw.delay_ns),
                               1e3 / m->clock_mhz);
    return status;
}

static asx_status check_macros(asx_checker *c, const asx_csv *csv)
{
    asx_macro *list = NULL;
    size_t n = 0;
    asx_status status = asx_macros_read(&list, &n, csv, c->err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = check_macro(c, &list[i]);
    free(list);
    return status;
}

/* Columns by name; empty fields are 0. */
typedef struct fields {
    const asx_csv *csv;
    asx_error *err;
    asx_status status;
} fields;

static const char *text(fields *f, size_t row, const char *name)
{
    size_t c;
    if (f->status == ASX_OK)
        f->status = asx_csv_find(&c, f->csv, name, f->err);
    return f->status == ASX_OK ? asx_csv_cell(f->csv, row, c) : "";
}

static double number(fields *f, size_t row, const char *name)
{
    double value = 0;
    size_t c;
    if (!*text(f, row, name))
        return 0;
    f->status = asx_csv_find(&c, f->csv, name, f->err);
    if (f->status == ASX_OK)
        f->status = asx_csv_number(&value, f->csv, row, c, 0, 1e15, f->err);
    return value;
}

/* By process and ports: the generator matters more than the node. */
static asx_status check_srams(asx_checker *c, const asx_csv *csv)
{
    static const struct {
        const char *column, *unit;
        asx_quantity quantity;
    } figures[] = {{"read_energy_pj", "pJ", ASX_QUANTITY_ENERGY},
                   {"write_energy_pj", "pJ", ASX_QUANTITY_WRITE},
                   {"area_um2", "um2", ASX_QUANTITY_AREA},
                   {"leakage_nw", "nW", ASX_QUANTITY_LEAKAGE},
                   {"access_ns", "ns", ASX_QUANTITY_ACCESS}};
    fields f = {csv, c->err, ASX_OK};
    for (size_t i = 0; f.status == ASX_OK && i < asx_csv_rows(csv); i++) {
        const double bits = number(&f, i, "bits"), kb = number(&f, i, "capacity_bits") / 8192;
        const double node = number(&f, i, "node_nm");
        char what[64];
        snprintf(what, sizeof what, "sram %s %s", text(&f, i, "process"), text(&f, i, "ports"));
        for (size_t q = 0; f.status == ASX_OK && q < sizeof figures / sizeof figures[0]; q++) {
            const asx_model *model = &c->tech->model[ASX_COMPONENT_SRAM][figures[q].quantity];
            const double value = number(&f, i, figures[q].column);
            if (node != c->tech->node_nm || !(value > 0) || f.status != ASX_OK)
                continue;
            const bool reaches = asx_model_reaches(model, ASX_COMPONENT_SRAM, kb, bits);
            f.status = asx_check_add(
                c, what, asx_quantity_text(figures[q].quantity), figures[q].unit,
                asx_csv_line(csv, i),
                reaches ? asx_model_value(model, ASX_COMPONENT_SRAM, figures[q].quantity, kb, bits)
                        : NAN,
                value);
        }
    }
    return f.status;
}

/* An element of an array: an exact multiply-accumulate, registers of its weight, its activation and
 * its sum, all clocked every cycle, with operands of networks; tables do not state theirs. */
typedef struct element {
    double energy_pj, area_um2;
} element;

static asx_status element_of(element *out, const asx_technology *tech, unsigned bits,
                             double sum_bits, asx_error *err)
{
    const asx_family family = ASX_FAMILY_BAUGH_WOOLEY;
    const asx_terms *terms = tech->arithmetic.terms[family][ASX_MAPPING_FULL_ADDERS];
    const asx_model *flip_flop = tech->model[ASX_COMPONENT_REGISTER];
    const asx_model *clock = &tech->model[ASX_COMPONENT_CLOCK][ASX_QUANTITY_ENERGY];
    const asx_model *toggle = &tech->model[ASX_COMPONENT_TOGGLE][ASX_QUANTITY_ENERGY];
    const asx_mac mac = {
        .weight = {.bits = bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT},
        .activation = {.bits = bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT, .non_negative = true},
        .lane = true,
        .sign = true,
        .accumulate = true};
    const asx_operands operands = asx_operands_nn_ws;
    double amount[ASX_N_TERMS];
    asx_activity a;
    *out = (element){NAN, NAN};
    if (!terms[ASX_MEASURE_ENERGY].given || clock->n_terms == 0 ||
        !asx_terms_reach(&tech->arithmetic.range[family][ASX_MAPPING_FULL_ADDERS][0], bits))
        return ASX_OK;
    asx_status status = asx_activity_init(&a, &mac.weight, &mac.activation, &operands, NULL, err);
    if (status != ASX_OK)
        return status;
    asx_mac_energy(amount, &mac, family, &a);
    out->energy_pj = asx_terms_value(&terms[ASX_MEASURE_ENERGY], amount) +
                     (2 * bits + sum_bits) * clock->coefficient[0] +
                     (a.input + a.weight + a.stored) * toggle->coefficient[0];
    asx_mac_size(amount, &mac, family);
    out->area_um2 = asx_terms_value(&terms[ASX_MEASURE_AREA], amount) +
                    (2 * bits + sum_bits) * flip_flop[ASX_QUANTITY_AREA].coefficient[0];
    return ASX_OK;
}

/* Elements of one word length; those that are switched at run time are another circuit. */
static asx_status check_arrays(asx_checker *c, const asx_csv *csv)
{
    fields f = {csv, c->err, ASX_OK};
    for (size_t i = 0; f.status == ASX_OK && i < asx_csv_rows(csv); i++) {
        const double bits = number(&f, i, "max_bits"), least = number(&f, i, "min_bits");
        const double node = number(&f, i, "node_nm"), supply = number(&f, i, "supply_v");
        const double energy = number(&f, i, "total_pj_per_pe_cycle");
        const double area = number(&f, i, "area_per_pe_um2");
        element e;
        if (f.status != ASX_OK || node != c->tech->node_nm || bits != least || !(bits > 0))
            continue;
        f.status = element_of(&e, c->tech, (unsigned)bits, 2 * bits + 4, c->err);
        const double volt = supply > 0 ? supply / c->tech->voltage : 1;
        char what[64];
        snprintf(what, sizeof what, "array, %s", text(&f, i, "stage"));
        if (f.status == ASX_OK && energy > 0)
            f.status = asx_check_add(c, what, "energy", "pJ", asx_csv_line(csv, i),
                                     e.energy_pj * volt * volt, energy);
        if (f.status == ASX_OK && area > 0)
            f.status =
                asx_check_add(c, what, "area", "um2", asx_csv_line(csv, i), e.area_um2, area);
    }
    return f.status;
}

bool asx_check_silicon(asx_status *status, asx_checker *c, const asx_csv *csv)
{
    size_t found;
    if (asx_macro_fits(csv))
        *status = check_macros(c, csv);
    else if (asx_csv_find(&found, csv, "read_energy_pj", NULL) == ASX_OK)
        *status = check_srams(c, csv);
    else if (asx_csv_find(&found, csv, "area_per_pe_um2", NULL) == ASX_OK)
        *status = check_arrays(c, csv);
    else
        return false;
    return true;
}
