/* Which designs a round measures: a spread along the front by length of way, and a few beside it. */
#include <math.h>
#include <string.h>

#include "dense.h"
#include "rounds.h"

enum { N_LAYERS = 3, N_FORMATS = 4, N_GENES = 1 + N_LAYERS, N_PLACEMENTS = 2 };

static const asx_reference_point reference = {
    .objective = {ASX_DROP, ASX_ENERGY}, .value = {16, 64}, .n = 2};

static asx_space *make_space(void)
{
    static const char *const text[N_FORMATS] = {"w8a8", "w6a8", "w4a8", "w4{1}a8"};
    static const asx_placement placement[N_PLACEMENTS] = {ASX_PLACEMENT_VN, ASX_PLACEMENT_NEAR};
    asx_error err;
    asx_workload work = dense_network(N_LAYERS, 3, 2);
    asx_format format[N_FORMATS];
    asx_space *space = NULL;
    for (int i = 0; i < N_FORMATS; i++)
        CHECK_OK(asx_format_parse(&format[i], text[i], &err), err);
    const asx_space_spec spec = {.work = &work,
                                 .placement = placement,
                                 .n_placements = N_PLACEMENTS,
                                 .format = format,
                                 .n_formats = N_FORMATS,
                                 .per_layer = true};
    CHECK_OK(asx_space_new(&space, &spec, &err), err);
    asx_workload_fini(&work);
    return space;
}

/* A front of `n` designs of different formats, at equal steps that binary numbers hold. */
static asx_rounds make_rounds(const asx_space *space, size_t n)
{
    asx_rounds r = {.space = space, .seed = 3, .n_genes = N_GENES};
    r.front.n = n;
    r.front.point = calloc(n, N_GENES * sizeof *r.front.point);
    r.front.value = calloc(n, 2 * sizeof *r.front.value);
    assert_true(r.front.point && r.front.value);
    for (size_t i = 0; i < n; i++) {
        asx_gene *p = r.front.point + i * N_GENES;
        p[0] = (asx_gene)(i % N_PLACEMENTS);
        for (size_t g = 1, code = i; g < N_GENES; g++, code /= N_FORMATS)
            p[g] = (asx_gene)(code % N_FORMATS);
        r.front.value[2 * i] = 0.25 * (double)i;
        r.front.value[2 * i + 1] = 60 - 0.5 * (double)i;
    }
    return r;
}

static size_t find(const asx_rounds *r, const asx_gene *point)
{
    for (size_t i = 0; i < r->front.n; i++)
        if (memcmp(r->front.point + i * N_GENES + 1, point + 1, N_LAYERS * sizeof *point) == 0)
            return i;
    return r->front.n;
}

static void check_distinct(const asx_rounds *r)
{
    for (size_t i = 0; i < r->n; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(r->point + i * N_GENES + 1, r->point + j * N_GENES + 1,
                                    N_LAYERS * sizeof(asx_gene));
}

/* On a front of equal steps, equal steps: three quarters of them, both ends among them. */
static void test_even_spread(void **state)
{
    (void)state;
    asx_error err;
    asx_space *space = make_space();
    asx_rounds r = make_rounds(space, 31);
    CHECK_OK(asx_rounds_choose(&r, &reference, 1, 8, &err), err);
    assert_true(r.n > 6 && r.n <= 8);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(find(&r, r.point + i * N_GENES), 6 * i);
    check_distinct(&r);
    for (size_t i = 0; i < r.n; i++) { /* point and design are the same */
        asx_gene point[N_GENES];
        CHECK_OK(asx_space_encode(point, space, &r.design[i], &err), err);
        assert_memory_equal(point, r.point + i * N_GENES, sizeof point);
    }
    asx_rounds_fini(&r);
    asx_space_free(space);
}

/* Those beside it take one gene from another design of the front. */
static void test_beside(void **state)
{
    (void)state;
    asx_error err;
    asx_space *space = make_space();
    asx_rounds r = make_rounds(space, 9);
    CHECK_OK(asx_rounds_choose(&r, &reference, 1, 16, &err), err);
    size_t n_beside = 0;
    for (size_t i = 0; i < r.n; i++) {
        bool near = false;
        if (find(&r, r.point + i * N_GENES) < r.front.n)
            continue;
        n_beside++;
        for (size_t k = 0; k < r.front.n && !near; k++) {
            size_t n_differ = 0;
            for (size_t g = 1; g < N_GENES; g++)
                n_differ += r.front.point[k * N_GENES + g] != r.point[i * N_GENES + g];
            near = n_differ == 1;
        }
        assert_true(near);
    }
    assert_true(n_beside >= 1 && n_beside <= 4);
    check_distinct(&r);
    asx_rounds_fini(&r);
    asx_space_free(space);
}

/* Nobody builds outside the reference point: no step is spent on the way there. */
static void test_inside_the_reference(void **state)
{
    (void)state;
    asx_error err;
    asx_space *space = make_space();
    asx_rounds r = make_rounds(space, 26);
    for (size_t i = 0; i < 26; i++) /* to the edge of 16 points of drop, and far beyond */
        r.front.value[2 * i] = i <= 16 ? (double)i : 1000 * (double)i;
    CHECK_OK(asx_rounds_choose(&r, &reference, 1, 8, &err), err);
    size_t n_inside = 0;
    for (size_t i = 0; i < 6; i++)
        n_inside += find(&r, r.point + i * N_GENES) <= 16;
    assert_int_equal(n_inside, 6);
    asx_rounds_fini(&r);
    asx_space_free(space);
}

/* Later rounds take what is left, the same again for the same seed, until nothing is. */
static void test_rounds_go_on(void **state)
{
    (void)state;
    asx_error err;
    asx_space *space = make_space();
    asx_rounds a = make_rounds(space, 12), b = make_rounds(space, 12);
    size_t before = 0;
    for (size_t round = 1; round <= 20; round++) {
        CHECK_OK(asx_rounds_choose(&a, &reference, round, 4, &err), err);
        CHECK_OK(asx_rounds_choose(&b, &reference, round, 4, &err), err);
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.point, b.point, a.n * N_GENES * sizeof *a.point);
        assert_true(a.n - before <= 4);
        check_distinct(&a);
        before = a.n;
    }
    for (size_t i = 0; i < a.front.n; i++) { /* all of the front was taken */
        bool taken = false;
        for (size_t k = 0; k < a.n; k++)
            taken = taken || find(&a, a.point + k * N_GENES) == i;
        assert_true(taken);
    }
    asx_rounds_fini(&a);
    asx_rounds_fini(&b);
    asx_space_free(space);
}

static void test_no_front(void **state)
{
    (void)state;
    asx_error err;
    asx_space *space = make_space();
    asx_rounds r = {.space = space, .seed = 3, .n_genes = N_GENES};
    CHECK_OK(asx_rounds_choose(&r, &reference, 1, 8, &err), err);
    assert_int_equal(r.n, 0);
    asx_rounds_fini(&r);
    asx_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_even_spread),
        cmocka_unit_test(test_beside),
        cmocka_unit_test(test_inside_the_reference),
        cmocka_unit_test(test_rounds_go_on),
        cmocka_unit_test(test_no_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
