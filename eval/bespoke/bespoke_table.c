#include "eval/bespoke_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/bespoke.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/seed.h"

enum { BITS_MAX = 8, LABELS = UINT16_MAX + 1 };

/* A row of the data set on its way into a part. */
typedef struct place {
    uint64_t lot, content;
    size_t first; /* the first row that is the same */
    size_t row;
    uint16_t class;
    unsigned char part;
} place;

void asx_bespoke_table_free(asx_bespoke_table *t)
{
    if (!t)
        return;
    free(t->value);
    free(t->label);
    free(t->origin);
    free(t->low);
    free(t->high);
    free(t);
}

static asx_status check(const asx_dataset *data, const asx_bespoke_split *s, asx_error *err)
{
    double sum = 0;
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++) {
        if (!(s->share[p] > 0 && s->share[p] < 1))
            return asx_fail(err, ASX_EINVAL, "a part of %g of the rows, not 0 to 1", s->share[p]);
        sum += s->share[p];
    }
    if (fabs(sum - 1) > 1e-9)
        return asx_fail(err, ASX_EINVAL, "the parts' shares add up to %g, not to 1", sum);
    if (s->bits < 1 || s->bits > BITS_MAX)
        return asx_fail(err, ASX_EINVAL, "features of %u bits, not 1 to %d", s->bits,
                        (int)BITS_MAX);
    const size_t *shape = asx_dataset_shape(data), features = shape[0] * shape[1] * shape[2];
    if (features > ASX_BESPOKE_WIDTH_MAX)
        return asx_fail(err, ASX_EINVAL, "%zu features, at most %d can be wired: leave some out",
                        features, (int)ASX_BESPOKE_WIDTH_MAX);
    const asx_range all = {0, asx_dataset_size(data)};
    if (asx_dataset_n_classes(data, all) < 2)
        return asx_fail(err, ASX_EINVAL,
                        "all rows are of one class, at least two are wanted: is it the right "
                        "column?");
    return ASX_OK;
}

/* By class, then by content. */
static int compare_contents(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    if (x->content != y->content)
        return x->content < y->content ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* By class, then by lot; rows that are the same are together. */
static int compare_lots(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    if (x->lot != y->lot)
        return x->lot < y->lot ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* By part, then as in the data set. */
static int compare_places(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Rows that are the same draw one lot, that of the first: a row to report on is none that was learnt from. */
static void join_equal_rows(place *p, size_t n)
{
    qsort(p, n, sizeof *p, compare_contents);
    for (size_t i = 1; i < n; i++)
        if (p[i].class == p[i - 1].class && p[i].content == p[i - 1].content) {
            p[i].lot = p[i - 1].lot;
            p[i].first = p[i - 1].first;
        }
}

static asx_bespoke_part_kind part_at(double at, const asx_bespoke_split *s)
{
    return at < s->share[0]                 ? ASX_BESPOKE_TRAIN
           : at < s->share[0] + s->share[1] ? ASX_BESPOKE_CHOOSE
                                            : ASX_BESPOKE_TEST;
}

/* Row i of a class of n lies at (i + 1/2) / n, whatever n, and rows that are the same at their middle: the parts' shares are
 * met as nearly as whole rows can. */
static void deal_out(place *p, size_t n, const asx_bespoke_split *s)
{
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && p[end].class == p[first].class;)
            end++;
        for (size_t i = first, next; i < end; i = next) {
            for (next = i; next < end && p[next].first == p[i].first;)
                next++;
            const double middle = 0.5 * (double)(i - first + next - first);
            const asx_bespoke_part_kind part = part_at(middle / (double)(end - first), s);
            for (size_t k = i; k < next; k++)
                p[k].part = (unsigned char)part;
        }
    }
}

/* @param x  room for a row's features */
static void draw_lots(asx_bespoke_table *t, place *p, const asx_dataset *data, float *x,
                      const asx_bespoke_split *s)
{
    unsigned short number[LABELS] = {0};
    for (size_t i = 0; i < t->n; i++)
        number[asx_dataset_label(data, i)] = 1;
    for (size_t k = 0; k < LABELS; k++) /* the present ones, counted */
        number[k] = number[k] ? (unsigned short)++t->classes : 0;
    for (size_t i = 0; i < t->n; i++) {
        const unsigned label = asx_dataset_label(data, i);
        asx_dataset_images(x, data, i, 1);
        p[i] = (place){.lot = asx_seed_bits(s->seed, label, i),
                       .content = asx_hash(x, t->features * sizeof *x, 0),
                       .first = i,
                       .row = i,
                       .class = (uint16_t)(number[label] - 1)};
    }
}

static asx_status split_rows(asx_bespoke_table *t, place *p, const asx_dataset *data, float *x,
                             const asx_bespoke_split *s, asx_error *err)
{
    static const char *const parts[] = {"learn from", "choose by", "report on"};
    draw_lots(t, p, data, x, s);
    join_equal_rows(p, t->n);
    qsort(p, t->n, sizeof *p, compare_lots);
    deal_out(p, t->n, s);
    qsort(p, t->n, sizeof *p, compare_places);
    for (size_t i = 0; i < t->n; i++) {
        t->part[p[i].part].end = i + 1;
        t->label[i] = p[i].class;
        t->origin[i] = p[i].row;
    }
    for (int k = 0; k < ASX_BESPOKE_N_PARTS; k++) {
        t->part[k].first = k > 0 ? t->part[k - 1].end : 0;
        if (t->part[k].end <= t->part[k].first)
            return asx_fail(err, ASX_EINVAL,
                            "%zu rows of %zu classes, no row is left to %s: is it the right "
                            "column, are there more rows, another split?",
                            t->n, t->classes, parts[k]);
    }
    return ASX_OK;
}

static void find_ranges(asx_bespoke_table *t, const asx_dataset *data, float *x)
{
    for (size_t i = 0; i < t->part[ASX_BESPOKE_TRAIN].end; i++) {
        asx_dataset_images(x, data, t->origin[i], 1);
        for (size_t f = 0; f < t->features; f++) {
            t->low[f] = i == 0 || x[f] < t->low[f] ? x[f] : t->low[f];
            t->high[f] = i == 0 || x[f] > t->high[f] ? x[f] : t->high[f];
        }
    }
}

static uint16_t quantise(double x, double low, double high, unsigned bits)
{
    const double top = (double)((1u << bits) - 1);
    const double at = high > low ? floor((x - low) / (high - low) * top + 0.5) : 0;
    return (uint16_t)(at < 0 ? 0 : at > top ? top : at);
}

static asx_status reserve(asx_bespoke_table *t, asx_error *err)
{
    t->value = asx_array_new(t->n, t->features * sizeof *t->value);
    t->label = asx_array_new(t->n, sizeof *t->label);
    t->origin = asx_array_new(t->n, sizeof *t->origin);
    t->low = asx_array_new(t->features, sizeof *t->low);
    t->high = asx_array_new(t->features, sizeof *t->high);
    return t->value && t->label && t->origin && t->low && t->high
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for a table of %zu rows", t->n);
}

static asx_status fill(asx_bespoke_table *t, const asx_dataset *data, const asx_bespoke_split *s,
                       asx_error *err)
{
    place *p = asx_array_new(t->n, sizeof *p);
    float *x = asx_array_new(t->features, sizeof *x);
    asx_status status =
        p && x ? reserve(t, err) : asx_fail(err, ASX_ENOMEM, "no memory for a table");
    if (status == ASX_OK)
        status = split_rows(t, p, data, x, s, err);
    if (status == ASX_OK)
        find_ranges(t, data, x);
    for (size_t i = 0; status == ASX_OK && i < t->n; i++) {
        asx_dataset_images(x, data, t->origin[i], 1);
        for (size_t f = 0; f < t->features; f++)
            t->value[f * t->n + i] = quantise(x[f], t->low[f], t->high[f], t->bits);
    }
    free(p);
    free(x);
    return status;
}

asx_status asx_bespoke_table_new(asx_bespoke_table **out, const asx_dataset *data,
                                 const asx_bespoke_split *split, asx_error *err)
{
    asx_status status = check(data, split, err);
    if (status != ASX_OK)
        return status;
    asx_bespoke_table *t = asx_array_new(1, sizeof *t);
    if (!t)
        return asx_fail(err, ASX_ENOMEM, "no memory for a table");
    const size_t *shape = asx_dataset_shape(data);
    t->n = asx_dataset_size(data);
    t->features = shape[0] * shape[1] * shape[2];
    t->bits = split->bits;
    status = fill(t, data, split, err);
    if (status != ASX_OK)
        asx_bespoke_table_free(t);
    else
        *out = t;
    return status;
}

asx_bespoke_rows asx_bespoke_table_rows(const asx_bespoke_table *t)
{
    return (asx_bespoke_rows){t->n, t->features, t->value};
}

size_t asx_bespoke_table_size(const asx_bespoke_table *t, asx_bespoke_part_kind part)
{
    return t->part[part].end - t->part[part].first;
}

size_t asx_bespoke_table_commonest(const asx_bespoke_table *t, asx_bespoke_part_kind part)
{
    size_t most = 0;
    for (size_t k = 0; k < t->classes; k++) {
        size_t n = 0;
        for (size_t i = t->part[part].first; i < t->part[part].end; i++)
            n += t->label[i] == k;
        most = n > most ? n : most;
    }
    return most;
}

uint64_t asx_bespoke_table_hash(const asx_bespoke_table *t)
{
    const uint64_t head[] = {t->n,    t->features,    t->classes,
                             t->bits, t->part[0].end, t->part[1].end};
    uint64_t hash = asx_hash(head, sizeof head, 0);
    hash = asx_hash(t->label, t->n * sizeof *t->label, hash);
    return asx_hash(t->value, t->n * t->features * sizeof *t->value, hash);
}
