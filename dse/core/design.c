/* Designs and their text. */
#include "dse/design.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

static const char blanks[] = " \t";

static const struct {
    const char *text, *help;
} placements[] = {
#define PLACEMENT(name, text, help) [name] = {text, help},
    ASX_PLACEMENT_LIST(PLACEMENT)
#undef PLACEMENT
};

const char *asx_placement_text(asx_placement placement)
{
    assert(placement < ASX_N_PLACEMENTS);
    return placements[placement].text;
}

const char *asx_placement_help(asx_placement placement)
{
    assert(placement < ASX_N_PLACEMENTS);
    return placements[placement].help;
}

static asx_status parse_placement(asx_placement *out, const char *text, size_t n, asx_error *err)
{
    for (size_t i = 0; i < ASX_N_PLACEMENTS; i++) {
        if (strlen(placements[i].text) == n && memcmp(placements[i].text, text, n) == 0) {
            *out = (asx_placement)i;
            return ASX_OK;
        }
    }
#define NAME(name, text, help) " " text
    return asx_fail(err, ASX_ENOTFOUND,
                    "there is no placement '%.*s'; there are:" ASX_PLACEMENT_LIST(NAME),
                    n < 64 ? (int)n : 64, text);
#undef NAME
}

asx_status asx_placement_parse(asx_placement *out, const char *text, asx_error *err)
{
    return parse_placement(out, text, strlen(text), err);
}

asx_status asx_design_init(asx_design *out, size_t n_layers, asx_error *err)
{
    asx_format *format = asx_array_new(n_layers, sizeof *format);
    if (!format)
        return asx_fail(err, ASX_ENOMEM, "no memory for a design of %zu layers", n_layers);
    const asx_word plain = {.bits = 8, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    for (size_t i = 0; i < n_layers; i++)
        format[i] = (asx_format){plain, plain};
    *out = (asx_design){ASX_PLACEMENT_VN, format, n_layers};
    return ASX_OK;
}

void asx_design_fini(asx_design *design)
{
    if (!design)
        return;
    free(design->format);
    *design = (asx_design){0};
}

asx_status asx_design_copy(asx_design *out, const asx_design *design, asx_error *err)
{
    asx_format *format = asx_array_copy(design->format, design->n_layers, sizeof *format);
    if (!format)
        return asx_fail(err, ASX_ENOMEM, "no memory for a design of %zu layers", design->n_layers);
    *out = (asx_design){design->placement, format, design->n_layers};
    return ASX_OK;
}

bool asx_design_equal(const asx_design *a, const asx_design *b)
{
    if (a->placement != b->placement || a->n_layers != b->n_layers)
        return false;
    for (size_t i = 0; i < a->n_layers; i++) {
        if (!asx_format_equal(&a->format[i], &b->format[i]))
            return false;
    }
    return true;
}

/* What the text says so far. */
typedef struct parser {
    const asx_workload *work;
    asx_design design;
    bool *named; /* [n_layers] has a choice of its own */
    asx_format other;
    bool has_other; /* the unnamed choice was there */
    bool as_file;   /* and says that the file's formats are it */
} parser;

/* "vn:" at the cursor, which moves behind the colon. */
static asx_status parse_head(asx_placement *out, const char **cursor, asx_error *err)
{
    const char *start = *cursor + strspn(*cursor, blanks);
    const char *colon = strchr(start, ':');
    if (!colon && strncmp(start, "file", 4) == 0) { /* alone, near memory is meant */
        *out = ASX_PLACEMENT_NEAR;
        return ASX_OK;
    }
    if (!colon)
        return asx_fail(err, ASX_EPARSE, "no placement in front; write e.g. 'near: w4{1,3}a8'");
    const asx_status status = parse_placement(out, start, (size_t)(colon - start), err);
    if (status == ASX_OK)
        *cursor = colon + 1;
    return status;
}

/* The format at the cursor, which moves behind it; a blank or the end must follow. */
static asx_status parse_format(asx_format *out, const char **cursor, asx_error *err)
{
    const char *end = *cursor;
    asx_format format;
    const asx_status status = asx_format_parse_at(&format, &end, err);
    if (status != ASX_OK)
        return status;
    if (*end != '\0' && !strchr(blanks, *end))
        return asx_fail(err, ASX_EPARSE, "'%.32s' behind the format '%.*s'", end,
                        (int)(end - *cursor), *cursor);
    *out = format;
    *cursor = end;
    return ASX_OK;
}

/* The word "file" at the cursor, which moves behind it. */
static bool takes_file(const char **cursor)
{
    const size_t n = strcspn(*cursor, blanks);
    const bool is = n == 4 && memcmp(*cursor, "file", n) == 0;
    *cursor += is ? n : 0;
    return is;
}

asx_status asx_design_file_format(asx_format *out, const asx_layer *layer, asx_error *err)
{
    const unsigned weight = layer->held_weight_bits, activation = layer->held_activation_bits;
    if (weight == 0 || activation == 0)
        return asx_fail(err, ASX_EINVAL,
                        "layer '%s': the file has %s%s%s as real numbers; name its format, e.g. "
                        "'file %s=w8a8'",
                        layer->name, weight == 0 ? "its weights" : "",
                        weight == 0 && activation == 0 ? " and " : "",
                        activation == 0 ? "its input" : "", layer->name);
    char text[32];
    snprintf(text, sizeof text, "w%ua%u", weight, activation);
    return asx_format_parse(out, text, err);
}

/* One choice at the cursor, which moves behind it. */
static asx_status parse_choice(parser *p, const char **cursor, asx_error *err)
{
    const size_t n = strcspn(*cursor, blanks);
    const char *equals = memchr(*cursor, '=', n);
    if (!equals) {
        if (p->has_other)
            return asx_fail(err, ASX_EINVAL,
                            "'%.*s' is a second format without a layer; write layer=format",
                            n < 64 ? (int)n : 64, *cursor);
        p->has_other = true;
        if (takes_file(cursor)) {
            p->as_file = true;
            return ASX_OK;
        }
        return parse_format(&p->other, cursor, err);
    }

    size_t layer = 0;
    const size_t name_length = (size_t)(equals - *cursor);
    asx_status status = asx_workload_find(&layer, p->work, *cursor, name_length, err);
    if (status != ASX_OK)
        return status;
    if (p->named[layer])
        return asx_fail(err, ASX_EINVAL, "layer '%s' has two formats", p->work->layer[layer].name);
    p->named[layer] = true;
    *cursor = equals + 1;
    if (takes_file(cursor))
        return asx_design_file_format(&p->design.format[layer], &p->work->layer[layer], err);
    status = parse_format(&p->design.format[layer], cursor, err);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "layer '%s'", p->work->layer[layer].name);
    return ASX_OK;
}

static asx_status parse_choices(parser *p, const char *cursor, asx_error *err)
{
    cursor += strspn(cursor, blanks);
    if (*cursor == '\0')
        return asx_fail(err, ASX_EPARSE, "no format behind the placement");
    for (; *cursor != '\0'; cursor += strspn(cursor, blanks)) {
        const asx_status status = parse_choice(p, &cursor, err);
        if (status != ASX_OK)
            return status;
    }
    for (size_t i = 0; i < p->work->n_layers; i++) {
        if (p->named[i])
            continue;
        if (!p->has_other)
            return asx_fail(err, ASX_EINVAL, "layer '%s' has no format", p->work->layer[i].name);
        p->design.format[i] = p->other;
        asx_status status = ASX_OK;
        if (p->as_file)
            status = asx_design_file_format(&p->design.format[i], &p->work->layer[i], err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}

asx_status asx_design_parse(asx_design *out, const char *text, const asx_workload *work,
                            asx_error *err)
{
    parser p = {.work = work, .named = asx_array_new(work->n_layers, sizeof *p.named)};
    const char *cursor = text;
    asx_status status = p.named ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to read a design");
    if (status == ASX_OK)
        status = asx_design_init(&p.design, work->n_layers, err);
    if (status == ASX_OK)
        status = parse_head(&p.design.placement, &cursor, err);
    if (status == ASX_OK)
        status = parse_choices(&p, cursor, err);
    free(p.named);
    if (status != ASX_OK) {
        asx_design_fini(&p.design);
        /* an unknown name is a fault of the text here */
        return asx_fail_context(err, status == ASX_ENOTFOUND ? ASX_EINVAL : status,
                                "design '%.200s'", text);
    }
    *out = p.design;
    return ASX_OK;
}

/* The choice at the cursor, which moves behind it; its layer may have any name. */
static asx_status check_choice(const char **cursor, bool *has_other, asx_error *err)
{
    const size_t n = strcspn(*cursor, blanks);
    const char *equals = memchr(*cursor, '=', n);
    asx_format format;
    if (!equals && *has_other)
        return asx_fail(err, ASX_EINVAL,
                        "'%.*s' is a second format without a layer; write layer=format",
                        n < 64 ? (int)n : 64, *cursor);
    *has_other = *has_other || !equals;
    *cursor = equals ? equals + 1 : *cursor;
    return takes_file(cursor) ? ASX_OK : parse_format(&format, cursor, err);
}

asx_status asx_design_check(const char *text, asx_error *err)
{
    const char *cursor = text;
    asx_placement placement;
    bool has_other = false;
    asx_status status = parse_head(&placement, &cursor, err);
    cursor += strspn(cursor, blanks);
    if (status == ASX_OK && *cursor == '\0')
        status = asx_fail(err, ASX_EPARSE, "no format behind the placement");
    for (; status == ASX_OK && *cursor != '\0'; cursor += strspn(cursor, blanks))
        status = check_choice(&cursor, &has_other, err);
    return status == ASX_OK ? ASX_OK
                            : asx_fail_context(err, status == ASX_ENOTFOUND ? ASX_EINVAL : status,
                                               "design '%.200s'", text);
}

/* The earliest of the layers whose format is the most common one. Needs no memory: printing must
 * not fail for another reason than the text itself. */
static size_t most_common(const asx_design *design)
{
    size_t best = 0, best_count = 0;
    for (size_t i = 0; i < design->n_layers; i++) {
        size_t count = 1;
        for (size_t j = i + 1; j < design->n_layers; j++)
            count += asx_format_equal(&design->format[i], &design->format[j]);
        if (count > best_count) {
            best = i;
            best_count = count;
        }
        if (best_count >= design->n_layers - i)
            break; /* those not yet seen are too few */
    }
    return best;
}

void asx_design_print(asx_text *text, const asx_design *design, const asx_workload *work)
{
    asx_text_add(text, "%s: ", asx_placement_text(design->placement));
    asx_design_print_formats(text, design, work);
}

void asx_design_print_formats(asx_text *text, const asx_design *design, const asx_workload *work)
{
    assert(design->n_layers == work->n_layers);
    if (design->n_layers == 0)
        return;
    const asx_format *common = &design->format[most_common(design)];
    asx_format_print(text, common);
    for (size_t i = 0; i < design->n_layers; i++) {
        if (asx_format_equal(&design->format[i], common))
            continue;
        asx_text_add(text, " %s=", work->layer[i].name);
        asx_format_print(text, &design->format[i]);
    }
}

bool asx_design_is_asm(const asx_design *design)
{
    for (size_t i = 0; i < design->n_layers; i++) {
        if (!asx_format_is_asm(&design->format[i]))
            return false;
    }
    return true;
}

asx_alphabet_set asx_design_alphabets(const asx_design *design)
{
    asx_alphabet_set all = {{0}};
    for (size_t i = 0; i < design->n_layers; i++)
        all = asx_alphabet_set_union(all, design->format[i].weight.set);
    return all;
}
