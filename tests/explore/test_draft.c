/* A first campaign: what is found in a network and data that nothing is said of, and what is refused with a way out. */
#include "explore/draft.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "eval/glyphs.h"
#include "explore/floating.h"
#include "explore/session.h"
#include "tiny.h"

static char folder[200];

static const char *in_folder(char out[300], const char *name)
{
    snprintf(out, 300, "%s/%s", folder, name);
    return out;
}

static void write_idx(const char *name, const unsigned char *head, size_t n_head,
                      const uint8_t *bytes, size_t n)
{
    char path[300];
    FILE *f = fopen(in_folder(path, name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(head, 1, n_head, f), n_head);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/* Glyphs as IDX files; labels are `add` too large. @param sorted  by class */
static void write_glyphs(const char *images, const char *labels, size_t n, unsigned add,
                         bool sorted)
{
    const unsigned char big = (unsigned char)(n >> 8), small = (unsigned char)(n & 255);
    const unsigned char image_head[] = {0, 0, 8, 3, 0, 0, big, small, 0, 0, 0, 16, 0, 0, 0, 16};
    const unsigned char label_head[] = {0, 0, 8, 1, 0, 0, big, small};
    uint8_t *pixel = malloc(n * ASX_GLYPH_PIXELS), *label = malloc(n);
    assert_true(pixel && label);
    for (size_t i = 0, next = 0; i < n; next++) {
        const unsigned class = asx_glyph_draw(pixel + i * ASX_GLYPH_PIXELS, 5, next);
        if (sorted && class != i * 10 / n)
            continue;
        label[i++] = (uint8_t)(class + add);
    }
    write_idx(images, image_head, sizeof image_head, pixel, n * ASX_GLYPH_PIXELS);
    write_idx(labels, label_head, sizeof label_head, label, n);
    free(pixel);
    free(label);
}

static int set_up(void **state)
{
    (void)state;
    char path[300];
    asx_error err;
    snprintf(folder, sizeof folder, "/tmp/asx_draft_XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    asx_session s = tiny_session(&(asx_campaign_spec){0});
    CHECK_OK(asx_network_save(s.network, in_folder(path, "net.onnx"), &err), err);
    asx_session_close(&s);
    write_glyphs("some-images-idx3-ubyte", "some-labels-idx1-ubyte", 400, 0, false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

/* @param change  what is not NULL there; the campaign is NULL where it is */
static asx_status draft(asx_draft *out, const char *network, const char *data,
                        asx_draft_options change, asx_error *err)
{
    char path[2][300];
    const char *files[] = {in_folder(path[1], data)};
    change.network = in_folder(path[0], network);
    change.data = files;
    change.n_data = 1;
    return asx_draft_new(out, &change, err);
}

static asx_session open_text(const char *text)
{
    asx_error err;
    asx_campaign *c = NULL;
    asx_session s;
    CHECK_OK(asx_campaign_parse(&c, "c.yaml", text, strlen(text), NULL, &err), err);
    CHECK_OK(asx_session_open(&s, c, &err), err);
    return s;
}

static void test_found(void **state)
{
    (void)state;
    asx_error err;
    asx_draft d;
    CHECK_OK(draft(&d, "net.onnx", "some-images-idx3-ubyte", (asx_draft_options){0}, &err), err);
    assert_non_null(strstr(d.text, "\nname: net\n"));
    assert_non_null(strstr(d.text, "\n  format: idx\n"));
    assert_non_null(strstr(d.text, "some-labels-idx1-ubyte\""));
    assert_non_null(strstr(d.text, "# taken: 0 to 1;"));
    assert_non_null(strstr(d.summary, "guessing"));
    /* and it is a campaign: nothing in two parts, all images in one */
    asx_session s = open_text(d.text);
    asx_floating f;
    CHECK_OK(asx_session_need_space(&s, &err), err);
    CHECK_OK(asx_session_need_data(&s, &err), err);
    CHECK_OK(asx_session_check(&s, &err), err);
    CHECK_OK(asx_session_floating(&f, &s, ASX_SUBSET_SELECT, &err), err);
    assert_true(f.accuracy.accuracy > 90 && !f.guesses && !f.unexpected);
    assert_int_equal(s.subset[ASX_SUBSET_SELECT].end, 160);
    assert_int_equal(s.subset[ASX_SUBSET_CONFIRM].first, 160);
    assert_int_equal(s.subset[ASX_SUBSET_CONFIRM].end, 280);
    assert_int_equal(s.subset[ASX_SUBSET_REPORT].end, 400);
    asx_session_close(&s);
    asx_draft_fini(&d);
}

static void test_told(void **state)
{
    (void)state;
    asx_error err;
    asx_draft d;
    const asx_draft_options told = {
        .scale = "0.00392156862745098", .mean = "0.25", .std = "0.5", .expect = "12.5"};
    CHECK_OK(draft(&d, "net.onnx", "some-images-idx3-ubyte", told, &err), err);
    assert_non_null(strstr(d.text, "\n  mean: [0.25]\n  std: [0.5]\n"));
    assert_non_null(strstr(d.text, "\n  expect: 12.5\n"));
    assert_non_null(strstr(d.summary, "expects 12.5 %")); /* which it has not */
    asx_draft_fini(&d);
}

/* Names of files are anybody's. */
static void test_names(void **state)
{
    (void)state;
    static const char hostile[] = "a \"b\": #c\n'd' images \xc3\xa4{1}";
    static const char labels[] = "a \"b\": #c\n'd' labels \xc3\xa4{1}";
    asx_error err;
    asx_draft d;
    write_glyphs(hostile, labels, 200, 0, false);
    CHECK_OK(draft(&d, "net.onnx", hostile, (asx_draft_options){.format = "idx"}, &err), err);
    asx_session s = open_text(d.text);
    CHECK_OK(asx_session_need_data(&s, &err), err);
    asx_session_close(&s);
    asx_draft_fini(&d);
    write_glyphs("${HOME}images", "${HOME}labels", 200, 0, false);
    CHECK_FAIL(draft(&d, "net.onnx", "${HOME}images", (asx_draft_options){.format = "idx"}, &err),
               ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "variable"));
}

static void test_refused(void **state)
{
    (void)state;
    write_glyphs("few-images-idx3-ubyte", "few-labels-idx1-ubyte", 60, 0, false);
    write_glyphs("one-images-idx3-ubyte", "one-labels-idx1-ubyte", 200, 1, false);
    write_glyphs("sorted-images-idx3-ubyte", "sorted-labels-idx1-ubyte", 400, 0, true);
    static const struct {
        const char *data, *message;
        asx_draft_options options;
    } wrong[] = {
        {"few-images-idx3-ubyte", "60 images: to search, to confirm and to report", {0}},
        {"one-images-idx3-ubyte", "classes up to 10, network", {0}},
        {"sorted-images-idx3-ubyte", "sorted by class", {0}},
        {"some-images-idx3-ubyte", "guessing", {.scale = "1e-9"}},
        {"some-images-idx3-ubyte", "options '--mean' and", {.mean = "1,2,3"}},
        {"some-images-idx3-ubyte", "option '--scale'", {.scale = "much"}},
        {"some-images-idx3-ubyte", "not a text file", {.format = "csv"}},
        {"some-images-idx3-ubyte", "data format 'jpeg' is not one of", {.format = "jpeg"}},
        {"some-images-idx3-ubyte", "output 'z'", {.output = "z"}},
        {"net.onnx", "--format", {0}},
        {"nothing.npy", "nothing", {0}},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        asx_error err = {0};
        asx_draft d = {0};
        const asx_status status = draft(&d, "net.onnx", wrong[i].data, wrong[i].options, &err);
        if (status == ASX_OK || (!strstr(err.message, wrong[i].message)))
            fail_msg("case %zu gives '%s'", i, status == ASX_OK ? d.text : err.message);
        assert_null(d.text);
    }
}

/* What guesses is refused, unless it may. */
static void test_any(void **state)
{
    (void)state;
    asx_error err;
    asx_draft d;
    CHECK_FAIL(
        draft(&d, "net.onnx", "some-images-idx3-ubyte", (asx_draft_options){.scale = "1e-9"}, &err),
        ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "guessing"));
    CHECK_OK(draft(&d, "net.onnx", "some-images-idx3-ubyte",
                   (asx_draft_options){.scale = "1e-9", .expect = "any"}, &err),
             err);
    assert_non_null(strstr(d.text, "\n  expect: any\n"));
    asx_draft_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),   cmocka_unit_test(test_told), cmocka_unit_test(test_names),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_any),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
