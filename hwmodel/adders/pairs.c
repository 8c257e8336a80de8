#include "pairs.h"

#include <stdlib.h>

#include "dse/memory.h"

#define NONE UINT32_MAX
enum { STEP_BASE = 64, FIRST_BITS = 12 };

void pairs_init(pairs *p)
{
    *p = (pairs){.unused = NONE, .bits = FIRST_BITS};
    p->slot = asx_array_new((size_t)1 << p->bits, sizeof *p->slot);
    p->failed = !p->slot;
}

void pairs_fini(pairs *p)
{
    for (size_t i = 0; i < p->n_buckets; i++)
        free(p->bucket[i].item);
    free(p->bucket);
    free(p->slot);
    free(p->pool);
    *p = (pairs){0};
}

uint64_t pair_key(pair w)
{
    return (uint64_t)w.a << 32 | (uint64_t)w.b << 8 | (uint64_t)(w.step + STEP_BASE) << 1 |
           (uint64_t)w.opposite;
}

pair pair_of(uint64_t key)
{
    return (pair){.a = (uint32_t)(key >> 32),
                  .b = (uint32_t)(key >> 8) & 0xffffff,
                  .step = (int)(key >> 1 & 127) - STEP_BASE,
                  .opposite = key & 1};
}

static size_t home(const pairs *p, uint64_t key)
{
    return (size_t)(key * 0x9e3779b97f4a7c15u >> (64 - p->bits));
}

/* Slots hold places in the pool + 1; 0 is empty. */
static size_t find(const pairs *p, uint64_t key)
{
    const size_t mask = ((size_t)1 << p->bits) - 1;
    size_t at = home(p, key);
    while (p->slot[at] && p->pool[p->slot[at] - 1].key != key)
        at = (at + 1) & mask;
    return at;
}

static bool rehash(pairs *p)
{
    if (4 * (p->n + 1) < (size_t)3 << p->bits)
        return true;
    uint32_t *old = p->slot;
    const size_t n = (size_t)1 << p->bits;
    p->slot = asx_array_new(2 * n, sizeof *p->slot);
    if (!p->slot) {
        p->slot = old;
        return false;
    }
    p->bits++;
    for (size_t i = 0; i < n; i++)
        if (old[i])
            p->slot[find(p, p->pool[old[i] - 1].key)] = old[i];
    free(old);
    return true;
}

static uint32_t new_count(pairs *p)
{
    if (p->unused != NONE) {
        const uint32_t i = p->unused;
        p->unused = p->pool[i].place;
        return i;
    }
    pair_count *pool = p->n_pool < NONE - 1
                           ? asx_array_grow(p->pool, &p->capacity, p->n_pool + 1, sizeof *pool)
                           : NULL;
    if (!pool)
        return NONE;
    p->pool = pool;
    return (uint32_t)p->n_pool++;
}

static bool reach_bucket(pairs *p, size_t count)
{
    if (count < p->n_buckets)
        return true;
    pair_bucket *bucket = asx_array_grow(p->bucket, &p->bucket_capacity, count + 1, sizeof *bucket);
    if (!bucket)
        return false;
    p->bucket = bucket;
    while (p->n_buckets <= count)
        p->bucket[p->n_buckets++] = (pair_bucket){0};
    return true;
}

static void put(pairs *p, uint32_t i)
{
    const uint32_t count = p->pool[i].count;
    p->pool[i].place = NONE;
    if (count < 2)
        return;
    pair_bucket *to = reach_bucket(p, count) ? &p->bucket[count] : NULL;
    uint32_t *item = to ? asx_array_grow(to->item, &to->capacity, to->n + 1, sizeof *item) : NULL;
    if (!item) {
        p->failed = true;
        return;
    }
    to->item = item;
    p->pool[i].place = (uint32_t)to->n;
    item[to->n++] = i;
}

static void take(pairs *p, uint32_t i)
{
    if (p->pool[i].place == NONE)
        return;
    pair_bucket *from = &p->bucket[p->pool[i].count];
    const uint32_t last = from->item[--from->n];
    from->item[p->pool[i].place] = last;
    p->pool[last].place = p->pool[i].place;
    p->pool[i].place = NONE;
}

void pairs_more(pairs *p, pair which)
{
    const uint64_t key = pair_key(which);
    p->failed = p->failed || !rehash(p);
    if (p->failed)
        return;
    const size_t at = find(p, key);
    if (!p->slot[at]) {
        const uint32_t i = new_count(p);
        p->failed = i == NONE;
        if (p->failed)
            return;
        p->pool[i] = (pair_count){.key = key, .count = 0, .place = NONE};
        p->slot[at] = i + 1;
        p->n++;
    }
    const uint32_t i = p->slot[at] - 1;
    take(p, i);
    p->pool[i].count++;
    put(p, i);
}

/* Takes a key out; those behind it that would not be found any more move up. */
static void forget(pairs *p, size_t at)
{
    const size_t mask = ((size_t)1 << p->bits) - 1;
    const uint32_t i = p->slot[at] - 1;
    p->pool[i].place = p->unused;
    p->unused = i;
    p->n--;
    size_t hole = at;
    for (size_t next = (at + 1) & mask; p->slot[next]; next = (next + 1) & mask) {
        const size_t wants = home(p, p->pool[p->slot[next] - 1].key);
        if (((next - wants) & mask) < ((next - hole) & mask))
            continue;
        p->slot[hole] = p->slot[next];
        hole = next;
    }
    p->slot[hole] = 0;
}

void pairs_less(pairs *p, pair which)
{
    if (p->failed)
        return;
    const size_t at = find(p, pair_key(which));
    const uint32_t i = p->slot[at] - 1;
    const bool blocked = p->pool[i].place == NONE;
    take(p, i);
    if (--p->pool[i].count == 0)
        forget(p, at);
    else if (!blocked)
        put(p, i);
}

void pairs_block(pairs *p, pair which)
{
    take(p, p->slot[find(p, pair_key(which))] - 1);
}

size_t pairs_top(pairs *p)
{
    while (p->n_buckets > 0 && p->bucket[p->n_buckets - 1].n == 0)
        free(p->bucket[--p->n_buckets].item);
    return p->n_buckets > 0 ? p->n_buckets - 1 : 0;
}
