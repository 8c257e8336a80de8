/* Cross terms against definitions that are written differently: divergence of the sum of shifts, ridge regression by its
 * normal equations, shifts of few directions found again from some of their numbers. */
#include <math.h>

#include "crossing.h"
#include "toy.h"

enum { LAYERS = 3, FORMATS = 4, RANK = 2, IMAGES = 5, CLASSES = 3, SIZE = IMAGES * CLASSES };

static double lot(size_t a, size_t b)
{
    return 2 * asx_seed_uniform(5, a, b) - 1;
}

/* Made-up tables of classes. */
static asx_crossing make(void)
{
    asx_error err;
    asx_crossing c;
    asx_answers base = {.images = {2, 2 + IMAGES},
                        .n_out = CLASSES,
                        .n_groups = 1,
                        .n_classes = CLASSES,
                        .class_step = 1,
                        .logit = calloc(SIZE, sizeof *base.logit),
                        .log_p = calloc(SIZE, sizeof *base.log_p)};
    for (size_t i = 0; i < IMAGES; i++) {
        double sum = 0;
        for (size_t k = 0; k < CLASSES; k++) {
            base.logit[i * CLASSES + k] = (float)(2 * lot(i, k));
            sum += exp((double)base.logit[i * CLASSES + k]);
        }
        for (size_t k = 0; k < CLASSES; k++)
            base.log_p[i * CLASSES + k] = base.logit[i * CLASSES + k] - (float)log(sum);
    }
    CHECK_OK(asx_crossing_init(&c, &base, LAYERS, FORMATS, RANK, &err), err);
    for (size_t i = 0; i < LAYERS * RANK * SIZE; i++)
        c.direction[i] = (float)lot(100, i);
    for (size_t i = 0; i < LAYERS * FORMATS * RANK; i++)
        c.coordinate[i] = (float)lot(200, i);
    return c;
}

static double shift_of(const asx_crossing *c, size_t layer, size_t format, size_t at)
{
    double sum = 0;
    for (size_t k = 0; k < RANK; k++)
        sum += (double)c->coordinate[(layer * FORMATS + format) * RANK + k] *
               (double)c->direction[(layer * RANK + k) * SIZE + at];
    return sum;
}

/* By definition: no logit is large. @param layers  which of them shift, a bit each */
static double divergence_of(const asx_crossing *c, const uint16_t *format, unsigned layers)
{
    double total = 0;
    for (size_t i = 0; i < IMAGES; i++) {
        double z[CLASSES], sum = 0, sum_base = 0;
        for (size_t k = 0; k < CLASSES; k++) {
            z[k] = (double)c->base.logit[i * CLASSES + k];
            sum_base += exp(z[k]);
            for (size_t l = 0; l < LAYERS; l++)
                z[k] += layers >> l & 1 ? shift_of(c, l, format[l], i * CLASSES + k) : 0;
            sum += exp(z[k]);
        }
        for (size_t k = 0; k < CLASSES; k++) {
            const double p = exp((double)c->base.logit[i * CLASSES + k]) / sum_base;
            total += p * log(p / (exp(z[k]) / sum)) / IMAGES;
        }
    }
    return total;
}

static void sums_diverge(void **state)
{
    (void)state;
    asx_crossing c = make();
    double apart = 0;
    for (size_t i = 0; i < 64; i++) {
        const uint16_t format[LAYERS] = {i % 4, i / 4 % 4, (uint16_t)(i / 16)};
        const double got = asx_crossing_damage(&c, format);
        double sum = 0;
        assert_true(fabs(got - divergence_of(&c, format, 7)) < 1e-5);
        for (size_t l = 0; l < LAYERS; l++) {
            const double alone = asx_crossing_alone(&c, l, format[l]);
            assert_true(fabs(alone - divergence_of(&c, format, 1u << l)) < 1e-5);
            sum += alone;
        }
        apart += fabs(sum - got);
    }
    assert_true(apart > 1); /* else nothing was tried */
    asx_crossing_fini(&c);
    asx_crossing_fini(NULL);
}

static void bytes_come_back(void **state)
{
    (void)state;
    asx_error err;
    asx_crossing c = make(), d = {.rank = 0};
    const size_t n = asx_crossing_n_bytes(&c);
    unsigned char *bytes = malloc(n);
    asx_crossing_write(bytes, &c);
    CHECK_OK(asx_crossing_read(&d, bytes, n, LAYERS, FORMATS, &err), err);
    for (size_t i = 0; i < 64; i++) {
        const uint16_t format[LAYERS] = {i % 4, i / 4 % 4, (uint16_t)(i / 16)};
        assert_true(asx_crossing_damage(&c, format) == asx_crossing_damage(&d, format));
    }
    asx_crossing_fini(&d);
    for (size_t k = 0; k < n; k++) { /* a block of its own, so that reading on is seen */
        unsigned char *cut = malloc(k + 1);
        memcpy(cut, bytes, k);
        CHECK_FAIL(asx_crossing_read(&d, cut, k, LAYERS, FORMATS, &err), ASX_EPARSE, err);
        free(cut);
    }
    CHECK_FAIL(asx_crossing_read(&d, bytes, n, LAYERS + 1, FORMATS, &err), ASX_EPARSE, err);
    memset(bytes, 0xff, 64); /* sizes that no memory has */
    CHECK_FAIL(asx_crossing_read(&d, bytes, n, LAYERS, FORMATS, &err), ASX_EPARSE, err);
    free(bytes);
    asx_crossing_fini(&c);
}

/* Shifts of two directions and some noise: these directions, orthonormal, and all of a shift from a third of it. */
static void few_directions_tell_all(void **state)
{
    (void)state;
    enum { N = 30, KNOWN = 10, M = 12 };
    asx_error err;
    float shift[M * N], known[M * KNOWN], direction[3 * N], found[M * 3];
    for (size_t j = 0; j < M; j++)
        for (size_t i = 0; i < N; i++) {
            shift[j * N + i] = (float)(3 * lot(1, j) * lot(2, i) + lot(3, j) * lot(4, i));
            if (i < KNOWN)
                known[j * KNOWN + i] = shift[j * N + i];
        }
    CHECK_OK(asx_crossing_directions(direction, 3, shift, M, N, &err), err);
    for (size_t a = 0; a < 3; a++)
        for (size_t b = 0; b <= a; b++) {
            double sum = 0;
            for (size_t i = 0; i < N; i++)
                sum += (double)direction[a * N + i] * (double)direction[b * N + i];
            assert_true(fabs(sum - (a == b && a < 2)) < 1e-4); /* there is no third */
        }
    CHECK_OK(asx_crossing_coordinates(found, direction, 3, N, known, M, KNOWN, &err), err);
    double off = 0, all = 0;
    for (size_t j = 0; j < M; j++)
        for (size_t i = 0; i < N; i++) {
            double sum = 0;
            for (size_t k = 0; k < 3; k++)
                sum += (double)found[j * 3 + k] * (double)direction[k * N + i];
            off += pow(sum - (double)shift[j * N + i], 2);
            all += pow((double)shift[j * N + i], 2);
        }
    assert_true(off < 0.01 * all); /* the pull to zero is a hundredth */
    CHECK_OK(asx_crossing_coordinates(found, direction, 3, N, shift, M, N, &err), err);
    for (size_t j = 0; j < M; j++) {
        double square = 0, length = 0;
        for (size_t k = 0; k < 3; k++)
            length += pow((double)found[j * 3 + k], 2);
        for (size_t i = 0; i < N; i++)
            square += pow((double)shift[j * N + i], 2);
        assert_true(fabs(length - square) < 1e-3 * square);
    }
}

/* Solves a x = b in place, with pivots. */
static void solve(size_t n, double *a, double *b)
{
    for (size_t k = 0; k < n; k++) {
        size_t top = k;
        for (size_t i = k; i < n; i++)
            top = fabs(a[i * n + k]) > fabs(a[top * n + k]) ? i : top;
        for (size_t j = 0; j < n; j++) {
            const double keep = a[k * n + j];
            a[k * n + j] = a[top * n + j];
            a[top * n + j] = keep;
        }
        const double keep = b[k];
        b[k] = b[top];
        b[top] = keep;
        for (size_t i = 0; i < n; i++) {
            const double ratio = i == k ? 0 : a[i * n + k] / a[k * n + k];
            for (size_t j = 0; j < n; j++)
                a[i * n + j] -= ratio * a[k * n + j];
            b[i] -= ratio * b[k];
        }
    }
    for (size_t k = 0; k < n; k++)
        b[k] /= a[k * n + k];
}

/* The correction minimises |shifts / scale - sums|^2 + 10 mean |x|^2 |change|^2: normal equations, by Gauss and Jordan. */
static void correction_is_ridge_regression(void **state)
{
    (void)state;
    enum { M = 20, ALL = LAYERS * RANK };
    asx_error err;
    asx_crossing c = make();
    const asx_crossing before = make();
    uint16_t format[M * LAYERS];
    float shift[M * SIZE];
    double x[M * ALL], squares = 0, own = 0, common = 0;
    for (size_t i = 0; i < M * LAYERS; i++)
        format[i] = (uint16_t)asx_seed_below(9, i, 0, FORMATS);
    for (size_t i = 0; i < M; i++)
        for (size_t at = 0; at < SIZE; at++) {
            double sum = 0;
            for (size_t l = 0; l < LAYERS; l++)
                sum += shift_of(&before, l, format[i * LAYERS + l], at);
            shift[i * SIZE + at] = (float)(0.7 * sum + 0.5 * lot(300, i * SIZE + at));
            own += sum * sum;
            common += sum * (double)shift[i * SIZE + at];
        }
    for (size_t i = 0; i < M; i++)
        for (size_t k = 0; k < ALL; k++) {
            const size_t l = k / RANK, f = format[i * LAYERS + l];
            x[i * ALL + k] = (double)before.coordinate[(l * FORMATS + f) * RANK + k % RANK];
            squares += pow(x[i * ALL + k], 2) / M;
        }
    CHECK_OK(asx_crossing_correct(&c, format, shift, M, &err), err);
    for (size_t at = 0; at < SIZE; at++) {
        double a[ALL * ALL] = {0}, b[ALL] = {0};
        for (size_t i = 0; i < M; i++) {
            double left = (double)shift[i * SIZE + at] * own / common;
            for (size_t k = 0; k < ALL; k++)
                left -= x[i * ALL + k] * (double)before.direction[k * SIZE + at];
            for (size_t k = 0; k < ALL; k++) {
                b[k] += x[i * ALL + k] * left;
                for (size_t j = 0; j < ALL; j++)
                    a[k * ALL + j] += x[i * ALL + k] * x[i * ALL + j];
            }
        }
        for (size_t k = 0; k < ALL; k++)
            a[k * ALL + k] += 10 * squares;
        solve(ALL, a, b);
        for (size_t k = 0; k < ALL; k++) {
            const double moved =
                (double)c.direction[k * SIZE + at] - (double)before.direction[k * SIZE + at];
            assert_true(fabs(moved - b[k]) < 1e-5);
        }
    }
    assert_true(common / own > 0.5 && common / own < 0.9); /* shifts were scaled */
    asx_crossing_fini(&c);
    asx_crossing_fini(
        &(asx_crossing){before.base, LAYERS, FORMATS, RANK, before.direction, before.coordinate});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_diverge),
        cmocka_unit_test(bytes_come_back),
        cmocka_unit_test(few_directions_tell_all),
        cmocka_unit_test(correction_is_ridge_regression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
