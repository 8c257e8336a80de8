#include "compare_differences.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "look.h"

static const table_column word_columns[] = {{"sentence", TABLE_TEXT, 0}, {0}};

static const table_column difference_columns[] = {
    {"field", TABLE_TEXT, 0}, {"a", TABLE_TEXT, 0}, {"b", TABLE_TEXT, 0}, {0}};

/* Where the two would not stand beside each other in a line. */
static const table_column list_columns[] = {
    {"field", TABLE_TEXT, 0}, {"of", TABLE_TEXT, 0}, {"value", TABLE_TEXT, 0}, {0}};

/* Where differences go. */
typedef struct sheet {
    table *t;              /* NULL: they are measured only */
    bool list;             /* each below the other */
    size_t n, field, a, b; /* how many, and their longest texts */
} sheet;

static void widen(size_t *width, const char *text)
{
    const size_t n = strlen(text);
    *width = n > *width ? n : *width;
}

static void add_listed(table *t, const char *field, const char *of, const char *value)
{
    if (!*value)
        return;
    table_text(t, field);
    table_text(t, of);
    table_text(t, value);
}

static void add_row(sheet *t, const char *field, const char *a, const char *b)
{
    t->n++;
    widen(&t->field, field);
    widen(&t->a, a);
    widen(&t->b, b);
    if (t->t && t->list) {
        add_listed(t->t, field, "a", a);
        add_listed(t->t, *a ? "" : field, "b", b);
    } else if (t->t) {
        table_text(t->t, field);
        table_text(t->t, a);
        table_text(t->t, b);
    }
}

static void add_difference(sheet *t, const char *field, const char *a, const char *b)
{
    if (strcmp(a, b) != 0)
        add_row(t, field, a, b);
}

/* "name=value name=value": those that differ, each a row. */
static void add_parameters(sheet *t, const char *field, const char *a, const char *b)
{
    char name[80], x[80], y[80];
    for (const char *s = a; *s;) {
        const size_t n = strcspn(s, " "), n_name = strcspn(s, "= ");
        const char *other = b;
        while (*other && !(strncmp(other, s, n_name) == 0 && other[n_name] == '=')) {
            other += strcspn(other, " ");
            other += *other == ' ';
        }
        snprintf(name, sizeof name, "%s %.*s", field, (int)n_name, s);
        snprintf(x, sizeof x, "%.*s", n > n_name ? (int)(n - n_name - 1) : 0, s + n_name + 1);
        snprintf(y, sizeof y, "%.*s", *other ? (int)strcspn(other, " ") - (int)n_name - 1 : 0,
                 *other ? other + n_name + 1 : "");
        add_difference(t, name, x, y);
        s += n + (s[n] == ' ');
    }
}

static bool has_line(const char *text, const char *line, size_t n)
{
    for (const char *s = text; *s;) {
        const size_t m = strcspn(s, "\n");
        if (m == n && strncmp(s, line, n) == 0)
            return true;
        s += m + (s[m] != '\0');
    }
    return false;
}

/* Lines of one campaign file that the other does not have. */
static asx_status add_lines(sheet *t, const char *text, const char *other, bool is_a,
                            asx_error *err)
{
    for (const char *s = text; *s;) {
        const size_t n = strcspn(s, "\n");
        const bool blank = strspn(s, " \t") >= n || s[strspn(s, " \t")] == '#';
        if (!blank && !has_line(other, s, n)) {
            asx_text line = {0};
            char *copy = NULL;
            asx_text_add_bytes(&line, s, n);
            const asx_status status = asx_text_take(&copy, &line, err);
            if (status != ASX_OK)
                return status;
            add_row(t, "campaign file", is_a ? copy : "", is_a ? "" : copy);
            free(copy);
        }
        s += n + (s[n] != '\0');
    }
    return ASX_OK;
}

static asx_status add_differences(sheet *out, const asx_front *a, const asx_front *b,
                                  asx_error *err)
{
    char seed[2][24];
    const asx_record *x = &a->record, *y = &b->record;
#define ADD(name)                                                                                  \
    if (strcmp(#name, "text") != 0 && strcmp(#name, "technology_text") != 0 &&                     \
        strcmp(#name, "machine") != 0)                                                             \
        add_difference(out, #name, x->name, y->name);
    ASX_RECORD_TEXT_LIST(ADD)
#undef ADD
    if (strcmp(x->technology, y->technology) == 0 &&
        strcmp(x->technology_text, y->technology_text) != 0)
        add_row(out, "technology's file", x->technology, "the same name, other figures");
    add_parameters(out, "machine", x->machine, y->machine);
    snprintf(seed[0], sizeof seed[0], "%llu", (unsigned long long)x->seed);
    snprintf(seed[1], sizeof seed[1], "%llu", (unsigned long long)y->seed);
    add_difference(out, "seed", seed[0], seed[1]);
    add_difference(out, "version", x->version, y->version);
    add_difference(out, "tier of the drops", asx_tier_text(a->tier), asx_tier_text(b->tier));
    const asx_status status = add_lines(out, x->text, y->text, true, err);
    return status == ASX_OK ? add_lines(out, y->text, x->text, false, err) : status;
}

/* People are told where there is none, and have them below each other where they are too wide. */
asx_status compare_differences(table **out, const asx_front *a, const asx_front *b, bool whole,
                               asx_error *err)
{
    enum { BETWEEN = 2 };
    const size_t width = whole ? 0 : look_width(stdout);
    sheet t = {0};
    asx_status status = add_differences(&t, a, b, err);
    if (status == ASX_OK && t.n == 0 && !whole) {
        status = table_new(out, "differences", word_columns, err);
        if (status == ASX_OK)
            table_text(*out, "no field differs");
        return status;
    }
    t.list = width > 0 && t.field + t.a + t.b + 2 * BETWEEN > width;
    if (status == ASX_OK)
        status = table_new(&t.t, "differences", t.list ? list_columns : difference_columns, err);
    if (status == ASX_OK)
        status = add_differences(&t, a, b, err);
    *out = t.t;
    return status;
}
