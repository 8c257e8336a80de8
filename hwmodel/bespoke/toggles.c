#include "toggles.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "simulate.h"

enum { ROWS = 128, STEPS_OF_INVERTER = 64 };

/* A net takes another value. */
typedef struct event {
    uint64_t time;
    uint32_t order; /* of those at the same time the first that came */
    uint32_t net, version;
} event;

/* A circuit at work: an event queue, the earliest first, and what each net is and will be. */
typedef struct clockwork {
    const asx_bespoke_circuit *c;
    unsigned char *value, *next, *stored; /* [nets]; of registers also what they will give */
    uint32_t *version;      /* [nets]: of the event that counts; others were cancelled */
    uint32_t *first, *user; /* [nets + 1], [3 cells]: cells that take a net */
    unsigned char *kind;    /* [nets]: the cell that makes it */
    uint64_t delay[ASX_N_CELLS];
    event *heap;
    size_t n, capacity;
    uint32_t came;
    bool failed;
} clockwork;

static bool is_before(const event *a, const event *b)
{
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static void push(clockwork *w, event e)
{
    event *grown = asx_array_grow(w->heap, &w->capacity, w->n + 1, sizeof *grown);
    w->failed = w->failed || !grown;
    if (!grown)
        return;
    w->heap = grown;
    size_t at = w->n++;
    for (; at > 0 && is_before(&e, &grown[(at - 1) / 2]); at = (at - 1) / 2)
        grown[at] = grown[(at - 1) / 2];
    grown[at] = e;
}

static event pop(clockwork *w)
{
    const event top = w->heap[0], last = w->heap[--w->n];
    size_t at = 0;
    for (size_t down = 1; down < w->n; down = 2 * at + 1) {
        if (down + 1 < w->n && is_before(&w->heap[down + 1], &w->heap[down]))
            down++;
        if (!is_before(&w->heap[down], &last))
            break;
        w->heap[at] = w->heap[down];
        at = down;
    }
    if (w->n > 0)
        w->heap[at] = last;
    return top;
}

/* What was to come is taken back where it is what is there already. */
static void set_later(clockwork *w, uint32_t net, unsigned char value, uint64_t time)
{
    if (w->next[net] == value)
        return;
    w->next[net] = value;
    w->version[net]++;
    if (w->value[net] != value)
        push(w, (event){time, w->came++, net, w->version[net]});
}

static void answer(clockwork *w, const cell_instance *is, uint64_t now)
{
    const uint64_t time = now + w->delay[is->cell];
    uint64_t out, sum;
    if (is->cell == ASX_CELL_DFF)
        return;
    simulate_cell(&out, &sum, is, w->value[is->a], w->value[is->b], w->value[is->c]);
    set_later(w, is->out, out & 1, time);
    if (is->sum)
        set_later(w, is->sum, sum & 1, time);
}

/* Until nothing changes any more. @param count  NULL: not counted */
static void settle(clockwork *w, size_t *count)
{
    while (w->n > 0 && !w->failed) {
        const event e = pop(w);
        if (e.version != w->version[e.net])
            continue;
        w->value[e.net] = w->next[e.net];
        if (count)
            count[w->kind[e.net]]++;
        for (uint32_t k = w->first[e.net]; k < w->first[e.net + 1]; k++)
            answer(w, &w->c->cells.cell[w->user[k]], e.time);
    }
    w->came = 0;
}

/* The cells that take each net, by counting. */
static void list_users(clockwork *w)
{
    const cells *c = &w->c->cells;
    for (size_t i = 0; i < c->n; i++) {
        const uint32_t in[] = {c->cell[i].a, c->cell[i].b, c->cell[i].c};
        for (int k = 0; k < 3; k++)
            w->first[in[k]]++;
        w->kind[c->cell[i].out] = w->kind[c->cell[i].sum] = (unsigned char)c->cell[i].cell;
    }
    for (size_t net = 0; net < c->n_nets; net++)
        w->first[net + 1] += w->first[net];
    for (size_t i = c->n; i-- > 0;) {
        const uint32_t in[] = {c->cell[i].a, c->cell[i].b, c->cell[i].c};
        for (int k = 0; k < 3; k++)
            w->user[--w->first[in[k]]] = (uint32_t)i;
    }
}

static bool init(clockwork *w, const asx_bespoke_circuit *c)
{
    const size_t n = c->cells.n_nets;
    *w = (clockwork){.c = c};
    w->value = asx_array_new(4 * n, 1);
    w->version = asx_array_new(2 * n + 2, sizeof *w->version);
    w->user = asx_array_new(3 * c->cells.n + 1, sizeof *w->user);
    if (!w->value || !w->version || !w->user)
        return false;
    w->next = w->value + n;
    w->stored = w->value + 2 * n;
    w->kind = w->value + 3 * n;
    w->first = w->version + n;
    list_users(w);
    const double step = asx_cell_delay_ms(c->library, ASX_CELL_INV) / STEPS_OF_INVERTER;
    for (asx_cell k = 0; k < ASX_N_CELLS; k++)
        w->delay[k] = 1 + (uint64_t)(asx_cell_delay_ms(c->library, k) / step);
    w->value[LITERAL_TRUE] = w->next[LITERAL_TRUE] = 1;
    return true;
}

static void fini(clockwork *w)
{
    free(w->value);
    free(w->version);
    free(w->user);
    free(w->heap);
}

/* Inputs of another row, and what registers were given. */
static void begin_row(clockwork *w, size_t bits, uint64_t row)
{
    const cells *c = &w->c->cells;
    for (size_t i = 0; i < c->n; i++)
        if (c->cell[i].cell == ASX_CELL_DFF)
            w->stored[c->cell[i].out] = w->value[c->cell[i].a];
    for (size_t i = 0; i < c->n; i++)
        if (c->cell[i].cell == ASX_CELL_DFF)
            set_later(w, c->cell[i].out, w->stored[c->cell[i].out], 0);
    for (size_t i = 1; i <= bits; i++)
        set_later(w, (uint32_t)(2 * i), asx_seed_bits(1, i, row) & 1, 0);
}

bool toggles_count(toggles *out, const asx_bespoke_circuit *c)
{
    clockwork w;
    size_t bits = 0;
    *out = (toggles){.rows = ROWS};
    for (size_t i = 0; i < c->inputs; i++)
        bits += c->input_bits[i];
    if (init(&w, c)) {
        for (size_t i = 0; i < c->cells.n; i++)
            answer(&w, &c->cells.cell[i], 0);
        settle(&w, NULL);
        for (size_t i = 1; i <= bits; i++) /* no cell makes them: not counted below */
            w.kind[2 * i] = ASX_N_CELLS;
        size_t count[ASX_N_CELLS + 1] = {0};
        for (uint64_t row = 0; row < ROWS + c->latency + 1 && !w.failed; row++) {
            begin_row(&w, bits, row);
            settle(&w, row > c->latency ? count : NULL);
        }
        memcpy(out->of, count, sizeof out->of);
    } else {
        w.failed = true;
    }
    fini(&w);
    return !w.failed;
}
