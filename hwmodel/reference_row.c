/* One row of a table of gate-level units: what it is of, under which conditions, its figures. */
#include <stdlib.h>
#include <string.h>

#include "reference_private.h"

typedef enum column {
    TECH,
    UNIT,
    ALPHABETS,
    WBITS,
    ABITS,
    LANES,
    STYLE,
    MAP,
    STIM,
    ENERGY,
    SETTLED,
    AREA,
    LEAKAGE,
    DELAY,
    N_PLAIN_COLUMNS,
    HOLD = N_PLAIN_COLUMNS, /* and what comes with it */
    SIGMA_W,
    SIGMA_A,
    ACC_ORDER,
    DIGITS,
    SERIAL,
    TREE_INPUTS,
    TREE_STYLE,
    REGISTERS,
    N_DFF,
    AREA_EACH,
    LOGIC,
    N_COLUMNS
} column;

static const char *const column_text[N_COLUMNS] = {"tech",
                                                   "unit",
                                                   "alphabets",
                                                   "wbits",
                                                   "abits",
                                                   "lanes_sharing_bank",
                                                   "style",
                                                   "map",
                                                   "stim",
                                                   "energy_pj_per_op",
                                                   "energy_pj_noglitch",
                                                   "area_um2",
                                                   "leakage_nw",
                                                   "delay_ps",
                                                   "hold",
                                                   "sigma_w",
                                                   "sigma_a",
                                                   "acc_order",
                                                   "digits",
                                                   "serial",
                                                   "tree_inputs",
                                                   "tree_style",
                                                   "pipeline_regs",
                                                   "n_dff",
                                                   "area_um2_per_lane",
                                                   "energy_pj_logic"};

static const char *const stimulus_text[ASX_N_STIMULI] = {"uniform", "nn", "nn_ws"};

static const asx_operands *const stimulus_operands[ASX_N_STIMULI] = {
    &asx_operands_uniform, &asx_operands_nn, &asx_operands_nn_ws};

static const struct {
    const char *name;
    bool exact, bank, lane, sign, accumulate;
} units[] = {
    {"exact_mult", true, false, true, true, false},
    {"exact_mac", true, false, true, true, true},
    {"asm_bank", false, true, false, false, false},
    {"asm_selshift", false, false, true, false, false},
    {"asm_lane_mult", false, false, true, true, false},
    {"asm_lane_mult_enc", false, false, true, true, false},
    {"asm_lane_mac", false, false, true, true, true},
    {"asm_mac", false, true, true, true, true},
    {"asm_mac_serial", false, true, true, true, true},
    {"exact_column", true, false, true, true, true},
    {"asm_column", false, false, true, true, true},
    {"asm_column_serial", false, false, true, true, true},
    {"exact_bitserial_column", true, false, true, true, true},
};

enum { N_UNITS = sizeof units / sizeof units[0], DIGIT_ONLY = 3, BANK = 2 };

_Static_assert((int)N_COLUMNS == (int)ASX_REFERENCE_COLUMNS, "columns");

const char *asx_stimulus_text(asx_stimulus stimulus)
{
    return stimulus_text[stimulus];
}

static const char *cell(const asx_reference_reader *r, size_t i, column c)
{
    return asx_csv_cell(r->csv, i, r->column[c]);
}

static asx_status refuse(const asx_reference_reader *r, size_t i, column c)
{
    const asx_csv *csv = r->csv;
    return asx_fail(r->err, ASX_EPARSE, "%s:%zu: column '%s': unknown '%s'", asx_csv_name(csv),
                    asx_csv_line(csv, i), column_text[c], cell(r, i, c));
}

static bool find(size_t *out, const char *text, const char *const *names, size_t n)
{
    for (*out = 0; *out < n; ++*out)
        if (strcmp(text, names[*out]) == 0)
            return true;
    return false;
}

/* "{1 3 5}", "-" for none. */
static asx_status read_set(asx_alphabet_set *out, const asx_reference_reader *r, size_t i)
{
    const char *s = cell(r, i, ALPHABETS);
    asx_alphabet_set set = {{0}};
    if (strcmp(s, "-") != 0) {
        char *end;
        if (*s++ != '{')
            return refuse(r, i, ALPHABETS);
        for (; *s && *s != '}'; s = end) {
            unsigned long a = strtoul(s, &end, 10);
            if (end == s || a % 2 == 0 || a > ASX_ALPHABET_MAX)
                return refuse(r, i, ALPHABETS);
            set = asx_alphabet_set_with(set, (unsigned)a);
        }
    }
    *out = set;
    return ASX_OK;
}

static asx_status read_bits(unsigned *out, const asx_reference_reader *r, size_t i, column c,
                            double high)
{
    double value = 0;
    asx_status status = asx_csv_number(&value, r->csv, i, r->column[c], 1, high, r->err);
    *out = (unsigned)value;
    return status;
}

static asx_status read_words(asx_reference_row *row, const asx_reference_reader *r, size_t i,
                             size_t unit)
{
    asx_word w = {.bits = ASX_DIGIT_WIDTH_DEFAULT + 1, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    asx_word x = {.digit_width = ASX_DIGIT_WIDTH_DEFAULT, .non_negative = true};
    if (r->conditions && strcmp(cell(r, i, DIGITS), "signed") == 0)
        w.digits = ASX_DIGITS_SIGNED;
    asx_status status = read_set(&w.set, r, i);
    if (status == ASX_OK && units[unit].lane)
        status = read_bits(&w.bits, r, i, WBITS, ASX_WORD_BITS_MAX);
    if (status == ASX_OK)
        status = read_bits(&x.bits, r, i, ABITS, ASX_WORD_BITS_MAX);
    if (unit == DIGIT_ONLY)
        w.bits++;
    if (status == ASX_OK)
        status = asx_word_check(&w, r->err);
    if (status == ASX_OK && asx_word_is_plain(&w) != units[unit].exact)
        return refuse(r, i, ALPHABETS);
    row->mac.weight = asx_word_is_plain(&w) || status != ASX_OK ? w : asx_word_reduce(&w);
    row->mac.activation = x;
    if (status == ASX_OK && units[unit].bank) {
        double lanes = 1;
        if (units[unit].lane)
            status = asx_csv_number(&lanes, r->csv, i, r->column[LANES], 1, 65536, r->err);
        row->mac.banks = 1 / lanes;
    }
    return status;
}

static asx_status read_kind(asx_reference_row *row, const asx_reference_reader *r, size_t i,
                            size_t unit)
{
    static const char *const maps[] = {"fa", "gates"};
    static const char *const styles[] = {"flat",  "selshift",      "bw",
                                         "booth", "serial_weight", "serial_activation"};
    enum { N_STYLES = sizeof styles / sizeof styles[0] };
    size_t map = 0, style = 0, stimulus = 0;
    if (!find(&map, cell(r, i, MAP), maps, ASX_N_MAPPINGS))
        return refuse(r, i, MAP);
    row->any_style = units[unit].bank && !units[unit].lane;
    if (!row->any_style && !find(&style, cell(r, i, STYLE), styles, N_STYLES))
        return refuse(r, i, STYLE);
    if (style > ASX_FAMILY_BIT_SERIAL)
        style = ASX_FAMILY_BIT_SERIAL;
    if (asx_family_is_exact((asx_family)style) != units[unit].exact)
        return refuse(r, i, STYLE);
    if (!find(&stimulus, cell(r, i, STIM), stimulus_text, ASX_N_STIMULI))
        return refuse(r, i, STIM);
    row->mapping = (asx_mapping)map;
    row->family = (asx_family)style;
    row->stimulus = (asx_stimulus)stimulus;
    row->mac.lane = units[unit].lane;
    row->mac.sign = units[unit].sign;
    row->mac.accumulate = units[unit].accumulate;
    row->whole = units[unit].accumulate;
    return ASX_OK;
}

static asx_status read_values(asx_reference_row *row, const asx_reference_reader *r, size_t i)
{
    static const column measured[ASX_N_MEASURES] = {ENERGY, SETTLED, AREA, LEAKAGE, DELAY};
    asx_status status = ASX_OK;
    for (size_t m = 0; status == ASX_OK && m < ASX_N_MEASURES; m++)
        status =
            asx_csv_number(&row->value[m], r->csv, i, r->column[measured[m]], 1e-12, 1e12, r->err);
    double lanes = row->mac.lane && row->mac.banks > 0 ? 1 / row->mac.banks : 1;
    if (r->conditions && status == ASX_OK && row->mac.lane) {
        double each = 0;
        status = asx_csv_number(&each, r->csv, i, r->column[AREA_EACH], 1e-12, 1e12, r->err);
        lanes = row->value[ASX_MEASURE_AREA] / each;
        if (status == ASX_OK && row->n_registers > 0)
            status = asx_csv_number(&row->value[ASX_MEASURE_ENERGY], r->csv, i, r->column[LOGIC],
                                    1e-12, 1e12, r->err);
    }
    row->value[ASX_MEASURE_AREA] /= lanes;
    row->value[ASX_MEASURE_LEAKAGE] /= lanes;
    return status;
}

static asx_status read_count(unsigned *out, const asx_reference_reader *r, size_t i, column c)
{
    double value = 0;
    asx_status status = asx_csv_number(&value, r->csv, i, r->column[c], 0, 1e6, r->err);
    *out = (unsigned)value;
    return status;
}

/* The order of passes, by the columns serial and style. */
static asx_pass_order order_of(const char *serial)
{
    static const char *const names[] = {"none", "inner", "outer", "weight_bits", "activation_bits"};
    size_t k = 0;
    (void)find(&k, serial, names, 5);
    return (asx_pass_order)k;
}

static asx_status read_conditions(asx_reference_row *row, const asx_reference_reader *r, size_t i,
                                  size_t unit)
{
    static const char *const trees[] = {"binary", "ripple", "csa", "fused"};
    asx_operands *o = &row->operands;
    size_t tree = 0;
    *o = *stimulus_operands[row->stimulus];
    if (!r->conditions)
        return ASX_OK;
    asx_status status = read_count(&o->hold, r, i, HOLD);
    if (status == ASX_OK && !o->uniform)
        status = asx_csv_number(&o->weight_sigma, r->csv, i, r->column[SIGMA_W], 0, 1, r->err);
    if (status == ASX_OK && !o->uniform)
        status = asx_csv_number(&o->activation_sigma, r->csv, i, r->column[SIGMA_A], 0, 1, r->err);
    if (status == ASX_OK)
        status = read_count(&row->schedule.rows, r, i, TREE_INPUTS);
    if (status == ASX_OK)
        status = read_count(&row->n_registers, r, i, N_DFF);
    if (status != ASX_OK)
        return status;
    if (row->schedule.rows > 1 && !find(&tree, cell(r, i, TREE_STYLE), trees, ASX_N_TREES))
        return refuse(r, i, TREE_STYLE);
    row->schedule.order = order_of(cell(r, i, SERIAL));
    row->schedule.sums = strcmp(cell(r, i, ACC_ORDER), "per_position") == 0 ? o->hold : 1;
    row->cut = row->n_registers > 0 && strcmp(cell(r, i, REGISTERS), "accumulator") != 0;
    row->mac.rows = row->schedule.rows;
    row->mac.tree = (asx_tree)tree;
    row->mac.order = row->schedule.order;
    /* a digit at a time, or only one there */
    const bool serial = strstr(units[unit].name, "serial") && !units[unit].exact;
    if (serial && asx_word_n_digits(&row->mac.weight) > 1 && row->mac.order == ASX_PASSES_ONE)
        return refuse(r, i, SERIAL);
    row->mac.late_sign = serial && row->mac.rows > 1;
    row->mac.single = serial && row->mac.order != ASX_PASSES_ONE;
    return ASX_OK;
}

asx_status asx_reference_reader_init(asx_reference_reader *out, const asx_csv *csv,
                                     const char *technology, asx_error *err)
{
    asx_reference_reader r = {.csv = csv, .technology = technology, .err = err};
    r.conditions = asx_csv_find(&r.column[HOLD], csv, column_text[HOLD], NULL) == ASX_OK;
    const column end = r.conditions ? N_COLUMNS : N_PLAIN_COLUMNS;
    asx_status status = ASX_OK;
    for (column c = 0; status == ASX_OK && c < end; c++)
        status = asx_csv_find(&r.column[c], csv, column_text[c], err);
    if (status == ASX_OK)
        *out = r;
    return status;
}

asx_status asx_reference_read(asx_reference_row *row, bool *counts, const asx_reference_reader *r,
                              size_t i)
{
    size_t unit = 0;
    while (unit < N_UNITS && strcmp(cell(r, i, UNIT), units[unit].name) != 0)
        unit++;
    *counts = unit < N_UNITS && strcmp(cell(r, i, TECH), r->technology) == 0;
    if (!*counts)
        return ASX_OK;
    row->line = asx_csv_line(r->csv, i);
    row->unit = units[unit].name;
    asx_status status = read_kind(row, r, i, unit);
    if (status == ASX_OK)
        status = read_words(row, r, i, unit);
    if (status == ASX_OK)
        status = read_conditions(row, r, i, unit);
    return status == ASX_OK ? read_values(row, r, i) : status;
}
