/* Designs drawn by lot, to fit proxies to and to judge them by. */
#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "proxy_type.h"

/* Geometric mean over the layers, so that the most sensitive one does not decide alone. */
static double level_of(const asx_draw_table *t, size_t format)
{
    double sum = 0;
    for (size_t l = 0; l < t->n_layers; l++)
        sum += log(fmax(t->damage[l * t->n_formats + format], 1e-12));
    return sum / (double)t->n_layers;
}

/* A format and its level. */
typedef struct ranked {
    double level;
    size_t format;
} ranked;

static int compare(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->level < y->level || x->level > y->level)
        return x->level < y->level ? -1 : 1;
    return x->format < y->format ? -1 : x->format > y->format;
}

asx_status asx_draw_table_init(asx_draw_table *out, const double *damage, size_t n_layers,
                               size_t n_formats, asx_error *err)
{
    asx_draw_table t = {damage, n_layers, n_formats, asx_array_new(n_formats, sizeof *t.order),
                        asx_array_new(n_formats, sizeof *t.level)};
    ranked *r = asx_array_new(n_formats, sizeof *r);
    if (!t.order || !t.level || !r) {
        asx_draw_table_fini(&t);
        free(r);
        return asx_fail(err, ASX_ENOMEM, "order of %zu formats: out of memory", n_formats);
    }
    for (size_t f = 0; f < n_formats; f++)
        r[f] = (ranked){level_of(&t, f), f};
    qsort(r, n_formats, sizeof *r, compare);
    for (size_t i = 0; i < n_formats; i++) {
        t.order[i] = r[i].format;
        t.level[i] = exp(r[i].level);
    }
    free(r);
    *out = t;
    return ASX_OK;
}

void asx_draw_table_fini(asx_draw_table *table)
{
    free(table->order);
    free(table->level);
    *table = (asx_draw_table){0};
}

/* How many formats are below a level. */
static size_t n_below(const asx_draw_table *t, double level)
{
    size_t low = 0, high = t->n_formats;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (t->level[middle] < level)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A format of about that level, by lot; the one next to it if there are none. */
static size_t near(const asx_draw_table *t, double level, double lot)
{
    const size_t first = n_below(t, 0.7 * level), n = n_below(t, 1.4 * level) - first;
    const size_t last = t->n_formats - 1;
    return n ? first + (size_t)(lot * (double)n) : first < last ? first : last;
}

void asx_draw(size_t *format, const asx_draw_table *table, asx_proxy_draw_kind kind, uint64_t seed,
              size_t number)
{
    enum { LEVEL = 0, COUNT = 1, LAYER = 2 }; /* streams of the lot */
    static const double WORST = 0.12; /* squared error of weights that costs some 30 points */
    const double level = WORST * asx_seed_uniform(seed, number, LEVEL);
    const size_t n_some =
        1 + (size_t)asx_seed_below(seed, number, COUNT, (table->n_layers + 2) / 3);
    for (size_t l = 0; l < table->n_layers; l++) {
        const double lot = asx_seed_uniform(seed, number, LAYER + 2 * l);
        size_t i = 0;
        if (kind == ASX_DRAW_SPREAD) {
            i = near(table, level, lot);
        } else if (asx_seed_below(seed, number, LAYER + 2 * l + 1, table->n_layers) < n_some) {
            const size_t bad = n_below(table, WORST / 4); /* for a few layers; others: the best */
            i = bad + (size_t)(lot * (double)(table->n_formats - bad));
            i = i < table->n_formats ? i : table->n_formats - 1;
        }
        format[l] = table->order[i];
    }
}

asx_status asx_proxy_draw(asx_design *out, const asx_proxy *proxy, asx_proxy_draw_kind kind,
                          uint64_t seed, size_t number, asx_error *err)
{
    if (out->n_layers != proxy->n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a proxy of %zu", out->n_layers,
                        proxy->n_layers);
    asx_draw_table table = {0};
    size_t *format = asx_array_new(proxy->n_layers, sizeof *format);
    asx_status status = format ? ASX_OK : asx_fail(err, ASX_ENOMEM, "design: out of memory");
    if (!status)
        status = asx_draw_table_init(&table, proxy->damage, proxy->n_layers, proxy->n_formats,
                                     err);
    if (!status)
        asx_draw(format, &table, kind, seed, number);
    for (size_t l = 0; !status && l < proxy->n_layers; l++)
        out->format[l] = proxy->format[format[l]];
    asx_draw_table_fini(&table);
    free(format);
    return status;
}
