/* Design spaces: exact sizes against bc, whole small spaces against a definition by nested loops,
 * groups, pins, and every refusal. */
#include "dse/space.h"

#include <string.h>

#include "check.h"

static asx_workload make_workload(const char *const *name, size_t n)
{
    asx_error err;
    asx_workload work;
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    for (size_t i = 0; i < n; i++) {
        char copy[32];
        snprintf(copy, sizeof copy, "%s", name[i]);
        const asx_layer layer = {
            copy, ASX_LAYER_DENSE,     1,   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, false, 0,
            0,    {.weight_sigma = 0}, {0}, 1};
        CHECK_OK(asx_workload_add(&work, &layer, &err), err);
    }
    return work;
}

static asx_workload make_numbered(size_t n)
{
    char text[64][24];
    const char *name[64];
    assert_true(n <= 64);
    for (size_t i = 0; i < n; i++) {
        snprintf(text[i], sizeof text[i], "c%zu", i);
        name[i] = text[i];
    }
    return make_workload(name, n);
}

static asx_format format(const char *text)
{
    asx_error err;
    asx_format f;
    CHECK_OK(asx_format_parse(&f, text, &err), err);
    return f;
}

static const asx_placement all_placements[] = {ASX_PLACEMENT_VN, ASX_PLACEMENT_NEAR,
                                               ASX_PLACEMENT_IN};

static void check_size(size_t n_layers, size_t n_placements, const asx_format *list,
                       size_t n_formats, const char *text, uint64_t number)
{
    asx_error err;
    asx_workload work = make_numbered(n_layers);
    asx_space *space = NULL;
    const asx_space_spec spec = {.work = &work,
                                 .placement = all_placements,
                                 .n_placements = n_placements,
                                 .format = list,
                                 .n_formats = n_formats,
                                 .per_layer = true};
    CHECK_OK(asx_space_new(&space, &spec, &err), err);
    asx_workload_fini(&work); /* was borrowed for the call only */
    char *size = NULL;
    CHECK_OK(asx_space_size_text(&size, space, &err), err);
    assert_string_equal(size, text);
    assert_true(asx_space_size(space) == number);
    free(size);
    asx_space_free(space);
}

static void test_exact_size(void **state)
{
    (void)state;
    enum { N = 255 * 8 * 2 }; /* all sets of q = 4, 9 .. 16 bits, both kinds of digits: 4080 */
    asx_format *list = calloc(N, sizeof *list);
    assert_non_null(list);
    size_t n = 0;
    for (unsigned bits = 9; bits <= 16; bits++)
        for (unsigned set = 1; set <= 255; set++)
            for (int digits = 0; digits < 2; digits++)
                list[n++] = (asx_format){
                    .weight = {.bits = bits,
                               .digit_width = 4,
                               .digits = digits ? ASX_DIGITS_SIGNED : ASX_DIGITS_UNSIGNED,
                               .set = asx_alphabet_set_from_index(set)},
                    .activation = {.bits = 8, .digit_width = 4}};
    assert_int_equal(n, N);
    /* echo '3*4080^20' | bc */
    check_size(20, 3, list, N,
               "4901449320425006456019754320736866188734130954226892800000000000000000000",
               UINT64_MAX);
    check_size(1, 3, list, N, "12240", 12240);
    check_size(5, 1, list, N, "1130578742476800000", UINT64_C(1130578742476800000)); /* bc too */
    /* zeros inside the number: 10^40, 10^9 and 10^18 */
    check_size(40, 1, list, 10, "10000000000000000000000000000000000000000", UINT64_MAX);
    check_size(9, 1, list, 10, "1000000000", 1000000000);
    check_size(18, 1, list, 10, "1000000000000000000", UINT64_C(1000000000000000000));
    /* around 2^64 */
    check_size(63, 1, list, 2, "9223372036854775808", UINT64_C(9223372036854775808));
    check_size(64, 1, list, 2, "18446744073709551616", UINT64_MAX);
    check_size(62, 3, list, 2, "13835058055282163712", UINT64_C(13835058055282163712));
    check_size(63, 3, list, 2, "27670116110564327424", UINT64_MAX);
    check_size(3, 1, list, 1, "1", 1);
    free(list);
}

/* A space of 6 layers: one pinned, one group by pattern, one group by names, one layer of its own.
 */
static const char *const small_layers[] = {"conv1", "l1.a", "l1.b", "l2[0]", "l20", "fc"};
static const char *const group_l1[] = {"l1.*"};
static const char *const group_l2[] = {"fc", "l2[0]"}; /* "l2[0]" as a pattern would be l20 */
static const asx_space_group small_groups[] = {{"one", group_l1, 1}, {"two", group_l2, 2}};

static asx_space *make_small(const asx_format *list, size_t n, asx_format pin, bool per_layer)
{
    asx_error err;
    asx_workload work = make_workload(small_layers, 6);
    const asx_space_pin pins[] = {{"conv1", pin}};
    const asx_space_spec spec = {&work,     all_placements + 1, 2, list, n,
                                 per_layer, small_groups,       2, pins, 1};
    asx_space *space = NULL;
    CHECK_OK(asx_space_new(&space, &spec, &err), err);
    asx_workload_fini(&work);
    return space;
}

static void test_genes(void **state)
{
    (void)state;
    const asx_format list[] = {format("w8a8"), format("w4{1}a8")};
    const asx_format pin = format("w2a2");
    for (int per_layer = 0; per_layer < 2; per_layer++) {
        asx_space *space = make_small(list, 2, pin, per_layer);
        static const size_t gene[] = {ASX_GENE_PINNED, 1, 1, 2, 3, 2};
        assert_int_equal(asx_space_n_genes(space), 4);
        assert_int_equal(asx_space_n_layers(space), 6);
        for (size_t i = 0; i < 6; i++) {
            assert_int_equal(asx_space_layer_gene(space, i), gene[i]);
            assert_true((asx_space_pinned(space, i) != NULL) == (i == 0));
        }
        assert_true(asx_format_equal(asx_space_pinned(space, 0), &pin));
        assert_string_equal(asx_space_gene_name(space, 0), "placement");
        assert_string_equal(asx_space_gene_name(space, 1), "one");
        assert_string_equal(asx_space_gene_name(space, 2), "two");
        assert_string_equal(asx_space_gene_name(space, 3), per_layer ? "l20" : "network");
        for (size_t g = 0; g < 4; g++)
            assert_int_equal(asx_space_choices(space, g), 2);
        size_t n = 0;
        assert_true(asx_format_equal(&asx_space_formats(space, &n)[1], &list[1]));
        assert_int_equal(n, 2);
        assert_int_equal(asx_space_placements(space, &n)[1], ASX_PLACEMENT_IN);
        assert_int_equal(n, 2);
        asx_space_free(space);
    }
    asx_space_free(NULL);
}

/* Every design of 2 + 1 placements and 3 + 1 formats on 6 layers: encode takes exactly those that
 * the description of the small space allows, and the points are those of asx_space_at, in order. */
static void test_small_space_entirely(void **state)
{
    (void)state;
    asx_error err;
    /* not sorted, and alike: only digits, width or the activations differ */
    const asx_format f[] = {format("w8s{1,3}a8"), format("w8{1,3}a8"), format("w8{1,3}a8{1}"),
                            format("w8q3{1,3}a8")};
    asx_space *space = make_small(f, 3, f[3], true);
    assert_true(asx_space_size(space) == 2 * 3 * 3 * 3);
    bool seen[54] = {false};
    size_t inside = 0;
    asx_design d;
    CHECK_OK(asx_design_init(&d, 6, &err), err);
    for (unsigned code = 0; code < 3u << 12; code++) {
        unsigned digit[6];
        for (unsigned i = 0; i < 6; i++)
            d.format[i] = f[digit[i] = code >> 2 * i & 3];
        d.placement = all_placements[code >> 12];
        const bool allowed = d.placement != ASX_PLACEMENT_VN && digit[0] == 3 &&
                             digit[1] == digit[2] && digit[3] == digit[5] && digit[1] < 3 &&
                             digit[3] < 3 && digit[4] < 3;
        asx_gene point[4] = {9, 9, 9, 9};
        const asx_status status = asx_space_encode(point, space, &d, &err);
        if (!allowed) {
            assert_int_equal(status, ASX_EOUTSIDE);
            assert_true(point[0] == 9 && point[1] == 9 && point[2] == 9 && point[3] == 9);
            continue;
        }
        assert_int_equal(status, ASX_OK);
        inside++;
        assert_true(asx_space_contains(space, point));
        const size_t index = ((point[0] * 3u + point[1]) * 3u + point[2]) * 3u + point[3];
        assert_false(seen[index]);
        seen[index] = true;
        asx_gene at[4];
        asx_space_at(at, space, index);
        assert_memory_equal(at, point, sizeof at);
        asx_design back;
        CHECK_OK(asx_space_decode(&back, space, point, &err), err);
        assert_true(asx_design_equal(&back, &d));
        asx_design_fini(&back);
    }
    assert_int_equal(inside, 54);
    asx_design_fini(&d);
    asx_space_free(space);
}

static void test_outside(void **state)
{
    (void)state;
    asx_error err;
    const asx_format list[] = {format("w8a8"), format("w4{1}a8")};
    asx_space *space = make_small(list, 2, list[0], true);
    asx_workload work = make_workload(small_layers, 6);
    static const struct {
        const char *design, *message;
    } row[] = {
        {"vn: w8a8", "placement 'vn' is outside the space"},
        {"in: w4{1}a8",
         "layer 'conv1': format 'w4{1}a8' is outside the space: the layer is pinned to another"},
        {"in: w8a8 l20=w4{3}a8",
         "layer 'l20': format 'w4{3}a8' is outside the space: it is not one of its formats"},
        {"in: w8a8 fc=w4{1}a8", "layer 'fc': format 'w4{1}a8' is outside the space: another layer "
                                "of its group has another"},
    };
    asx_gene point[4] = {9, 9, 9, 9};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        asx_design d;
        CHECK_OK(asx_design_parse(&d, row[i].design, &work, &err), err);
        CHECK_FAIL(asx_space_encode(point, space, &d, &err), ASX_EOUTSIDE, err);
        assert_string_equal(err.message, row[i].message);
        asx_design_fini(&d);
    }
    asx_design d;
    CHECK_OK(asx_design_init(&d, 5, &err), err);
    CHECK_FAIL(asx_space_encode(point, space, &d, &err), ASX_EOUTSIDE, err);
    asx_design_fini(&d);

    memset(&d, 0x55, sizeof d);
    const asx_design before = d;
    for (size_t g = 0; g < 4; g++) {
        asx_gene bad[4] = {1, 1, 1, 1};
        assert_true(asx_space_contains(space, bad));
        bad[g] = 2;
        assert_false(asx_space_contains(space, bad));
        CHECK_FAIL(asx_space_decode(&d, space, bad, &err), ASX_EINVAL, err);
        assert_memory_equal(&d, &before, sizeof d);
    }
    assert_string_equal(err.message, "gene 'l20' is 2; the space has 0 .. 1");
    asx_workload_fini(&work);
    asx_space_free(space);
}

static void test_all_decided(void **state)
{
    (void)state;
    asx_error err;
    static const char *const layer[] = {"a", "b"};
    const asx_format list[] = {format("w8a8")};
    const asx_space_pin pins[] = {{"a", list[0]}, {"b", list[0]}};
    asx_workload work = make_workload(layer, 2);
    const asx_space_spec spec = {&work, all_placements, 3, list, 1, false, NULL, 0, pins, 2};
    asx_space *space = NULL;
    CHECK_OK(asx_space_new(&space, &spec, &err), err);
    assert_int_equal(asx_space_n_genes(space), 1);
    assert_true(asx_space_size(space) == 3);
    asx_space_free(space);
    asx_workload_fini(&work);
}

static void refuse(const asx_space_spec *spec, asx_status status, const char *message)
{
    asx_error err;
    asx_space *space = (void *)&err;
    CHECK_FAIL(asx_space_new(&space, spec, &err), status, err);
    assert_string_equal(err.message, message);
    assert_ptr_equal(space, &err);
    assert_int_equal(asx_space_new(&space, spec, NULL), status);
}

static void test_bad_lists(void **state)
{
    (void)state;
    asx_workload work = make_workload(small_layers, 6), empty = {0};
    const asx_format list[] = {format("w8{1}a8"), format("w8a8"), format("w8{1}a8")};
    const asx_placement twice[] = {ASX_PLACEMENT_IN, ASX_PLACEMENT_IN};
    const asx_space_spec good = {&work, all_placements, 3, list, 2, true, NULL, 0, NULL, 0};
    asx_space_spec s = good;
    s.n_placements = 0;
    refuse(&s, ASX_EINVAL, "the space has no placement");
    s = good;
    s.placement = twice;
    s.n_placements = 2;
    refuse(&s, ASX_EINVAL, "the space has placement 'in' twice");
    s = good;
    s.n_formats = 0;
    refuse(&s, ASX_EINVAL, "the space has no format");
    s.n_formats = 3;
    refuse(&s, ASX_EINVAL, "the space has format 'w8{1}a8' twice");
    s.n_formats = ASX_FORMATS_MAX + 1;
    refuse(&s, ASX_EINVAL, "the space has 65536 formats; at most 65535 are possible");
    s = good;
    s.work = &empty;
    refuse(&s, ASX_EINVAL, "a space of 0 layers; 1 to 65534 are possible");
    asx_workload_fini(&work);
}

static void test_bad_groups_and_pins(void **state)
{
    (void)state;
    asx_workload work = make_workload(small_layers, 6);
    const asx_format list[] = {format("w8a8")};
    static const char *const star[] = {"l*"}, *const none[] = {"x*"}, *const typo[] = {"l3"};
    const struct {
        asx_space_group group[2];
        size_t n_groups;
        asx_space_pin pin[2];
        size_t n_pins;
        asx_status status;
        const char *message;
    } row[] = {
        {{{"one", group_l1, 1}, {"all", star, 1}},
         2,
         {{0}},
         0,
         ASX_EINVAL,
         "layer 'l1.a' is in groups 'one' and 'all'"},
        {{{"one", group_l1, 1}, {"one", group_l2, 1}},
         2,
         {{0}},
         0,
         ASX_EINVAL,
         "two groups are named 'one'"},
        {{{"one", group_l1, 0}}, 1, {{0}}, 0, ASX_EINVAL, "group 'one' has no layer"},
        {{{"", group_l1, 1}}, 1, {{0}}, 0, ASX_EINVAL, "group 1 has no name"},
        {{{"one", none, 1}}, 1, {{0}}, 0, ASX_EINVAL, "group 'one': no layer matches 'x*'"},
        {{{"one", typo, 1}},
         1,
         {{0}},
         0,
         ASX_ENOTFOUND,
         "group 'one': workload 'net' has no layer 'l3'; there are: conv1 l1.a l1.b l2[0] l20 fc"},
        {{{"one", group_l1, 1}},
         1,
         {{"l1.b", list[0]}},
         1,
         ASX_EINVAL,
         "layer 'l1.b' is pinned and in group 'one'"},
        {{{0}}, 0, {{"fc", list[0]}, {"fc", list[0]}}, 2, ASX_EINVAL, "layer 'fc' is pinned twice"},
        {{{0}},
         0,
         {{"l1.*", list[0]}},
         1,
         ASX_ENOTFOUND,
         "pin: workload 'net' has no layer 'l1.*'; there are: conv1 l1.a l1.b l2[0] l20 fc"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const asx_space_spec s = {&work,        all_placements,  1,          list,         1, true,
                                  row[i].group, row[i].n_groups, row[i].pin, row[i].n_pins};
        refuse(&s, row[i].status, row[i].message);
    }
    asx_workload_fini(&work);
}

/* The same layer twice in one group does no harm. */
static void test_layer_twice_in_group(void **state)
{
    (void)state;
    asx_workload work = make_workload(small_layers, 6);
    const asx_format list[] = {format("w8a8")};
    static const char *const same[] = {"l1.a", "l1.?", "l1.*"};
    asx_error err;
    asx_space *space = NULL;
    const asx_space_group group = {"one", same, 3};
    const asx_space_spec s = {&work, all_placements, 1, list, 1, true, &group, 1, NULL, 0};
    CHECK_OK(asx_space_new(&space, &s, &err), err);
    assert_int_equal(asx_space_n_genes(space), 6);
    asx_space_free(space);
    asx_workload_fini(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_size),           cmocka_unit_test(test_genes),
        cmocka_unit_test(test_small_space_entirely), cmocka_unit_test(test_outside),
        cmocka_unit_test(test_all_decided),          cmocka_unit_test(test_bad_lists),
        cmocka_unit_test(test_bad_groups_and_pins),  cmocka_unit_test(test_layer_twice_in_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
