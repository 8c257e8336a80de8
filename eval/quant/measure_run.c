/* Designs on images: how these come out. What measuring here and measuring by others stand on. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "infer.h"
#include "integer.h"
#include "measure_private.h"

/* Where the answers of a run go. */
typedef struct sheet {
    const asx_scoring *scoring;
    size_t row; /* bytes of a design's notes */
    unsigned char *note;
} sheet;

static void mark(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const sheet *s = state;
    const asx_scoring *scoring = s->scoring;
    unsigned char *note =
        s->note + design * s->row + (first - scoring->images.first) * scoring->size;
    for (size_t i = 0; i < n; i++)
        asx_scoring_note(note + i * scoring->size, scoring, first + i, logits + i * scoring->n_out);
}

size_t asx_measure_row(const asx_measure *m)
{
    return (m->images.end - m->images.first) * m->scoring.size;
}

/* Runs the designs, or (NULL) the float network; *note is owned by the caller. */
asx_status asx_measure_run(unsigned char **note, const asx_measure *m, const asx_lineage *designs,
                           asx_error *err)
{
    const size_t n = m->images.end - m->images.first, n_designs = designs ? designs->n_designs : 1;
    sheet s = {&m->scoring, asx_measure_row(m), NULL};
    if (n <= SIZE_MAX / m->scoring.size && n_designs <= SIZE_MAX / s.row)
        s.note = asx_array_new(n_designs * s.row, 1);
    if (!s.note)
        return asx_fail(err, ASX_ENOMEM, "no memory for answers for %zu images", n);
    /* a design that is begun is measured to its end, and booked */
    const asx_work_watch *watch = asx_calibration_watcher(m->calibration);
    const asx_inference job = {.stop = designs ? NULL : watch->stop,
                               .stop_state = watch->state,
                               .plan = asx_calibration_plan(m->calibration),
                               .data = m->data,
                               .images = m->images,
                               .designs = designs,
                               .take = mark,
                               .state = &s};
    asx_status status = asx_infer(&job, err);
    if (status != ASX_OK) {
        free(s.note);
        return status;
    }
    *note = s.note;
    return ASX_OK;
}

/* By the format of the first layer, then of the second, ...: designs that begin alike are together.
 */
static int compare_formats(const asx_measure_entry *x, const asx_measure_entry *y)
{
    for (size_t i = 0; i < x->design->n_layers && i < y->design->n_layers; i++) {
        const int order = asx_format_compare(&x->design->format[i], &y->design->format[i]);
        if (order)
            return order;
    }
    return 0;
}

static int compare_entries(const void *a, const void *b)
{
    const asx_measure_entry *x = a, *y = b;
    const int order = compare_formats(x, y);
    return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

asx_measure_entry *asx_measure_sort(const asx_design *const *design, size_t n)
{
    asx_measure_entry *e = asx_array_new(n, sizeof *e);
    for (size_t i = 0; e && i < n; i++)
        e[i] = (asx_measure_entry){design[i], i};
    if (e)
        qsort(e, n, sizeof *e, compare_entries);
    return e;
}

bool asx_measure_alike(const asx_measure_entry *a, const asx_measure_entry *b)
{
    return a->design->n_layers == b->design->n_layers && compare_formats(a, b) == 0;
}

/* As many designs as are held ready at once. */
enum { CHUNK = 64 };

/* Fewer where notes of so many would be large. */
static size_t chunk_of(const asx_measure *m)
{
    static const size_t MOST = (size_t)1 << 28; /* bytes */
    const size_t n = MOST / asx_measure_row(m);
    return n < 1 ? 1 : n < CHUNK ? n : CHUNK;
}

/* Projects the weights, which for words that are new takes as long as running them. */
static asx_status make_ready(asx_integer *integer, const asx_measure *m, const asx_measure_entry *e,
                             size_t n, asx_error *err)
{
    const bool learned =
        asx_calibration_reconstruction(m->calibration)->rounding == ASX_ROUNDING_LEARNED;
    size_t culprit = n;
    asx_error first = {.status = ASX_OK};
    memset(integer, 0, n * sizeof *integer);
    /* learned one after the other, since neighbours begin alike */
#pragma omp parallel for schedule(dynamic) if (!learned)
    for (size_t i = 0; i < n; i++) {
        asx_error error = {.status = ASX_OK};
        if (!asx_integer_init(&integer[i], m->calibration, e[i].design, &error))
            continue;
#pragma omp critical(asx_measure_ready)
        if (i < culprit) {
            culprit = i;
            first = error;
        }
    }
    if (first.status && err)
        *err = first;
    return first.status;
}

static asx_status run_chunk(unsigned char **note, const asx_measure *m, const asx_measure_entry *e,
                            size_t n, asx_error *err)
{
    asx_integer integer[CHUNK];
    const void *design[CHUNK];
    asx_lineage lineage = {0};
    for (size_t i = 0; i < n; i++)
        design[i] = &integer[i];
    asx_status status = make_ready(integer, m, e, n, err);
    if (status == ASX_OK)
        status = asx_lineage_init(&lineage, &asx_integers, design, n,
                                  asx_calibration_share(m->calibration), err);
    if (status == ASX_OK)
        status = asx_measure_run(note, m, &lineage, err);
    asx_lineage_fini(&lineage);
    for (size_t i = 0; i < n; i++)
        asx_integer_fini(&integer[i]);
    return status;
}

asx_status asx_measure_answers(unsigned char *note, const asx_measure *m,
                               const asx_measure_entry *e, size_t n, asx_error *err)
{
    const size_t row = asx_measure_row(m), chunk = chunk_of(m);
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i += chunk) {
        const size_t count = n - i < chunk ? n - i : chunk;
        unsigned char *some = NULL;
        status = run_chunk(&some, m, e + i, count, err);
        for (size_t k = 0; status == ASX_OK && k < count; k++)
            memcpy(note + e[i + k].number * row, some + k * row, row);
        free(some);
    }
    return status;
}

asx_status asx_measure_here(asx_accuracy *out, const asx_measure *m,
                            const asx_design *const *design, size_t n, asx_error *err)
{
    const size_t row = asx_measure_row(m), chunk = chunk_of(m);
    asx_measure_entry *e = asx_measure_sort(design, n);
    asx_status status =
        e ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i += chunk) {
        const size_t count = n - i < chunk ? n - i : chunk;
        unsigned char *note = NULL;
        status = run_chunk(&note, m, e + i, count, err);
        for (size_t k = 0; status == ASX_OK && k < count; k++)
            status = asx_scoring_sum(&out[e[i + k].number], &m->scoring, ASX_TIER_MEASURED,
                                     m->of_float, note + k * row, err);
        free(note);
    }
    free(e);
    return status;
}
