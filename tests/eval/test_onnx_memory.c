/* Every allocation of an import fails once: ASX_ENOMEM each time, nothing leaks (the sanitizer
 * watches), nothing is handed out. The linker lets calloc and realloc pass through here. */
#include <stdbool.h>

#include "check.h"
#include "eval/network.h"
#include "onnx_case.h"

static size_t countdown; /* the allocation that fails; 0: none */
static size_t n_allocations;

static bool fails(void)
{
    n_allocations++;
    return countdown > 0 && --countdown == 0;
}

void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

static void every_allocation_fails_once(onnx_bytes file)
{
    asx_error err = {0};
    asx_network *net = NULL;
    n_allocations = 0;
    CHECK_OK(asx_network_parse(&net, "test.onnx", file.data, file.n, &err), err);
    asx_network_free(net);
    net = NULL;
    const size_t n = n_allocations;
    for (size_t i = 1; i <= n; i++) {
        countdown = i;
        CHECK_FAIL(asx_network_parse(&net, "test.onnx", file.data, file.n, &err), ASX_ENOMEM, err);
        assert_null(net);
        assert_int_equal(countdown, 0);
    }
    onnx_bytes_free(&file);
    if (n == 0)
        skip(); /* modules built as shared libraries keep their own calloc */
}

static void sample(void **state)
{
    (void)state;
    every_allocation_fails_once(case_sample());
}

static void quantised(void **state)
{
    (void)state;
    every_allocation_fails_once(case_quantised());
}

static void shapes(void **state)
{
    (void)state;
    every_allocation_fails_once(case_shapes());
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quantised), cmocka_unit_test(sample),
                                       cmocka_unit_test(shapes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
