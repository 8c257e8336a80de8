#include "crossing.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

asx_status asx_crossing_init(asx_crossing *out, asx_answers *base, size_t n_layers,
                             size_t n_formats, size_t rank, asx_error *err)
{
    asx_crossing c = {.base = *base, .n_layers = n_layers, .n_formats = n_formats, .rank = rank};
    const size_t size = asx_crossing_size(base) * sizeof *c.direction;
    *base = (asx_answers){.n_out = 0};
    c.direction = asx_array_new(n_layers * rank, size);
    c.coordinate = asx_array_new(n_layers * rank, n_formats * sizeof *c.coordinate);
    if (!c.direction || !c.coordinate) {
        asx_crossing_fini(&c);
        return asx_fail(err, ASX_ENOMEM, "no memory for cross terms of %zu layers", n_layers);
    }
    *out = c;
    return ASX_OK;
}

void asx_crossing_fini(asx_crossing *crossing)
{
    if (!crossing)
        return;
    asx_answers_fini(&crossing->base);
    free(crossing->direction);
    free(crossing->coordinate);
    *crossing = (asx_crossing){.rank = 0};
}

/* y += a x */
static void add(float *restrict y, float a, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

/* @param format  of layers first .. end - 1 */
static double damage_of(const asx_crossing *c, size_t first, size_t end, const uint16_t *format)
{
    enum { AT_ONCE = 2048 };
    float z[ASX_CROSSING_OUTPUTS];
    const asx_answers *b = &c->base;
    const size_t n_images = b->images.end - b->images.first, size = n_images * b->n_out;
    const size_t most = b->n_out < AT_ONCE ? AT_ONCE / b->n_out : 1;
    double sum = 0;
    for (size_t image = 0; image < n_images;) {
        const size_t n = n_images - image < most ? n_images - image : most;
        const size_t at = image * b->n_out;
        memcpy(z, b->logit + at, n * b->n_out * sizeof *z);
        for (size_t l = first; l < end; l++) {
            const float *x = c->coordinate + (l * c->n_formats + format[l - first]) * c->rank;
            for (size_t k = 0; k < c->rank; k++)
                add(z, x[k], c->direction + (l * c->rank + k) * size + at, n * b->n_out);
        }
        for (size_t i = 0; i < n; i++, image++)
            sum += asx_answers_change(b, image, z + i * b->n_out).divergence;
    }
    return sum / (double)n_images;
}

double asx_crossing_damage(const asx_crossing *crossing, const uint16_t *format)
{
    return damage_of(crossing, 0, crossing->n_layers, format);
}

double asx_crossing_alone(const asx_crossing *crossing, size_t layer, size_t format)
{
    const uint16_t number = (uint16_t)format;
    return damage_of(crossing, layer, layer + 1, &number);
}

/* ---- as bytes ---- */

typedef struct head {
    uint64_t first, end, n_out, n_groups, group_step, n_classes, class_step, rank;
} head;

/* The arrays, one after the other. */
enum { ARRAYS = 4 };

static void list_arrays(float *array[ARRAYS], size_t n[ARRAYS], const asx_crossing *c)
{
    const size_t size = asx_crossing_size(&c->base), all = c->n_layers * c->rank;
    float *const list[ARRAYS] = {c->base.logit, c->base.log_p, c->direction, c->coordinate};
    const size_t sizes[ARRAYS] = {size, size, all * size, all * c->n_formats};
    memcpy(array, list, sizeof list);
    memcpy(n, sizes, sizeof sizes);
}

size_t asx_crossing_n_bytes(const asx_crossing *crossing)
{
    float *array[ARRAYS];
    size_t n[ARRAYS], sum = sizeof(head);
    list_arrays(array, n, crossing);
    for (size_t i = 0; i < ARRAYS; i++)
        sum += n[i] * sizeof(float);
    return sum;
}

void asx_crossing_write(unsigned char *out, const asx_crossing *crossing)
{
    const asx_answers *b = &crossing->base;
    const head h = {b->images.first, b->images.end, b->n_out,      b->n_groups,
                    b->group_step,   b->n_classes,  b->class_step, crossing->rank};
    float *array[ARRAYS];
    size_t n[ARRAYS];
    list_arrays(array, n, crossing);
    memcpy(out, &h, sizeof h);
    out += sizeof h;
    for (size_t i = 0; i < ARRAYS; i++) {
        memcpy(out, array[i], n[i] * sizeof(float));
        out += n[i] * sizeof(float);
    }
}

/* Whether the numbers are such as are written; their products then fit. */
static bool is_sane(const head *h)
{
    const uint64_t images = h->end - h->first;
    return h->end > h->first && h->n_out > 0 && h->n_out <= ASX_CROSSING_OUTPUTS &&
           (images == 1 || images <= ASX_CROSSING_OUTPUTS / h->n_out) && h->rank > 0 &&
           h->rank <= ASX_CROSSING_OUTPUTS && h->n_classes <= h->n_out && h->n_groups <= h->n_out;
}

asx_status asx_crossing_read(asx_crossing *out, const unsigned char *bytes, size_t n,
                             size_t n_layers, size_t n_formats, asx_error *err)
{
    head h = {0};
    asx_crossing c = {.rank = 0};
    if (n >= sizeof h)
        memcpy(&h, bytes, sizeof h);
    if (!is_sane(&h))
        return asx_fail(err, ASX_EPARSE, "%zu bytes are no cross terms", n);
    asx_answers base = {.images = {h.first, h.end},
                        .n_out = h.n_out,
                        .n_groups = h.n_groups,
                        .group_step = h.group_step,
                        .n_classes = h.n_classes,
                        .class_step = h.class_step};
    const size_t size = asx_crossing_size(&base);
    base.logit = asx_array_new(size, sizeof *base.logit);
    base.log_p = asx_array_new(size, sizeof *base.log_p);
    const bool room = base.logit && base.log_p;
    asx_status status = asx_crossing_init(&c, &base, n_layers, n_formats, h.rank, err);
    if (status == ASX_OK && !room)
        status = asx_fail(err, ASX_ENOMEM, "no memory for cross terms of %zu layers", n_layers);
    if (status == ASX_OK && n != asx_crossing_n_bytes(&c))
        status =
            asx_fail(err, ASX_EPARSE, "%zu bytes are no cross terms of %zu layers", n, n_layers);
    if (status != ASX_OK) {
        asx_crossing_fini(&c);
        return status;
    }
    float *array[ARRAYS];
    size_t count[ARRAYS];
    list_arrays(array, count, &c);
    bytes += sizeof h;
    for (size_t i = 0; i < ARRAYS; i++) {
        memcpy(array[i], bytes, count[i] * sizeof(float));
        bytes += count[i] * sizeof(float);
    }
    *out = c;
    return ASX_OK;
}
