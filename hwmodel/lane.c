#include "lane.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "lane_private.h"

/* What a price is remembered by: no padding. */
typedef struct key {
    uint64_t set[2];
    uint64_t weight_number, activation_number;
    double weight_sigma, activation_sigma, zero, likeness;
    uint64_t shape;
    uint32_t bits, non_negative, x_bits, x_non_negative;
    uint32_t uniform, truncate, hold, serial;
    uint32_t relative, gated; /* relative: only the activity is wanted */
} key;

const asx_terms *asx_lane_terms(const asx_technology *technology, const asx_lane_style *style,
                                bool exact, asx_term_measure measure)
{
    asx_family family = exact ? style->exact_family : style->asm_family;
    return &technology->arithmetic.terms[family][style->mapping][measure];
}

asx_status asx_lane_style_check(const asx_lane_style *style, const asx_technology *technology,
                                asx_error *err)
{
    for (int exact = 0; exact < 2; exact++)
        if (!asx_lane_terms(technology, style, exact, ASX_MEASURE_ENERGY)->given)
            return asx_fail(err, ASX_EINVAL, "technology '%s' has no terms for '%s.%s'",
                            technology->name,
                            asx_family_text(exact ? style->exact_family : style->asm_family),
                            asx_mapping_text(style->mapping));
    return ASX_OK;
}

const char *asx_lane_beyond(const asx_terms_range **range, unsigned *bits, const asx_word *weight,
                            const asx_word *activation, const asx_technology *technology,
                            const asx_lane_style *style)
{
    static const char *const what[] = {"weights", "activations"};
    asx_family family = asx_word_is_plain(weight) ? style->exact_family : style->asm_family;
    const asx_word *const word[] = {weight, activation};
    for (unsigned k = 0; k < ASX_N_RANGES; k++) {
        *range = &technology->arithmetic.range[family][style->mapping][k];
        *bits = word[k]->bits;
        if (!asx_terms_reach(*range, *bits))
            return what[k];
    }
    return NULL;
}

asx_status asx_lane_prices_new(asx_lane_prices **out, const asx_technology *technology,
                               const asx_lane_style *style, asx_error *err)
{
    asx_lane_prices *prices = asx_array_new(1, sizeof *prices);
    if (!prices)
        return asx_fail(err, ASX_ENOMEM, "no memory for the prices of lanes");
    prices->technology = technology;
    prices->style = *style;
    asx_status status = asx_activity_store_new(&prices->activities, err);
    if (status == ASX_OK)
        status = asx_memo_new(&prices->lanes, sizeof(key), sizeof(asx_lane_price), err);
    if (status == ASX_OK)
        status = asx_circuits_new(&prices->circuits, err);
    if (status == ASX_OK)
        *out = prices;
    else
        asx_lane_prices_free(prices);
    return status;
}

void asx_lane_prices_free(asx_lane_prices *prices)
{
    if (!prices)
        return;
    asx_activity_store_free(prices->activities);
    asx_memo_free(prices->lanes);
    asx_memo_free(prices->circuits);
    free(prices);
}

/* A lane to be priced. */
typedef struct question {
    const asx_word *weight, *activation;
    const asx_operands *operands;
    bool serial, relative;
} question;

static asx_status work_out(asx_lane_price *out, const asx_lane_prices *prices, const question *q,
                           asx_error *err)
{
    const asx_lane_style *style = &prices->style;
    bool exact = asx_word_is_plain(q->weight);
    asx_family family = exact ? style->exact_family : style->asm_family;
    const asx_terms *terms = asx_lane_terms(prices->technology, style, exact, ASX_MEASURE_ENERGY);
    asx_activity activity;
    double amount[ASX_N_TERMS];
    asx_status status = asx_activity_get(&activity, prices->activities, q->weight, q->activation,
                                         q->operands, NULL, err);
    if (status != ASX_OK)
        return status;
    asx_mac mac = {.weight = *q->weight,
                   .activation = *q->activation,
                   .banks = exact ? 0 : 1 / style->lanes_per_bank,
                   .lane = true,
                   .sign = true,
                   .accumulate = true,
                   .single = q->serial && !exact};
    unsigned passes = mac.single ? asx_word_n_digits(q->weight) : 1;
    for (mac.digit = 0; mac.digit < passes; mac.digit++) {
        asx_mac_energy(amount, &mac, family, &activity);
        asx_terms_book(out->lane, terms, amount, 1);
    }
    out->idle = activity.idle;
    out->masked = activity.row;
    /* the bank works once, whatever the passes, and for all of its lanes */
    out->bank[ASX_PART_PRECOMPUTE] =
        out->lane[ASX_PART_PRECOMPUTE] / passes * style->lanes_per_bank;
    out->lane[ASX_PART_PRECOMPUTE] = 0;
    return ASX_OK;
}

static double ratio(double own, double reference)
{
    return reference > 0 ? own / reference : 1;
}

static asx_status compare_activity(asx_lane_activity *out, const asx_lane_prices *prices,
                                   const question *q, asx_error *err)
{
    asx_operands uniform = *q->operands;
    asx_activity own, reference;
    uniform.uniform = true;
    asx_status status = asx_activity_get(&own, prices->activities, q->weight, q->activation,
                                         q->operands, NULL, err);
    if (status == ASX_OK)
        status = asx_activity_get(&reference, prices->activities, q->weight, q->activation,
                                  &uniform, NULL, err);
    if (status == ASX_OK)
        *out = (asx_lane_activity){ratio(own.product, reference.product),
                                   ratio(own.sum, reference.sum)};
    return status;
}

static key key_of(const question *q)
{
    const asx_operands *o = q->operands;
    return (key){.set = {q->weight->set.odd[0], q->weight->set.odd[1]},
                 .weight_sigma = o->weight_sigma,
                 .activation_sigma = o->activation_sigma,
                 .weight_number = o->weight_number,
                 .activation_number = o->activation_number,
                 .zero = o->zero,
                 .likeness = o->likeness,
                 .bits = q->weight->bits,
                 .shape = asx_word_shape(q->weight),
                 .non_negative = q->weight->non_negative,
                 .x_bits = q->activation->bits,
                 .x_non_negative = q->activation->non_negative,
                 .uniform = o->uniform,
                 .truncate = o->truncate,
                 .hold = o->hold,
                 .serial = q->serial,
                 .gated = o->gated,
                 .relative = q->relative};
}

/* The price that is kept, worked out if need be. */
static asx_status get(const asx_lane_price **out, asx_lane_prices *prices, const question *q,
                      asx_error *err)
{
    const key k = key_of(q);
    const void *found = asx_memo_find(prices->lanes, &k);
    if (!found) {
        asx_lane_price made;
        memset(&made, 0, sizeof made);
        asx_status status = q->relative ? compare_activity(&made.activity, prices, q, err)
                                        : work_out(&made, prices, q, err);
        if (status == ASX_OK)
            status = asx_memo_keep(&found, prices->lanes, &k, &made, err);
        if (status != ASX_OK)
            return status;
    }
    *out = found;
    return ASX_OK;
}

asx_status asx_lane_price_get(const asx_lane_price **out, asx_lane_prices *prices,
                              const asx_word *weight, const asx_word *activation, bool serial,
                              const asx_operands *operands, asx_error *err)
{
    const question q = {weight, activation, operands, serial, false};
    return get(out, prices, &q, err);
}

asx_status asx_lane_activity_get(asx_lane_activity *out, asx_lane_prices *prices,
                                 const asx_word *weight, const asx_word *activation,
                                 const asx_operands *operands, asx_error *err)
{
    const question q = {weight, activation, operands, false, true};
    const asx_lane_price *price = NULL;
    asx_status status = get(&price, prices, &q, err);
    if (status == ASX_OK)
        *out = price->activity;
    return status;
}
