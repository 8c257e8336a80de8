/* Proxies as bytes: the same proxy back, and no byte of it may be cut or changed unnoticed. */
#include "toy_proxy.h"

static const char *const FORMATS[] = {"w8a8", "w8{1,3}a8", "w6{1}a8", "w4s{3}a8", "w3a8", "w8a10"};
enum { N = sizeof FORMATS / sizeof FORMATS[0] };

typedef struct stored {
    toy_proxy toy;
    unsigned char *bytes;
    size_t n;
} stored;

static void start(stored *f)
{
    asx_error err;
    void *bytes;
    toy_proxy_start(&f->toy, FORMATS, N);
    CHECK_OK(asx_proxy_fit(NULL, f->toy.proxy, f->toy.measure, 1, &err), err);
    CHECK_OK(asx_proxy_save(&bytes, &f->n, f->toy.proxy, &err), err);
    f->bytes = bytes;
}

static void end(stored *f)
{
    free(f->bytes);
    toy_proxy_end(&f->toy);
}

static void the_same_comes_back(void **state)
{
    (void)state;
    asx_error err;
    stored f;
    asx_proxy *p;
    start(&f);
    CHECK_OK(asx_proxy_load(&p, f.toy.net, f.bytes, f.n, &err), err);
    for (size_t i = 0; i < N; i++) {
        size_t at = N;
        CHECK_OK(asx_proxy_find(&at, p, &f.toy.format[i], &err), err);
        assert_int_equal(at, i);
        for (size_t l = 0; l < 3; l++)
            assert_true(asx_proxy_damage(p, l, i) == asx_proxy_damage(f.toy.proxy, l, i));
    }
    for (double d = 0; d < 4; d += 0.125)
        assert_true(asx_proxy_drop(p, d) == asx_proxy_drop(f.toy.proxy, d));
    asx_design design;
    asx_accuracy a, b;
    CHECK_OK(asx_design_init(&design, 3, &err), err);
    for (size_t l = 0; l < 3; l++)
        design.format[l] = f.toy.format[l + 1];
    CHECK_OK(asx_proxy_design(&a, p, &design, &err), err);
    CHECK_OK(asx_proxy_design(&b, f.toy.proxy, &design, &err), err);
    assert_true(a.accuracy == b.accuracy && a.drop == b.drop);
    asx_design_fini(&design);

    void *again;
    size_t n;
    CHECK_OK(asx_proxy_save(&again, &n, p, &err), err);
    assert_int_equal(n, f.n);
    assert_memory_equal(again, f.bytes, n);
    free(again);
    asx_proxy_free(p);
    end(&f);
}

static void damage_is_noticed(void **state)
{
    (void)state;
    asx_error err;
    stored f;
    asx_proxy *p = NULL;
    start(&f);
    for (size_t n = 0; n < f.n; n++) {
        unsigned char *cut = malloc(n + 1); /* a block of its own, so that reading on is seen */
        memcpy(cut, f.bytes, n);
        CHECK_FAIL(asx_proxy_load(&p, f.toy.net, cut, n, &err), ASX_EPARSE, err);
        free(cut);
    }
    for (size_t i = 0; i < f.n; i++) {
        f.bytes[i] ^= (unsigned char)(1 << i % 8);
        CHECK_FAIL(asx_proxy_load(&p, f.toy.net, f.bytes, f.n, &err), ASX_EPARSE, err);
        f.bytes[i] ^= (unsigned char)(1 << i % 8);
    }
    assert_null(p);
    end(&f);
}

static void another_network_is_refused(void **state)
{
    (void)state;
    asx_error err;
    stored f;
    asx_proxy *p = NULL;
    start(&f);
    const size_t shape[ASX_RANK_MAX] = {2, 4, 4};
    asx_network *other = toy_network(shape);
    CHECK_FAIL(asx_proxy_load(&p, other, f.bytes, f.n, &err), ASX_EPARSE, err);
    asx_network_free(other);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_comes_back),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(another_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
