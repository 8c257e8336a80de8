/* Every allocation fails once: a sweep over all calls of the vocabulary that take memory. Each must
 * say so, leave its output alone and release what it had (the sanitizer watches). */
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "dse/evaluator.h"
#include "dse/space.h"

/* The linker's --wrap sends the library's allocations here: number `fail_at` fails. */
static long fail_at = -1, n_calls = 0;

void *__real_calloc(size_t n, size_t size);
void *__real_malloc(size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_calloc(size_t n, size_t size)
{
    return n_calls++ == fail_at ? NULL : __real_calloc(n, size);
}

void *__wrap_malloc(size_t size)
{
    return n_calls++ == fail_at ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return n_calls++ == fail_at ? NULL : __real_realloc(p, size);
}

typedef struct fixture {
    asx_workload work;
    asx_design design;
    asx_space_spec spec;
    asx_space *space;
} fixture;

/* Each makes one thing and releases it; `out` is as large as any of them. */
typedef union outcome {
    asx_workload work;
    asx_design design;
    asx_space *space;
    char *text;
    asx_gene point[4];
    asx_evaluator evaluator;
} outcome;

typedef asx_status (*step)(outcome *out, const fixture *f, asx_error *err);

static asx_status workload_copy(outcome *out, const fixture *f, asx_error *err)
{
    const asx_status status = asx_workload_copy(&out->work, &f->work, err);
    if (status == ASX_OK)
        asx_workload_fini(&out->work);
    return status;
}

static asx_status design_copy(outcome *out, const fixture *f, asx_error *err)
{
    const asx_status status = asx_design_copy(&out->design, &f->design, err);
    if (status == ASX_OK)
        asx_design_fini(&out->design);
    return status;
}

static asx_status design_parse(outcome *out, const fixture *f, asx_error *err)
{
    const asx_status status = asx_design_parse(&out->design, "in: w8a8 b=w4{1}a8", &f->work, err);
    if (status == ASX_OK)
        asx_design_fini(&out->design);
    return status;
}

static asx_status design_print(outcome *out, const fixture *f, asx_error *err)
{
    asx_text text = {0};
    asx_design_print(&text, &f->design, &f->work);
    const asx_status status = asx_text_take(&out->text, &text, err);
    if (status == ASX_OK)
        free(out->text);
    return status;
}

static asx_status space_new(outcome *out, const fixture *f, asx_error *err)
{
    const asx_status status = asx_space_new(&out->space, &f->spec, err);
    if (status == ASX_OK)
        asx_space_free(out->space);
    return status;
}

static asx_status space_size(outcome *out, const fixture *f, asx_error *err)
{
    const asx_status status = asx_space_size_text(&out->text, f->space, err);
    if (status == ASX_OK)
        free(out->text);
    return status;
}

static asx_status space_decode(outcome *out, const fixture *f, asx_error *err)
{
    const asx_gene point[4] = {0};
    const asx_status status = asx_space_decode(&out->design, f->space, point, err);
    if (status == ASX_OK)
        asx_design_fini(&out->design);
    return status;
}

static asx_status space_encode(outcome *out, const fixture *f, asx_error *err)
{
    return asx_space_encode(out->point, f->space, &f->design, err);
}

static asx_status nothing(void *state, const asx_design *design, asx_evaluation *inout,
                          asx_error *err)
{
    (void)state, (void)design, (void)inout, (void)err;
    return ASX_OK;
}

static asx_status join(outcome *out, const fixture *f, asx_error *err)
{
    (void)f;
    static const asx_evaluator_type type = {.name = "part", .evaluate = nothing, .free = free};
    asx_evaluator first = {&type, __real_malloc(1)}, second = {&type, __real_malloc(1)};
    const asx_status status = asx_evaluator_join(&out->evaluator, &first, &second, err);
    assert_true(!first.state && !second.state); /* taken over, come what may */
    if (status == ASX_OK)
        asx_evaluator_fini(&out->evaluator);
    return status;
}

static void sweep(step run, size_t step_number, const fixture *f)
{
    outcome out, before;
    memset(&before, 0x55, sizeof before);
    for (long i = 0;; i++) {
        asx_error err = {.message = ""};
        memcpy(&out, &before, sizeof out);
        n_calls = 0;
        fail_at = i;
        const asx_status status = run(&out, f, &err);
        const long calls = n_calls;
        fail_at = -1;
        if (calls <= i) { /* the call needs no more than that: it went through */
            assert_int_equal(status, ASX_OK);
            assert_true(i > 0);
            return;
        }
        if (status != ASX_ENOMEM)
            fail_msg("step %zu: failed allocation %ld gives %s", step_number, i,
                     asx_status_text(status));
        assert_true(err.message[0] != '\0');
        assert_memory_equal(&out, &before, sizeof out);
    }
}

static void test_every_allocation(void **state)
{
    (void)state;
    asx_error err;
    fixture f = {0};
    CHECK_OK(asx_workload_init(&f.work, "net", &err), err);
    for (int c = 'a'; c <= 'c'; c++) {
        char name[] = {(char)c, '\0'};
        const asx_layer layer = {
            name, ASX_LAYER_DENSE,     1,   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, false, 0,
            0,    {.weight_sigma = 0}, {0}, 1};
        CHECK_OK(asx_workload_add(&f.work, &layer, &err), err);
    }
    CHECK_OK(asx_design_parse(&f.design, "in: w8a8 b=w4{1}a8", &f.work, &err), err);
    static const asx_placement placement[] = {ASX_PLACEMENT_IN};
    static const char *const layers[] = {"c*"};
    const asx_space_group group = {"group", layers, 1};
    f.spec = (asx_space_spec){&f.work, placement, 1, f.design.format, 2, true, &group, 1, NULL, 0};
    CHECK_OK(asx_space_new(&f.space, &f.spec, &err), err);
    assert_int_equal(asx_space_n_genes(f.space), 4);

    static const step steps[] = {workload_copy, design_copy,  design_parse, design_print, space_new,
                                 space_size,    space_decode, space_encode, join};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        sweep(steps[i], i, &f);
    asx_space_free(f.space);
    asx_design_fini(&f.design);
    asx_workload_fini(&f.work);
}

int main(void)
{
    /* against shared libraries --wrap reaches nothing of theirs */
    asx_design design;
    asx_error err;
    if (asx_design_init(&design, 1, &err) != ASX_OK)
        return 1;
    asx_design_fini(&design);
    if (n_calls == 0) {
        printf("skipped: the library's allocations cannot be intercepted\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
