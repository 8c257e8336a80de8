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

typedef asx_status parser(asx_network **out, const char *name, const void *bytes, size_t n,
                          asx_error *err);

static void every_allocation_fails_once(parser *parse, onnx_bytes file)
{
    asx_error err = {0};
    asx_network *net = NULL;
    n_allocations = 0;
    CHECK_OK(parse(&net, "test.onnx", file.data, file.n, &err), err);
    asx_network_free(net);
    net = NULL;
    const size_t n = n_allocations;
    for (size_t i = 1; i <= n; i++) {
        countdown = i;
        CHECK_FAIL(parse(&net, "test.onnx", file.data, file.n, &err), ASX_ENOMEM, err);
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
    every_allocation_fails_once(asx_network_parse, case_sample());
}

static void quantised(void **state)
{
    (void)state;
    every_allocation_fails_once(asx_network_parse, case_quantised());
}

static void shapes(void **state)
{
    (void)state;
    every_allocation_fails_once(asx_network_parse, case_shapes());
}

static void for_costs(void **state)
{
    (void)state;
    every_allocation_fails_once(asx_network_parse_priced, case_detector());
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quantised), cmocka_unit_test(sample),
                                       cmocka_unit_test(shapes), cmocka_unit_test(for_costs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
