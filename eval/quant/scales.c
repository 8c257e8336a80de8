#include "scales.h"

#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "integer_weights.h"

typedef struct entry entry;
struct entry {
    size_t layer, n;
    asx_word word;
    entry *next;      /* of the same bucket */
    entry *younger;   /* the one that came after it */
    asx_scale best[]; /* [n] */
};

enum { N_BUCKETS = 4096 };

struct asx_scales {
    size_t max_bytes, bytes;
    omp_lock_t lock; /* of everything below */
    entry *bucket[N_BUCKETS], *oldest, *youngest;
};

static size_t bucket_of(size_t layer, const asx_word *word)
{
    const uint64_t shape = asx_word_shape(word) ^ (uint64_t)word->bits << 24;
    return (
        size_t)(asx_seed_bits((uint64_t)layer << 48 ^ shape, word->set.odd[0], word->set.odd[1]) %
                N_BUCKETS);
}

static size_t bytes_of(size_t n)
{
    return sizeof(entry) + n * sizeof(asx_scale);
}

/* The link that points to it, or would. */
static entry **find(asx_scales *s, size_t layer, const asx_word *word)
{
    entry **at = &s->bucket[bucket_of(layer, word)];
    while (*at && !((*at)->layer == layer && asx_word_equal(&(*at)->word, word)))
        at = &(*at)->next;
    return at;
}

static void drop_oldest(asx_scales *s)
{
    entry *e = s->oldest;
    *find(s, e->layer, &e->word) = e->next;
    s->oldest = e->younger;
    if (!s->oldest)
        s->youngest = NULL;
    s->bytes -= bytes_of(e->n);
    free(e);
}

static asx_status remember(asx_scales *s, size_t layer, const asx_word *word, const asx_scale *best,
                           size_t n, asx_error *err)
{
    entry **at = find(s, layer, word);
    if (*at || bytes_of(n) > s->max_bytes) /* another thread was as fast */
        return ASX_OK;
    entry *e = asx_array_new(bytes_of(n), 1);
    if (!e)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu scales of weights", n);
    e->layer = layer;
    e->n = n;
    e->word = *word;
    memcpy(e->best, best, n * sizeof *best);
    *at = e;
    *(s->youngest ? &s->youngest->younger : &s->oldest) = e;
    s->youngest = e;
    s->bytes += bytes_of(n);
    while (s->bytes > s->max_bytes)
        drop_oldest(s);
    return ASX_OK;
}

asx_status asx_scales_new(asx_scales **out, size_t bytes, asx_error *err)
{
    asx_scales *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for scales of weights");
    s->max_bytes = bytes;
    omp_init_lock(&s->lock);
    *out = s;
    return ASX_OK;
}

void asx_scales_free(asx_scales *scales)
{
    if (!scales)
        return;
    while (scales->oldest)
        drop_oldest(scales);
    omp_destroy_lock(&scales->lock);
    free(scales);
}

static bool recall(asx_scale *out, asx_scales *s, size_t layer, const asx_word *word)
{
    omp_set_lock(&s->lock);
    const entry *e = *find(s, layer, word);
    if (e)
        memcpy(out, e->best, e->n * sizeof *out);
    omp_unset_lock(&s->lock);
    return e != NULL;
}

asx_status asx_scales_get(asx_scale *out, asx_scales *scales, const asx_node *node,
                          const asx_word *word, const asx_rounder *rounder, asx_error *err)
{
    const size_t n = node->n_biases, layer = (size_t)node->layer;
    if (scales && recall(out, scales, layer, word))
        return ASX_OK;
    for (size_t c = 0; c < n; c++)
        out[c] = asx_weight_scale(node, c, rounder);
    if (!scales)
        return ASX_OK;
    omp_set_lock(&scales->lock);
    const asx_status status = remember(scales, layer, word, out, n, err);
    omp_unset_lock(&scales->lock);
    return status;
}

size_t asx_scales_bytes(const asx_scales *scales)
{
    return scales->bytes;
}
