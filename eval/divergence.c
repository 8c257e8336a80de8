#include "divergence.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "infer.h"

/* Log probabilities of the base, and the divergence of every design on every image. */
typedef struct table {
    size_t first, n_images, n_classes;
    float *base; /* [n_images][n_classes] */
    double *of;  /* [n designs][n_images] */
} table;

static void log_softmax(float *out, const float *x, size_t n)
{
    double top = (double)x[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        top = fmax(top, (double)x[i]);
    for (size_t i = 0; i < n; i++)
        sum += exp((double)x[i] - top);
    for (size_t i = 0; i < n; i++)
        out[i] = (float)((double)x[i] - top - log(sum));
}

static void keep_base(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const table *t = state;
    (void)design;
    for (size_t i = 0; i < n; i++)
        log_softmax(t->base + (first - t->first + i) * t->n_classes, logits + i * t->n_classes,
                    t->n_classes);
}

static void compare(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const table *t = state;
    for (size_t i = 0; i < n; i++) {
        const size_t image = first - t->first + i;
        const float *p = t->base + image * t->n_classes, *x = logits + i * t->n_classes;
        double top = (double)x[0], sum = 0, divergence = 0;
        for (size_t c = 1; c < t->n_classes; c++)
            top = fmax(top, (double)x[c]);
        for (size_t c = 0; c < t->n_classes; c++)
            sum += exp((double)x[c] - top);
        for (size_t c = 0; c < t->n_classes; c++)
            divergence += exp((double)p[c]) * ((double)p[c] - ((double)x[c] - top - log(sum)));
        t->of[design * t->n_images + image] = fmax(divergence, 0);
    }
}

/* As many designs as are held ready at once. */
enum { CHUNK = 64, IMAGES_MAX = 128 };

static asx_status run_chunk(table *t, asx_calibration *c, const asx_dataset *data, asx_range images,
                            const asx_design *design, size_t n, bool base, asx_error *err)
{
    asx_integer integer[CHUNK];
    const asx_integer *list[CHUNK];
    asx_lineage lineage = {0};
    size_t n_ready = 0;
    asx_status status = ASX_OK;
    for (; !status && n_ready < n; n_ready += !status) {
        status = asx_integer_init(&integer[n_ready], c, &design[n_ready], err);
        list[n_ready] = &integer[n_ready];
    }
    if (!status)
        status = asx_lineage_init(&lineage, list, n, asx_calibration_share(c), err);
    if (!status) {
        const asx_inference job = {.plan = asx_calibration_plan(c),
                                   .data = data,
                                   .images = images,
                                   .designs = &lineage,
                                   .take = base ? keep_base : compare,
                                   .state = t};
        status = asx_infer(&job, err);
    }
    asx_lineage_fini(&lineage);
    while (n_ready)
        asx_integer_fini(&integer[--n_ready]);
    return status;
}

asx_status asx_divergence(double *out, asx_calibration *calibration, const asx_dataset *data,
                          asx_range images, const asx_design *base, const asx_design *design,
                          size_t n, asx_error *err)
{
    const size_t n_classes = asx_network_n_classes(asx_calibration_network(calibration));
    if (images.end - images.first > IMAGES_MAX)
        images.end = images.first + IMAGES_MAX;
    table t = {.first = images.first, .n_images = images.end - images.first, n_classes, NULL, NULL};
    t.base = asx_array_new(t.n_images * n_classes, sizeof *t.base);
    t.of = asx_array_new(CHUNK * t.n_images, sizeof *t.of);
    asx_status status = ASX_OK;
    if (!t.base || !t.of)
        status = asx_fail(err, ASX_ENOMEM, "answers on %zu images: out of memory", t.n_images);
    if (!status)
        status = run_chunk(&t, calibration, data, images, base, 1, true, err);
    for (size_t d = 0; !status && d < n; d += CHUNK) {
        const size_t count = n - d < CHUNK ? n - d : CHUNK;
        status = run_chunk(&t, calibration, data, images, design + d, count, false, err);
        for (size_t i = 0; !status && i < count; i++) {
            double sum = 0;
            for (size_t k = 0; k < t.n_images; k++)
                sum += t.of[i * t.n_images + k];
            out[d + i] = sum / (double)t.n_images;
        }
    }
    free(t.base);
    free(t.of);
    return status;
}
