#include "memo.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { N_BUCKETS = 1024 };

typedef struct entry {
    struct entry *next;
    unsigned char bytes[]; /* value, then key */
} entry;

struct asx_memo {
    size_t key_size, value_size;
    _Atomic(entry *) bucket[N_BUCKETS];
};

asx_status asx_memo_new(asx_memo **out, size_t key_size, size_t value_size, asx_error *err)
{
    asx_memo *memo = asx_array_new(1, sizeof *memo);
    if (!memo)
        return asx_fail(err, ASX_ENOMEM, "no memory to keep prices");
    memo->key_size = key_size;
    memo->value_size = value_size;
    for (size_t i = 0; i < N_BUCKETS; i++)
        atomic_init(&memo->bucket[i], NULL);
    *out = memo;
    return ASX_OK;
}

void asx_memo_free(asx_memo *memo)
{
    for (size_t i = 0; memo && i < N_BUCKETS; i++)
        for (entry *e = atomic_load(&memo->bucket[i]), *next; e; e = next) {
            next = e->next;
            free(e);
        }
    free(memo);
}

/* FNV-1a, its high half folded in. */
static size_t bucket_of(const asx_memo *memo, const void *key)
{
    const unsigned char *byte = key;
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < memo->key_size; i++)
        h = (h ^ byte[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32) % N_BUCKETS;
}

static const entry *find(const entry *list, const asx_memo *memo, const void *key)
{
    while (list && memcmp(list->bytes + memo->value_size, key, memo->key_size) != 0)
        list = list->next;
    return list;
}

const void *asx_memo_find(const asx_memo *memo, const void *key)
{
    const entry *e = find(atomic_load(&memo->bucket[bucket_of(memo, key)]), memo, key);
    return e ? e->bytes : NULL;
}

asx_status asx_memo_keep(const void **out, asx_memo *memo, const void *key, const void *value,
                         asx_error *err)
{
    _Atomic(entry *) *bucket = &memo->bucket[bucket_of(memo, key)];
    entry *made = asx_array_new(1, sizeof *made + memo->value_size + memo->key_size);
    if (!made)
        return asx_fail(err, ASX_ENOMEM, "no memory to keep a price");
    if (memo->value_size > 0)
        memcpy(made->bytes, value, memo->value_size);
    memcpy(made->bytes + memo->value_size, key, memo->key_size);
    entry *head = atomic_load(bucket);
    const entry *known;
    do {
        known = find(head, memo, key);
        made->next = head;
    } while (!known && !atomic_compare_exchange_weak(bucket, &head, made));
    if (known)
        free(made);
    *out = known ? known->bytes : made->bytes;
    return ASX_OK;
}
