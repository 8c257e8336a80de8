#include "sqlite_memory.h"

#include <sanitizer/asan_interface.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum {
    N_SIZES = 12,   /* 32, 64, ... bytes */
    SMALLEST = 32,  /* powers of two, and what is larger comes from malloc */
    WAITING = 64,   /* blocks of a size that are free before one is handed out again */
    CHUNK = 1 << 20 /* what is got at once */
};

/* Before every block; 16 bytes, so that blocks are aligned as malloc's. */
typedef struct block {
    struct block *next; /* of those that are free */
    int size, list;     /* bytes asked for; N_SIZES: of malloc */
} block;

static struct list {
    block *first, *last;
    int n;
} lists[N_SIZES];

static char *chunk;
static size_t n_left;

static int list_of(int size)
{
    int list = 0;
    while (list < N_SIZES && (SMALLEST << list) < size)
        list++;
    return list;
}

static block *carve(size_t size)
{
    if (n_left < size) {
        chunk = malloc(CHUNK); /* never given back, and so that no leak is seen, always known */
        n_left = chunk ? CHUNK : 0;
    }
    if (n_left < size)
        return NULL;
    block *b = (block *)(void *)chunk;
    chunk += size;
    n_left -= size;
    return b;
}

static block *take(int list)
{
    struct list *l = &lists[list];
    if (l->n <= WAITING)
        return carve(sizeof(block) + ((size_t)SMALLEST << list));
    block *b = l->first;
    l->first = b->next;
    l->n--;
    return b;
}

static void *do_malloc(int size)
{
    const int list = list_of(size);
    block *b = list < N_SIZES ? take(list) : malloc(sizeof *b + (size_t)size);
    if (!b)
        return NULL;
    *b = (block){.size = size, .list = list};
    if (list < N_SIZES) {
        __asan_poison_memory_region(b + 1, (size_t)SMALLEST << list);
        __asan_unpoison_memory_region(b + 1, (size_t)size);
    }
    return b + 1;
}

static void do_free(void *memory)
{
    block *b = (block *)memory - 1;
    if (b->list == N_SIZES) {
        free(b);
        return;
    }
    struct list *l = &lists[b->list];
    __asan_poison_memory_region(memory, (size_t)SMALLEST << b->list);
    b->next = NULL;
    if (l->n++ > 0)
        l->last->next = b;
    else
        l->first = b;
    l->last = b;
}

static int size_of(void *memory)
{
    return ((block *)memory - 1)->size;
}

static void *do_realloc(void *memory, int size)
{
    const int old = size_of(memory);
    void *new = do_malloc(size);
    if (!new)
        return NULL;
    memcpy(new, memory, (size_t)(old < size ? old : size));
    do_free(memory);
    return new;
}

static int round_up(int size)
{
    return (size + 7) & ~7;
}

static int begin(void *state)
{
    (void)state;
    return SQLITE_OK;
}

static void end(void *state)
{
    (void)state;
}

int fuzz_sqlite_memory(void)
{
    static const sqlite3_mem_methods memory = {do_malloc, do_free, do_realloc, size_of,
                                               round_up,  begin,   end,        NULL};
    const int rc = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    return rc == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MALLOC, &memory) : rc;
}
