/* Long work that is watched: a table ended at any moment, and made again from what was kept, is the table that nobody
 * disturbed; pieces that do not fit are made anew; the float network ends when it is told to. */
#include <stdatomic.h>
#include <string.h>

#include "dse/memory.h"
#include "toy_proxy.h"

static const char *const FORMATS[] = {"w8a8", "w8{1,3}a8", "w6{1}a8", "w4{1}a8", "w4{3}a6"};
enum { N = sizeof FORMATS / sizeof FORMATS[0], PIECES_MAX = 64 };

/* Keeps pieces, and stops at the poll of a number. */
typedef struct keeper {
    char name[PIECES_MAX][128];
    void *bytes[PIECES_MAX];
    size_t size[PIECES_MAX];
    size_t n_kept, n_found, done, total;
    atomic_size_t n_polls;
    size_t stop_at; /* 0: never */
    char what[64];
} keeper;

static bool stop(void *state)
{
    keeper *k = state;
    const size_t poll = atomic_fetch_add(&k->n_polls, 1) + 1;
    return k->stop_at && poll >= k->stop_at;
}

static void progress(void *state, const char *what, size_t done, size_t total)
{
    keeper *k = state;
    assert_true(done < total);
    assert_true(strcmp(k->what, what) != 0 || done >= k->done);
    snprintf(k->what, sizeof k->what, "%s", what);
    k->done = done;
    k->total = total;
}

static asx_status keep(void *state, const char *name, const void *bytes, size_t n, asx_error *err)
{
    keeper *k = state;
    (void)err;
    assert_true(k->n_kept < PIECES_MAX);
    for (size_t i = 0; i < k->n_kept; i++)
        assert_string_not_equal(k->name[i], name);
    snprintf(k->name[k->n_kept], sizeof k->name[0], "%s", name);
    k->bytes[k->n_kept] = asx_array_copy(bytes, n, 1);
    k->size[k->n_kept++] = n;
    return ASX_OK;
}

static asx_status find(void **out, size_t *n, void *state, const char *name, asx_error *err)
{
    keeper *k = state;
    (void)err;
    for (size_t i = 0; i < k->n_kept; i++)
        if (strcmp(k->name[i], name) == 0) {
            *out = asx_array_copy(k->bytes[i], k->size[i], 1);
            *n = k->size[i];
            k->n_found++;
        }
    return ASX_OK;
}

static void forget(keeper *k)
{
    while (k->n_kept)
        free(k->bytes[--k->n_kept]);
    *k = (keeper){.n_kept = 0};
}

/* As the toy's, with a calibration and a table of its own that somebody may watch. */
static asx_status make(void **bytes, size_t *n, const char *type, const toy_proxy *f, keeper *k)
{
    const asx_work_watch watch = {stop, progress, keep, find, k};
    asx_calibration *calibration = NULL;
    asx_proxy *proxy = NULL;
    asx_error err;
    CHECK_OK(asx_calibration_new(&calibration, f->net, f->data, TOY_IMAGES, NULL, &err), err);
    asx_calibration_watch(calibration, k ? &watch : NULL);
    const asx_status status =
        asx_proxy_new(&proxy, type, calibration, f->data, TOY_IMAGES, f->format, N, &err);
    if (status == ASX_OK)
        CHECK_OK(asx_proxy_save(bytes, n, proxy, &err), err);
    asx_proxy_free(proxy);
    asx_calibration_free(calibration);
    return status;
}

/* At every `step`th poll. */
static void stop_and_go_on(const char *type, size_t step)
{
    toy_proxy f;
    void *calm = NULL;
    size_t n_calm = 0, n_stopped = 0, n_found = 0;
    asx_status status = ASX_EINTERRUPTED;
    toy_proxy_start(&f, FORMATS, N);
    assert_int_equal(make(&calm, &n_calm, type, &f, NULL), ASX_OK);
    for (size_t at = 1; status != ASX_OK; at += step) {
        static keeper k;
        void *bytes = NULL;
        size_t n = 0;
        k.stop_at = at;
        status = make(&bytes, &n, type, &f, &k);
        if (status != ASX_OK) {
            assert_int_equal(status, ASX_EINTERRUPTED);
            n_stopped++;
            k.stop_at = 0;
            assert_int_equal(make(&bytes, &n, type, &f, &k), ASX_OK);
            n_found += k.n_found;
        }
        assert_int_equal(n, n_calm);
        assert_memory_equal(bytes, calm, n);
        free(bytes);
        forget(&k);
    }
    assert_true(n_stopped > 10 && n_found > n_stopped);
    free(calm);
    toy_proxy_end(&f);
}

static void stopped_anywhere_it_goes_on(void **state)
{
    (void)state;
    stop_and_go_on("alone", 1);
    stop_and_go_on("cross-layer", 31);
}

static void pieces_that_do_not_fit_are_made_anew(void **state)
{
    (void)state;
    toy_proxy f;
    static keeper k;
    void *calm = NULL, *bytes = NULL;
    size_t n_calm = 0, n = 0;
    toy_proxy_start(&f, FORMATS, N);
    assert_int_equal(make(&calm, &n_calm, "alone", &f, &k), ASX_OK);
    const size_t n_pieces = k.n_kept;
    assert_true(n_pieces >= 5);             /* errors and runs of both operands, probes */
    for (size_t i = 0; i < n_pieces; i++) { /* one lies there, too short */
        keeper one = {.n_kept = 0};
        assert_int_equal(keep(&one, k.name[i], k.bytes[i], k.size[i] - 1, NULL), ASX_OK);
        const asx_work_watch watch = {NULL, NULL, NULL, find, &one};
        asx_calibration *calibration = NULL;
        asx_proxy *proxy = NULL;
        asx_error err;
        CHECK_OK(asx_calibration_new(&calibration, f.net, f.data, TOY_IMAGES, NULL, &err), err);
        asx_calibration_watch(calibration, &watch);
        CHECK_OK(asx_proxy_new(&proxy, "alone", calibration, f.data, TOY_IMAGES, f.format, N, &err),
                 err);
        CHECK_OK(asx_proxy_save(&bytes, &n, proxy, &err), err);
        assert_int_equal(one.n_found, 1);
        assert_memory_equal(bytes, calm, n_calm);
        free(bytes);
        asx_proxy_free(proxy);
        asx_calibration_free(calibration);
        free(one.bytes[0]);
    }
    free(calm);
    forget(&k);
    toy_proxy_end(&f);
}

static void the_float_network_ends_when_told(void **state)
{
    (void)state;
    asx_error err;
    toy_proxy f;
    static keeper k;
    const asx_work_watch watch = {.stop = stop, .state = &k};
    asx_measure *measure = NULL;
    asx_accuracy accuracy;
    asx_design design;
    toy_proxy_start(&f, FORMATS, N);
    asx_calibration_watch(f.calibration, &watch);
    k.stop_at = 1;
    assert_int_equal(asx_measure_new(&measure, f.calibration, f.data, (asx_range){0, 75}, &err),
                     ASX_EINTERRUPTED);
    assert_null(measure);
    /* a design that is begun is measured */
    CHECK_OK(asx_design_init(&design, 3, &err), err);
    for (size_t l = 0; l < 3; l++)
        design.format[l] = f.format[1];
    CHECK_OK(asx_measure_design(&accuracy, f.measure, &design, &err), err);
    assert_true(accuracy.images == 75);
    asx_design_fini(&design);
    toy_proxy_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stopped_anywhere_it_goes_on),
        cmocka_unit_test(pieces_that_do_not_fit_are_made_anew),
        cmocka_unit_test(the_float_network_ends_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
