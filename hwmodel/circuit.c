#include "circuit.h"

#include <math.h>
#include <string.h>

#include "lane_private.h"

static const char *const circuit_text[ASX_N_CIRCUITS] = {
#define ASX_TEXT(name, text) [name] = text,
    ASX_CIRCUIT_LIST(ASX_TEXT)
#undef ASX_TEXT
};

static const asx_pass_order orders[ASX_N_CIRCUITS] = {
    [ASX_CIRCUIT_DIGITS_INNER] = ASX_PASSES_INNER,
    [ASX_CIRCUIT_DIGITS_OUTER] = ASX_PASSES_OUTER,
    [ASX_CIRCUIT_WEIGHT_BITS] = ASX_PASSES_WEIGHT_BITS,
    [ASX_CIRCUIT_ACTIVATION_BITS] = ASX_PASSES_ACTIVATION_BITS};

/* What a question is remembered by: no padding. */
typedef struct key {
    uint64_t set[2];
    uint64_t weight_number, activation_number;
    double weight_sigma, activation_sigma, zero, likeness;
    uint64_t shape;
    uint32_t bits, non_negative, x_bits, x_non_negative;
    uint32_t uniform, truncate, hold, rows, sums, gated;
} key;

const char *asx_circuit_text(asx_circuit_kind kind)
{
    return circuit_text[kind];
}

bool asx_circuit_gates(asx_circuit_kind kind)
{
    return kind < ASX_CIRCUIT_WEIGHT_BITS && asx_activity_gates(orders[kind]);
}

asx_status asx_circuits_new(asx_memo **out, asx_error *err)
{
    return asx_memo_new(out, sizeof(key), sizeof(asx_circuit_prices), err);
}

static key key_of(const asx_circuit_ask *ask)
{
    const asx_operands *o = &ask->operands;
    return (key){.set = {ask->weight.set.odd[0], ask->weight.set.odd[1]},
                 .weight_sigma = o->weight_sigma,
                 .activation_sigma = o->activation_sigma,
                 .weight_number = o->weight_number,
                 .activation_number = o->activation_number,
                 .zero = o->zero,
                 .likeness = o->likeness,
                 .bits = ask->weight.bits,
                 .shape = asx_word_shape(&ask->weight),
                 .non_negative = ask->weight.non_negative,
                 .x_bits = ask->activation.bits,
                 .x_non_negative = ask->activation.non_negative,
                 .uniform = o->uniform,
                 .truncate = o->truncate,
                 .hold = o->hold,
                 .rows = ask->rows,
                 .sums = ask->sums,
                 .gated = o->gated};
}

asx_family asx_circuit_family(asx_circuit_kind kind, const asx_lane_style *style)
{
    switch (kind) {
    case ASX_CIRCUIT_BAUGH_WOOLEY:
        return ASX_FAMILY_BAUGH_WOOLEY;
    case ASX_CIRCUIT_BOOTH:
        return ASX_FAMILY_BOOTH;
    case ASX_CIRCUIT_WEIGHT_BITS:
    case ASX_CIRCUIT_ACTIVATION_BITS:
        return ASX_FAMILY_BIT_SERIAL;
    default:
        return style->asm_family;
    }
}

asx_mac asx_circuit_mac(const asx_word *weight, const asx_word *activation,
                        const asx_circuit *circuit, unsigned rows)
{
    const bool plain = asx_word_is_plain(weight);
    const asx_pass_order order = orders[circuit->kind];
    return (asx_mac){.weight = *weight,
                     .activation = *activation,
                     .lane = true,
                     .sign = true,
                     .accumulate = true,
                     .rows = rows,
                     .tree = circuit->tree,
                     .order = order,
                     .single = order == ASX_PASSES_INNER || order == ASX_PASSES_OUTER,
                     .late_sign =
                         !plain && (order != ASX_PASSES_ONE || asx_word_n_digits(weight) == 1)};
}

static const asx_terms *terms_of(const asx_lane_prices *prices, asx_circuit_kind kind,
                                 asx_term_measure measure)
{
    const asx_lane_style *style = &prices->style;
    return &prices->technology->arithmetic
                .terms[asx_circuit_family(kind, style)][style->mapping][measure];
}

bool asx_circuit_has_tree(const asx_terms *terms, asx_tree tree)
{
    const asx_term first = asx_tree_term(tree);
    return terms->coefficient[first] > 0 || terms->coefficient[first + 1] > 0;
}

/* Sums over passes, each term's energy where it belongs. */
static void book(asx_circuit_price *out, const asx_terms *terms, const asx_mac *mac,
                 asx_family family, const asx_activity *activity, double lanes_per_bank)
{
    asx_mac pass = *mac;
    for (unsigned p = 0; p < out->passes; p++) {
        double amount[ASX_N_TERMS];
        pass.digit = mac->single ? p : 0;
        asx_mac_energy(amount, &pass, family, activity);
        for (asx_term t = 0; t < ASX_N_TERMS; t++) {
            const asx_part part = asx_term_part(t);
            const double pj = terms->coefficient[t] * amount[t];
            const bool root = t == ASX_TERM_ROOT || t == ASX_TERM_PLACE;
            if (part == ASX_PART_PRECOMPUTE)
                out->bank[part] += lanes_per_bank * pj;
            else if (root)
                out->sum[part] += mac->rows * pj;
            else
                (asx_term_is_tree(t) ? out->tree : out->mac)[part] += pj;
        }
    }
}

static double sum_of(const double *part)
{
    double sum = 0;
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        sum += part[p];
    return sum;
}

/* Without glitches; 1 where that is not known. */
static double settled_share(const asx_circuit_price *price, const asx_terms *settled,
                            const asx_mac *mac, asx_family family, const asx_activity *activity)
{
    asx_circuit_price quiet = {.passes = price->passes};
    if (!settled->given)
        return 1;
    book(&quiet, settled, mac, family, activity, 1);
    const double all = sum_of(price->mac) + sum_of(price->tree);
    return all > 0 ? fmin(1, (sum_of(quiet.mac) + sum_of(quiet.tree)) / all) : 1;
}

static asx_circuit_price price_of(const asx_lane_prices *prices, const asx_circuit_ask *ask,
                                  const asx_circuit *circuit, const asx_activity *activity)
{
    const asx_lane_style *style = &prices->style;
    const asx_family family = asx_circuit_family(circuit->kind, style);
    const asx_terms *energy = terms_of(prices, circuit->kind, ASX_MEASURE_ENERGY);
    const asx_terms *delay = terms_of(prices, circuit->kind, ASX_MEASURE_DELAY);
    asx_mac mac = asx_circuit_mac(&ask->weight, &ask->activation, circuit, ask->rows);
    double amount[ASX_N_TERMS];
    if (!asx_word_is_plain(&ask->weight))
        mac.banks = 1 / style->lanes_per_bank;
    asx_circuit_price out = {.circuit = *circuit,
                             .passes = (unsigned)activity->passes,
                             .row_bits = asx_row_bits(&mac),
                             .stored = activity->root_stored};
    book(&out, energy, &mac, family, activity, style->lanes_per_bank);
    if (asx_circuit_gates(circuit->kind)) {
        out.idle = activity->idle;
        out.masked = activity->row * activity->passes;
    }
    out.settled = settled_share(&out, terms_of(prices, circuit->kind, ASX_MEASURE_SETTLED), &mac,
                                family, activity);
    asx_mac_delay(amount, &mac, family);
    out.delay_ns = 1e-3 * asx_terms_value(delay, amount);
    return out;
}

static double total(const asx_circuit_price *price, const asx_circuit_ask *ask)
{
    return sum_of(price->mac) + sum_of(price->tree) + sum_of(price->sum) / ask->rows;
}

/* Adds a kind's circuit with the tree that needs least; none if there are no coefficients. */
static void add_kind(asx_circuit_prices *out, const asx_lane_prices *prices,
                     const asx_circuit_ask *ask, asx_circuit_kind kind,
                     const asx_activity *activity)
{
    const asx_terms *energy = terms_of(prices, kind, ASX_MEASURE_ENERGY);
    double least = INFINITY;
    for (asx_tree tree = 0; energy->given && tree < ASX_N_TREES; tree++) {
        const asx_circuit circuit = {kind, tree};
        if (!asx_circuit_has_tree(energy, tree))
            continue;
        const asx_circuit_price price = price_of(prices, ask, &circuit, activity);
        const double pj = total(&price, ask);
        if (pj < least) {
            least = pj;
            out->list[out->n] = price;
        }
    }
    out->n += least < INFINITY;
}

static bool computes(asx_circuit_kind kind, const asx_word *weight)
{
    const bool plain = asx_word_is_plain(weight);
    if (kind == ASX_CIRCUIT_DIGITS_INNER || kind == ASX_CIRCUIT_DIGITS_OUTER)
        return !plain && asx_word_n_digits(weight) > 1;
    return plain == (kind >= ASX_CIRCUIT_BAUGH_WOOLEY);
}

static asx_status work_out(asx_circuit_prices *out, const asx_lane_prices *prices,
                           const asx_circuit_ask *ask, asx_error *err)
{
    asx_activity activity;
    int known = -1; /* whose activity it is */
    asx_status status = ASX_OK;
    memset(out, 0, sizeof *out);
    for (asx_circuit_kind kind = 0; status == ASX_OK && kind < ASX_N_CIRCUITS; kind++) {
        const asx_schedule schedule = {orders[kind], ask->rows, ask->sums};
        if (!computes(kind, &ask->weight) || !terms_of(prices, kind, ASX_MEASURE_ENERGY)->given)
            continue;
        if (known != (int)schedule.order)
            status = asx_activity_get(&activity, prices->activities, &ask->weight, &ask->activation,
                                      &ask->operands, &schedule, err);
        known = (int)schedule.order;
        if (status == ASX_OK)
            add_kind(out, prices, ask, kind, &activity);
    }
    return status;
}

asx_status asx_circuits_get(const asx_circuit_prices **out, asx_lane_prices *prices,
                            const asx_circuit_ask *ask, asx_error *err)
{
    const key k = key_of(ask);
    const void *found = asx_memo_find(prices->circuits, &k);
    if (!found) {
        asx_circuit_prices made;
        if (ask->rows < 2 || ask->rows > ASX_COLUMN_ROWS_MAX)
            return asx_fail(err, ASX_EINVAL, "a column of %u rows, from 2 to %d are allowed",
                            ask->rows, ASX_COLUMN_ROWS_MAX);
        asx_status status = work_out(&made, prices, ask, err);
        if (status == ASX_OK)
            status = asx_memo_keep(&found, prices->circuits, &k, &made, err);
        if (status != ASX_OK)
            return status;
    }
    *out = found;
    return ASX_OK;
}
