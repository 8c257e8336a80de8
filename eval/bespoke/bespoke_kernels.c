#include "bespoke_kernels.h"

#include "dse/vectorised.h"

/* Four products a pass, so that sums are loaded and stored once for all of them. */
#define ADD(name, in_t, sum_t, unsigned_t)                                                         \
    ASX_VECTORISED static void name##_loop(                                                        \
        sum_t *restrict s, const in_t *restrict a, const in_t *restrict b, const in_t *restrict c, \
        const in_t *restrict d, const asx_bespoke_term *t, size_t n)                               \
    {                                                                                              \
        const unsigned_t ma = t[0].mask, mb = t[1].mask, mc = t[2].mask, md = t[3].mask;           \
        const unsigned_t wa = (unsigned_t)t[0].weight, wb = (unsigned_t)t[1].weight;               \
        const unsigned_t wc = (unsigned_t)t[2].weight, wd = (unsigned_t)t[3].weight;               \
        for (size_t i = 0; i < n; i++)                                                             \
            s[i] = (sum_t)((unsigned_t)s[i] + wa * ((unsigned_t)a[i] & ma) +                       \
                           wb * ((unsigned_t)b[i] & mb) + wc * ((unsigned_t)c[i] & mc) +           \
                           wd * ((unsigned_t)d[i] & md));                                          \
    }

/* Sums are added as unsigned numbers, whose overflow is defined where the loops are padded; no sum itself overflows. */
#define KERNELS(width, sum_t, unsigned_t)                                                          \
    ASX_VECTORISED static void fill_##width(void *sum, int64_t value, size_t n)                    \
    {                                                                                              \
        sum_t *s = sum;                                                                            \
        for (size_t i = 0; i < n; i++)                                                             \
            s[i] = (sum_t)value;                                                                   \
    }                                                                                              \
    ADD(add_first_##width, uint16_t, sum_t, unsigned_t)                                            \
    ADD(add_##width, sum_t, sum_t, unsigned_t)                                                     \
    static void add_first_##width(void *sum, const uint16_t *const *v, const asx_bespoke_term *t,  \
                                  size_t n)                                                        \
    {                                                                                              \
        add_first_##width##_loop(sum, v[0], v[1], v[2], v[3], t, n);                               \
    }                                                                                              \
    static void add_##width(void *sum, const void *const *v, const asx_bespoke_term *t, size_t n)  \
    {                                                                                              \
        add_##width##_loop(sum, v[0], v[1], v[2], v[3], t, n);                                     \
    }                                                                                              \
    ASX_VECTORISED static void rectify_##width(void *x, unsigned drop, int64_t max, size_t n)      \
    {                                                                                              \
        sum_t *s = x;                                                                              \
        const sum_t most = (sum_t)max;                                                             \
        for (size_t i = 0; i < n; i++) {                                                           \
            const sum_t y = (s[i] < 0 ? 0 : s[i]) >> drop;                                         \
            s[i] = y < most ? y : most;                                                            \
        }                                                                                          \
    }                                                                                              \
    ASX_VECTORISED static void choose_##width(void *x, void *index, const void *const *values,     \
                                              const void *const *indices, uint64_t bits, size_t n) \
    {                                                                                              \
        sum_t *to = x, *which = index;                                                             \
        const sum_t *l = values[0], *r = values[1], *li = indices[0], *ri = indices[1];            \
        const unsigned_t mask = (unsigned_t)bits;                                                  \
        for (size_t i = 0; mask == 0 && i < n; i++) {                                              \
            which[i] = l[i] >= r[i] ? li[i] : ri[i];                                               \
            to[i] = l[i] >= r[i] ? l[i] : r[i];                                                    \
        }                                                                                          \
        for (size_t i = 0; mask != 0 && i < n; i++) {                                              \
            const unsigned_t a = (unsigned_t)l[i] & mask, b = (unsigned_t)r[i] & mask;             \
            which[i] = a >= b ? li[i] : ri[i];                                                     \
            to[i] = a >= b ? l[i] : r[i];                                                          \
        }                                                                                          \
    }                                                                                              \
    ASX_VECTORISED static void to_classes_##width(uint16_t *out, const void *index, size_t n)      \
    {                                                                                              \
        const sum_t *from = index;                                                                 \
        for (size_t i = 0; i < n; i++)                                                             \
            out[i] = (uint16_t)from[i];                                                            \
    }                                                                                              \
    const asx_bespoke_kernels asx_bespoke_kernels_##width = {.size = sizeof(sum_t),                \
                                                             .fill = fill_##width,                 \
                                                             .add_first = add_first_##width,       \
                                                             .add = add_##width,                   \
                                                             .rectify = rectify_##width,           \
                                                             .choose = choose_##width,             \
                                                             .to_classes = to_classes_##width};

KERNELS(32, int32_t, uint32_t)
KERNELS(64, int64_t, uint64_t)
