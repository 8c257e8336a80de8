/* Designs and their text: random designs there and back, the canonical form built in another way,
 * and every refusal. */
#include "dse/design.h"

#include <string.h>

#include "check.h"

enum { N_LAYERS = 7 };

/* One of the names looks like a format: the '=' decides. */
static const char *const layer_name[N_LAYERS] = {"conv1", "layer1.0/conv[1]", "w8a8",   "a:b",
                                                 "fc",    "conv10",           "x_y-z.w"};

static asx_workload make_workload(void)
{
    asx_error err;
    asx_workload work;
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    for (size_t i = 0; i < N_LAYERS; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s", layer_name[i]);
        const asx_layer layer = {
            name, ASX_LAYER_DENSE,     1,   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, false, 8,
            4,    {.weight_sigma = 0}, {0}, 1};
        CHECK_OK(asx_workload_add(&work, &layer, &err), err);
    }
    return work;
}

/* Numerical Recipes' linear congruential generator: any stream of formats will do. */
static unsigned draw(unsigned *state, unsigned n)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % n;
}

static asx_format draw_format(unsigned *state)
{
    for (;;) {
        const unsigned q = draw(state, 2) ? 4 : 2 + draw(state, 7);
        const uint64_t mask = (q < 6 ? 1u << (1u << (q - 1)) : 0u) - 1u; /* 2^(q-1) odd numbers */
        asx_format f = {.weight = {.bits = 2 + draw(state, 15), .digit_width = q},
                        .activation = {.bits = 2 + draw(state, 15), .digit_width = q}};
        if (draw(state, 3))
            f.weight.set = asx_alphabet_set_from_index((1 + draw(state, 65535)) & mask);
        if (!draw(state, 3))
            f.activation.set = asx_alphabet_set_from_index((1 + draw(state, 65535)) & mask);
        if (!asx_word_is_plain(&f.weight) && draw(state, 2))
            f.weight.digits = ASX_DIGITS_SIGNED;
        if (asx_word_check(&f.weight, NULL) == ASX_OK &&
            asx_word_check(&f.activation, NULL) == ASX_OK)
            return f;
    }
}

static char *print(const asx_design *design, const asx_workload *work)
{
    asx_error err;
    asx_text text = {0};
    char *s = NULL;
    asx_design_print(&text, design, work);
    CHECK_OK(asx_text_take(&s, &text, &err), err);
    return s;
}

/* The canonical text by comparing texts instead of formats. */
static void canonical(char *out, size_t size, const asx_design *design)
{
    char text[N_LAYERS][96];
    size_t best = 0, best_count = 0;
    for (size_t i = 0; i < N_LAYERS; i++) {
        asx_text t = {0};
        asx_format_print(&t, &design->format[i]);
        snprintf(text[i], sizeof text[i], "%s", t.s);
        asx_text_fini(&t);
    }
    for (size_t i = N_LAYERS; i-- > 0;) { /* downwards: the last one that is not beaten counts */
        size_t count = 0;
        for (size_t j = 0; j < N_LAYERS; j++)
            count += strcmp(text[i], text[j]) == 0;
        if (count >= best_count) {
            best = i;
            best_count = count;
        }
    }
    static const char *const placement[] = {"vn", "near", "in"};
    size_t n = (size_t)snprintf(out, size, "%s: %s", placement[design->placement], text[best]);
    for (size_t i = 0; i < N_LAYERS; i++) {
        if (strcmp(text[i], text[best]) != 0)
            n += (size_t)snprintf(out + n, size - n, " %s=%s", layer_name[i], text[i]);
    }
}

/* A text that is not canonical: every layer named, from the last to the first, blanks around. */
static void verbose(char *out, size_t size, const asx_design *design)
{
    size_t n = (size_t)snprintf(out, size, "\t%s:", asx_placement_text(design->placement));
    for (size_t i = N_LAYERS; i-- > 0;) {
        asx_text t = {0};
        asx_format_print(&t, &design->format[i]);
        n += (size_t)snprintf(out + n, size - n, " \t %s=%s ", layer_name[i], t.s);
        asx_text_fini(&t);
    }
}

static void test_random_designs(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work = make_workload();
    unsigned random = 1;
    for (int round = 0; round < 2000; round++) {
        asx_design design, parsed;
        asx_format palette[3]; /* few formats, so that some are common */
        for (size_t i = 0; i < 3; i++)
            palette[i] = draw_format(&random);
        CHECK_OK(asx_design_init(&design, N_LAYERS, &err), err);
        design.placement = (asx_placement)draw(&random, ASX_N_PLACEMENTS);
        for (size_t i = 0; i < N_LAYERS; i++)
            design.format[i] = palette[draw(&random, 3)];

        char want[1024], other[1024];
        char *text = print(&design, &work);
        canonical(want, sizeof want, &design);
        assert_string_equal(text, want);
        CHECK_OK(asx_design_parse(&parsed, text, &work, &err), err);
        assert_true(asx_design_equal(&parsed, &design));
        asx_design_fini(&parsed);

        verbose(other, sizeof other, &design);
        CHECK_OK(asx_design_parse(&parsed, other, &work, &err), err);
        assert_true(asx_design_equal(&parsed, &design));
        free(text);
        text = print(&parsed, &work);
        assert_string_equal(text, want);
        free(text);
        asx_design_fini(&parsed);
        asx_design_fini(&design);
    }
    asx_workload_fini(&work);
}

static void test_canonical_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical;
    } row[] = {
        {"near: w4{1,3}a8", "near: w4{1,3}a8"},
        {"near: w4{1}a8 conv1=w8a8 fc=w8s{1,3}a8", "near: w4{1}a8 conv1=w8a8 fc=w8s{1,3}a8"},
        {"in:w4{3,1}a8", "in: w4{1,3}a8"},
        {"vn: fc=w8a8 w4{1}a8", "vn: w4{1}a8 fc=w8a8"},
        {"vn: w8a8=w4{1}a8 w8a8", "vn: w8a8 w8a8=w4{1}a8"},
        {"vn: w8a8 a:b=w8a8", "vn: w8a8"},
        /* 3 to 4: the unnamed one is not the most common */
        {"in: w8a8 conv1=w4{1}a8 fc=w4{1}a8 a:b=w4{1}a8 conv10=w4{1}a8",
         "in: w4{1}a8 layer1.0/conv[1]=w8a8 w8a8=w8a8 x_y-z.w=w8a8"},
        /* 3, 3 and 1: the earliest layer's wins the tie */
        {"vn: fc=w2a8 conv1=w8a8 w8a8=w8a8 x_y-z.w=w8a8 w4a4",
         "vn: w8a8 layer1.0/conv[1]=w4a4 a:b=w4a4 fc=w2a8 conv10=w4a4"},
    };
    asx_error err;
    asx_workload work = make_workload();
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        asx_design design;
        CHECK_OK(asx_design_parse(&design, row[i].text, &work, &err), err);
        char *text = print(&design, &work);
        assert_string_equal(text, row[i].canonical);
        free(text);
        asx_text formats = {0};
        asx_design_print_formats(&formats, &design, &work);
        assert_string_equal(formats.s, strchr(row[i].canonical, ' ') + 1);
        asx_text_fini(&formats);
        asx_design_fini(&design);
    }
    asx_workload_fini(&work);
}

/* The whole message where it is all ours, else how it begins. */
static const struct {
    const char *text;
    asx_status status;
    const char *message;
} refusals[] = {
    {"", ASX_EPARSE, "design '': no placement in front; write e.g. 'near: w4{1,3}a8'"},
    {"w8a8", ASX_EPARSE, "design 'w8a8': no placement in front; write e.g. 'near: w4{1,3}a8'"},
    {"far: w8a8", ASX_EINVAL,
     "design 'far: w8a8': there is no placement 'far'; there are: vn near in"},
    {"vn : w8a8", ASX_EINVAL,
     "design 'vn : w8a8': there is no placement 'vn '; there are: vn near in"},
    {": w8a8", ASX_EINVAL, "design ': w8a8': there is no placement ''; there are: vn near in"},
    {"a:b=w8a8", ASX_EINVAL, "design 'a:b=w8a8': there is no placement 'a'; there are: vn near in"},
    {"vn:", ASX_EPARSE, "design 'vn:': no format behind the placement"},
    {"vn: \t", ASX_EPARSE, "design 'vn: ?': no format behind the placement"},
    {"vn: w8a8 w4a8", ASX_EINVAL,
     "design 'vn: w8a8 w4a8': 'w4a8' is a second format without a layer; write layer=format"},
    {"vn: w8a8 fc=w4a8 fc=w4a8", ASX_EINVAL,
     "design 'vn: w8a8 fc=w4a8 fc=w4a8': layer 'fc' has two formats"},
    {"vn: w8a8 conv2=w4a8", ASX_EINVAL,
     "design 'vn: w8a8 conv2=w4a8': workload 'net' has no layer 'conv2'; there are: conv1 "
     "layer1.0/conv[1] w8a8 a:b fc conv10 x_y-z.w"},
    {"vn: w8a8 =w4a8", ASX_EINVAL, "design 'vn: w8a8 =w4a8': workload 'net' has no layer ''; "},
    {"vn: conv1=w8a8 layer1.0/conv[1]=w8a8", ASX_EINVAL,
     "design 'vn: conv1=w8a8 layer1.0/conv[1]=w8a8': layer 'w8a8' has no format"},
    {"vn: w8a8;", ASX_EPARSE, "design 'vn: w8a8;': ';' behind the format 'w8a8'"},
    {"vn: w8a8,fc=w4a8", ASX_EINVAL,
     "design 'vn: w8a8,fc=w4a8': workload 'net' has no layer 'w8a8,fc'; "},
    {"vn: fc=w8a8=w4a8", ASX_EPARSE,
     "design 'vn: fc=w8a8=w4a8': layer 'fc': '=w4a8' behind the format 'w8a8'"},
    {"vn: fc= w8a8", ASX_EPARSE, "design 'vn: fc= w8a8': layer 'fc': "},
    {"vn: w8", ASX_EPARSE, "design 'vn: w8': "},
    {"vn: w8{2}a8", ASX_EPARSE, "design 'vn: w8{2}a8': "},
    {"vn: w8a8 fc=w17a8", ASX_EINVAL, "design 'vn: w8a8 fc=w17a8': layer 'fc': "},
};

static void test_refusals(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work = make_workload();
    asx_design out;
    memset(&out, 0x55, sizeof out);
    const asx_design before = out;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const char *want = refusals[i].message;
        CHECK_FAIL(asx_design_parse(&out, refusals[i].text, &work, &err), refusals[i].status, err);
        if (strncmp(err.message, want, strlen(want)) != 0)
            fail_msg("'%s' does not begin with '%s'", err.message, want);
        assert_int_equal(err.status, refusals[i].status);
        assert_memory_equal(&out, &before, sizeof out);
        assert_int_equal(asx_design_parse(&out, refusals[i].text, &work, NULL), refusals[i].status);
    }
    asx_workload_fini(&work);
}

/* Whatever is cut off the end of a text, the rest is a design or a clean refusal. */
static void test_cut_texts(void **state)
{
    (void)state;
    static const char text[] = "near: w4q3{1,3}a8{1} w8a8=w16s{1,7}a8 x_y-z.w=w2a2";
    asx_workload work = make_workload();
    for (size_t n = 0; n < sizeof text; n++) {
        char *cut = malloc(n + 1); /* on the heap: reading beyond it is seen */
        assert_non_null(cut);
        memcpy(cut, text, n);
        cut[n] = '\0';
        asx_design design;
        asx_error err = {.message = ""};
        if (asx_design_parse(&design, cut, &work, &err) == ASX_OK)
            asx_design_fini(&design);
        else
            assert_true(err.message[0] != '\0');
        free(cut);
    }
    asx_workload_fini(&work);
}

static void test_copy_and_alphabets(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work = make_workload();
    asx_design design, copy;
    CHECK_OK(asx_design_init(&copy, N_LAYERS, &err), err);
    char *text = print(&copy, &work);
    assert_string_equal(text, "vn: w8a8");
    free(text);
    assert_false(asx_design_is_asm(&copy));
    assert_true(asx_alphabet_set_is_empty(asx_design_alphabets(&copy)));
    asx_design_fini(&copy);

    CHECK_OK(asx_design_parse(&design, "in: w4{1}a8{9} fc=w8s{3,5}a8", &work, &err), err);
    CHECK_OK(asx_design_copy(&copy, &design, &err), err);
    assert_true(asx_design_equal(&copy, &design));
    assert_true(asx_design_is_asm(&copy));
    /* of the weights alone: {1} and {3,5}, bits 0, 1 and 2 */
    assert_true(
        asx_alphabet_set_equal(asx_design_alphabets(&copy), asx_alphabet_set_from_index(7)));
    copy.format[N_LAYERS - 1].weight.bits++;
    assert_false(asx_design_equal(&copy, &design));
    asx_design_fini(&copy);
    CHECK_OK(asx_design_copy(&copy, &design, &err), err);
    copy.placement = ASX_PLACEMENT_VN;
    assert_false(asx_design_equal(&copy, &design));
    asx_design_fini(&copy);
    asx_design_fini(&copy);
    asx_design_fini(NULL);
    asx_design_fini(&design);

    CHECK_OK(asx_design_parse(&design, "in: w4{1}a8 fc=w8a8{1}", &work, &err), err);
    assert_false(asx_design_is_asm(&design)); /* the weights decide */
    asx_design_fini(&design);
    asx_workload_fini(&work);
}

static void test_placements(void **state)
{
    (void)state;
    asx_error err;
    for (int i = 0; i < ASX_N_PLACEMENTS; i++) {
        asx_placement placement = ASX_N_PLACEMENTS;
        CHECK_OK(asx_placement_parse(&placement, asx_placement_text((asx_placement)i), &err), err);
        assert_int_equal(placement, i);
        assert_true(strlen(asx_placement_help(placement)) > 0);
    }
    asx_placement placement = ASX_PLACEMENT_IN;
    CHECK_FAIL(asx_placement_parse(&placement, "nea", &err), ASX_ENOTFOUND, err);
    assert_int_equal(placement, ASX_PLACEMENT_IN);
    assert_string_equal(err.message, "there is no placement 'nea'; there are: vn near in");
}

/* What a new design is, at the placement that is the machine's own. */
static void test_baseline(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work = make_workload();
    asx_design design, fresh;
    CHECK_OK(asx_design_parse(&design, ASX_BASELINE, &work, &err), err);
    CHECK_OK(asx_design_init(&fresh, N_LAYERS, &err), err);
    fresh.placement = ASX_PLACEMENT_VN;
    assert_true(asx_design_equal(&design, &fresh));
    char *text = print(&fresh, &work);
    assert_string_equal(text, ASX_BASELINE);
    free(text);
    asx_design_fini(&fresh);
    asx_design_fini(&design);
    asx_workload_fini(&work);
}

/* Layers of 8-bit weights and 4-bit activations in the file. */
static void test_as_file(void **state)
{
    static const char *const texts[] = {"file", " file ", "near: file"};
    (void)state;
    asx_error err;
    asx_design d, want;
    asx_workload work = make_workload();
    CHECK_OK(asx_design_parse(&want, "near: w8a4", &work, &err), err);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK_OK(asx_design_parse(&d, texts[i], &work, &err), err);
        assert_true(asx_design_equal(&d, &want));
        asx_design_fini(&d);
    }
    char text[64];
    snprintf(text, sizeof text, "in: w2a2 %s=file", layer_name[1]);
    CHECK_OK(asx_design_parse(&d, text, &work, &err), err);
    assert_true(asx_format_equal(&d.format[1], &want.format[1]));
    assert_int_equal(d.format[0].weight.bits, 2);
    asx_design_fini(&d);
    work.layer[2].held_activation_bits = 0;
    CHECK_FAIL(asx_design_parse(&d, "file", &work, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "the file has its input as real numbers"));
    asx_design_fini(&want);
    asx_workload_fini(&work);
}

/* The form alone: what parsing refuses of a network's own names and files is let through, all else as there. */
static void test_check(void **state)
{
    static const char *const good[] = {"near: w4{1,3}a8", "vn:w8a8 fc=w4{1}a8", "in: a=w4a8 b=file",
                                       "file", "near: file fc=w8a8"};
    static const struct {
        const char *text, *says;
    } bad[] = {{"", "no placement"},
               {"zz", "no placement"},
               {"x: w4a8", "no placement 'x'"},
               {"near:", "no format"},
               {"near: w4", "'a' and the activation bits"},
               {"near: w4a8 w8a8", "second format"},
               {"near: fc=w4a8x", "behind the format"},
               {"in: fc=", "'w' and the weight bits"}};
    asx_error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_OK(asx_design_check(good[i], &err), err);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(asx_design_check(bad[i].text, &err), ASX_OK);
        if (!strstr(err.message, bad[i].says))
            fail_msg("'%s': %s", bad[i].text, err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_designs),
        cmocka_unit_test(test_canonical_texts),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_cut_texts),
        cmocka_unit_test(test_copy_and_alphabets),
        cmocka_unit_test(test_placements),
        cmocka_unit_test(test_baseline),
        cmocka_unit_test(test_as_file),
        cmocka_unit_test(test_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
