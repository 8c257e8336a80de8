#include "reference.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

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
                                                   "delay_ps"};

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
};

enum { N_UNITS = sizeof units / sizeof units[0], DIGIT_ONLY = 3 };

typedef struct reader {
    asx_reference *out;
    size_t column[N_COLUMNS];
    struct key {
        asx_word weight, activation;
        asx_stimulus stimulus;
    } * key; /* [n_activities] */
    size_t key_capacity, activity_capacity;
    asx_error *err;
} reader;

const char *asx_stimulus_text(asx_stimulus stimulus)
{
    return stimulus_text[stimulus];
}

bool asx_reference_fits(const asx_csv *csv)
{
    size_t found;
    return asx_csv_find(&found, csv, "lanes_sharing_bank", NULL) == ASX_OK;
}

static const char *cell(const reader *r, size_t i, column c)
{
    return asx_csv_cell(r->out->csv, i, r->column[c]);
}

static asx_status refuse(const reader *r, size_t i, column c)
{
    const asx_csv *csv = r->out->csv;
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
static asx_status read_set(asx_alphabet_set *out, const reader *r, size_t i)
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

static asx_status read_bits(unsigned *out, const reader *r, size_t i, column c, double high)
{
    double value = 0;
    asx_status status = asx_csv_number(&value, r->out->csv, i, r->column[c], 1, high, r->err);
    *out = (unsigned)value;
    return status;
}

static asx_status read_words(asx_reference_row *row, const reader *r, size_t i, size_t unit)
{
    asx_word w = {.bits = ASX_DIGIT_WIDTH_DEFAULT + 1, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    asx_word x = {.digit_width = ASX_DIGIT_WIDTH_DEFAULT, .non_negative = true};
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
            status = asx_csv_number(&lanes, r->out->csv, i, r->column[LANES], 1, 65536, r->err);
        row->mac.banks = 1 / lanes;
    }
    return status;
}

static asx_status read_kind(asx_reference_row *row, const reader *r, size_t i, size_t unit)
{
    static const char *const maps[] = {"fa", "gates"};
    static const char *const styles[] = {"flat", "selshift", "bw", "booth"};
    size_t map = 0, style = 0, stimulus = 0;
    if (!find(&map, cell(r, i, MAP), maps, ASX_N_MAPPINGS))
        return refuse(r, i, MAP);
    row->any_style = units[unit].bank && !units[unit].lane;
    if (!row->any_style && !find(&style, cell(r, i, STYLE), styles, ASX_N_FAMILIES))
        return refuse(r, i, STYLE);
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

static asx_status read_values(asx_reference_row *row, const reader *r, size_t i)
{
    static const column measured[ASX_N_MEASURES] = {ENERGY, SETTLED, AREA, LEAKAGE, DELAY};
    asx_status status = ASX_OK;
    for (size_t m = 0; status == ASX_OK && m < ASX_N_MEASURES; m++)
        status = asx_csv_number(&row->value[m], r->out->csv, i, r->column[measured[m]], 1e-12, 1e12,
                                r->err);
    if (row->mac.lane && row->mac.banks > 0) {
        row->value[ASX_MEASURE_AREA] *= row->mac.banks;
        row->value[ASX_MEASURE_LEAKAGE] *= row->mac.banks;
    }
    return status;
}

/* Rows of the same words and stimulus share an activity. */
static asx_status find_activity(asx_reference_row *row, reader *r)
{
    asx_reference *out = r->out;
    const asx_mac *mac = &row->mac;
    for (size_t k = 0; k < out->n_activities; k++) {
        const struct key *key = &r->key[k];
        if (key->stimulus == row->stimulus && asx_word_equal(&key->weight, &mac->weight) &&
            key->activation.bits == mac->activation.bits) {
            row->activity = k;
            return ASX_OK;
        }
    }
    size_t need = out->n_activities + 1;
    void *key = asx_array_grow(r->key, &r->key_capacity, need, sizeof *r->key);
    if (key)
        r->key = key;
    void *activity =
        asx_array_grow(out->activity, &r->activity_capacity, need, sizeof *out->activity);
    if (activity)
        out->activity = activity;
    if (!key || !activity)
        return asx_fail(r->err, ASX_ENOMEM, "no memory for reference data");
    asx_status status = asx_activity_init(&out->activity[need - 1], &mac->weight, &mac->activation,
                                          stimulus_operands[row->stimulus], r->err);
    if (status != ASX_OK)
        return status;
    r->key[need - 1] = (struct key){mac->weight, mac->activation, row->stimulus};
    row->activity = need - 1;
    out->n_activities = need;
    return ASX_OK;
}

static void number_configs(asx_reference *out)
{
    for (size_t i = 0; i < out->n_rows; i++) {
        asx_reference_row *row = &out->row[i];
        size_t j = 0;
        while (j < i && !(asx_word_equal(&out->row[j].mac.weight, &row->mac.weight) &&
                          out->row[j].mac.activation.bits == row->mac.activation.bits &&
                          out->row[j].any_style == row->any_style))
            j++;
        row->config = j < i ? out->row[j].config : (unsigned)out->n_configs++;
    }
}

static asx_status read_rows(reader *r, const char *technology)
{
    asx_reference *out = r->out;
    asx_status status = ASX_OK;
    for (column c = 0; status == ASX_OK && c < N_COLUMNS; c++)
        status = asx_csv_find(&r->column[c], out->csv, column_text[c], r->err);
    size_t n = asx_csv_rows(out->csv);
    out->row = asx_array_new(n + 1, sizeof *out->row);
    if (!out->row)
        return asx_fail(r->err, ASX_ENOMEM, "no memory for reference data");
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        size_t unit = 0;
        while (unit < N_UNITS && strcmp(cell(r, i, UNIT), units[unit].name) != 0)
            unit++;
        if (unit == N_UNITS || strcmp(cell(r, i, TECH), technology) != 0)
            continue;
        asx_reference_row *row = &out->row[out->n_rows];
        row->line = asx_csv_line(out->csv, i);
        row->unit = units[unit].name;
        status = read_kind(row, r, i, unit);
        if (status == ASX_OK)
            status = read_words(row, r, i, unit);
        if (status == ASX_OK)
            status = read_values(row, r, i);
        if (status == ASX_OK)
            status = find_activity(row, r);
        out->n_rows++;
    }
    number_configs(out);
    return status;
}

asx_status asx_reference_init(asx_reference *out, asx_csv *csv, const char *technology,
                              asx_error *err)
{
    asx_reference reference = {.csv = csv};
    reader r = {.out = &reference, .err = err};
    asx_status status = read_rows(&r, technology);
    free(r.key);
    if (status == ASX_OK)
        *out = reference;
    else
        asx_reference_fini(&reference);
    return status;
}

void asx_reference_fini(asx_reference *reference)
{
    asx_csv_free(reference->csv);
    free(reference->row);
    free(reference->activity);
    *reference = (asx_reference){0};
}

void asx_reference_amounts(double *amount, const asx_reference *reference,
                           const asx_reference_row *row, asx_family family, asx_measure measure)
{
    if (measure == ASX_MEASURE_DELAY)
        asx_mac_delay(amount, &row->mac, family);
    else if (measure == ASX_MEASURE_AREA || measure == ASX_MEASURE_LEAKAGE)
        asx_mac_size(amount, &row->mac, family);
    else
        asx_mac_energy(amount, &row->mac, family, &reference->activity[row->activity]);
}
