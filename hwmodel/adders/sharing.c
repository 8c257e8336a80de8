/* Greedy sharing: the pair of terms that occurs most often becomes a term. */
#include "sharing.h"

#include <stdlib.h>
#include <string.h>

#include "dse/bits.h"
#include "dse/memory.h"
#include "dse/seed.h"

bool sharing_init(sharing *s, builder *to, size_t n_rows, patience *until)
{
    *s = (sharing){.n_rows = n_rows, .n_terms = to->inputs, .to = to, .patience = until};
    s->capacity = 2 * to->inputs + 16;
    s->row = asx_array_new(n_rows, sizeof *s->row);
    s->plus = asx_array_new(s->capacity * n_rows, sizeof *s->plus);
    s->minus = asx_array_new(s->capacity * n_rows, sizeof *s->minus);
    pairs_init(&s->pairs);
    return s->row && s->plus && s->minus && !s->pairs.failed;
}

void sharing_fini(sharing *s)
{
    for (size_t r = 0; s->row && r < s->n_rows; r++)
        free(s->row[r].digit);
    free(s->row);
    free(s->plus);
    free(s->minus);
    pairs_fini(&s->pairs);
}

static pair pair_of_digits(share_digit x, share_digit y)
{
    if (x.term > y.term || (x.term == y.term && x.shift > y.shift)) {
        const share_digit swap = x;
        x = y;
        y = swap;
    }
    return (pair){
        .a = x.term, .b = y.term, .step = y.shift - x.shift, .opposite = x.negative != y.negative};
}

/* What a term of a depth weighs in a row. Rows with a limit have none beyond; of others nobody looks at the weight. */
static uint64_t weight_of(const sharing *s, uint32_t term)
{
    const unsigned depth = s->to->depth[term];
    return depth <= ASX_ADDERS_DEPTH_MAX ? (uint64_t)1 << depth : 0;
}

static uint64_t *shifts(sharing *s, size_t row, share_digit d)
{
    return (d.negative ? s->minus : s->plus) + d.term * s->n_rows + row;
}

static void put_digit(sharing *s, size_t at, share_digit d)
{
    share_row *row = &s->row[at];
    share_digit *digit = asx_array_grow(row->digit, &row->capacity, row->n + 1, sizeof *digit);
    s->failed = s->failed || !digit;
    if (!digit)
        return;
    row->digit = digit;
    (void)patience_spend(s->patience, row->n);
    for (size_t i = 0; i < row->n && !s->uncounted; i++)
        pairs_more(&s->pairs, pair_of_digits(digit[i], d));
    digit[row->n++] = d;
    row->weight += weight_of(s, d.term);
    *shifts(s, at, d) |= (uint64_t)1 << d.shift;
}

static void take_digit(sharing *s, size_t at, share_digit d)
{
    share_row *row = &s->row[at];
    size_t i = 0;
    while (row->digit[i].term != d.term || row->digit[i].shift != d.shift)
        i++;
    row->digit[i] = row->digit[--row->n];
    (void)patience_spend(s->patience, row->n);
    for (i = 0; i < row->n; i++)
        pairs_less(&s->pairs, pair_of_digits(row->digit[i], d));
    row->weight -= weight_of(s, d.term);
    *shifts(s, at, d) &= ~((uint64_t)1 << d.shift);
}

void sharing_add(sharing *s, size_t row, uint32_t term, int64_t value)
{
    uint64_t plus, minus;
    asx_signed_digits(&plus, &minus, value);
    s->uncounted = s->uncounted || s->patience->over || s->patience->stopped;
    for (unsigned char k = 0; (plus | minus) >> k != 0; k++)
        if ((plus | minus) >> k & 1)
            put_digit(s, row, (share_digit){.term = term, .shift = k, .negative = minus >> k & 1});
}

static bool grow_terms(sharing *s)
{
    if (s->n_terms < s->capacity)
        return true;
    const size_t n = s->capacity * s->n_rows;
    for (int side = 0; side < 2; side++) {
        uint64_t **mask = side ? &s->minus : &s->plus;
        uint64_t *grown = asx_array_new(2 * n, sizeof *grown);
        if (!grown)
            return false;
        memcpy(grown, *mask, n * sizeof *grown);
        free(*mask);
        *mask = grown;
    }
    s->capacity *= 2;
    return true;
}

static unsigned lower(int step)
{
    return step < 0 ? (unsigned)-step : 0;
}

static unsigned upper(int step)
{
    return step > 0 ? (unsigned)step : 0;
}

/* Places of a row at which a pair stands, by the sign of its first term. A place is the lower one of its shifts. */
static void places(uint64_t of[2], const sharing *s, size_t row, pair w)
{
    const size_t a = w.a * s->n_rows + row, b = w.b * s->n_rows + row;
    const unsigned low = lower(w.step), up = upper(w.step);
    const uint64_t plus = s->plus[b] >> up, minus = s->minus[b] >> up;
    of[0] = s->plus[a] >> low & (w.opposite ? minus : plus);
    of[1] = s->minus[a] >> low & (w.opposite ? plus : minus);
}

/* What a row may still weigh, in units of what a substitution adds; many without a limit. */
static size_t allowed(const sharing *s, size_t row, pair w)
{
    const share_row *r = &s->row[row];
    if (r->limit == 0)
        return SIZE_MAX;
    const unsigned da = s->to->depth[w.a], db = s->to->depth[w.b];
    const uint64_t adds =
        ((uint64_t)2 << (da > db ? da : db)) - ((uint64_t)1 << da) - ((uint64_t)1 << db);
    const uint64_t room = ((uint64_t)1 << r->limit) - r->weight;
    return adds == 0 ? SIZE_MAX : (size_t)(room / adds);
}

/* How often a pair can be replaced in all rows. Of a term with itself, places may overlap. */
static size_t occurrences(const sharing *s, pair w)
{
    size_t n = 0;
    for (size_t r = 0; r < s->n_rows; r++) {
        uint64_t of[2];
        places(of, s, r, w);
        size_t here = 0;
        for (uint64_t left = of[0] | of[1]; left; here++) {
            const uint64_t lowest = left & -left;
            left &= ~lowest;
            if (w.a == w.b)
                left &= ~(lowest << w.step);
        }
        if (here > 0) {
            const size_t most = allowed(s, r, w);
            n += here < most ? here : most;
        }
    }
    return n;
}

static void replace_in_row(sharing *s, size_t row, pair w, uint32_t term)
{
    uint64_t of[2];
    places(of, s, row, w);
    if (!(of[0] | of[1]))
        return;
    size_t most = allowed(s, row, w);
    for (unsigned char k = 0; k < 64 && (of[0] | of[1]) >> k && most > 0 && !s->failed; k++) {
        places(of, s, row, w); /* an overlapping one may be gone */
        if (!((of[0] | of[1]) >> k & 1))
            continue;
        const bool negative = of[1] >> k & 1;
        const share_digit a = {w.a, (unsigned char)(k + lower(w.step)), negative};
        const share_digit b = {w.b, (unsigned char)(k + upper(w.step)), negative != w.opposite};
        take_digit(s, row, a);
        take_digit(s, row, b);
        put_digit(s, row, (share_digit){term, k, negative});
        most--;
        if (k == 63 || !((of[0] | of[1]) >> (k + 1)))
            break;
    }
}

static void replace(sharing *s, pair w)
{
    s->failed = s->failed || !grow_terms(s);
    const asx_wire a = {w.a, lower(w.step), false}, b = {w.b, upper(w.step), w.opposite};
    const asx_wire sum = s->failed ? wire_zero() : builder_add(s->to, a, b);
    s->failed = s->failed || s->to->failed;
    if (s->failed)
        return;
    s->n_terms++;
    for (size_t r = 0; r < s->n_rows && !s->patience->stopped; r++)
        replace_in_row(s, r, w, (uint32_t)sum.node);
}

/* The better of two candidates is the one of more; a pair is worth its count, less noise where there is slack. */
static uint64_t worth(const sharing *s, const share_rule *rule, const pair_count *c)
{
    const uint64_t noise = asx_seed_bits(rule->seed, 1, c->key);
    const pair w = pair_of(c->key);
    const unsigned da = s->to->depth[w.a], db = s->to->depth[w.b], deep = da > db ? da : db;
    const uint64_t shallow = rule->shallow && deep < 255 ? 255 - deep : 0;
    const uint64_t count = (uint64_t)c->count << 20;
    const uint64_t span = ((uint64_t)rule->slack + 1) << 20;
    if (rule->slack > 0)
        return (count + noise % span) << 8 | shallow;
    return (count << 8) | shallow << 20 | (noise & 0xfffff);
}

enum { STEP_PAIRS = 4 /* that are looked at: as long as a step */ };

static pair choose(sharing *s, const share_rule *rule, size_t top)
{
    const size_t low = top > 2 + (size_t)rule->slack ? top - rule->slack : 2;
    uint64_t best = 0, key = 0;
    for (size_t count = top; count >= low; count--) {
        (void)patience_spend(s->patience, s->pairs.bucket[count].n / STEP_PAIRS);
        for (size_t i = 0; i < s->pairs.bucket[count].n; i++) {
            const pair_count *c = &s->pairs.pool[s->pairs.bucket[count].item[i]];
            const uint64_t is = worth(s, rule, c);
            if (is > best || (is == best && c->key < key)) {
                best = is;
                key = c->key;
            }
        }
    }
    return pair_of(key);
}

enum { STEP_ROWS = 16 /* whose places are looked at: as long as a step */ };

void sharing_run(sharing *s, const share_rule *rule)
{
    size_t top;
    while (!s->failed && !s->pairs.failed && patience_spend(s->patience, s->n_rows / STEP_ROWS) &&
           (top = pairs_top(&s->pairs)) >= 2) {
        const pair w = choose(s, rule, top);
        if (occurrences(s, w) >= 2)
            replace(s, w);
        else
            pairs_block(&s->pairs, w);
    }
    s->failed = s->failed || s->pairs.failed;
}
