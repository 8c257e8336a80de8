#include "report_sample.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "results/scan.h"

/* Bytes of JSON. What a design takes at most is told by what is printed of it, see report.c. */
enum {
    FRONT_BYTES = 1500000,
    FRONT_ROWS = 1500,
    BEHIND_BYTES = 1200000,
    BEHIND_ROWS = 4000,
    FIELDS = 420, /* names and numbers of a design */
    PARTS = 400,  /* its energy by part */
    LAYER = 56,   /* a layer's energy by group, to four digits */
    ESCAPED = 6   /* "\u00fc"; a byte takes no more */
};

/* A text in the page, at most. */
static size_t text_bytes(const char *s)
{
    size_t sum = 0;
    for (; *s; s++)
        sum += *s >= ' ' && *s <= '~' && *s != '"' && *s != '\\' && *s != '<' ? 1 : ESCAPED;
    return sum;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t longest_of(const asx_rows *rows, size_t longest)
{
    for (size_t i = 0; i < rows->n; i++) {
        const size_t n = text_bytes(rows->row[i].design);
        longest = n > longest ? n : longest;
    }
    return longest;
}

/* ---- which there are behind the front ---- */

typedef struct ids {
    int64_t *id;
    size_t n, capacity;
    int64_t baseline; /* is told of beside; 0: there is none */
    bool met;         /* it was among them */
} ids;

static asx_status add_id(void *state, const asx_row *row, asx_error *err)
{
    ids *all = state;
    if (row->id == all->baseline) {
        all->met = true;
        return ASX_OK;
    }
    int64_t *grown = asx_array_grow(all->id, &all->capacity, all->n + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for a report");
    all->id = grown;
    grown[all->n++] = row->id;
    return ASX_OK;
}

static asx_status find_behind(ids *out, const asx_front *f, asx_store *store, const char *where,
                              asx_error *err)
{
    bool *on_front = asx_array_new(f->rows.n + 1, sizeof *on_front);
    asx_status status = on_front ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a report");
    for (size_t i = 0; on_front && i < f->n; i++)
        on_front[f->index[i]] = true;
    for (size_t i = 0; status == ASX_OK && i < f->rows.n; i++)
        if (!on_front[i])
            status = add_id(out, &f->rows.row[i], err);
    free(on_front);
    return status == ASX_OK ? asx_front_each_behind(f, store, where, add_id, out, err) : status;
}

/* Leaves every k-th, so that no more than `most` are there. */
static size_t thin(int64_t *id, size_t n, size_t most)
{
    const size_t every = most ? (n + most - 1) / most : n + 1;
    size_t kept = 0;
    for (size_t i = 0; most && i < n; i += every ? every : 1)
        id[kept++] = id[i];
    return kept;
}

/* How many fit is told by the texts of as many as there may be. */
static asx_status take(report_sample *s, ids *all, const asx_front *f, asx_store *store,
                       size_t n_layers, asx_error *err)
{
    all->n = thin(all->id, all->n, BEHIND_ROWS);
    const asx_status status = asx_scan_rows(&s->behind, store, all->id, all->n, err);
    if (status != ASX_OK)
        return status;
    const size_t behind = FIELDS + longest_of(&s->behind, longest_of(&f->rows, 0));
    const size_t front = behind + PARTS + LAYER * n_layers;
    const size_t fit = BEHIND_BYTES / behind;
    /* never less than the two ends */
    const size_t rows = smaller(FRONT_ROWS, FRONT_BYTES / front);
    s->n_front = smaller(f->n, rows > 2 ? rows : 2);
    if (s->behind.n <= fit)
        return ASX_OK;
    asx_rows_fini(&s->behind);
    all->n = thin(all->id, all->n, fit);
    return asx_scan_rows(&s->behind, store, all->id, all->n, err);
}

asx_status report_sample_take(report_sample *out, const asx_front *f, asx_store *store,
                              const char *where, size_t n_layers, asx_error *err)
{
    report_sample s = {0};
    ids all = {.baseline = f->baseline ? f->baseline->id : 0};
    asx_status status = find_behind(&all, f, store, where, err);
    s.n_all = f->n + all.n + all.met;
    if (status == ASX_OK)
        status = take(&s, &all, f, store, n_layers, err);
    free(all.id);
    if (status == ASX_OK)
        *out = s;
    else
        report_sample_fini(&s);
    return status;
}

void report_sample_fini(report_sample *s)
{
    asx_rows_fini(&s->behind);
    *s = (report_sample){0};
}

size_t report_sample_at(size_t k, size_t shown, size_t n)
{
    return shown == n || shown < 2 ? k : k * (n - 1) / (shown - 1);
}
