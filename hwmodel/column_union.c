/* Columns that can do what every layer needs: which words on which circuits, and what they take in
 * area, leakage and delay. */
#include <math.h>
#include <string.h>

#include "lane_private.h"

static bool is_serial(asx_circuit_kind kind)
{
    return kind == ASX_CIRCUIT_DIGITS_INNER || kind == ASX_CIRCUIT_DIGITS_OUTER;
}

void asx_column_union_add(asx_column_union *columns, const asx_word *weight,
                          const asx_word *activation, const asx_circuit *circuit)
{
    asx_word_widen_input(&columns->activation, activation);
    if (asx_word_is_plain(weight))
        asx_word_widen(&columns->exact_weight[circuit->kind], weight);
    else
        asx_word_widen(&columns->asm_weight[is_serial(circuit->kind)][asx_slot_of(weight)], weight);
    columns->trees |= UINT64_C(1) << (circuit->kind * ASX_N_TREES + circuit->tree);
}

void asx_column_union_merge(asx_column_union *columns, const asx_column_union *other)
{
    for (size_t s = 0; s < 2; s++)
        for (unsigned slot = 0; slot < ASX_N_SLOTS; slot++)
            asx_word_widen(&columns->asm_weight[s][slot], &other->asm_weight[s][slot]);
    for (size_t k = 0; k < ASX_N_CIRCUITS; k++)
        asx_word_widen(&columns->exact_weight[k], &other->exact_weight[k]);
    asx_word_widen(&columns->activation, &other->activation);
    columns->trees |= other->trees;
}

/* A visitor of every circuit that a union has. */
typedef struct visit {
    const asx_column_union *columns;
    const asx_technology *technology;
    const asx_lane_style *style;
    asx_term_measure measure;
    unsigned rows;
    double lane[ASX_N_PARTS]; /* of a lane of every kind, side by side */
    double tree[ASX_N_PARTS]; /* of a lane's share of the tree and the sum, the largest */
    double delay;
} visit;

static void see(visit *v, const asx_word *weight, const asx_circuit *circuit)
{
    const asx_family family = asx_circuit_family(circuit->kind, v->style);
    const asx_terms *terms =
        &v->technology->arithmetic.terms[family][v->style->mapping][v->measure];
    asx_mac mac = asx_circuit_mac(weight, &v->columns->activation, circuit, v->rows);
    double amount[ASX_N_TERMS], tree[ASX_N_PARTS] = {0};
    if (v->measure == ASX_MEASURE_DELAY) {
        mac.banks = asx_word_is_plain(weight) ? 0 : 1 / v->style->lanes_per_bank;
        asx_mac_delay(amount, &mac, family);
        v->delay = fmax(v->delay, asx_terms_value(terms, amount));
        return;
    }
    asx_mac_size(amount, &mac, family);
    for (asx_term t = 0; t < ASX_N_TERMS; t++)
        (asx_term_is_shared(t) ? tree : v->lane)[asx_term_part(t)] +=
            terms->coefficient[t] * amount[t];
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        v->tree[p] = fmax(v->tree[p], tree[p]);
}

/* Of the trees a kind of lanes has, each is seen; the lanes count once. */
static void see_kind(visit *v, const asx_word *weight, asx_circuit_kind kind)
{
    bool first = true;
    if (weight->bits == 0)
        return;
    for (asx_tree tree = 0; tree < ASX_N_TREES; tree++) {
        const asx_circuit circuit = {kind, tree};
        double lane[ASX_N_PARTS];
        if (!(v->columns->trees >> (kind * ASX_N_TREES + tree) & 1))
            continue;
        memcpy(lane, v->lane, sizeof lane);
        see(v, weight, &circuit);
        if (!first)
            memcpy(v->lane, lane, sizeof lane);
        first = false;
    }
}

static void see_all(visit *v)
{
    const asx_column_union *c = v->columns;
    for (asx_circuit_kind kind = 0; kind < ASX_N_CIRCUITS; kind++) {
        see_kind(v, &c->exact_weight[kind], kind);
        for (unsigned slot = 0; kind < ASX_CIRCUIT_BAUGH_WOOLEY && slot < ASX_N_SLOTS; slot++) {
            /* both loop orders run on the same lanes */
            const uint64_t inner = c->trees >> (ASX_CIRCUIT_DIGITS_INNER * ASX_N_TREES);
            const bool again =
                kind == ASX_CIRCUIT_DIGITS_OUTER && (inner & ((1u << ASX_N_TREES) - 1)) != 0;
            if (!again)
                see_kind(v, &c->asm_weight[is_serial(kind)][slot], kind);
        }
    }
}

static asx_alphabet_set all_alphabets(const asx_column_union *columns)
{
    asx_alphabet_set all = {{0}};
    for (size_t s = 0; s < 2; s++)
        for (unsigned slot = 0; slot < ASX_N_SLOTS; slot++)
            all = asx_alphabet_set_union(all, columns->asm_weight[s][slot].set);
    return all;
}

void asx_column_union_size(double *part, const asx_column_union *columns,
                           const asx_technology *technology, const asx_lane_style *style,
                           asx_term_measure measure, double n_lanes, double n_banks, unsigned rows)
{
    visit v = {columns, technology, style, measure, rows, {0}, {0}, 0};
    see_all(&v);
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        part[p] += n_lanes * (v.lane[p] + v.tree[p]);
    const asx_alphabet_set all = all_alphabets(columns);
    if (asx_alphabet_set_count(all) == 0)
        return;
    double amount[ASX_N_TERMS];
    const asx_mac bank = {.weight = {.set = all}, .activation = columns->activation, .banks = 1};
    asx_mac_size(amount, &bank, style->asm_family);
    asx_terms_book(part, asx_lane_terms(technology, style, false, measure), amount, n_banks);
}

double asx_column_union_delay_ns(const asx_column_union *columns, const asx_technology *technology,
                                 const asx_lane_style *style, unsigned rows)
{
    visit v = {columns, technology, style, ASX_MEASURE_DELAY, rows, {0}, {0}, 0};
    see_all(&v);
    return 1e-3 * v.delay;
}
