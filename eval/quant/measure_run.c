/* Designs on images: which of them come out right. What measuring here and measuring by others stand on. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "infer.h"
#include "integer.h"
#include "measure_private.h"

/* Where the answers of a run go: of design d, right[d n_images] and following. */
typedef struct sheet {
    const asx_dataset *data;
    size_t first, n_images, n_classes;
    unsigned char *right;
} sheet;

static void mark(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const sheet *s = state;
    unsigned char *right = s->right + design * s->n_images + (first - s->first);
    for (size_t i = 0; i < n; i++)
        right[i] = asx_infer_right(logits + i * s->n_classes, s->n_classes,
                                   asx_dataset_label(s->data, first + i), asx_dataset_top(s->data));
}

/* Runs the designs, or (NULL) the float network; *right is owned by the caller. */
asx_status asx_measure_run(unsigned char **right, const asx_measure *m, const asx_lineage *designs,
                           asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(m->calibration);
    const size_t n = m->images.end - m->images.first, n_designs = designs ? designs->n_designs : 1;
    sheet s = {m->data, m->images.first, n, asx_network_n_classes(plan->network), NULL};
    if (n_designs <= SIZE_MAX / n)
        s.right = asx_array_new(n_designs * n, 1);
    if (!s.right)
        return asx_fail(err, ASX_ENOMEM, "no memory for answers for %zu images", n);
    /* a design that is begun is measured to its end, and booked */
    const asx_work_watch *watch = asx_calibration_watcher(m->calibration);
    const asx_inference job = {.stop = designs ? NULL : watch->stop,
                               .stop_state = watch->state,
                               .plan = plan,
                               .data = m->data,
                               .images = m->images,
                               .designs = designs,
                               .take = mark,
                               .state = &s};
    asx_status status = asx_infer(&job, err);
    if (status != ASX_OK) {
        free(s.right);
        return status;
    }
    *right = s.right;
    return ASX_OK;
}

static int compare_words(const asx_word *a, const asx_word *b)
{
    const uint64_t of_a[] = {a->bits, asx_word_shape(a)}, of_b[] = {b->bits, asx_word_shape(b)};
    for (size_t i = 0; i < 2; i++)
        if (of_a[i] != of_b[i])
            return of_a[i] < of_b[i] ? -1 : 1;
    for (size_t i = 0; i < sizeof a->set.odd / sizeof *a->set.odd; i++)
        if (a->set.odd[i] != b->set.odd[i])
            return a->set.odd[i] < b->set.odd[i] ? -1 : 1;
    return 0;
}

/* By the format of the first layer, then of the second, ...: designs that begin alike are together.
 */
static int compare_formats(const asx_measure_entry *x, const asx_measure_entry *y)
{
    for (size_t i = 0; i < x->design->n_layers && i < y->design->n_layers; i++) {
        const asx_format *f = &x->design->format[i], *g = &y->design->format[i];
        int order = compare_words(&f->weight, &g->weight);
        order = order ? order : compare_words(&f->activation, &g->activation);
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

asx_accuracy asx_measure_accuracy(const asx_measure *m, const unsigned char *right)
{
    const size_t n = m->images.end - m->images.first;
    size_t both = 0, only_design = 0;
    for (size_t i = 0; i < n; i++) {
        both += right[i] & m->float_right[i];
        only_design += right[i] & !m->float_right[i];
    }
    return asx_accuracy_from_counts(ASX_TIER_MEASURED, n, both, m->n_float_right - both,
                                    only_design);
}

/* As many designs as are held ready at once. */
enum { CHUNK = 64 };

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

static asx_status run_chunk(unsigned char **right, const asx_measure *m, const asx_measure_entry *e,
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
        status = asx_measure_run(right, m, &lineage, err);
    asx_lineage_fini(&lineage);
    for (size_t i = 0; i < n; i++)
        asx_integer_fini(&integer[i]);
    return status;
}

asx_status asx_measure_answers(unsigned char *right, const asx_measure *m,
                               const asx_measure_entry *e, size_t n, asx_error *err)
{
    const size_t n_images = m->images.end - m->images.first;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i += CHUNK) {
        const size_t count = n - i < CHUNK ? n - i : CHUNK;
        unsigned char *some = NULL;
        status = run_chunk(&some, m, e + i, count, err);
        for (size_t k = 0; status == ASX_OK && k < count; k++)
            memcpy(right + e[i + k].number * n_images, some + k * n_images, n_images);
        free(some);
    }
    return status;
}

asx_status asx_measure_here(asx_accuracy *out, const asx_measure *m,
                            const asx_design *const *design, size_t n, asx_error *err)
{
    asx_measure_entry *e = asx_measure_sort(design, n);
    asx_status status =
        e ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i += CHUNK) {
        const size_t count = n - i < CHUNK ? n - i : CHUNK;
        unsigned char *right = NULL;
        status = run_chunk(&right, m, e + i, count, err);
        for (size_t k = 0; status == ASX_OK && k < count; k++)
            out[e[i + k].number] =
                asx_measure_accuracy(m, right + k * (m->images.end - m->images.first));
        free(right);
    }
    free(e);
    return status;
}
