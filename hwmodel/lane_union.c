/* Lanes that can do what every layer needs: which words, and what the array takes in area, leakage
 * and delay. Of the circuits for different words the largest of each term is built. */
#include <math.h>

#include "lane_private.h"

static bool is_used(const asx_word *word)
{
    return word->bits > 0;
}

void asx_word_widen(asx_word *word, const asx_word *other)
{
    if (!is_used(other))
        return;
    if (!is_used(word)) {
        *word = *other;
        return;
    }
    word->set = asx_alphabet_set_union(word->set, other->set);
    word->bits = word->bits > other->bits ? word->bits : other->bits;
    word->non_negative = word->non_negative && other->non_negative;
    if (!asx_word_is_plain(word))
        asx_slot_fill(word, asx_slot_of(word));
}

void asx_word_widen_input(asx_word *word, const asx_word *input)
{
    const asx_word x = {.bits = input->bits,
                        .digit_width = ASX_DIGIT_WIDTH_DEFAULT,
                        .non_negative = input->non_negative};
    asx_word_widen(word, &x);
}

void asx_lane_union_add(asx_lane_union *lanes, const asx_word *weight, const asx_word *activation,
                        bool serial)
{
    asx_word_widen_input(&lanes->activation, activation);
    if (asx_word_is_plain(weight))
        asx_word_widen(&lanes->exact_weight, weight);
    else
        asx_word_widen(&lanes->asm_weight[asx_slot_of(weight)], weight);
    lanes->serial = lanes->serial || serial;
}

void asx_lane_union_merge(asx_lane_union *lanes, const asx_lane_union *other)
{
    for (unsigned s = 0; s < ASX_N_SLOTS; s++)
        asx_word_widen(&lanes->asm_weight[s], &other->asm_weight[s]);
    asx_word_widen(&lanes->exact_weight, &other->exact_weight);
    asx_word_widen(&lanes->activation, &other->activation);
    lanes->serial = lanes->serial || other->serial;
}

/* The circuit for alphabet set words: of one digit where lanes are serial. */
static asx_mac asm_mac(const asx_lane_union *lanes, unsigned slot)
{
    const asx_word *weight = &lanes->asm_weight[slot];
    return (asx_mac){.weight = lanes->serial ? asx_slot_digit(weight) : *weight,
                     .activation = lanes->activation,
                     .lane = true,
                     .sign = true,
                     .accumulate = true};
}

typedef void (*amounts)(double *amount, const asx_mac *mac, asx_family family);

/* The largest of each term over the circuits for alphabet set words, and the set of all of them.
 * False: there are none. */
static bool asm_amounts(double *most, asx_alphabet_set *all, const asx_lane_union *lanes,
                        asx_family family, double banks, amounts of)
{
    bool any = false;
    *all = (asx_alphabet_set){{0}};
    for (asx_term t = 0; t < ASX_N_TERMS; t++)
        most[t] = 0;
    for (unsigned s = 0; s < ASX_N_SLOTS; s++) {
        double amount[ASX_N_TERMS];
        if (!is_used(&lanes->asm_weight[s]))
            continue;
        asx_mac mac = asm_mac(lanes, s);
        any = true;
        mac.banks = banks;
        of(amount, &mac, family);
        for (asx_term t = 0; t < ASX_N_TERMS; t++)
            most[t] = fmax(most[t], amount[t]);
        *all = asx_alphabet_set_union(*all, mac.weight.set);
    }
    return any;
}

static asx_mac exact_mac(const asx_lane_union *lanes)
{
    return (asx_mac){.weight = lanes->exact_weight,
                     .activation = lanes->activation,
                     .lane = true,
                     .sign = true,
                     .accumulate = true};
}

/* An array of both kinds of lanes has one adder and sum per lane: the larger kind's. */
void asx_lane_union_size(double *part, const asx_lane_union *lanes,
                         const asx_technology *technology, const asx_lane_style *style,
                         asx_term_measure measure, double n_lanes, double n_banks)
{
    double amount[ASX_N_TERMS], kind[2][ASX_N_PARTS] = {{0}};
    asx_alphabet_set all;
    if (asm_amounts(amount, &all, lanes, style->asm_family, 0, asx_mac_size)) {
        const asx_terms *terms = asx_lane_terms(technology, style, false, measure);
        asx_mac bank = {.weight = {.set = all}, .activation = lanes->activation, .banks = 1};
        asx_terms_book(kind[0], terms, amount, n_lanes);
        asx_mac_size(amount, &bank, style->asm_family);
        asx_terms_book(kind[0], terms, amount, n_banks);
    }
    if (is_used(&lanes->exact_weight)) {
        asx_mac mac = exact_mac(lanes);
        asx_mac_size(amount, &mac, style->exact_family);
        asx_terms_book(kind[1], asx_lane_terms(technology, style, true, measure), amount, n_lanes);
    }
    for (asx_part p = 0; p < ASX_N_PARTS; p++)
        part[p] +=
            p == ASX_PART_ACCUMULATE ? fmax(kind[0][p], kind[1][p]) : kind[0][p] + kind[1][p];
}

double asx_lane_union_delay_ns(const asx_lane_union *lanes, const asx_technology *technology,
                               const asx_lane_style *style)
{
    double amount[ASX_N_TERMS], delay = 0;
    asx_alphabet_set all;
    if (asm_amounts(amount, &all, lanes, style->asm_family, 1 / style->lanes_per_bank,
                    asx_mac_delay))
        delay =
            asx_terms_value(asx_lane_terms(technology, style, false, ASX_MEASURE_DELAY), amount);
    if (is_used(&lanes->exact_weight)) {
        asx_mac mac = exact_mac(lanes);
        asx_mac_delay(amount, &mac, style->exact_family);
        delay =
            fmax(delay, asx_terms_value(asx_lane_terms(technology, style, true, ASX_MEASURE_DELAY),
                                        amount));
    }
    return 1e-3 * delay;
}
