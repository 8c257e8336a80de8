/* From the campaign's lists to a design space. */
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "dse/memory.h"

enum { BITS_MAX = 16, PLACEMENTS_MAX = ASX_N_PLACEMENTS };

/* The lists of a campaign in the types dse wants; arrays are sized for the largest sensible list.
 */
typedef struct choice_lists {
    unsigned weight_bits[BITS_MAX], activation_bits[BITS_MAX], width[BITS_MAX];
    asx_digits digits[2];
    asx_format_choices choices;
} choice_lists;

static asx_status take_bits(unsigned *out, size_t *n, char *const *given, unsigned count,
                            unsigned fallback, int low, int high, const char *key,
                            const campaign *c, asx_error *err)
{
    if (count == 0) {
        out[0] = fallback;
        *n = 1;
        return ASX_OK;
    }
    if (count > BITS_MAX)
        return campaign_fail(c, err, ASX_EINVAL, NULL, "%s: a list of 1 to %d numbers is wanted",
                             key, BITS_MAX);
    for (unsigned i = 0; i < count; i++) {
        long long value = 0;
        const asx_status st = campaign_integer(&value, c, key, given[i], low, high, err);
        if (st < 0)
            return st;
        out[i] = (unsigned)value;
    }
    *n = count;
    return ASX_OK;
}

static asx_status take_digits(choice_lists *l, const campaign_words *w, const campaign *c,
                              asx_error *err)
{
    l->choices.digits = l->digits;
    if (w->digits_count > 2)
        return campaign_fail(c, err, ASX_EINVAL, NULL, "space.weights.digits: unsigned and signed");
    for (unsigned i = 0; i < w->digits_count; i++) {
        if (strcmp(w->digits[i], "unsigned") == 0)
            l->digits[i] = ASX_DIGITS_UNSIGNED;
        else if (strcmp(w->digits[i], "signed") == 0)
            l->digits[i] = ASX_DIGITS_SIGNED;
        else
            return campaign_fail(c, err, ASX_EINVAL, w->digits[i],
                                 "space.weights.digits: '%s' is not one of unsigned, signed",
                                 w->digits[i]);
    }
    l->choices.n_digits = w->digits_count;
    if (w->digits_count == 0) {
        l->digits[0] = ASX_DIGITS_UNSIGNED;
        l->choices.n_digits = 1;
    }
    return ASX_OK;
}

static asx_status make_formats(asx_format **out, size_t *n, size_t *n_raw, const campaign *c,
                               const campaign_space *s, asx_error *err)
{
    choice_lists l = {0};
    asx_format_choices *f = &l.choices;
    const campaign_words *w = &s->weights, *a = &s->activations;
    if (a->digits_count > 0 || a->digit_width_count > 0)
        return campaign_fail(
            c, err, ASX_EINVAL, NULL,
            "space.activations: they take 'bits' and 'alphabets' only: their digits are "
            "unsigned and as wide as the weights'");
    asx_status st = take_bits(l.weight_bits, &f->n_weight_bits, w->bits, w->bits_count, 8,
                              ASX_WORD_BITS_MIN, ASX_WORD_BITS_MAX, "space.weights.bits", c, err);
    if (st == ASX_OK)
        st = take_bits(l.activation_bits, &f->n_activation_bits, a->bits, a->bits_count, 8,
                       ASX_WORD_BITS_MIN, ASX_WORD_BITS_MAX, "space.activations.bits", c, err);
    if (st == ASX_OK)
        st = take_bits(l.width, &f->n_digit_widths, w->digit_width, w->digit_width_count,
                       ASX_DIGIT_WIDTH_DEFAULT, ASX_DIGIT_WIDTH_MIN, ASX_DIGIT_WIDTH_MAX,
                       "space.weights.digit_width", c, err);
    if (st == ASX_OK)
        st = take_digits(&l, w, c, err);
    if (st < 0)
        return st;
    f->weight_bits = l.weight_bits;
    f->activation_bits = l.activation_bits;
    f->digit_width = l.width;
    f->weight_sets = w->alphabets ? w->alphabets : "all";
    f->activation_sets = a->alphabets ? a->alphabets : "none";
    asx_error inner;
    st = asx_format_list(out, n, n_raw, f, &inner);
    if (st < 0)
        return campaign_fail(c, err, st, "alphabets", "space: %s", inner.message);
    return ASX_OK;
}

static asx_status take_placements(asx_placement *out, size_t *n, const campaign *c,
                                  const campaign_space *s, asx_error *err)
{
    for (int i = 0; s->placement_count == 0 && i < ASX_N_PLACEMENTS; i++)
        out[(*n)++] = (asx_placement)i;
    for (unsigned i = 0; i < s->placement_count; i++) {
        const char *raw = s->placement[i];
        asx_error inner;
        asx_placement p = ASX_PLACEMENT_VN;
        if (*n == PLACEMENTS_MAX)
            return campaign_fail(c, err, ASX_EINVAL, NULL, "space.placement: too many");
        if (asx_placement_parse(&p, raw, &inner) < 0)
            return campaign_fail(c, err, inner.status, raw, "space.placement: %s", inner.message);
        out[(*n)++] = p;
    }
    return ASX_OK;
}

static asx_status check_layer(const campaign *c, const asx_workload *work, const char *path,
                              const char *name, asx_error *err)
{
    size_t index;
    asx_error inner;
    const asx_status st = asx_workload_find(&index, work, name, strlen(name), &inner);
    return st < 0 ? campaign_fail(c, err, st, name, "%s: %s", path, inner.message) : ASX_OK;
}

static asx_status take_pins(asx_space_pin **out, const campaign *c, const campaign_space *s,
                            const asx_workload *work, asx_error *err)
{
    asx_space_pin *pin = asx_array_new(s->pin_count, sizeof *pin);
    if (!pin)
        return asx_fail(err, ASX_ENOMEM, "no memory for pins");
    for (unsigned i = 0; i < s->pin_count; i++) {
        asx_error inner;
        pin[i].layer = s->pin[i].layer;
        const asx_status st = check_layer(c, work, "space.pin", pin[i].layer, err);
        if (st < 0) {
            free(pin);
            return st;
        }
        if (asx_format_parse(&pin[i].format, s->pin[i].format, &inner) < 0) {
            free(pin);
            return campaign_fail(c, err, inner.status, s->pin[i].format, "space.pin: %s",
                                 inner.message);
        }
    }
    *out = pin;
    return ASX_OK;
}

static asx_status take_groups(asx_space_group **out, const campaign *c, const campaign_space *s,
                              const asx_workload *work, asx_error *err)
{
    asx_space_group *group = asx_array_new(s->groups_count, sizeof *group);
    if (!group)
        return asx_fail(err, ASX_ENOMEM, "no memory for groups");
    for (unsigned i = 0; i < s->groups_count; i++) {
        for (unsigned j = 0; j < s->groups[i].layers_count; j++) {
            const asx_status st = check_layer(c, work, "space.groups", s->groups[i].layers[j], err);
            if (st < 0) {
                free(group);
                return st;
            }
        }
        group[i] = (asx_space_group){.name = s->groups[i].name,
                                     .layer = (const char *const *)s->groups[i].layers,
                                     .n_layers = s->groups[i].layers_count};
    }
    *out = group;
    return ASX_OK;
}

asx_status campaign_make_space(asx_space **out, size_t *n_raw, const campaign *c,
                               const asx_workload *work, asx_error *err)
{
    static const campaign_space none = {0};
    const campaign_space *s = c->file->space ? c->file->space : &none;
    asx_placement placement[PLACEMENTS_MAX];
    asx_format *format = NULL;
    asx_space_pin *pin = NULL;
    asx_space_group *group = NULL;
    asx_space_spec spec = {.work = work, .placement = placement};
    asx_error inner;
    if (s->scope && strcmp(s->scope, "layer") != 0 && strcmp(s->scope, "network") != 0)
        return campaign_fail(c, err, ASX_EINVAL, s->scope,
                             "space.scope: '%s' is not one of network, layer", s->scope);
    spec.per_layer = s->scope && strcmp(s->scope, "layer") == 0;
    asx_status st = take_placements(placement, &spec.n_placements, c, s, err);
    if (st == ASX_OK)
        st = make_formats(&format, &spec.n_formats, n_raw, c, s, err);
    if (st == ASX_OK)
        st = take_pins(&pin, c, s, work, err);
    if (st == ASX_OK)
        st = take_groups(&group, c, s, work, err);
    if (st < 0)
        goto done;
    spec.format = format;
    spec.pin = pin;
    spec.n_pins = s->pin_count;
    spec.group = group;
    spec.n_groups = s->groups_count;
    st = asx_space_new(out, &spec, &inner);
    if (st < 0)
        st = campaign_fail(c, err, st, NULL, "space: %s", inner.message);
done:
    free(group);
    free(pin);
    free(format);
    return st;
}
