#include "behind.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "results/scan.h"

enum { FIRST_ROWS = 1 << 12 };

void behind_fini(behind *b)
{
    for (size_t k = 0; k < 3; k++)
        free(b->value[k]);
    free(b->id);
    *b = (behind){0};
}

static bool reserve(behind *b)
{
    const size_t capacity = b->capacity ? 2 * b->capacity : FIRST_ROWS;
    int64_t *id = realloc(b->id, capacity * sizeof *id);
    b->id = id ? id : b->id;
    for (size_t k = 0; k < b->n_of && id; k++) {
        double *value = realloc(b->value[k], capacity * sizeof *value);
        if (!value)
            return false;
        b->value[k] = value;
    }
    b->capacity = id ? capacity : b->capacity;
    return id != NULL;
}

asx_status behind_add(void *state, const asx_row *row, asx_error *err)
{
    behind *b = state;
    if (b->n == b->capacity && !reserve(b))
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", b->n);
    for (size_t k = 0; k < b->n_of; k++)
        b->value[k][b->n] = asx_evaluation_objective(&row->evaluation, b->of[k]);
    b->id[b->n++] = row->id;
    return ASX_OK;
}

/* For qsort, which takes no context. */
typedef struct place {
    int64_t id;
    double value[3];
} place;

static int by_id(const void *va, const void *vb)
{
    const place *a = va, *b = vb;
    return (a->id > b->id) - (a->id < b->id);
}

asx_status behind_sort(behind *b, asx_error *err)
{
    place *all = asx_array_new(b->n, sizeof *all);
    if (!all)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", b->n);
    for (size_t i = 0; i < b->n; i++) {
        all[i].id = b->id[i];
        for (size_t k = 0; k < b->n_of; k++)
            all[i].value[k] = b->value[k][i];
    }
    if (b->n)
        qsort(all, b->n, sizeof *all, by_id);
    for (size_t i = 0; i < b->n; i++) {
        b->id[i] = all[i].id;
        for (size_t k = 0; k < b->n_of; k++)
            b->value[k][i] = all[i].value[k];
    }
    free(all);
    return ASX_OK;
}

asx_status behind_read(behind *out, const asx_front *f, asx_store *store, const char *where,
                       asx_error *err)
{
    return asx_front_each_behind(f, store, where, behind_add, out, err);
}

asx_status behind_shown(asx_rows *rows, size_t *n_all, const asx_front *f, asx_store *store,
                        const char *where, const asx_plot_options *options,
                        const asx_plot_point *point, size_t n, asx_error *err)
{
    behind b = {.of = {options->x, options->y}, .n_of = 2};
    size_t *index = NULL, n_shown = 0;
    asx_status status = behind_read(&b, f, store, where, err);
    if (status == ASX_OK && b.n > 0) {
        const asx_plot_cloud cloud = {b.value[0], b.value[1], b.n};
        status = asx_plot_thin(&index, &n_shown, options, point, n, &cloud, err);
    }
    for (size_t i = 0; status == ASX_OK && i < n_shown; i++)
        b.id[i] = b.id[index[i]];
    if (status == ASX_OK)
        status = asx_scan_rows(rows, store, b.id, n_shown, err);
    *n_all = b.n;
    free(index);
    behind_fini(&b);
    return status;
}
