/* Designs that others measured, as a sample of a study. */
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "study_sample.h"

enum { STORED_MAX = 1000 };

/* A design by a hash of its text, which is its lot as well. */
typedef struct lot {
    uint64_t hash;
    asx_design design;
    asx_accuracy accuracy;
} lot;

typedef struct gathering {
    const asx_workload *work;
    const asx_format *format;
    size_t n_formats;
    uint64_t *taken; /* [n_taken] sorted: who is in another sample */
    size_t n_taken;
    lot *lot; /* [2 STORED_MAX] */
    size_t n;
    uint64_t bound; /* only lots below it can be among the least */
} gathering;

static uint64_t hash_of(const char *formats)
{
    return asx_hash(formats, strlen(formats), 0);
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool is_listed(const gathering *g, const asx_format *f)
{
    for (size_t i = 0; i < g->n_formats; i++)
        if (asx_format_equal(&g->format[i], f))
            return true;
    return false;
}

static bool belongs(const gathering *g, const asx_design *design)
{
    for (size_t l = 0; l < design->n_layers; l++)
        if (!is_listed(g, &design->format[l]))
            return false;
    return true;
}

/* The least stay. */
static void thin_out(gathering *g)
{
    qsort(g->lot, g->n, sizeof *g->lot, by_hash);
    for (; g->n > STORED_MAX; g->n--)
        asx_design_fini(&g->lot[g->n - 1].design);
    if (g->n == STORED_MAX)
        g->bound = g->lot[g->n - 1].hash;
}

static asx_status gather(void *state, const char *formats, const asx_accuracy *a, asx_error *err)
{
    gathering *g = state;
    const uint64_t hash = hash_of(formats);
    asx_text text = {0};
    lot l = {.hash = hash, .accuracy = *a};
    if (hash >= g->bound || a->images == 0 ||
        bsearch(&hash, g->taken, g->n_taken, sizeof *g->taken, by_hash))
        return ASX_OK;
    asx_text_add(&text, "%s: %s", asx_placement_text(ASX_PLACEMENT_VN), formats);
    asx_status status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design")
                                    : asx_design_parse(&l.design, text.s, g->work, err);
    asx_text_fini(&text);
    if (status != ASX_OK)
        return status;
    if (!belongs(g, &l.design)) {
        asx_design_fini(&l.design);
        return ASX_OK;
    }
    g->lot[g->n++] = l;
    if (g->n == 2 * STORED_MAX)
        thin_out(g);
    return ASX_OK;
}

/* Who is in another sample is no news. */
static asx_status list_taken(gathering *g, const study_sample *const *other, size_t n_others,
                             asx_error *err)
{
    size_t n = 0;
    asx_status status = ASX_OK;
    for (size_t k = 0; k < n_others; k++)
        n += other[k]->n;
    g->taken = asx_array_new(n + 1, sizeof *g->taken);
    if (!g->taken)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t k = 0; k < n_others; k++)
        for (size_t i = 0; status == ASX_OK && i < other[k]->n; i++) {
            asx_text text = {0};
            asx_design_print_formats(&text, other[k]->list[i], g->work);
            if (text.failed)
                status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
            else
                g->taken[g->n_taken++] = hash_of(text.s);
            asx_text_fini(&text);
        }
    qsort(g->taken, g->n_taken, sizeof *g->taken, by_hash);
    return status;
}

static asx_status hand_over(study_sample *j, gathering *g, asx_range images, asx_error *err)
{
    const asx_status status = study_sample_room(j, g->work->n_layers, g->n, err);
    for (size_t i = 0; status == ASX_OK && i < g->n; i++) {
        j->design[i] = g->lot[i].design;
        g->lot[i].design = (asx_design){0};
        j->accuracy[i] = g->lot[i].accuracy;
        j->drop[STUDY_WHOLE][i] = j->accuracy[i].drop;
    }
    j->n_images = images.end - images.first;
    return status;
}

asx_status study_sample_stored(study_sample *j, study_bench *b, asx_range images,
                               const study_sample *const *other, size_t n_others,
                               const asx_format *format, size_t n_formats, asx_error *err)
{
    gathering g = {.work = asx_session_workload(b->session),
                   .format = format,
                   .n_formats = n_formats,
                   .lot = asx_array_new(2 * STORED_MAX, sizeof *g.lot),
                   .bound = UINT64_MAX};
    asx_store_inputs inputs = {0};
    asx_status status =
        g.lot ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %d designs", 2 * STORED_MAX);
    if (status == ASX_OK)
        status = list_taken(&g, other, n_others, err);
    if (status == ASX_OK)
        status = study_bench_inputs(&inputs, b, images, err);
    if (status == ASX_OK)
        status = asx_store_each_accuracy(b->store, &inputs, gather, &g, err);
    if (status == ASX_OK) {
        thin_out(&g);
        status = hand_over(j, &g, images, err);
    }
    for (size_t i = 0; i < g.n; i++)
        asx_design_fini(&g.lot[i].design);
    free(g.lot);
    free(g.taken);
    return status;
}
