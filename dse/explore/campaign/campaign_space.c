/* From the campaign's lists to a design space. */
#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/memory.h"
#include "dse/menu.h"
#include "dse/word_kind.h"

enum { BITS_MAX = 16, WORDS_MAX = 256, PLACEMENTS_MAX = ASX_N_PLACEMENTS };

/* The lists of a campaign in the types dse wants; arrays are sized for the largest sensible list.
 */
typedef struct choice_lists {
    unsigned weight_bits[BITS_MAX], activation_bits[BITS_MAX], width[BITS_MAX];
    unsigned activation_width[BITS_MAX];
    asx_digits digits[2];
    asx_word words[WORDS_MAX]; /* of other families */
    char *sets;                /* owned */
    asx_format_choices choices;
} choice_lists;

/* @param out  room for as many as the table of keys allows, BITS_MAX */
static asx_status take_bits(unsigned *out, size_t *n, const char *const *given, unsigned count,
                            const char *path, const asx_campaign *c, asx_error *err)
{
    asx_campaign_entries bits;
    asx_status status = asx_campaign_entries_of(&bits, c, path, given, count, err);
    for (size_t i = 0; status == ASX_OK && i < bits.n && i < BITS_MAX; i++) {
        long long value = 0;
        status = asx_campaign_integer(&value, c, path, bits.entry[i], err);
        out[i] = (unsigned)value;
        *n = i + 1;
    }
    return status;
}

static asx_status take_digits(choice_lists *l, const asx_campaign_words *w, const asx_campaign *c,
                              asx_error *err)
{
    static const char path[] = "space.weights.digits";
    asx_campaign_entries digits;
    asx_status status = asx_campaign_entries_of(&digits, c, path, w->digits, w->digits_count, err);
    for (size_t i = 0; status == ASX_OK && i < digits.n; i++) {
        size_t kind = 0;
        status = asx_campaign_word(&kind, c, path, digits.entry[i], err);
        l->digits[i] = kind == 0 ? ASX_DIGITS_UNSIGNED : ASX_DIGITS_SIGNED;
    }
    l->choices.digits = l->digits;
    l->choices.n_digits = digits.n;
    return status;
}

/* Words of a family of every length asked for. */
static void add_family(choice_lists *l, const char *family)
{
    asx_format_choices *f = &l->choices;
    for (size_t b = 0; b < f->n_weight_bits; b++)
        for (unsigned i = 0; f->n_weight_words < WORDS_MAX; f->n_weight_words++, i++)
            if (!asx_family_word(&l->words[f->n_weight_words], family, l->weight_bits[b], i))
                break;
}

static asx_status add_values(choice_lists *l, const asx_campaign *c, const char *raw,
                             asx_error *err)
{
    static const char key[] = "space.weights.values";
    char *path = NULL;
    asx_error inner;
    asx_status status = asx_campaign_path(&path, c, key, raw, err);
    if (status == ASX_OK && l->choices.n_weight_words == WORDS_MAX)
        status =
            asx_campaign_fail(c, err, ASX_EINVAL, raw, "%s: more than %d words", key, WORDS_MAX);
    if (status == ASX_OK && (status = asx_word_load_values(&l->words[l->choices.n_weight_words],
                                                           path, &inner)) != ASX_OK)
        status = asx_campaign_fail(c, err, status, raw, "%s: %s", key, inner.message);
    l->choices.n_weight_words += status == ASX_OK;
    free(path);
    return status;
}

static asx_status add_menu(choice_lists *l, const asx_campaign *c, const char *raw, asx_error *err)
{
    static const char key[] = "space.weights.menus";
    asx_error inner;
    asx_word *word = &l->words[l->choices.n_weight_words];
    if (l->choices.n_weight_words == WORDS_MAX)
        return asx_campaign_fail(c, err, ASX_EINVAL, raw, "%s: more than %d words", key, WORDS_MAX);
    if (c->trained > 0)
        return asx_campaign_fail(c, err, ASX_EINVAL, raw,
                                 "%s: menus are not trained, but 'verify.trained' asks for designs",
                                 key);
    if (asx_faults_any(&c->calibration.faults))
        return asx_campaign_fail(
            c, err, ASX_EINVAL, raw,
            "%s: what errs are stored codes, and menus have none of their own: "
            "no section 'faults' beside them",
            key);
    const asx_status status = asx_menu_parse(word, raw, &inner);
    if (status != ASX_OK)
        return asx_campaign_fail(c, err, status, raw, "%s: %s", key, inner.message);
    l->choices.n_weight_words++;
    return ASX_OK;
}

/* The families: sets of alphabets and plain words as a list of sets, others as words. */
static asx_status take_families(choice_lists *l, const asx_campaign *c, const asx_campaign_space *s,
                                asx_error *err)
{
    static const char path[] = "space.formats";
    asx_campaign_entries families;
    asx_text sets = {0};
    asx_status status =
        asx_campaign_entries_of(&families, c, path, s->formats, s->formats_count, err);
    for (size_t i = 0; status == ASX_OK && i < families.n; i++) {
        size_t family = 0;
        status = asx_campaign_word(&family, c, path, families.entry[i], err);
        if (status == ASX_OK && family == 0)
            asx_text_add(&sets, " %s",
                         asx_campaign_text("space.weights.alphabets", s->weights.alphabets));
        else if (status == ASX_OK && family == 1)
            asx_text_add(&sets, " none");
        else if (status == ASX_OK)
            add_family(l, families.entry[i]);
    }
    for (unsigned i = 0; status == ASX_OK && i < s->weights.values_count; i++)
        status = add_values(l, c, s->weights.values[i], err);
    for (unsigned i = 0; status == ASX_OK && i < s->weights.menus_count; i++)
        status = add_menu(l, c, s->weights.menus[i], err);
    l->choices.weight_words = l->words;
    if (status == ASX_OK && !sets.s && l->choices.n_weight_words == 0)
        status = asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                   "%s: no word of these families has as many bits as "
                                   "space.weights.bits says",
                                   path);
    if (status == ASX_OK && sets.s)
        return asx_text_take(&l->sets, &sets, err);
    asx_text_fini(&sets);
    return status;
}

static asx_status make_formats(asx_format **out, size_t *n, size_t *n_raw, const asx_campaign *c,
                               const asx_campaign_space *s, asx_error *err)
{
    choice_lists l = {0};
    asx_format_choices *f = &l.choices;
    const asx_campaign_words *w = &s->weights, *a = &s->activations;
    asx_status status = take_bits(l.weight_bits, &f->n_weight_bits, w->bits, w->bits_count,
                                  "space.weights.bits", c, err);
    if (status == ASX_OK)
        status = take_bits(l.activation_bits, &f->n_activation_bits, a->bits, a->bits_count,
                           "space.activations.bits", c, err);
    if (status == ASX_OK)
        status = take_bits(l.width, &f->n_digit_widths, w->digit_width, w->digit_width_count,
                           "space.weights.digit_width", c, err);
    if (status == ASX_OK)
        status = take_bits(l.activation_width, &f->n_activation_widths, a->digit_width,
                           a->digit_width_count, "space.activations.digit_width", c, err);
    if (status == ASX_OK)
        status = take_digits(&l, w, c, err);
    if (status == ASX_OK)
        status = take_families(&l, c, s, err);
    if (status != ASX_OK)
        return status;
    f->weight_bits = l.weight_bits;
    f->activation_bits = l.activation_bits;
    f->digit_width = l.width;
    f->activation_width = l.activation_width;
    f->weight_sets = l.sets;
    f->activation_sets = asx_campaign_text("space.activations.alphabets", a->alphabets);
    asx_error inner;
    status = asx_format_list(out, n, n_raw, f, &inner);
    free(l.sets);
    if (status != ASX_OK)
        return asx_campaign_fail(c, err, status, "alphabets", "space: %s", inner.message);
    return ASX_OK;
}

static asx_status take_placements(asx_placement *out, size_t *n, const asx_campaign *c,
                                  const asx_campaign_space *s, asx_error *err)
{
    asx_campaign_entries given;
    const asx_status status = asx_campaign_entries_of(&given, c, "space.placement", s->placement,
                                                      s->placement_count, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < given.n && *n < PLACEMENTS_MAX; i++) {
        const char *raw = given.entry[i];
        asx_error inner;
        asx_placement p = ASX_PLACEMENT_VN;
        if (asx_placement_parse(&p, raw, &inner) < 0)
            return asx_campaign_fail(c, err, inner.status, raw, "space.placement: %s",
                                     inner.message);
        out[(*n)++] = p;
    }
    return ASX_OK;
}

static asx_status check_layer(const asx_campaign *c, const asx_workload *work, const char *path,
                              const char *name, asx_error *err)
{
    size_t index;
    asx_error inner;
    const asx_status status = asx_workload_find(&index, work, name, strlen(name), &inner);
    return status != ASX_OK ? asx_campaign_fail(c, err, status, name, "%s: %s", path, inner.message)
                            : ASX_OK;
}

/* A format, or "file" for the one that the network's file holds the layer in. */
static asx_status read_pin(asx_format *out, const char *layer, const char *text,
                           const asx_workload *work, asx_error *err)
{
    size_t i = 0;
    if (strcmp(text, "file") != 0)
        return asx_format_parse(out, text, err);
    const asx_status status = asx_workload_find(&i, work, layer, strlen(layer), err);
    return status == ASX_OK ? asx_design_file_format(out, &work->layer[i], err) : status;
}

static asx_status take_pins(asx_space_pin **out, const asx_campaign *c, const asx_campaign_space *s,
                            const asx_workload *work, asx_error *err)
{
    asx_space_pin *pin = asx_array_new(s->pin_count, sizeof *pin);
    if (!pin)
        return asx_fail(err, ASX_ENOMEM, "no memory for pins");
    for (unsigned i = 0; i < s->pin_count; i++) {
        asx_error inner;
        pin[i].layer = s->pin[i].layer;
        const asx_status status = check_layer(c, work, "space.pin", pin[i].layer, err);
        if (status != ASX_OK) {
            free(pin);
            return status;
        }
        if (read_pin(&pin[i].format, s->pin[i].layer, s->pin[i].format, work, &inner) != ASX_OK) {
            free(pin);
            return asx_campaign_fail(c, err, inner.status, s->pin[i].format, "space.pin: %s",
                                     inner.message);
        }
    }
    *out = pin;
    return ASX_OK;
}

static asx_status take_groups(asx_space_group **out, const asx_campaign *c,
                              const asx_campaign_space *s, const asx_workload *work, asx_error *err)
{
    asx_space_group *group = asx_array_new(s->groups_count, sizeof *group);
    if (!group)
        return asx_fail(err, ASX_ENOMEM, "no memory for groups");
    for (unsigned i = 0; i < s->groups_count; i++) {
        for (unsigned j = 0; j < s->groups[i].layers_count; j++) {
            const char *name = s->groups[i].layers[j];
            if (strpbrk(name, "*?[")) /* a pattern; the space says whether it fits a layer */
                continue;
            const asx_status status = check_layer(c, work, "space.groups", name, err);
            if (status != ASX_OK) {
                free(group);
                return status;
            }
        }
        group[i] = (asx_space_group){.name = s->groups[i].name,
                                     .layer = (const char *const *)s->groups[i].layers,
                                     .n_layers = s->groups[i].layers_count};
    }
    *out = group;
    return ASX_OK;
}

asx_status asx_campaign_make_space(asx_space **out, size_t *n_raw, const asx_campaign *c,
                                   const asx_workload *work, asx_error *err)
{
    static const asx_campaign_space none = {0};
    const asx_campaign_space *s = c->spec->space ? c->spec->space : &none;
    asx_placement placement[PLACEMENTS_MAX];
    asx_format *format = NULL;
    asx_space_pin *pin = NULL;
    asx_space_group *group = NULL;
    asx_space_spec spec = {.work = work, .placement = placement};
    asx_error inner;
    size_t per_layer = 0;
    asx_status status = asx_campaign_word(&per_layer, c, "space.scope", s->scope, err);
    spec.per_layer = per_layer > 0;
    if (status == ASX_OK)
        status = take_placements(placement, &spec.n_placements, c, s, err);
    if (status == ASX_OK)
        status = make_formats(&format, &spec.n_formats, n_raw, c, s, err);
    if (status == ASX_OK)
        status = take_pins(&pin, c, s, work, err);
    if (status == ASX_OK)
        status = take_groups(&group, c, s, work, err);
    if (status != ASX_OK)
        goto done;
    spec.format = format;
    spec.pin = pin;
    spec.n_pins = s->pin_count;
    spec.group = group;
    spec.n_groups = s->groups_count;
    status = asx_space_new(out, &spec, &inner);
    if (status != ASX_OK)
        status = asx_campaign_fail(c, err, status, NULL, "space: %s", inner.message);
done:
    free(group);
    free(pin);
    free(format);
    return status;
}
