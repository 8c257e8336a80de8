#include "macro_silicon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "circuit.h"
#include "dse/memory.h"

/* Rows of a column where a macro does not say; its weights stay, its operands are random: most are
 * measured with half of all bits zero. Cells come with their share of a small array's periphery:
 * 6.9 um2 per bit at 130 nm (IHP SG13G2, foundry compiler), 408 squares of the node. Published
 * energies do not fall with the node from 28 to 16 nm, so capacitances are taken not to; that was
 * chosen with all macros in sight. */
enum { ROWS_DEFAULT = 64, ROWS_MAX = 256, HOLD = 64, WORD_MIN = 4, WORD_MAX = 8 };
static const double cell_squares = 408, smallest_nm = 28;

typedef enum column {
    MACRO,
    PAPER,
    NODE,
    SUPPLY,
    KIND,
    WBITS,
    ABITS,
    PER_CYCLE,
    CELLS,
    ROWS,
    ENERGY,
    AREA,
    CLOCK,
    GOPS,
    SCOPE,
    BASIS,
    N_COLUMNS
} column;

static const char *const column_text[N_COLUMNS] = {
    "macro",      "paper",       "node_nm",         "supply_v",
    "kind",       "weight_bits", "activation_bits", "activation_bits_per_cycle",
    "macro_bits", "rows",        "fj_per_mac",      "area_mm2",
    "clock_mhz",  "gops",        "scope",           "basis"};

bool asx_macro_fits(const asx_csv *csv)
{
    size_t found;
    return asx_csv_find(&found, csv, "fj_per_mac", NULL) == ASX_OK &&
           asx_csv_find(&found, csv, "macro_bits", NULL) == ASX_OK;
}

/* Empty fields are 0. */
static asx_status number(double *out, const asx_csv *csv, size_t i, size_t c, asx_error *err)
{
    *out = 0;
    return *asx_csv_cell(csv, i, c) ? asx_csv_number(out, csv, i, c, 0, 1e12, err) : ASX_OK;
}

static double nominal_supply(double node)
{
    return node >= 65 ? 1 : node >= 28 ? .9 : .8;
}

static asx_status read_one(asx_macro *out, const asx_csv *csv, size_t i, const size_t *at,
                           asx_error *err)
{
    static const column numbers[] = {NODE, SUPPLY, WBITS, ABITS, PER_CYCLE, CELLS,
                                     ROWS, ENERGY, AREA,  CLOCK, GOPS};
    double v[N_COLUMNS] = {0};
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < sizeof numbers / sizeof numbers[0]; k++)
        status = number(&v[numbers[k]], csv, i, at[numbers[k]], err);
    *out = (asx_macro){.name = asx_csv_cell(csv, i, at[MACRO]),
                       .paper = asx_csv_cell(csv, i, at[PAPER]),
                       .node_nm = v[NODE],
                       .supply_v = v[SUPPLY] > 0 ? v[SUPPLY] : nominal_supply(v[NODE]),
                       .weight_bits = (unsigned)v[WBITS],
                       .activation_bits = (unsigned)v[ABITS],
                       .rows = v[ROWS] > 0 ? (unsigned)fmin(v[ROWS], ROWS_MAX) : ROWS_DEFAULT,
                       .bits_per_cycle = v[PER_CYCLE],
                       .cells = v[CELLS],
                       .energy_pj = 1e-3 * v[ENERGY],
                       .area_um2 = 1e6 * v[AREA],
                       .clock_mhz = v[CLOCK],
                       .gops = v[GOPS],
                       .line = asx_csv_line(csv, i)};
    return status;
}

static bool counts(const asx_csv *csv, size_t i, const size_t *at, const asx_macro *m)
{
    return strcmp(asx_csv_cell(csv, i, at[KIND]), "digital") == 0 &&
           strstr(asx_csv_cell(csv, i, at[SCOPE]), "macro") &&
           !strstr(asx_csv_cell(csv, i, at[BASIS]), "normalised") &&
           !strstr(asx_csv_cell(csv, i, at[BASIS]), "simulated") && m->node_nm > 0 &&
           m->weight_bits >= WORD_MIN && m->weight_bits <= WORD_MAX &&
           m->activation_bits >= WORD_MIN && m->activation_bits <= WORD_MAX;
}

asx_status asx_macros_read(asx_macro **out, size_t *n, const asx_csv *csv, asx_error *err)
{
    size_t at[N_COLUMNS], found = 0;
    asx_status status = ASX_OK;
    asx_macro *list = asx_array_new(asx_csv_rows(csv) + 1, sizeof *list);
    if (!list)
        return asx_fail(err, ASX_ENOMEM, "no memory for macros");
    for (column c = 0; status == ASX_OK && c < N_COLUMNS; c++)
        status = asx_csv_find(&at[c], csv, column_text[c], err);
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv); i++) {
        status = read_one(&list[found], csv, i, at, err);
        found += status == ASX_OK && counts(csv, i, at, &list[found]);
    }
    if (status != ASX_OK) {
        free(list);
        return status;
    }
    *out = list;
    *n = found;
    return ASX_OK;
}

static double energy_of(const asx_circuit_price *c, unsigned rows)
{
    double sum = 0;
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        sum += c->mac[p] + c->tree[p] + c->sum[p] / rows;
    return sum;
}

/* Lanes from what the macro computes in a cycle; each is as large as a bit-serial one is, times the
 * bits it takes at once. */
static double array_um2(const asx_technology *technology, const asx_lane_style *style,
                        const asx_macro *m)
{
    const asx_word w = {.bits = m->weight_bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    const asx_word x = {
        .bits = m->activation_bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT, .non_negative = true};
    const asx_circuit circuit = {ASX_CIRCUIT_ACTIVATION_BITS, ASX_TREE_RIPPLE};
    asx_column_union columns = {0};
    double part[ASX_N_PARTS] = {0}, sum = 0;
    const double macs_per_cycle = m->gops / 2 / (1e-3 * m->clock_mhz);
    asx_column_union_add(&columns, &w, &x, &circuit);
    asx_column_union_size(part, &columns, technology, style, ASX_MEASURE_AREA,
                          macs_per_cycle * m->activation_bits, 0, m->rows);
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        sum += part[p];
    return sum;
}

static asx_status figures(asx_macro_raw *out, const asx_technology *technology,
                          asx_lane_prices *prices, const asx_lane_style *style, const asx_macro *m,
                          asx_error *err)
{
    const double size = m->node_nm / technology->node_nm, volt = m->supply_v / technology->voltage;
    const asx_circuit_prices *found = NULL;
    const asx_circuit_ask ask = {
        .weight = {.bits = m->weight_bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT},
        .activation = {.bits = m->activation_bits,
                       .digit_width = ASX_DIGIT_WIDTH_DEFAULT,
                       .non_negative = true},
        .operands = {.uniform = true, .hold = HOLD},
        .rows = m->rows,
        .sums = 1};
    asx_status status = asx_circuits_get(&found, prices, &ask, err);
    if (status == ASX_OK && found->n == 0)
        status =
            asx_fail(err, ASX_EUNSUPPORTED, "technology '%s' has no columns", technology->name);
    if (status != ASX_OK)
        return status;
    asx_macro_raw raw = {.energy_pj = INFINITY};
    for (size_t i = 0; i < found->n; i++) {
        const asx_circuit_price *c = &found->list[i];
        raw.energy_pj = fmin(raw.energy_pj, energy_of(c, m->rows));
        if (c->circuit.kind == ASX_CIRCUIT_ACTIVATION_BITS)
            raw.delay_ns = c->delay_ns * size;
    }
    raw.energy_pj *=
        fmax(m->node_nm, smallest_nm) / fmax(technology->node_nm, smallest_nm) * volt * volt;
    if (m->gops > 0 && m->clock_mhz > 0 && m->cells > 0)
        raw.area_um2 = size * size * array_um2(technology, style, m) +
                       m->cells * cell_squares * 1e-6 * m->node_nm * m->node_nm;
    *out = raw;
    return ASX_OK;
}

asx_status asx_macro_raw_figures(asx_macro_raw *out, const asx_technology *technology,
                                 const asx_macro *macro, asx_error *err)
{
    const asx_lane_style style = {.asm_family = ASX_FAMILY_FLAT,
                                  .exact_family = ASX_FAMILY_BAUGH_WOOLEY,
                                  .mapping = ASX_MAPPING_FULL_ADDERS,
                                  .lanes_per_bank = 4};
    asx_lane_prices *prices = NULL;
    asx_status status = asx_lane_prices_new(&prices, technology, &style, err);
    if (status == ASX_OK)
        status = figures(out, technology, prices, &style, macro, err);
    asx_lane_prices_free(prices);
    return status;
}
