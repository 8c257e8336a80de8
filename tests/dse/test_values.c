/* Words that are lists of values: values, codes and texts against the list itself. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dse/codec.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/word_kind.h"

/* Every value has the code of its place, every other number none; the nearest is found by looking at all. */
static void check_list(const int *list, size_t n)
{
    asx_error err;
    asx_format f;
    asx_grid *grid = NULL;
    asx_codec *codec = NULL;
    asx_text text = {0}, again = {0};
    for (size_t i = 0; i < n; i++)
        asx_text_add(&text, "%s%d", i ? "," : "w[", list[i]);
    asx_text_add(&text, "]a8");
    CHECK_OK(asx_format_parse(&f, text.s, &err), err);
    asx_format_print(&again, &f);
    assert_string_equal(again.s, text.s);
    CHECK_OK(asx_grid_new(&grid, &f.weight, &err), err);
    CHECK_OK(asx_codec_new(&codec, &f.weight, &err), err);
    assert_int_equal(asx_grid_size(grid), n);
    unsigned bits = 0, integers = 2;
    while ((size_t)1 << bits < n)
        bits++;
    while (list[0] < -(1 << (integers - 1)) || list[n - 1] >= 1 << (integers - 1))
        integers++;
    assert_int_equal(asx_codec_bits(codec), bits);
    assert_int_equal(asx_word_length(&f.weight), bits);
    assert_int_equal(f.weight.bits, integers);
    size_t place = 0;
    for (int v = -300; v <= 300; v++) {
        uint32_t code = 0;
        int32_t back = 0;
        const bool has = place < n && list[place] == v;
        assert_true(asx_grid_has(grid, v) == has);
        assert_true((asx_codec_encode(&code, codec, v, NULL) == ASX_OK) == has);
        if (has) {
            assert_int_equal(code, place++);
            assert_true(asx_codec_decode(&back, codec, code, NULL) == ASX_OK && back == v);
        }
        int distance = 1000;
        for (size_t i = 0; i < n; i++)
            distance = abs(list[i] - v) < distance ? abs(list[i] - v) : distance;
        assert_int_equal(abs((int)asx_grid_nearest(grid, v) - v), distance);
    }
    int32_t back;
    for (uint32_t code = (uint32_t)n; code >> bits == 0; code++)
        assert_true(asx_codec_decode(&back, codec, code, NULL) == ASX_EINVAL);
    asx_codec_free(codec);
    asx_grid_free(grid);
    asx_text_fini(&text);
    asx_text_fini(&again);
}

static void values(void **state)
{
    (void)state;
    check_list((const int[]){0, 1}, 2);
    check_list((const int[]){-1, 0}, 2);
    check_list((const int[]){-128, 0, 127}, 3);
    check_list((const int[]){-8, -3, 0, 3, 8}, 5);
    int all[256], drawn[256];
    for (int v = -128; v < 128; v++)
        all[v + 128] = v;
    check_list(all, 256);
    unsigned seed = 1;
    for (int k = 0; k < 200; k++) {
        size_t n = 0;
        for (int v = -128; v < 128; v++) {
            seed = seed * 1664525u + 1013904223u;
            if (v == 0 || seed >> 16 < (unsigned)(k + 1) * 300)
                drawn[n++] = v;
        }
        if (n > 1)
            check_list(drawn, n);
    }
}

/* Another list is another word, also where only negative values differ; circuits see plain words. */
static void lists_differ(void **state)
{
    (void)state;
    static const char *const text[] = {"w[-3,0,1,5]a8",    "w[-4,0,1,5]a8", "w[-3,0,1]a8",
                                       "w[-3,-1,0,1,5]a8", "w4{1}a8",       "w4a8"};
    enum { N = sizeof text / sizeof *text };
    asx_format f[N];
    asx_error err;
    for (size_t i = 0; i < N; i++)
        CHECK_OK(asx_format_parse(&f[i], text[i], &err), err);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            assert_true(asx_word_equal(&f[i].weight, &f[j].weight) == (i == j));
            if (i < 4 && j < 4)
                assert_true((asx_word_shape(&f[i].weight) == asx_word_shape(&f[j].weight)) ==
                            (i == j));
        }
    const asx_word circuit = asx_word_circuit(&f[0].weight);
    assert_true(asx_word_equal(&circuit, &f[5].weight));
    assert_false(asx_word_is_plain(&f[0].weight));
    assert_string_equal(asx_word_family(&f[0].weight), "values");
}

static void wrong_texts(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {{"w[]a8", "a value must stand at"},
                                           {"w[1,2]a8", "must have 0"},
                                           {"w[0]a8", "two or more"},
                                           {"w[0,0]a8", "the value 0 must not stand behind 0"},
                                           {"w[1,0]a8", "the value 0 must not stand behind 1"},
                                           {"w[0,128]a8", "128 is outside -128 .. 127"},
                                           {"w[-129,0]a8", "-129 is outside -128 .. 127"},
                                           {"w[-0,1]a8", "-0 is outside"},
                                           {"w[0,+1]a8", "a value must stand at '+1"},
                                           {"w[0,01]a8", "a value must stand at '01"},
                                           {"w[0,1a8", "',' or ']' must stand at 'a8"},
                                           {"w[0,1", "',' or ']' must stand at ''"},
                                           {"w8a[0,1]", "lists of values are for weights"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        asx_format f;
        asx_error err;
        assert_true(asx_format_parse(&f, wrong[i][0], &err) != ASX_OK);
        if (!strstr(err.message, wrong[i][1]))
            fail_msg("%s: %s", wrong[i][0], err.message);
    }
}

static asx_status load(asx_word *out, const char *text, asx_error *err)
{
    char path[] = "/tmp/asx-values-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    const asx_status status = asx_word_load_values(out, path, err);
    unlink(path);
    return status;
}

/* NF4 of QLoRA (arXiv 2305.14314, appendix E), to six digits, is not symmetric. */
static void files(void **state)
{
    (void)state;
    static const char nf4[] =
        "nf4\n-1.0\n-0.696193\n-0.525073\n-0.394917\n-0.284441\n-0.184773\n-0.091050\n0.0\n"
        "0.079580\n0.160930\n0.246112\n0.337915\n0.440710\n0.562617\n0.722956\n1.0\n";
    static const char *const right[][2] = {
        {nf4, "[-127,-88,-67,-50,-36,-23,-12,0,10,20,31,43,56,71,92,127]"},
        {"0\n-3\n7\n", "[-3,0,7]"},           /* in any order, as they are */
        {"# weights\n0;1\n2;5\n", "[0,2]"},   /* of several columns the first */
        {"v\n0\n300\n-150\n", "[-64,0,127]"}, /* too large: scaled, halves away from 0 */
        {"0.5\n-0.25\n0\n", "[-64,0,127]"}};
    static const char *const wrong[][2] = {{"1\n2\n", "must have 0"},
                                           {"0\n1\n1\n", ":3: 1 is there already"},
                                           {"0\n1\n0.001\n", ":3: 0.001 is there already"},
                                           {"v\n0\nx\n", ":3: "},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        asx_word word;
        asx_error err;
        asx_text text = {0};
        CHECK_OK(load(&word, right[i][0], &err), err);
        CHECK_OK(asx_word_check(&word, &err), err);
        asx_word_print_set(&text, &word);
        assert_string_equal(text.s, right[i][1]);
        asx_text_fini(&text);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        asx_word word;
        asx_error err = {0};
        assert_true(load(&word, wrong[i][0], &err) != ASX_OK);
        if (!strstr(err.message, wrong[i][1]))
            fail_msg("%s: %s", wrong[i][0], err.message);
    }
    asx_word word;
    assert_true(asx_word_load_values(&word, "/nowhere/x.csv", NULL) == ASX_EIO);
}

/* Lists of one hash are still two: the order tells them apart as equality does. */
static void clashes(void **state)
{
    (void)state;
    asx_error err;
    asx_format a, b;
    CHECK_OK(asx_format_parse(&a, "w[-8,-3,0,3,8]a8", &err), err);
    b = a;
    assert_int_equal(asx_format_compare(&a, &b), 0);
    b.weight.list[2] ^= 1; /* of all fields the list alone */
    assert_int_equal(asx_word_shape(&a.weight), asx_word_shape(&b.weight));
    assert_false(asx_format_equal(&a, &b));
    assert_true(asx_format_compare(&a, &b) != 0);
    assert_true((asx_format_compare(&a, &b) < 0) == (asx_format_compare(&b, &a) > 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values), cmocka_unit_test(lists_differ), cmocka_unit_test(wrong_texts),
        cmocka_unit_test(files),  cmocka_unit_test(clashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
