/* Words as faulty memories give them back. */
#include <math.h>
#include <stdlib.h>

#include "dse/faults.h"
#include "dse/memory.h"
#include "dse/seed.h"

/* The largest magnitude that a word may have, whatever its kind. */
enum { LARGEST = (1 << ASX_VALUE_BITS_MAX) - 1 };

void asx_faults_words(int32_t *word, size_t n, const asx_reading *reading, const asx_faults *faults,
                      uint64_t seed, uint64_t stream)
{
    const asx_cell_faults *f = &faults->weights;
    const unsigned bits = asx_reading_bits(reading);
    const double stuck = f->at_0 + f->at_1, any = stuck + (1 - stuck) * f->flips;
    for (size_t i = 0; i < n; i++) {
        const uint32_t code = asx_reading_code(reading, word[i]);
        uint32_t now = code;
        for (unsigned b = 0; b < bits; b++) {
            const uint32_t bit = (uint32_t)1 << b;
            const double u = asx_seed_uniform(seed, stream, i * bits + b);
            if (u >= any || (faults->only_bit >= 0 && (unsigned)faults->only_bit != b))
                continue;
            now = u < f->at_0 ? now & ~bit : u < stuck ? now | bit : now ^ bit;
        }
        word[i] = asx_reading_value(reading, now);
    }
}

unsigned asx_faults_spread(int32_t *word, size_t n, double spread, uint64_t seed, uint64_t stream)
{
    enum { KEPT = 12 };
    int32_t top = 1;
    unsigned bits = 0;
    for (size_t i = 0; i < n; i++)
        top = abs(word[i]) > top ? abs(word[i]) : top;
    while (top >> bits)
        bits++;
    const unsigned shift = bits < KEPT ? KEPT - bits : 0;
    for (size_t i = 0; i < n; i++) {
        const double factor = fmax(1 + spread * asx_seed_normal(seed, stream, i), 0);
        const double v = rint(ldexp((double)word[i], (int)shift) * factor);
        word[i] = (int32_t)fmax(fmin(v, LARGEST), -LARGEST);
    }
    return shift;
}

asx_status asx_stuck_init(asx_stuck *out, size_t n, unsigned bits, const asx_cell_faults *faults,
                          uint64_t seed, uint64_t stream, asx_error *err)
{
    asx_stuck s = {0};
    const double any = faults->at_0 + faults->at_1;
    if (!(any > 0)) {
        *out = s;
        return ASX_OK;
    }
    s.zero = asx_array_new(n, sizeof *s.zero);
    s.one = asx_array_new(n, sizeof *s.one);
    if (!s.zero || !s.one) {
        asx_stuck_fini(&s);
        return asx_fail(err, ASX_ENOMEM, "no memory for the faults of %zu words", n);
    }
    for (size_t i = 0; i < n; i++)
        for (unsigned b = 0; b < bits; b++) {
            const double u = asx_seed_uniform(seed, stream, i * bits + b);
            if (u < any)
                *(u < faults->at_0 ? &s.zero[i] : &s.one[i]) |= (uint16_t)(1u << b);
        }
    *out = s;
    return ASX_OK;
}

void asx_stuck_fini(asx_stuck *stuck)
{
    if (!stuck)
        return;
    free(stuck->zero);
    free(stuck->one);
    *stuck = (asx_stuck){0};
}

/* Places of flips in a row of bits, one after the other: the gaps between them are geometric. */
typedef struct flips {
    double log_stays; /* of the probability that a bit stays */
    uint64_t seed, stream, drawn, next, end;
} flips;

static void go_on(flips *f)
{
    const double u = 1 - asx_seed_uniform(f->seed, f->stream, f->drawn++); /* above 0 */
    const double gap = f->log_stays < 0 ? floor(log(u) / f->log_stays) : INFINITY;
    f->next = gap < (double)(f->end - f->next) ? f->next + (uint64_t)gap : f->end;
}

void asx_faults_read(int32_t *word, size_t n, const asx_reading *reading, const asx_stuck *stuck,
                     double rate, uint64_t seed, uint64_t stream)
{
    const unsigned bits = asx_reading_bits(reading);
    flips f = {log1p(-rate), seed, stream, 0, 0, (uint64_t)n * bits};
    go_on(&f);
    for (size_t i = stuck->zero ? 0 : (size_t)(f.next / bits); i < n;
         i = stuck->zero ? i + 1 : (size_t)(f.next / bits)) {
        uint32_t code = asx_reading_code(reading, word[i]);
        while (f.next < (uint64_t)(i + 1) * bits) {
            code ^= (uint32_t)1 << (f.next - (uint64_t)i * bits);
            f.next++;
            go_on(&f);
        }
        if (stuck->zero)
            code = (code & ~(uint32_t)stuck->zero[i]) | stuck->one[i];
        word[i] = asx_reading_value(reading, code);
    }
}
