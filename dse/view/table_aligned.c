/* Tables in lines: for people as much as fits, with heads in words and readable units; else all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/tame.h"
#include "dse/text.h"
#include "readable.h"
#include "short_name.h"
#include "table_private.h"

enum {
    LEAST_SHOWN = 12,  /* characters of a design that are worth a cut */
    LEAST_NAME = 28,   /* and of a short name */
    LEAST_TEXT = 40,   /* of a text that goes on in the next line */
    FEW = 5,           /* rows that may wrap where all is asked for */
    BETWEEN = 2,       /* blanks between columns */
    DECIMALS_EXACT = 6 /* columns with as many want all of a number */
};

/* A column as it is printed. */
typedef struct shown {
    const table_column *column;
    size_t at; /* its number in the table */
    char head[64];
    double scale; /* numbers are divided by it */
    int decimals; /* of TABLE_AUTO: those that its largest number wants, or still TABLE_AUTO */
    bool people;
    size_t width;
} shown;

/* ---- units ---- */

static double largest(const table *t, size_t column)
{
    double most = 0;
    for (size_t i = column; i < t->n_cells; i += t->n_columns)
        if (!t->cell[i].empty && isfinite(t->cell[i].number))
            most = fmax(most, fabs(t->cell[i].number));
    return most;
}

/* What people read instead of a field's name. */
static const char *name_for_people(const char *field)
{
    if (strcmp(field, "row") == 0 || strcmp(field, "campaign") == 0)
        return "#"; /* what one is asked for by */
    /* a 0 below "proven %" would read as nothing proven, where all is */
    return strcmp(field, "proven_percent") == 0 ? "gap_percent" : field;
}

/* "saved_pj" whose largest is 41141: "saved nJ", in thousands, with two decimals. */
static void head_for_people(shown *s, const table *t)
{
    const char *name = name_for_people(s->column->name);
    const readable r = readable_of(name, table_is_text(s->column->kind) ? 0 : largest(t, s->at));
    snprintf(s->head, sizeof s->head, "%s", name);
    if (r.unit) {
        snprintf(s->head, sizeof s->head, "%.*s %s", (int)r.stem, name, r.unit);
        s->scale = r.scale;
        if (r.scale > 1)
            s->decimals = readable_common_decimals(largest(t, s->at) / r.scale);
    }
    for (char *c = s->head; *c; c++)
        *c = *c == '_' ? ' ' : *c;
}

/* ---- cells ---- */

static const char *number_text(char *buffer, size_t n, const shown *s, double value)
{
    const double v = value / s->scale;
    if (s->column->kind == TABLE_NUMBER && s->decimals == TABLE_GENERAL) {
        snprintf(buffer, n, "%g", v);
        return buffer;
    }
    const int decimals = s->column->kind == TABLE_INTEGER ? 0
                         : s->decimals == TABLE_AUTO      ? readable_decimals(v)
                                                          : s->decimals;
    /* a fixed number of decimals, unless nothing would be left of the number, or of a cost a digit or less */
    const bool is_exact = decimals >= DECIMALS_EXACT, is_cost = s->column->decimals == TABLE_AUTO;
    const bool vanishes = v != 0 && (is_exact  ? fabs(v) < 0.5 * pow(10, -decimals + 3)
                                     : is_cost ? fabs(v) < 9.5 * pow(10, -decimals)
                                               : false);
    snprintf(buffer, n, vanishes ? "%.*g" : "%.*f", !vanishes ? decimals : is_exact ? 6 : 3, v);
    if (*buffer == '-' && buffer[1 + strspn(buffer + 1, "0.")] == '\0')
        memmove(buffer, buffer + 1, strlen(buffer)); /* no -0.0 */
    return buffer;
}

/* @param row  0: the head */
static const char *cell_text(char *buffer, size_t n, const table *t, const shown *s, size_t row)
{
    if (row == 0)
        return s->head;
    const table_cell *c = &t->cell[(row - 1) * t->n_columns + s->at];
    if (c->empty)
        return c->text ? c->text : table_is_text(s->column->kind) ? "" : "-";
    if (!table_is_text(s->column->kind))
        return number_text(buffer, n, s, c->number);
    if (s->column->kind == TABLE_DESIGN && s->people && c->text) {
        short_name_print(buffer, n, c->text);
        return buffer;
    }
    return c->text ? c->text : "";
}

/* ---- what fits ---- */

/* What a line needs at least: a text at its end may go on below, a design may be cut. */
static size_t least_width(const shown *s, size_t n)
{
    size_t sum = 0;
    for (size_t j = 0; j < n; j++) {
        const bool last = j + 1 == n;
        const size_t least = !last                               ? s[j].width
                             : s[j].column->kind == TABLE_TEXT   ? LEAST_TEXT
                             : s[j].column->kind == TABLE_DESIGN ? LEAST_NAME
                                                                 : s[j].width;
        sum += (s[j].width < least ? s[j].width : least) + (j ? BETWEEN : 0);
    }
    return sum;
}

/* Leaves out what can be spared. @param names  gets what was */
static void fit(shown *s, size_t *n, const table *t, size_t width, asx_text *names)
{
    for (const char *spare = t->spare; spare && *spare && least_width(s, *n) > width;) {
        const size_t length = strcspn(spare, " ");
        for (size_t j = 0; j < *n; j++)
            if (strlen(s[j].column->name) == length &&
                strncmp(s[j].column->name, spare, length) == 0) {
                asx_text_add(names, "%s%s", names->n ? ", " : "", s[j].column->name);
                memmove(&s[j], &s[j + 1], (*n - j - 1) * sizeof *s);
                --*n;
                break;
            }
        spare += length + strspn(spare + length, " ");
    }
}

/* ---- lines ---- */

/* A design at the end of a line, cut where the line would wrap. @param room  0: any */
static void print_cut(FILE *out, const char *s, size_t used, size_t room)
{
    const size_t n = strlen(s), keep = room > used + LEAST_SHOWN ? room - used : n;
    size_t end = n <= keep ? n : keep - 3;
    while (end < n && end > 0 && ((unsigned char)s[end] & 0xc0) == 0x80)
        end--; /* never within a character */
    fprintf(out, "%.*s%s\n", (int)end, s, end < n ? "..." : "");
}

/* The last place up to `room` behind one of `marks`; 0: there is none. */
static size_t behind(const char *s, size_t room, const char *marks)
{
    size_t end = room;
    while (end > 0 && !strchr(marks, s[end - 1]))
        end--;
    return end;
}

/* How much of a word goes into a line: all, or of a longer one up to its last comma or the like. */
static size_t piece(const char *s, size_t room)
{
    const size_t word = strcspn(s, " ");
    if (word <= room)
        return word;
    size_t end = behind(s, room, ",;");
    if (end == 0)
        end = behind(s, room, ":/");
    if (end > 0)
        return end;
    for (end = room; end > 1 && ((unsigned char)s[end] & 0xc0) == 0x80;)
        end--; /* never within a character */
    return end;
}

/* A text at the end of a line, which goes on in the next ones. */
static void print_wrapped(FILE *out, const char *s, size_t used, size_t room)
{
    size_t at = used;
    bool apart = false; /* whether a blank is due */
    while (*s) {
        const size_t word = room > used ? piece(s, room - used) : strcspn(s, " ");
        if (at > used && at + apart + word > room) {
            fprintf(out, "\n%*s", (int)used, "");
            at = used;
        } else if (apart) {
            fputc(' ', out);
            at++;
        }
        fprintf(out, "%.*s", (int)word, s);
        at += word;
        s += word;
        apart = *s == ' ';
        s += apart;
    }
    fputc('\n', out);
}

static void print_last(FILE *out, const shown *s, const char *text, size_t used, size_t room,
                       bool cut)
{
    if (s->column->kind == TABLE_TEXT && room > used + LEAST_SHOWN)
        print_wrapped(out, text, used, room);
    else
        print_cut(out, text, used, cut ? room : 0);
}

static void print_lines(FILE *out, const table *t, const shown *s, size_t n, size_t room, bool cut)
{
    char buffer[400];
    const size_t n_rows = t->n_cells / t->n_columns;
    /* sentences need no head */
    const bool headless = n == 1 && s->people && s->column->kind == TABLE_TEXT;
    for (size_t row = headless; row <= n_rows; row++) {
        size_t used = 0, due = 0; /* blanks, which nothing may follow */
        for (size_t j = 0; j < n; j++) {
            const char *text = cell_text(buffer, sizeof buffer, t, &s[j], row);
            const bool left = s[j].column->kind == TABLE_TEXT || s[j].column->kind == TABLE_DESIGN;
            const size_t length = strlen(text);
            const size_t blank = s[j].width > length ? s[j].width - length : 0;
            const size_t before = left ? 0 : blank;
            if (*text)
                fprintf(out, "%*s", (int)(due + before), "");
            if (left && j + 1 == n)
                print_last(out, &s[j], text, used, room, cut);
            else
                fprintf(out, "%s%s", text, j + 1 < n ? "" : "\n");
            due = (*text ? 0 : due + before) + (left ? blank : 0) + BETWEEN;
            used += s[j].width + BETWEEN;
        }
    }
}

/* Foreign names must not reach a terminal as they are; CSV and JSON are data, and keep them. */
static void tame(const table *t)
{
    for (size_t i = 0; i < t->n_cells; i++)
        if (t->cell[i].text)
            asx_text_tame(t->cell[i].text);
}

asx_status table_print_aligned(FILE *out, const table *t, const size_t *pick, size_t n,
                               const table_style *style, asx_error *err)
{
    char buffer[400];
    const size_t n_rows = t->n_cells / t->n_columns;
    asx_text left_out = {0};
    shown *s = asx_array_new(n + 1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for a table");
    tame(t);
    for (size_t j = 0; j < n; j++) {
        s[j] = (shown){.column = &t->column[pick[j]],
                       .at = pick[j],
                       .scale = 1,
                       .decimals = t->column[pick[j]].decimals,
                       .people = style->people && !style->columns};
        snprintf(s[j].head, sizeof s[j].head, "%s", s[j].column->name);
        if (s[j].people)
            head_for_people(&s[j], t);
        for (size_t row = 0; row <= n_rows; row++) {
            const size_t length = strlen(cell_text(buffer, sizeof buffer, t, &s[j], row));
            s[j].width = length > s[j].width ? length : s[j].width;
        }
    }
    if (style->people && style->width)
        fit(s, &n, t, style->width, &left_out);
    /* designs of many layers would bury a table; a few of them may be what was asked for */
    print_lines(out, t, s, n, style->width,
                n > 0 && (style->people || n_rows > FEW) && s[n - 1].column->kind == TABLE_DESIGN);
    asx_text_add(&left_out, "%s", left_out.n ? "; --wide shows all" : "");
    const bool lost = left_out.failed;
    if (left_out.n && !lost) {
        fputs("not shown: ", out);
        print_wrapped(out, left_out.s, strlen("not shown: "), style->width);
    }
    asx_text_fini(&left_out);
    free(s);
    return lost ? asx_fail(err, ASX_ENOMEM, "no memory for a table") : ASX_OK;
}
