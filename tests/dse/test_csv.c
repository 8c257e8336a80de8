/* CSV tables: cells, lines, and every way a file can be wrong. */
#include "check.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "dse/csv.h"
#include "dse/text.h"

static asx_csv *parse(const char *text)
{
    asx_csv *csv = NULL;
    asx_error err;
    CHECK_OK(asx_csv_parse(&csv, "t.csv", text, strlen(text), &err), err);
    return csv;
}

/* The same table, written in different ways. */
static void same_table(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a,b\n1,x\n2,\n",
        "a,b\r\n1,x\r\n2,\r\n",
        "a,b\n1,x\n2,",
        ("\xef\xbb\xbf"
         "a,b\n1,x\n2,\n"),
        "# comment, with \"odd quote\n\na,b\n#\n1,x\n\n  \n2,\n#",
        "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"\"\n",
        " a , b \n 1 , x \n2,  \n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        asx_csv *csv = parse(texts[i]);
        assert_string_equal(asx_csv_name(csv), "t.csv");
        assert_int_equal(asx_csv_columns(csv), 2);
        assert_int_equal(asx_csv_rows(csv), 2);
        assert_string_equal(asx_csv_header(csv, 0), "a");
        assert_string_equal(asx_csv_header(csv, 1), "b");
        assert_string_equal(asx_csv_cell(csv, 0, 0), "1");
        assert_string_equal(asx_csv_cell(csv, 0, 1), "x");
        assert_string_equal(asx_csv_cell(csv, 1, 0), "2");
        assert_string_equal(asx_csv_cell(csv, 1, 1), "");
        asx_csv_free(csv);
    }
}

static void lines_and_quotes(void **state)
{
    (void)state;
    asx_csv *csv = parse("# 1\na,b\n\"x\n#y\n\",\"say \"\"hi\"\", {1,3}\"\n\n#\n1,2\n");
    assert_int_equal(asx_csv_rows(csv), 2);
    assert_int_equal(asx_csv_line(csv, 0), 3);
    assert_int_equal(asx_csv_line(csv, 1), 8);
    assert_string_equal(asx_csv_cell(csv, 0, 0), "x\n#y\n");
    assert_string_equal(asx_csv_cell(csv, 0, 1), "say \"hi\", {1,3}");
    asx_csv_free(csv);
    csv = parse("only,a,header\n");
    assert_int_equal(asx_csv_rows(csv), 0);
    assert_int_equal(asx_csv_columns(csv), 3);
    asx_csv_free(csv);
}

static void many_rows(void **state)
{
    (void)state;
    asx_text text = {0};
    asx_text_add(&text, "i,square\n");
    for (int i = 0; i < 5000; i++)
        asx_text_add(&text, "%d,%d\n", i, i * i);
    asx_csv *csv = parse(text.s);
    asx_text_fini(&text);
    assert_int_equal(asx_csv_rows(csv), 5000);
    for (size_t i = 0; i < 5000; i++) {
        double x = 0;
        asx_error err;
        CHECK_OK(asx_csv_number(&x, csv, i, 1, 0, 1e9, &err), err);
        assert_true(x == (double)(i * i));
        assert_int_equal(asx_csv_line(csv, i), i + 2);
    }
    asx_csv_free(csv);
}

static void finds_and_reads(void **state)
{
    (void)state;
    asx_csv *csv = parse("name,energy_pj\nadd,0.03\nmul,lots\ndiv,-1\nsqrt,nan\nnone,\n");
    size_t column = 77;
    double x = 99;
    asx_error err;
    CHECK_OK(asx_csv_find(&column, csv, "energy_pj", &err), err);
    assert_int_equal(column, 1);
    CHECK_FAIL(asx_csv_find(&column, csv, "energy", &err), ASX_ENOTFOUND, err);
    assert_string_equal(err.message, "t.csv: no column 'energy'; there are name, energy_pj");
    assert_int_equal(column, 1);
    CHECK_OK(asx_csv_number(&x, csv, 0, 1, 0, 1, &err), err);
    assert_true(x == 0.03);
    CHECK_FAIL(asx_csv_number(&x, csv, 1, 1, 0, 1, &err), ASX_EPARSE, err);
    assert_string_equal(err.message,
                        "t.csv:3: column 'energy_pj': value: 'lots' is not a finite number");
    CHECK_FAIL(asx_csv_number(&x, csv, 2, 1, 0, 1, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "t.csv:4: column 'energy_pj': value: -1 is outside [0, 1]");
    CHECK_FAIL(asx_csv_number(&x, csv, 3, 1, -INFINITY, INFINITY, &err), ASX_EPARSE, err);
    CHECK_FAIL(asx_csv_number(&x, csv, 4, 1, 0, 1, &err), ASX_EPARSE, err);
    assert_true(x == 0.03);
    asx_csv_free(csv);
}

static void whole(void **state)
{
    (void)state;
    asx_csv *csv = parse("n\n-3\n4.0\n0.5\n9\n");
    int64_t n = 77;
    asx_error err;
    CHECK_OK(asx_csv_whole(&n, csv, 0, 0, -3, 4, &err), err);
    assert_int_equal(n, -3);
    CHECK_OK(asx_csv_whole(&n, csv, 1, 0, -3, 4, &err), err);
    assert_int_equal(n, 4);
    CHECK_FAIL(asx_csv_whole(&n, csv, 2, 0, -3, 4, &err), ASX_EPARSE, err);
    assert_string_equal(err.message, "t.csv:4: column 'n': 0.5 is no whole number");
    CHECK_FAIL(asx_csv_whole(&n, csv, 3, 0, -3, 4, &err), ASX_EINVAL, err);
    assert_int_equal(n, 4);
    asx_csv_free(csv);
}

static void malformed(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "t.csv:1: no header row"},
        {"\n\n# nothing\n", "no header row"},
        {"a,b\n1\n", "t.csv:2: 1 cells, but the header has 2"},
        {"a,b\n1,2\n\n3,4,5\n", "t.csv:4: 3 cells, but the header has 2"},
        {"a,b\n1,2\n3", "t.csv:3: 1 cells"},
        {"a,b,a\n", "t.csv:1: two columns 'a'"},
        {"#\na,,b\n", "t.csv:2: column 2 has no name"},
        {"a,b\n1,\"x\n2,y\n", "t.csv:2: broken quoting"},
        {"a,b\n1,\"x\"y\n", "t.csv:2: broken quoting"},
        {"a,b\n1,x\"y\"\n", "t.csv:2: broken quoting"},
        {"a,\"b", "t.csv:1: broken quoting"},
        {"a,b\r1,2\r", "t.csv:1: a carriage return ends no line"},
        {"a,b\r1", "t.csv:1: a carriage return ends no line"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        asx_error err;
        asx_csv *csv = (asx_csv *)&err;
        CHECK_FAIL(asx_csv_parse(&csv, "t.csv", cases[i][0], strlen(cases[i][0]), &err), ASX_EPARSE,
                   err);
        if (!strstr(err.message, cases[i][1]))
            fail_msg("'%s' does not say '%s'", err.message, cases[i][1]);
        assert_ptr_equal(csv, &err);
    }
    asx_error err;
    asx_csv *csv = NULL;
    CHECK_FAIL(asx_csv_parse(&csv, "t.csv", "a,b\n1,\0", 8, &err), ASX_EPARSE, err);
    assert_non_null(strstr(err.message, "t.csv:2: a NUL byte"));
    CHECK_FAIL(asx_csv_parse(&csv, "t.csv", "a", (size_t)1 << 40, &err), ASX_EINVAL, err);
    char *commas = malloc(70000);
    memset(commas, ',', 70000);
    CHECK_FAIL(asx_csv_parse(&csv, "t.csv", commas, 70000, &err), ASX_EPARSE, err);
    assert_non_null(strstr(err.message, "more than 65535 columns"));
    free(commas);
    assert_null(csv);
    asx_csv_free(NULL);
}

static void loads(void **state)
{
    (void)state;
    char path[] = "/tmp/asx-csv-XXXXXX";
    asx_error err;
    asx_csv *csv = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, "a\n7\n8,\n", 7) == 7 && close(fd) == 0);
    CHECK_FAIL(asx_csv_load(&csv, path, &err), ASX_EPARSE, err);
    assert_memory_equal(err.message, path, strlen(path));
    assert_non_null(strstr(err.message, ":3: 2 cells"));
    assert_int_equal(truncate(path, 4), 0);
    CHECK_OK(asx_csv_load(&csv, path, &err), err);
    assert_string_equal(asx_csv_name(csv), path);
    assert_string_equal(asx_csv_cell(csv, 0, 0), "7");
    asx_csv_free(csv);
    remove(path);
    csv = NULL;
    CHECK_FAIL(asx_csv_load(&csv, path, &err), ASX_EIO, err);
    CHECK_FAIL(asx_csv_load(&csv, "/tmp", &err), ASX_EIO, err);
    assert_null(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_table), cmocka_unit_test(lines_and_quotes),
        cmocka_unit_test(many_rows),  cmocka_unit_test(finds_and_reads),
        cmocka_unit_test(whole),      cmocka_unit_test(malformed),
        cmocka_unit_test(loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
