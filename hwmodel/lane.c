#include "lane.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "dse/memory.h"

enum { N_BUCKETS = 1024 };

typedef struct entry {
    asx_word weight;
    asx_operands operands;
    unsigned x_bits;
    bool x_non_negative, serial;
    bool relative; /* only `activity` is wanted */
    asx_lane_price price;
    struct entry *next;
} entry;

/* Lists that only grow, at their heads: readers never wait, and of two writers of the same price
 * one is kept. */
struct asx_lane_prices {
    const asx_technology *technology; /* borrowed */
    asx_lane_style style;
    _Atomic(entry *) bucket[N_BUCKETS];
};

static const asx_terms *terms_of(const asx_technology *technology, const asx_lane_style *style,
                                 bool exact, asx_measure measure)
{
    asx_family family = exact ? style->exact_family : style->asm_family;
    return &technology->arithmetic.terms[family][style->mapping][measure];
}

asx_status asx_lane_style_check(const asx_lane_style *style, const asx_technology *technology,
                                asx_error *err)
{
    for (int exact = 0; exact < 2; exact++)
        if (!terms_of(technology, style, exact, ASX_MEASURE_ENERGY)->given)
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
    for (size_t i = 0; i < N_BUCKETS; i++)
        atomic_init(&prices->bucket[i], NULL);
    *out = prices;
    return ASX_OK;
}

void asx_lane_prices_free(asx_lane_prices *prices)
{
    for (size_t i = 0; prices && i < N_BUCKETS; i++)
        for (entry *e = atomic_load(&prices->bucket[i]), *next; e; e = next) {
            next = e->next;
            free(e);
        }
    free(prices);
}

/* Adds the terms' energies to the parts that they are booked on. */
static void book(double *part, const asx_terms *terms, const double *amount, double count)
{
    for (asx_term t = 0; t < ASX_N_TERMS; t++)
        part[asx_term_part(t)] += count * terms->coefficient[t] * amount[t];
}

static asx_status work_out(asx_lane_price *out, const asx_lane_prices *prices, const entry *key,
                           const asx_word *activation, asx_error *err)
{
    const asx_lane_style *style = &prices->style;
    bool exact = asx_word_is_plain(&key->weight);
    asx_family family = exact ? style->exact_family : style->asm_family;
    const asx_terms *terms = terms_of(prices->technology, style, exact, ASX_MEASURE_ENERGY);
    asx_activity activity;
    double amount[ASX_N_TERMS];
    asx_status status = asx_activity_init(&activity, &key->weight, activation, &key->operands, err);
    if (status != ASX_OK)
        return status;
    asx_mac mac = {.weight = key->weight,
                   .activation = *activation,
                   .banks = exact ? 0 : 1 / style->lanes_per_bank,
                   .lane = true,
                   .sign = true,
                   .accumulate = true,
                   .single = key->serial && !exact};
    unsigned passes = mac.single ? asx_word_n_digits(&key->weight) : 1;
    for (mac.digit = 0; mac.digit < passes; mac.digit++) {
        asx_mac_energy(amount, &mac, family, &activity);
        book(out->lane, terms, amount, 1);
    }
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

static asx_status compare_activity(asx_lane_activity *out, const entry *key,
                                   const asx_word *activation, asx_error *err)
{
    asx_operands uniform = key->operands;
    asx_activity own, reference;
    uniform.uniform = true;
    asx_status status = asx_activity_init(&own, &key->weight, activation, &key->operands, err);
    if (status == ASX_OK)
        status = asx_activity_init(&reference, &key->weight, activation, &uniform, err);
    if (status == ASX_OK)
        *out = (asx_lane_activity){ratio(own.product, reference.product),
                                   ratio(own.sum, reference.sum)};
    return status;
}

static bool same_operands(const asx_operands *a, const asx_operands *b)
{
    return a->uniform == b->uniform && a->truncate == b->truncate && a->hold == b->hold &&
           a->weight_sigma == b->weight_sigma && a->activation_sigma == b->activation_sigma &&
           a->zero == b->zero;
}

/* A number that mostly differs where spreads do. */
static uint64_t spreads_of(const asx_operands *o)
{
    return (uint64_t)(4096 * o->weight_sigma) ^ (uint64_t)(65536 * o->activation_sigma) ^
           (uint64_t)(1048576 * o->zero);
}

static size_t bucket_of(const entry *key)
{
    uint64_t h = key->weight.set.odd[0] * 0x9e3779b97f4a7c15u ^ key->weight.set.odd[1];
    h = (h ^ key->weight.bits) * 0xbf58476d1ce4e5b9u;
    h = (h ^ key->weight.digit_width ^ (uint64_t)key->weight.digits << 8) * 0x94d049bb133111ebu;
    h = (h ^ key->x_bits ^ (uint64_t)key->operands.hold << 8 ^ spreads_of(&key->operands) << 40 ^
         (uint64_t)key->x_non_negative << 32 ^ (uint64_t)key->serial << 33) *
        0x9e3779b97f4a7c15u;
    return (size_t)(h >> 32) % N_BUCKETS;
}

static const entry *find(const entry *list, const entry *key)
{
    for (; list; list = list->next)
        if (asx_word_equal(&list->weight, &key->weight) && list->x_bits == key->x_bits &&
            list->x_non_negative == key->x_non_negative && list->serial == key->serial &&
            list->relative == key->relative && same_operands(&list->operands, &key->operands))
            return list;
    return NULL;
}

/* The entry for a key, made if need be. */
static asx_status get(const asx_lane_price **out, asx_lane_prices *prices, entry *key,
                      const asx_word *activation, asx_error *err)
{
    key->x_bits = activation->bits;
    key->x_non_negative = activation->non_negative;
    _Atomic(entry *) *bucket = &prices->bucket[bucket_of(key)];
    entry *head = atomic_load(bucket);
    const entry *known = find(head, key);
    if (known) {
        *out = &known->price;
        return ASX_OK;
    }
    entry *made = asx_array_new(1, sizeof *made);
    if (!made)
        return asx_fail(err, ASX_ENOMEM, "no memory for the price of a lane");
    *made = *key;
    asx_status status = key->relative
                            ? compare_activity(&made->price.activity, key, activation, err)
                            : work_out(&made->price, prices, key, activation, err);
    if (status != ASX_OK) {
        free(made);
        return status;
    }
    do {
        known = find(head, key); /* another thread may have been faster */
        made->next = head;
    } while (!known && !atomic_compare_exchange_weak(bucket, &head, made));
    if (known)
        free(made);
    *out = known ? &known->price : &made->price;
    return ASX_OK;
}

asx_status asx_lane_price_get(const asx_lane_price **out, asx_lane_prices *prices,
                              const asx_word *weight, const asx_word *activation, bool serial,
                              const asx_operands *operands, asx_error *err)
{
    entry key = {.weight = *weight, .operands = *operands, .serial = serial};
    return get(out, prices, &key, activation, err);
}

asx_status asx_lane_activity_get(asx_lane_activity *out, asx_lane_prices *prices,
                                 const asx_word *weight, const asx_word *activation,
                                 const asx_operands *operands, asx_error *err)
{
    entry key = {.weight = *weight, .operands = *operands, .relative = true};
    const asx_lane_price *price = NULL;
    asx_status status = get(&price, prices, &key, activation, err);
    if (status == ASX_OK)
        *out = price->activity;
    return status;
}

static bool is_used(const asx_word *word)
{
    return word->bits > 0;
}

static void widen(asx_word *word, const asx_word *other)
{
    if (!is_used(other))
        return;
    if (!is_used(word)) {
        word->digit_width = other->digit_width;
        word->digits = other->digits;
        word->non_negative = other->non_negative;
    }
    word->set = asx_alphabet_set_union(word->set, other->set);
    word->bits = word->bits > other->bits ? word->bits : other->bits;
    word->non_negative = word->non_negative && other->non_negative;
}

void asx_lane_union_add(asx_lane_union *lanes, const asx_word *weight, const asx_word *activation,
                        bool serial)
{
    asx_word x = *activation; /* its alphabets are its decoder's matter */
    x.set = (asx_alphabet_set){{0}};
    widen(&lanes->activation, &x);
    if (asx_word_is_plain(weight))
        widen(&lanes->exact_weight, weight);
    else
        widen(&lanes->asm_weight[weight->digit_width][weight->digits], weight);
    lanes->serial = lanes->serial || serial;
}

void asx_lane_union_merge(asx_lane_union *lanes, const asx_lane_union *other)
{
    for (size_t q = 0; q <= ASX_DIGIT_WIDTH_MAX; q++)
        for (size_t d = 0; d < 2; d++)
            widen(&lanes->asm_weight[q][d], &other->asm_weight[q][d]);
    widen(&lanes->exact_weight, &other->exact_weight);
    widen(&lanes->activation, &other->activation);
    lanes->serial = lanes->serial || other->serial;
}

/* The circuit for alphabet set words: of one digit where lanes are serial. */
static asx_mac asm_mac(const asx_lane_union *lanes, size_t q, size_t digits)
{
    asx_mac mac = {.weight = lanes->asm_weight[q][digits],
                   .activation = lanes->activation,
                   .lane = true,
                   .sign = true,
                   .accumulate = true};
    unsigned bits = (unsigned)q + (digits == ASX_DIGITS_UNSIGNED);
    if (lanes->serial && mac.weight.bits > bits)
        mac.weight.bits = bits;
    return mac;
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
    for (size_t q = 0; q <= ASX_DIGIT_WIDTH_MAX; q++)
        for (size_t d = 0; d < 2; d++) {
            asx_mac mac = asm_mac(lanes, q, d);
            double amount[ASX_N_TERMS];
            if (!is_used(&mac.weight))
                continue;
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
                         asx_measure measure, double n_lanes, double n_banks)
{
    double amount[ASX_N_TERMS], kind[2][ASX_N_PARTS] = {{0}};
    asx_alphabet_set all;
    if (asm_amounts(amount, &all, lanes, style->asm_family, 0, asx_mac_size)) {
        const asx_terms *terms = terms_of(technology, style, false, measure);
        asx_mac bank = {.weight = {.set = all}, .activation = lanes->activation, .banks = 1};
        book(kind[0], terms, amount, n_lanes);
        asx_mac_size(amount, &bank, style->asm_family);
        book(kind[0], terms, amount, n_banks);
    }
    if (is_used(&lanes->exact_weight)) {
        asx_mac mac = exact_mac(lanes);
        asx_mac_size(amount, &mac, style->exact_family);
        book(kind[1], terms_of(technology, style, true, measure), amount, n_lanes);
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
        delay = asx_terms_value(terms_of(technology, style, false, ASX_MEASURE_DELAY), amount);
    if (is_used(&lanes->exact_weight)) {
        asx_mac mac = exact_mac(lanes);
        asx_mac_delay(amount, &mac, style->exact_family);
        delay = fmax(delay,
                     asx_terms_value(terms_of(technology, style, true, ASX_MEASURE_DELAY), amount));
    }
    return 1e-3 * delay;
}
