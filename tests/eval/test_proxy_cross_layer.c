/* The proxy with cross terms on a network: designs are what their layers sum up to, and not the sum of what they do alone;
 * learning, and bytes. */
#include <math.h>

#include "proxy_type.h"
#include "toy_proxy.h"

enum { LAYERS = 3 };

static const char *const TEXT[] = {"w8a8", "w6{1}a8", "w4{1}a8", "w3a8", "w8a4"};
enum { N = sizeof TEXT / sizeof *TEXT };

static asx_proxy *proxy_of(const toy_proxy *f)
{
    asx_error err;
    asx_proxy *p = NULL;
    CHECK_OK(
        asx_proxy_new(&p, "cross-layer", f->calibration, f->data, TOY_IMAGES, f->format, N, &err),
        err);
    return p;
}

static void designs_are_summed_up(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    toy_proxy_start(&f, TEXT, N);
    asx_proxy *p = proxy_of(&f);
    assert_false(asx_proxy_adds_up(p));
    assert_true(asx_proxy_adds_up(f.proxy));
    double apart = 0;
    for (size_t i = 0; i < N * N * N; i++) {
        const uint16_t number[LAYERS] = {(uint16_t)(i % N), (uint16_t)(i / N % N),
                                         (uint16_t)(i / N / N)};
        double damage = 0, score = 0, sum = 0;
        asx_design d;
        CHECK_OK(asx_design_init(&d, LAYERS, &err), err);
        for (size_t l = 0; l < LAYERS; l++) {
            d.format[l] = f.format[number[l]];
            sum += asx_proxy_damage(p, l, number[l]);
        }
        CHECK_OK(asx_proxy_design_damage(&damage, p, &d, &err), err);
        asx_proxy_score(&score, p, number, 1);
        assert_true(damage == score && damage == asx_crossing_damage(&p->crossing, number));
        apart = fmax(apart, fabs(damage - sum) / (damage + sum + 1e-12));
        asx_design_fini(&d);
    }
    assert_true(apart > 0.05);
    assert_true(asx_proxy_damage(p, 0, 0) < 1e-9); /* what is plain shifts nothing */
    asx_proxy_free(p);
    toy_proxy_end(&f);
}

/* Of designs whose drops follow another curve: the curve learns, the order stays. */
static void only_the_curve_learns(void **state)
{
    (void)state;
    enum { DESIGNS = 12 };
    asx_error err;
    toy_proxy f;
    toy_proxy_start(&f, TEXT, N);
    asx_proxy *p = proxy_of(&f);
    double middle = 0;
    for (size_t i = 0; i < N; i++) {
        double damage;
        const uint16_t k = (uint16_t)i;
        asx_proxy_score(&damage, p, (const uint16_t[]){k, k, k}, 1);
        middle = fmax(middle, damage / 4);
    }
    p->ceiling = 80;
    p->knee = middle;
    asx_design design[DESIGNS];
    const asx_design *list[DESIGNS];
    asx_accuracy told[DESIGNS], before[DESIGNS], after[DESIGNS];
    for (size_t i = 0; i < DESIGNS; i++) {
        CHECK_OK(asx_design_init(&design[i], LAYERS, &err), err);
        for (size_t l = 0; l < LAYERS; l++)
            design[i].format[l] = f.format[asx_seed_below(3, i, l, N)];
        list[i] = &design[i];
        CHECK_OK(asx_proxy_design(&before[i], p, &design[i], &err), err);
        told[i] = before[i];
        double damage;
        CHECK_OK(asx_proxy_design_damage(&damage, p, &design[i], &err), err);
        told[i].drop = 80 * (1 - exp(-pow(damage / (3 * middle), 0.7)));
        told[i].drop_low = told[i].drop - 0.2;
        told[i].drop_high = told[i].drop + 0.2;
    }
    CHECK_OK(asx_proxy_refit(p, list, told, DESIGNS, &err), err);
    double off_before = 0, off_after = 0;
    for (size_t i = 0; i < DESIGNS; i++) {
        CHECK_OK(asx_proxy_design(&after[i], p, &design[i], &err), err);
        off_before += fabs(before[i].drop - told[i].drop);
        off_after += fabs(after[i].drop - told[i].drop);
        for (size_t k = 0; k < i; k++)
            assert_true((before[i].drop - before[k].drop) * (after[i].drop - after[k].drop) >= 0);
    }
    assert_true(off_before > 1 && off_after < 0.5 * off_before);
    for (size_t i = 0; i < DESIGNS; i++)
        asx_design_fini(&design[i]);
    asx_proxy_free(p);
    toy_proxy_end(&f);
}

static void stored_and_damaged(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    void *bytes = NULL, *again = NULL;
    size_t n = 0, n_again = 0;
    toy_proxy_start(&f, TEXT, N);
    asx_proxy *p = proxy_of(&f), *q = NULL;
    CHECK_OK(asx_proxy_save(&bytes, &n, p, &err), err);
    CHECK_OK(asx_proxy_load(&q, f.net, bytes, n, &err), err);
    CHECK_OK(asx_proxy_save(&again, &n_again, q, &err), err);
    assert_int_equal(n, n_again);
    assert_memory_equal(bytes, again, n);
    for (size_t i = 0; i < (size_t)N * N * N; i++) {
        const uint16_t number[LAYERS] = {(uint16_t)(i % N), (uint16_t)(i / N % N),
                                         (uint16_t)(i / N / N)};
        double a, b;
        asx_proxy_score(&a, p, number, 1);
        asx_proxy_score(&b, q, number, 1);
        assert_true(a == b);
    }
    asx_proxy_free(q);
    q = NULL;
    for (size_t k = 0; k < n; k += 13) {
        ((unsigned char *)bytes)[k] ^= (unsigned char)(1 << k % 8);
        CHECK_FAIL(asx_proxy_load(&q, f.net, bytes, n, &err), ASX_EPARSE, err);
        ((unsigned char *)bytes)[k] ^= (unsigned char)(1 << k % 8);
        CHECK_FAIL(asx_proxy_load(&q, f.net, bytes, k, &err), ASX_EPARSE, err);
    }
    assert_null(q);
    free(bytes);
    free(again);
    asx_proxy_free(p);
    toy_proxy_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(designs_are_summed_up),
        cmocka_unit_test(only_the_curve_learns),
        cmocka_unit_test(stored_and_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
