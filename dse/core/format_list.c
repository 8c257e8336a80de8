/* All distinct formats that a campaign allows. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/format.h"
#include "dse/memory.h"
#include "keyed_words.h"
#include "set_list.h"

typedef struct candidate {
    asx_format format;
    asx_word_key weight, activation;
    unsigned n_alphabets, code_bits;
    char *text;
} candidate;

typedef struct candidate_list {
    candidate *item;
    size_t n, capacity;
} candidate_list;

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for a list of formats");
}

static asx_status too_many(asx_error *err)
{
    return asx_fail(err, ASX_EINVAL, "the choices allow more than %d formats", ASX_FORMATS_MAX);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_candidates(const void *x, const void *y)
{
    const candidate *a = x, *b = y;
    int order = asx_word_key_compare(&a->weight, &b->weight);
    if (!order)
        order = asx_word_key_compare(&a->activation, &b->activation);
    if (!order)
        order = compare_numbers(a->n_alphabets, b->n_alphabets);
    if (!order)
        order = compare_numbers(a->code_bits, b->code_bits);
    return order ? order : strcmp(a->text, b->text);
}

static int compare_output(const void *x, const void *y)
{
    const candidate *a = x, *b = y;
    int order = compare_numbers(a->format.weight.bits, b->format.weight.bits);
    if (!order)
        order = compare_numbers(a->format.activation.bits, b->format.activation.bits);
    return order ? order : strcmp(a->text, b->text);
}

/* One operand's choices at one digit width. */
typedef struct operand {
    const unsigned *bits;
    size_t n_bits;
    const asx_digits *digits;
    size_t n_digits;
    const asx_set_list *sets;
    bool *used; /* [sets->n] whether a set made any word */
    bool activation;
} operand;

static asx_status list_words(asx_keyed_list *out, const operand *from, unsigned digit_width,
                             asx_error *err)
{
    asx_word_list words = {0};
    asx_status status = ASX_OK;
    /* words of different bits have different keys: distinct within one number of bits is enough */
    for (size_t b = 0; b < from->n_bits && status == ASX_OK; b++) {
        words.n = 0;
        for (size_t d = 0; d < from->n_digits; d++) {
            const asx_word like = {
                .bits = from->bits[b], .digit_width = digit_width, .digits = from->digits[d]};
            for (size_t i = 0; i < from->sets->n && status == ASX_OK; i++) {
                const size_t before = words.n;
                status = asx_set_choice_words(&words, &from->sets->item[i], &like, from->activation,
                                              err);
                from->used[i] |= words.n > before;
            }
        }
        if (status == ASX_OK)
            status = asx_keyed_add_distinct(out, &words, from->activation, err);
    }
    free(words.item);
    return status;
}

static asx_status add_product(candidate_list *out, const asx_keyed_list *weights,
                              const asx_keyed_list *activations, asx_error *err)
{
    /* each is a format of its own, so more can never shrink to few enough */
    const size_t n = weights->n * activations->n; /* both <= ASX_FORMATS_MAX */
    if (n > ASX_FORMATS_MAX)
        return too_many(err);
    candidate *item = asx_array_grow(out->item, &out->capacity, out->n + n, sizeof *item);
    if (!item)
        return no_memory(err);
    out->item = item;
    for (size_t k = 0; k < n; k++) {
        const asx_keyed_word *w = &weights->item[k / activations->n];
        const asx_keyed_word *a = &activations->item[k % activations->n];
        candidate c = {.format = {.weight = w->word, .activation = a->word},
                       .weight = w->key,
                       .activation = a->key,
                       .n_alphabets = w->n_alphabets + a->n_alphabets,
                       .code_bits = w->code_bits + a->code_bits};
        asx_text text = {0};
        asx_format_print(&text, &c.format);
        asx_status status = asx_text_take(&c.text, &text, err);
        if (status != ASX_OK)
            return status;
        out->item[out->n++] = c;
    }
    return ASX_OK;
}

static void candidates_fini(candidate_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->item[i].text);
    free(list->item);
}

/* One candidate of each pair of keys, in the order of the output. There is at least one. */
static void make_distinct(candidate_list *list)
{
    qsort(list->item, list->n, sizeof *list->item, compare_candidates);
    size_t n = 1;
    for (size_t i = 1; i < list->n; i++) {
        candidate *last = &list->item[n - 1], *c = &list->item[i];
        if (asx_word_key_compare(&c->weight, &last->weight) ||
            asx_word_key_compare(&c->activation, &last->activation))
            list->item[n++] = *c;
        else
            free(c->text);
    }
    list->n = n;
    qsort(list->item, list->n, sizeof *list->item, compare_output);
}

static asx_status check_range(const unsigned *value, size_t n, unsigned low, unsigned high,
                              const char *what, asx_error *err)
{
    if (n == 0)
        return asx_fail(err, ASX_EINVAL, "no %s", what);
    for (size_t i = 0; i < n; i++) {
        if (value[i] < low || value[i] > high)
            return asx_fail(err, ASX_EINVAL, "%s: %u is outside %u .. %u", what, value[i], low,
                            high);
    }
    return ASX_OK;
}

static asx_status check_choices(const asx_format_choices *c, asx_error *err)
{
    asx_status status = check_range(c->weight_bits, c->n_weight_bits, ASX_WORD_BITS_MIN,
                                    ASX_WORD_BITS_MAX, "weight bits", err);
    if (status == ASX_OK)
        status = check_range(c->activation_bits, c->n_activation_bits, ASX_WORD_BITS_MIN,
                             ASX_WORD_BITS_MAX, "activation bits", err);
    if (status == ASX_OK)
        status = check_range(c->digit_width, c->n_digit_widths, ASX_DIGIT_WIDTH_MIN,
                             ASX_DIGIT_WIDTH_MAX, "digit widths", err);
    if (status == ASX_OK && c->n_activation_widths > 0)
        status = check_range(c->activation_width, c->n_activation_widths, ASX_DIGIT_WIDTH_MIN,
                             ASX_DIGIT_WIDTH_MAX, "digit widths of activations", err);
    if (status == ASX_OK && c->n_digits == 0)
        status = asx_fail(err, ASX_EINVAL, "no kinds of digits");
    return status;
}

static asx_status check_used(const operand *from, const char *what, asx_error *err)
{
    for (size_t i = 0; i < from->sets->n; i++) {
        if (from->used[i])
            continue;
        asx_text text = {0};
        asx_alphabet_set_print(&text, from->sets->item[i].set);
        asx_status status =
            asx_fail(err, ASX_EINVAL, "%s: no word of the choices can use the set %s", what,
                     text.s ? text.s : "");
        asx_text_fini(&text);
        return status;
    }
    return ASX_OK;
}

/* The widths of the activations' digits beside a width of the weights'. */
typedef struct asx_widths {
    const unsigned *of;
    size_t n;
} asx_widths;

static asx_widths widths_beside(const asx_format_choices *choices, size_t i)
{
    return choices->n_activation_widths > 0
               ? (asx_widths){choices->activation_width, choices->n_activation_widths}
               : (asx_widths){&choices->digit_width[i], 1};
}

static asx_status list_candidates(candidate_list *out, const operand *weight,
                                  const operand *activation, const asx_format_choices *choices,
                                  asx_error *err)
{
    asx_keyed_list weights = {0}, activations = {0};
    asx_word *const words = (asx_word *)choices->weight_words; /* only read */
    const asx_word_list others = {words, choices->n_weight_words, 0};
    asx_status status = ASX_OK;
    for (size_t i = 0; i < choices->n_digit_widths && status == ASX_OK; i++) {
        const asx_widths widths = widths_beside(choices, i);
        weights.n = activations.n = 0;
        status = list_words(&weights, weight, choices->digit_width[i], err);
        if (status == ASX_OK)
            status = asx_keyed_add_distinct(&weights, &others, false, err);
        for (size_t k = 0; k < widths.n && status == ASX_OK; k++)
            status = list_words(&activations, activation, widths.of[k], err);
        if (status == ASX_OK)
            status = add_product(out, &weights, &activations, err);
    }
    free(weights.item);
    free(activations.item);
    if (status == ASX_OK)
        status = check_used(weight, "weights", err);
    return status == ASX_OK ? check_used(activation, "activations", err) : status;
}

static size_t multiply(size_t a, size_t b)
{
    return b && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

static size_t count_raw(const asx_format_choices *c, const operand *weight,
                        const operand *activation)
{
    size_t sum = 0;
    for (size_t i = 0; i < c->n_digit_widths; i++) {
        const asx_widths widths = widths_beside(c, i);
        const size_t w = multiply(weight->n_bits * weight->n_digits,
                                  asx_set_list_count(weight->sets, c->digit_width[i])) +
                         c->n_weight_words;
        for (size_t k = 0; k < widths.n; k++) {
            const size_t a =
                multiply(activation->n_bits, asx_set_list_count(activation->sets, widths.of[k]));
            const size_t n = multiply(w, a);
            sum = sum > SIZE_MAX - n ? SIZE_MAX : sum + n;
        }
    }
    return sum;
}

static asx_status copy_formats(asx_format **out, const candidate_list *list, asx_error *err)
{
    if (list->n > ASX_FORMATS_MAX)
        return too_many(err);
    asx_format *format = asx_array_new(list->n, sizeof *format);
    if (!format)
        return no_memory(err);
    for (size_t i = 0; i < list->n; i++)
        format[i] = list->item[i].format;
    *out = format;
    return ASX_OK;
}

asx_status asx_format_list(asx_format **out, size_t *n, size_t *n_raw,
                           const asx_format_choices *choices, asx_error *err)
{
    static const asx_digits unsigned_only[] = {ASX_DIGITS_UNSIGNED};
    asx_set_list weight_sets = {0}, activation_sets = {0};
    candidate_list list = {0};
    bool *used = NULL;
    asx_status status = check_choices(choices, err);
    if (status != ASX_OK ||
        ((choices->weight_sets || choices->n_weight_words == 0) &&
         (status = asx_set_list_parse(
              &weight_sets, choices->weight_sets ? choices->weight_sets : "", err)) != ASX_OK) ||
        (status = asx_set_list_parse(&activation_sets, choices->activation_sets, err)) != ASX_OK)
        goto done;
    used = asx_array_new(weight_sets.n + activation_sets.n, sizeof *used);
    if (!used) {
        status = no_memory(err);
        goto done;
    }
    const operand weight = {choices->weight_bits,
                            choices->n_weight_bits,
                            choices->digits,
                            choices->n_digits,
                            &weight_sets,
                            used,
                            false};
    const operand activation = {
        choices->activation_bits, choices->n_activation_bits, unsigned_only, 1,
        &activation_sets,         used + weight_sets.n,       true};
    status = list_candidates(&list, &weight, &activation, choices, err);
    if (status != ASX_OK)
        goto done;
    if (!list.n) {
        status =
            asx_fail(err, ASX_EINVAL, "no digit width suits a weight set and an activation set");
        goto done;
    }
    make_distinct(&list);
    status = copy_formats(out, &list, err);
    if (status != ASX_OK)
        goto done;
    *n = list.n;
    if (n_raw)
        *n_raw = count_raw(choices, &weight, &activation);
done:
    candidates_fini(&list);
    free(used);
    asx_set_list_fini(&weight_sets);
    asx_set_list_fini(&activation_sets);
    return status;
}
