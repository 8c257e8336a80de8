#include "projection.h"

#include <omp.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"

double asx_project(float *out, const asx_node *node, const asx_rounder *rounder,
                   const asx_scale *best)
{
    const size_t channels = node->n_biases, depth = node->n_weights / channels;
    double error = 0, squares = 0;
    for (size_t c = 0; c < channels; c++) {
        const float *w = node->weight + c * depth;
        for (size_t i = 0; i < depth; i++)
            squares += (double)w[i] * (double)w[i];
        error += best[c].error;
        if (out)
            asx_rounder_apply(out + c * depth, w, depth, rounder, best[c].scale);
    }
    return squares > 0 ? error / squares : 0;
}

struct asx_projection {
    asx_projection_key key;
    asx_dnn_weights *weights;     /* packed for floats */
    asx_integer_weights integers; /* otherwise */
    size_t bytes;
    size_t pins;
    asx_projection *next;          /* of the same bucket */
    asx_projection *newer, *older; /* by last use */
};

enum { N_BUCKETS = 4096 };

struct asx_projections {
    const asx_plan *plan;
    asx_projection_maker make;
    void *state;
    size_t max_bytes, bytes;
    omp_lock_t lock; /* of everything below, and of the members' links and pins */
    asx_projection *bucket[N_BUCKETS];
    asx_projection *newest, *oldest;
};

static size_t bucket_of(const asx_projection_key *key)
{
    const asx_word *word = &key->word;
    const uint64_t shape =
        asx_word_shape(word) ^ (uint64_t)word->bits << 24 ^ (uint64_t)word->non_negative << 31;
    return (size_t)(asx_seed_bits((uint64_t)key->layer << 48 ^ shape, word->set.odd[0] ^ key->past,
                                  word->set.odd[1]) %
                    N_BUCKETS);
}

static void unlink_use(asx_projections *cache, asx_projection *p)
{
    *(p->newer ? &p->newer->older : &cache->newest) = p->older;
    *(p->older ? &p->older->newer : &cache->oldest) = p->newer;
    p->newer = p->older = NULL;
}

static void link_newest(asx_projections *cache, asx_projection *p)
{
    p->older = cache->newest;
    *(p->older ? &p->older->newer : &cache->oldest) = p;
    cache->newest = p;
}

static void projection_free(asx_projection *p)
{
    if (p) {
        asx_dnn_weights_free(p->weights);
        asx_integer_weights_fini(&p->integers);
    }
    free(p);
}

static void drop(asx_projections *cache, asx_projection *p)
{
    asx_projection **at = &cache->bucket[bucket_of(&p->key)];
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    unlink_use(cache, p);
    cache->bytes -= p->bytes;
    projection_free(p);
}

static void shrink(asx_projections *cache)
{
    for (asx_projection *p = cache->oldest; p && cache->bytes > cache->max_bytes;) {
        asx_projection *newer = p->newer;
        if (!p->pins)
            drop(cache, p);
        p = newer;
    }
}

static bool same_key(const asx_projection_key *a, const asx_projection_key *b)
{
    return a->layer == b->layer && a->packing == b->packing && a->past == b->past &&
           asx_word_equal(&a->word, &b->word);
}

/* The member, pinned and moved to the front; NULL if there is none. Under the lock. */
static asx_projection *find(asx_projections *cache, const asx_projection_key *key)
{
    asx_projection *p = cache->bucket[bucket_of(key)];
    while (p && !same_key(&p->key, key))
        p = p->next;
    if (p) {
        p->pins++;
        unlink_use(cache, p);
        link_newest(cache, p);
    }
    return p;
}

static asx_status pack_floats(asx_projection *p, const asx_plan *plan, const asx_rounded *rounded,
                              asx_error *err)
{
    const asx_node *node = plan->node[p->key.layer];
    const size_t depth = node->n_weights / node->n_biases;
    float *weight = asx_array_new(node->n_weights, sizeof *weight);
    if (!weight)
        return asx_fail(err, ASX_ENOMEM, "no memory for weights of layer '%s'", node->name);
    for (size_t i = 0; i < node->n_weights; i++)
        weight[i] = (float)rounded->scale[i / depth] * (float)rounded->word[i];
    asx_status status = asx_dnn_weights_new(&p->weights, plan->op[p->key.layer], weight, err);
    if (status == ASX_OK)
        p->bytes = asx_dnn_weights_bytes(p->weights);
    free(weight);
    return status;
}

static asx_status pack(asx_projection *p, const asx_plan *plan, asx_rounded *rounded,
                       asx_error *err)
{
    if (p->key.packing == ASX_PACKED_FLOAT)
        return pack_floats(p, plan, rounded, err);
    const asx_status status =
        asx_integer_weights_init(&p->integers, plan, p->key.layer, rounded,
                                 p->key.packing == ASX_PACKED_NARROW && p->key.word.bits <= 8, err);
    if (status == ASX_OK)
        p->bytes = asx_integer_weights_bytes(&p->integers) +
                   plan->node[p->key.layer]->n_weights * sizeof *p->integers.rounded.word;
    return status;
}

static asx_status project(asx_projection **out, const asx_projections *cache,
                          const asx_projection_key *key, asx_projection_maker make, void *state,
                          asx_error *err)
{
    asx_rounded rounded = {0};
    asx_projection *p = asx_array_new(1, sizeof *p);
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for projected weights");
    p->key = *key;
    asx_status status = make(&rounded, state, key->layer, &key->word, err);
    if (status == ASX_OK)
        status = pack(p, cache->plan, &rounded, err);
    asx_rounded_fini(&rounded);
    if (status != ASX_OK) {
        projection_free(p);
        return status;
    }
    *out = p;
    return ASX_OK;
}

asx_status asx_projections_get_made(asx_projection **out, asx_projections *cache,
                                    const asx_projection_key *key, asx_projection_maker make,
                                    void *state, asx_error *err)
{
    omp_set_lock(&cache->lock);
    asx_projection *p = find(cache, key);
    omp_unset_lock(&cache->lock);
    if (p) {
        *out = p;
        return ASX_OK;
    }
    /* Projected outside the lock: two threads may do the same work, and one result is dropped. */
    asx_projection *made = NULL;
    asx_status status = project(&made, cache, key, make, state, err);
    if (status != ASX_OK)
        return status;
    omp_set_lock(&cache->lock);
    p = find(cache, key);
    if (!p) {
        asx_projection **bucket = &cache->bucket[bucket_of(key)];
        p = made;
        made = NULL;
        p->pins = 1;
        p->next = *bucket;
        *bucket = p;
        link_newest(cache, p);
        cache->bytes += p->bytes;
        shrink(cache);
    }
    omp_unset_lock(&cache->lock);
    projection_free(made);
    *out = p;
    return ASX_OK;
}

asx_status asx_projections_get(asx_projection **out, asx_projections *cache,
                               const asx_projection_key *key, asx_error *err)
{
    return asx_projections_get_made(out, cache, key, cache->make, cache->state, err);
}

void asx_projections_release(asx_projections *cache, asx_projection *projection)
{
    if (!projection)
        return;
    omp_set_lock(&cache->lock);
    projection->pins--;
    shrink(cache);
    omp_unset_lock(&cache->lock);
}

asx_status asx_projections_new(asx_projections **out, const asx_plan *plan,
                               asx_projection_maker make, void *state, size_t bytes, asx_error *err)
{
    asx_projections *cache = asx_array_new(1, sizeof *cache);
    if (!cache)
        return asx_fail(err, ASX_ENOMEM, "no memory for a cache of projected weights");
    cache->plan = plan;
    cache->make = make;
    cache->state = state;
    cache->max_bytes = bytes;
    omp_init_lock(&cache->lock);
    *out = cache;
    return ASX_OK;
}

void asx_projections_free(asx_projections *cache)
{
    if (!cache)
        return;
    while (cache->oldest)
        drop(cache, cache->oldest);
    omp_destroy_lock(&cache->lock);
    free(cache);
}

const asx_dnn_weights *asx_projection_weights(const asx_projection *projection)
{
    return projection->weights;
}

const asx_integer_weights *asx_projection_integers(const asx_projection *projection)
{
    return &projection->integers;
}

size_t asx_projections_bytes(const asx_projections *cache)
{
    return cache->bytes;
}
