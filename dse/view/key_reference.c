#include "key_reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/text.h"
#include "wrap.h"

enum { COLUMN = 20, INDENT = 2 };

static void add_span(asx_text *t, double low, double high)
{
    const bool from = fabs(low) < 1e18 && fabs(low) > 1e-18, to = fabs(high) < 1e18;
    if (from && to)
        asx_text_add(t, " from %.10g to %.10g", low, high);
    else if (low == 0 && to)
        asx_text_add(t, " from 0 to %.10g", high);
    else if (low == 0)
        asx_text_add(t, " from 0");
    else if (low > 0)
        asx_text_add(t, " above 0");
}

static void add_words(asx_text *t, const asx_campaign_key *key)
{
    for (size_t i = 0; key->word(i).text; i++)
        asx_text_add(t, "%s%s", i > 0 ? " | " : "", key->word(i).text);
}

/* What stands at a key: "list of integers from 2 to 16". */
static void add_kind(asx_text *t, const asx_campaign_key *key)
{
    if (key->kind == ASX_KEY_WORD) {
        asx_text_add(t, "%s", key->list ? "list of " : "");
        add_words(t, key);
        return;
    }
    asx_text_add(t, "%s%s%s", key->list ? "list of " : "", asx_key_kind_text(key->kind),
                 key->list && key->kind != ASX_KEY_SETTING ? "s" : "");
    if (key->kind == ASX_KEY_NUMBER || key->kind == ASX_KEY_INTEGER)
        add_span(t, key->low, key->high);
    if (key->kind == ASX_KEY_RANGE)
        asx_text_add(t, " \"A:B\", B not included");
    if (key->word) {
        asx_text_add(t, " | ");
        add_words(t, key);
    }
}

static void add_default(asx_text *t, const asx_campaign_key *key)
{
    if (key->required)
        asx_text_add(t, "; required");
    else if (key->unless)
        asx_text_add(t, "; required unless '%s' is there", key->unless);
    else if (key->standard)
        asx_text_add(t, key->list ? "; default: [%s]" : "; default: %s", key->standard);
    else if (key->kind != ASX_KEY_SECTION && key->otherwise)
        asx_text_add(t, "; without it: %s", key->otherwise);
}

static void print_at(FILE *out, int column, const char *text)
{
    fprintf(out, "%*s", column, "");
    print_wrapped(out, text, column, column);
}

static void print_words(FILE *out, const asx_campaign_key *key)
{
    asx_text line = {0};
    for (size_t i = 0; key->word && key->word(i).text; i++) {
        if (!key->word(i).help)
            continue;
        asx_text_clear(&line);
        asx_text_add(&line, "%s: %s", key->word(i).text, key->word(i).help);
        print_at(out, COLUMN + INDENT, line.s ? line.s : "");
    }
    asx_text_fini(&line);
}

static void print_parameters(FILE *out, const asx_campaign_key *key)
{
    asx_text line = {0};
    for (const asx_param_spec *p = key->param; p && p->name; p++) {
        asx_text_clear(&line);
        asx_text_add(&line, "%s=%.10g", p->name, p->value);
        add_span(&line, p->low, p->high);
        asx_text_add(&line, "%s%s: %s", *p->unit ? ", " : "", p->unit, p->help);
        print_at(out, COLUMN + INDENT, line.s ? line.s : "");
    }
    asx_text_fini(&line);
}

/* @param full  with words, parameters and example */
static void print_key(FILE *out, const char *name, const asx_campaign_key *key, int indent,
                      bool full)
{
    asx_text line = {0};
    const int n = fprintf(out, "%*s%s", indent, "", name);
    fprintf(out, "%*s", n < COLUMN - 1 ? COLUMN - n : 1, "");
    if (key->kind != ASX_KEY_SECTION || key->list) {
        add_kind(&line, key);
        add_default(&line, key);
        print_wrapped(out, line.s ? line.s : "", COLUMN, n < COLUMN - 1 ? COLUMN : n + 1);
        print_at(out, COLUMN, key->meaning);
    } else {
        print_wrapped(out, key->meaning, COLUMN, COLUMN);
    }
    if (full) {
        print_words(out, key);
        print_parameters(out, key);
        asx_text_clear(&line);
        asx_text_add(&line, "as in  %s: %s", key->name, key->example);
        print_at(out, COLUMN + INDENT, line.s ? line.s : "");
    }
    asx_text_fini(&line);
    for (const asx_campaign_key *k = key->keys; k && k->name; k++)
        print_key(out, k->name, k, indent + INDENT, full);
}

void key_reference_print_all(FILE *out)
{
    for (const asx_campaign_key *k = asx_campaign_keys(); k->name; k++)
        print_key(out, k->name, k, 0, false);
}

void key_reference_print(FILE *out, const char *path, const asx_campaign_key *key)
{
    print_key(out, path, key, 0, true);
}
