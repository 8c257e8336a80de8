/* From a unit's structure to amounts of terms.
 *
 * Alphabet set multiplier (Sarwar et al., arXiv 1602.08557): bank -> per digit a selection among
 * the supported values -> digits joined at their places -> sign -> sum. An adder of the bank has no
 * cell for the lowest bits and half adders at the top: it counts as `bits - 2.5` full adders.
 * Glitches grow with what lies behind and before a word: with its width, the number of values
 * selected from and of digits joined. So each of these is a term of its own, toggles times size. */
#include "mac.h"

#include <math.h>
#include <string.h>

#include "dse/number.h"
#include "unit.h"

static const double bank_bits_without_adder = 2.5;

bool asx_family_is_exact(asx_family family)
{
    return family >= ASX_FAMILY_BAUGH_WOOLEY;
}

/* Alphabets whose multiples take an adder: of each kind, weighted by w(a). */
static void add_bank(double *amount, const asx_mac *mac, const asx_activity *activity)
{
    asx_alphabet_set set = mac->weight.set;
    double bits = fmax(0, mac->activation.bits - bank_bits_without_adder), kind[3] = {0};
    bool helper = asx_alphabet_set_has(set, 3) || asx_alphabet_set_has(set, 5);
    for (unsigned a = 1; (a = asx_alphabet_set_next(set, a));) {
        /* toggles of the multiple, or 1 to count adders */
        double t = activity ? activity->multiple[(a - 1) / 2] : 1;
        unsigned adders = asx_bank_adders((asx_alphabet_set){{0}}, a);
        bool subtracts = (a & (a + 1)) == 0 && a > 3;
        kind[adders > 1 ? 2 : subtracts ? 1 : 0] += t * (adders > 2 ? adders - 1 : 1);
        if (adders > 1 && !helper) { /* 3 x, from which all others with two adders are one away */
            kind[0] += activity ? activity->multiple[1] : 1;
            helper = true;
        }
    }
    double scale = mac->banks * (activity ? bits / mac->activation.bits : bits);
    amount[ASX_TERM_BANK_ADD] = kind[0] * scale;
    amount[ASX_TERM_BANK_SUBTRACT] = kind[1] * scale;
    amount[ASX_TERM_BANK_SECOND] = kind[2] * scale;
    if (!activity)
        return;
    amount[ASX_TERM_BANK_GLITCH] = (kind[0] + kind[1] + 2 * kind[2]) * scale * mac->activation.bits;
    unsigned n = mac->single ? 1 : asx_word_n_digits(&mac->weight);
    if (mac->lane)
        amount[ASX_TERM_BANK_LOAD] = (kind[0] + kind[1] + kind[2]) * scale * log2(n / mac->banks);
}

/* What a digit selects from. */
typedef struct choice {
    unsigned n_values, n_alphabets; /* without 0 */
    unsigned top;                   /* the largest value is below 2^(top + 1) */
    unsigned excess;                /* sum over values of the bits in excess of x's */
    double multiples;               /* sum over values of their multiples' toggles */
} choice;

static choice choice_of(const asx_word *word, unsigned i, const asx_activity *activity)
{
    int32_t value[ASX_DIGIT_VALUES_MAX];
    size_t n = asx_word_digit_values(value, word, i);
    asx_alphabet_set set = {{0}};
    choice out = {0};
    for (size_t k = 0; k < n; k++) {
        if (value[k] <= 0)
            continue;
        unsigned v = (unsigned)value[k], log = 0;
        for (unsigned u = v; u > 1; u /= 2)
            log++;
        while (v % 2 == 0)
            v /= 2;
        set = asx_alphabet_set_with(set, v);
        out.n_values++;
        out.excess += log;
        out.top = log > out.top ? log : out.top;
        out.multiples += activity ? activity->multiple[(v - 1) / 2] : 0;
    }
    out.n_alphabets = asx_alphabet_set_count(set);
    return out;
}

static unsigned first_digit(const asx_mac *mac)
{
    return mac->single ? mac->digit : 0;
}

static unsigned end_digit(const asx_mac *mac)
{
    return mac->single ? mac->digit + 1 : asx_word_n_digits(&mac->weight);
}

/* Returns the number of values over all digits. */
static unsigned add_digit_energy(double *amount, const asx_mac *mac, const asx_activity *activity)
{
    double x_bits = mac->activation.bits;
    unsigned n_values = 0;
    for (unsigned i = first_digit(mac); i < end_digit(mac); i++) {
        const asx_digit_activity *d = &activity->digit[i];
        choice c = choice_of(&mac->weight, i, activity);
        double levels = asx_log2_ceil(c.n_values + 1);
        n_values += c.n_values;
        amount[ASX_TERM_SELECT_INPUTS] += c.multiples;
        amount[ASX_TERM_SELECT_ALPHABETS] += d->alphabet * asx_log2_ceil(c.n_alphabets);
        amount[ASX_TERM_SELECT_CHANGE] += d->change * (x_bits + 2) * levels;
        amount[ASX_TERM_SHIFT_LEVELS] += d->product * levels;
        amount[ASX_TERM_SHIFT_OUTPUT] += d->product;
        if (i > first_digit(mac)) {
            amount[ASX_TERM_JOIN] += d->partial;
            amount[ASX_TERM_JOIN_DEPTH] += i * d->partial;
        }
    }
    if (mac->banks > 0) /* multiples that many lanes load arrive late */
        amount[ASX_TERM_SELECT_LANES] = amount[ASX_TERM_SHIFT_OUTPUT] * log2(1 / mac->banks);
    amount[ASX_TERM_JOIN_WIDTH] = amount[ASX_TERM_JOIN] * x_bits;
    return n_values;
}

/* Share of operations that change a digit, averaged over digits. */
static double change_of(const asx_mac *mac, const asx_activity *activity)
{
    double sum = 0;
    for (unsigned i = first_digit(mac); i < end_digit(mac); i++)
        sum += activity->digit[i].change;
    return sum / (end_digit(mac) - first_digit(mac));
}

/* Bits of the digits worked on that toggle, and of the sign. */
static double weight_toggles(const asx_mac *mac, const asx_activity *activity)
{
    double sum = mac->weight.digits == ASX_DIGITS_UNSIGNED ? activity->sign : 0;
    for (unsigned i = first_digit(mac); i < end_digit(mac); i++)
        sum += activity->digit[i].select;
    return sum;
}

static asx_term sign_term(const asx_mac *mac)
{
    return mac->late_sign ? ASX_TERM_SIGN_LATE : ASX_TERM_SIGN;
}

static void asm_energy(double *amount, const asx_mac *mac, const asx_activity *activity)
{
    if (mac->banks > 0)
        add_bank(amount, mac, activity);
    if (!mac->lane)
        return;
    unsigned n = end_digit(mac) - first_digit(mac);
    unsigned n_values = add_digit_energy(amount, mac, activity);
    double values = log2(n_values > 0 ? n_values : 1); /* a top digit may be 0 always */
    double word_bits =
        mac->single ? asx_word_digit_bits(&mac->weight, mac->digit) : (double)mac->weight.bits;
    double product = mac->single ? activity->digit[mac->digit].product : activity->product;
    double bits = mac->activation.bits + word_bits;
    amount[ASX_TERM_WEIGHT_BITS] = weight_toggles(mac, activity);
    if (mac->sign) {
        amount[ASX_TERM_SELECT_DRIVE] = activity->input * values;
        amount[sign_term(mac)] = activity->sign * bits;
        amount[ASX_TERM_PRODUCT] = product * values;
    }
    if (mac->single && mac->rows <= 1) { /* which changes with the pass */
        amount[ASX_TERM_PLACE] = activity->row * asx_log2_ceil(asx_word_n_digits(&mac->weight));
        amount[ASX_TERM_PLACE_CHANGE] = activity->turn * mac->activation.bits;
    }
    if (mac->accumulate && mac->rows <= 1) {
        amount[ASX_TERM_SUM] = activity->sum;
        amount[ASX_TERM_SUM_DEPTH] = amount[ASX_TERM_SUM] * word_bits;
        amount[ASX_TERM_SUM_BREADTH] = amount[ASX_TERM_SUM] * mac->activation.bits;
        amount[ASX_TERM_SUM_INPUT] = activity->input;
        amount[ASX_TERM_SUM_VALUES] = product * values;
        amount[ASX_TERM_SUM_WIDTH] = product * mac->activation.bits;
        amount[ASX_TERM_SUM_DIGITS] = product * n;
        /* races between selection and multiples, later ones where many lanes load the bank */
        amount[ASX_TERM_SUM_CHANGE] = change_of(mac, activity) * product * values;
        if (mac->banks > 0)
            amount[ASX_TERM_SUM_LANES] = change_of(mac, activity) * product * log2(1 / mac->banks);
    }
}

static void exact_energy(double *amount, const asx_mac *mac, bool booth,
                         const asx_activity *activity)
{
    double w = mac->weight.bits, x = mac->activation.bits;
    amount[ASX_TERM_CELLS] = activity->cells[booth];
    amount[ASX_TERM_ROWS] = activity->rows[booth];
    amount[ASX_TERM_ROWS_DEPTH] = activity->rows[booth] * w;
    amount[ASX_TERM_WEIGHT_DRIVE] = activity->weight * x;
    amount[ASX_TERM_INPUT_DRIVE] = activity->input * w;
    amount[ASX_TERM_ROWS_WIDTH] = activity->rows[booth] * x;
    amount[ASX_TERM_ROWS_SKEW] = activity->rows[booth] * fabs(w - x);
    amount[ASX_TERM_PRODUCT_DEPTH] = activity->product * w;
    if (mac->accumulate && mac->rows <= 1) {
        amount[ASX_TERM_SUM] = activity->sum;
        amount[ASX_TERM_SUM_WIDTH] = activity->sum * fmin(w, x);
        /* the sum is one more row of the same array: what glitches above runs through it */
        amount[ASX_TERM_ROWS_SUM] = activity->rows[booth];
        amount[ASX_TERM_PRODUCT_SUM] = activity->product;
    }
}

/* An AND per bit of the other operand. */
static void bit_energy(double *amount, const asx_activity *activity)
{
    amount[ASX_TERM_BIT_PRODUCT] = activity->row;
}

void asx_mac_energy(double *amount, const asx_mac *mac, asx_family family,
                    const asx_activity *activity)
{
    memset(amount, 0, ASX_N_TERMS * sizeof *amount);
    if (family == ASX_FAMILY_BIT_SERIAL)
        bit_energy(amount, activity);
    else if (asx_family_is_exact(family))
        exact_energy(amount, mac, family == ASX_FAMILY_BOOTH, activity);
    else
        asm_energy(amount, mac, activity);
    if (mac->accumulate && mac->rows > 1)
        asx_column_energy(amount, mac, family, activity);
}

static void add_sum(double *amount, const asx_mac *mac, double bits)
{
    const bool own = mac->accumulate && mac->rows <= 1;
    amount[ASX_TERM_SUM] = own ? bits : 0;
    amount[ASX_TERM_SUM_ONCE] = own;
}

static void asm_size(double *amount, const asx_mac *mac)
{
    double x = mac->activation.bits, bits = x + mac->weight.bits;
    if (mac->banks > 0)
        add_bank(amount, mac, NULL);
    for (unsigned i = first_digit(mac); mac->lane && i < end_digit(mac); i++) {
        choice c = choice_of(&mac->weight, i, NULL);
        double out = x + c.top;
        amount[ASX_TERM_SELECT_INPUTS] += c.n_values * x + c.excess;
        amount[ASX_TERM_SELECT_ALPHABETS] += asx_log2_ceil(c.n_alphabets) * out;
        amount[ASX_TERM_SHIFT_LEVELS] += asx_log2_ceil(c.n_values + 1) * out;
        amount[ASX_TERM_SHIFT_OUTPUT] += out;
        if (i > first_digit(mac)) {
            amount[ASX_TERM_JOIN] += x + i * mac->weight.digit_width;
            amount[ASX_TERM_JOIN_DEPTH] += out;
        }
    }
    if (mac->sign)
        amount[sign_term(mac)] = mac->single ? asx_row_bits(mac) : bits;
    add_sum(amount, mac, bits);
    if (mac->single)
        amount[ASX_TERM_PLACE] =
            bits * asx_log2_ceil(asx_word_n_digits(&mac->weight)) / (mac->rows > 1 ? mac->rows : 1);
}

static void exact_size(double *amount, const asx_mac *mac, bool booth)
{
    double w = mac->weight.bits, x = mac->activation.bits;
    double rows = ceil(w / 2);
    amount[ASX_TERM_CELLS] = booth ? (rows - 1) * (x + 1) : (w - 1) * (x - 1);
    amount[ASX_TERM_ROWS] = booth ? rows * (x + 1) : 0;
    amount[ASX_TERM_INPUT_DRIVE] = w + x;
    add_sum(amount, mac, w + x);
}

void asx_mac_size(double *amount, const asx_mac *mac, asx_family family)
{
    memset(amount, 0, ASX_N_TERMS * sizeof *amount);
    if (family == ASX_FAMILY_BIT_SERIAL)
        amount[ASX_TERM_BIT_PRODUCT] = asx_row_bits(mac);
    else if (asx_family_is_exact(family))
        exact_size(amount, mac, family == ASX_FAMILY_BOOTH);
    else
        asm_size(amount, mac);
    if (mac->accumulate && mac->rows > 1)
        asx_column_size(amount, mac);
}

static void bank_delay(double *amount, const asx_mac *mac)
{
    asx_alphabet_set set = mac->weight.set;
    bool any = false, second = false;
    for (unsigned a = 1; (a = asx_alphabet_set_next(set, a));) {
        any = true;
        second = second || asx_bank_adders((asx_alphabet_set){{0}}, a) > 1;
    }
    if (any) {
        amount[ASX_TERM_PATH_BANK] = 1;
        amount[ASX_TERM_PATH_BANK_CARRY] = fmax(0, mac->activation.bits - 2.);
    }
    if (second) {
        amount[ASX_TERM_PATH_SECOND] = 1;
        amount[ASX_TERM_PATH_SECOND_CARRY] = mac->activation.bits;
    }
    amount[ASX_TERM_PATH_LANES] = log2(1 / mac->banks);
}

static void asm_delay(double *amount, const asx_mac *mac)
{
    double bits = (double)mac->weight.bits + mac->activation.bits;
    unsigned n = end_digit(mac) - first_digit(mac), most = 0;
    if (mac->banks > 0)
        bank_delay(amount, mac);
    if (!mac->lane)
        return;
    for (unsigned i = first_digit(mac); i < end_digit(mac); i++) {
        choice c = choice_of(&mac->weight, i, NULL);
        most = c.n_values > most ? c.n_values : most;
    }
    amount[ASX_TERM_PATH] = 1;
    amount[ASX_TERM_PATH_SELECT] = log2(most + 1.);
    amount[ASX_TERM_PATH_ALPHABETS] = log2(asx_alphabet_set_count(mac->weight.set) + 1.);
    amount[ASX_TERM_PATH_DIGITS] = log2(n);
    amount[ASX_TERM_PATH_JOIN] = n - 1;
    amount[ASX_TERM_PATH_PRODUCT] = mac->sign ? bits : 0;
    amount[ASX_TERM_PATH_SUM] = mac->accumulate && mac->rows <= 1;
    amount[ASX_TERM_PATH_SUM_CARRY] = mac->accumulate && mac->rows <= 1 ? bits : 0;
}

static void exact_delay(double *amount, const asx_mac *mac)
{
    double w = mac->weight.bits, x = mac->activation.bits;
    amount[ASX_TERM_PATH] = 1;
    amount[ASX_TERM_PATH_WEIGHT] = w;
    amount[ASX_TERM_PATH_WEIGHT_LOG] = log2(w);
    amount[ASX_TERM_PATH_INPUT] = x;
    amount[ASX_TERM_PATH_INPUT_LOG] = log2(x);
    amount[ASX_TERM_PATH_SUM] = mac->accumulate && mac->rows <= 1;
    amount[ASX_TERM_PATH_SUM_CARRY] = mac->accumulate && mac->rows <= 1 ? w + x : 0;
}

void asx_mac_delay(double *amount, const asx_mac *mac, asx_family family)
{
    memset(amount, 0, ASX_N_TERMS * sizeof *amount);
    if (family == ASX_FAMILY_BIT_SERIAL)
        amount[ASX_TERM_PATH] = 1;
    else if (asx_family_is_exact(family))
        exact_delay(amount, mac);
    else
        asm_delay(amount, mac);
    if (mac->accumulate && mac->rows > 1)
        asx_column_delay(amount, mac);
}
