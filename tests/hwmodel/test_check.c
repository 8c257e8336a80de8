/* Errors against reference tables that are made here, and every refusal. */
#include <math.h>
#include <unistd.h>

#include "hwmodel/check.h"
#include "toy.h"

static char path[] = "/tmp/asx-check-XXXXXX";
static asx_technology *tech;

static int setup(void **state)
{
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    tech = toy_technology();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    asx_technology_free(tech);
    return remove(path);
}

static asx_status check_text(asx_check **out, size_t *n, const char *text, asx_error *err)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return asx_technology_check(out, n, tech, path, err);
}

static const char memory_head[] = "tech_nm,cell_type,objective,size_bytes,width_bits,read_pj,"
                                  "write_pj,area_mm2,leakage_mw,access_ns\n";

/* The toy reads 4 kB x 64 bits at .1 64 sqrt(4) = 12.8 pJ, writes at twice that, takes 4640 um2 and
 * leaks as much in nW, and says nothing about access times. */
static void memories(void **state)
{
    (void)state;
    asx_error err;
    asx_check *check = NULL;
    size_t n = 0;
    char text[1024];
    snprintf(text, sizeof text,
             "%s45,a,b,4096,64,12.8,51.2,0.00464,0.00928,1\n"
             "45,a,b,1024,64,12.8,12.8,0.00164,0.00164,1\n"
             "45,a,b,16777216,64,1,1,1,1,1\n" /* 16 MB: beyond the toy */
             "32,a,b,1024,64,1,1,1,1,1\n",
             memory_head);
    CHECK_OK(check_text(&check, &n, text, &err), err);
    assert_int_equal(n, 5);
    static const struct {
        const char *quantity;
        double mean, worst, bias;
        size_t line;
    } want[] = {{"energy", 25, 50, -25, 3},
                {"write", 25, 50, -25, 2},
                {"area", 0, 0, 0, 0},
                {"leakage", 25, 50, -25, 2}};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(check[i].what, "sram a b");
        assert_string_equal(check[i].quantity, want[i].quantity);
        assert_int_equal(check[i].n, 2);
        assert_int_equal(check[i].n_beyond, 1);
        assert_true(fabs(check[i].mean - want[i].mean) < 1e-6);
        assert_true(fabs(check[i].worst - want[i].worst) < 1e-6);
        assert_true(fabs(check[i].bias - want[i].bias) < 1e-6);
        assert_true(isnan(check[i].tau));
        if (want[i].line)
            assert_int_equal(check[i].worst_line, want[i].line);
    }
    assert_int_equal(check[4].n_beyond, 3); /* access */
    asx_checks_free(check, n);
}

static void refusals(void **state)
{
    (void)state;
    asx_error err;
    asx_check *check = (asx_check *)state;
    size_t n = 7;
    char text[1024];
    CHECK_FAIL(asx_technology_check(&check, &n, tech, "no/such.csv", &err), ASX_EIO, err);
    CHECK_FAIL(check_text(&check, &n, "a,b\n1,2\n", &err), ASX_EUNSUPPORTED, err);
    snprintf(text, sizeof text, "%s32,a,b,1024,64,1,1,1,1,1\n", memory_head);
    CHECK_FAIL(check_text(&check, &n, text, &err), ASX_ENOTFOUND, err);
    snprintf(text, sizeof text, "%s45,a,b,1024,64,1,-1,1,1,1\n", memory_head);
    CHECK_FAIL(check_text(&check, &n, text, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, ":2"));
    assert_non_null(strstr(err.message, "write_pj"));
    CHECK_FAIL(check_text(&check, &n, "size_bytes,tech_nm\n1,45\n", &err), ASX_ENOTFOUND, err);
    CHECK_FAIL(check_text(&check, &n, "lanes_sharing_bank,tech\n1,toy\n", &err), ASX_ENOTFOUND,
               err);
    assert_true(check == (asx_check *)state && n == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memories), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
