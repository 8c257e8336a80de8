/* Charts: what goes into the script, what comes out of gnuplot, and what is refused. */
#include <math.h>
#include <string.h>

#include "dse/file.h"
#include "results/chart.h"
#include "sample.h"

static const double xs[] = {1, 2, NAN, 4}, ys[] = {10, 20, 30, 40};
static const char *const hover[] = {"one", "two", "three", "four"};

static void read_file(char **out, const char *path)
{
    size_t n = 0;
    asx_error err = {0};
    CHECK_OK(asx_file_read(out, &n, path, 1 << 24, &err), err);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *s = text; (s = strstr(s, what)); s += strlen(what))
        n++;
    return n;
}

static asx_chart_panel one_panel(const asx_chart_series *series)
{
    return (asx_chart_panel){.title = "it's a title",
                             .x = {.label = "x (pJ)"},
                             .y = {.label = "y"},
                             .series = series,
                             .n_series = 1};
}

static void test_panels_hover(void **state)
{
    (void)state;
    char path[256];
    asx_error err = {0};
    const asx_chart_series series = {
        .style = ASX_CHART_POINTS, .n = 4, .x = xs, .y = ys, .hover = hover};
    const asx_chart_panel panel[2] = {one_panel(&series), one_panel(&series)};
    sample_path(path, sizeof path, "p.svg");
    asx_plot_options o = {.format = ASX_PLOT_SVG, .path = path, .title = "t"};
    CHECK_OK(asx_plot_panels(&o, panel, 2, &err), err);
    char *svg = NULL;
    read_file(&svg, path);
    /* a point that is no number is not drawn; the others speak once per panel */
    assert_int_equal(count(svg, "<title>one"), 2);
    assert_int_equal(count(svg, "<title>three"), 0);
    assert_int_equal(count(svg, "showHypertext"), 0);
    assert_true(count(svg, "x (pJ)") == 2);
    free(svg);
    sample_remove(path);
}

static void test_every_format(void **state)
{
    (void)state;
    const char *const name[] = {"c.svg", "c.png", "c.pdf", "c.txt"};
    const char *const magic[] = {"<?xml", "\x89PNG", "%PDF", ""};
    const double value[] = {1, 2, 3, 0, 5, 1};
    const char *const row[] = {"a", "b"}, *const part[] = {"read", "add", "wire"};
    const char *const color[] = {"#000000", "#111111", "#222222"};
    const asx_chart_bars bars = {.label = "uJ",
                                 .n = 2,
                                 .n_parts = 3,
                                 .name = row,
                                 .part = part,
                                 .color = color,
                                 .value = value};
    const asx_chart_map map = {.row_label = "layer",
                               .column_label = "design",
                               .shade_label = "bits",
                               .n_rows = 2,
                               .n_columns = 3,
                               .row = row,
                               .column = part,
                               .value = value,
                               .low = 0,
                               .high = 5};
    for (int format = 0; format < 4; format++) {
        char path[256];
        asx_error err = {0};
        asx_plot_options o = {.title = "t"};
        sample_path(path, sizeof path, name[format]);
        o.path = path;
        CHECK_OK(asx_plot_format_from_path(&o.format, path, &err), err);
        CHECK_OK(asx_plot_bars(&o, &bars, &err), err);
        char *bytes = NULL;
        read_file(&bytes, path);
        assert_memory_equal(bytes, magic[format], strlen(magic[format]));
        free(bytes);
        CHECK_OK(asx_plot_map(&o, &map, &err), err);
        read_file(&bytes, path);
        assert_memory_equal(bytes, magic[format], strlen(magic[format]));
        free(bytes);
        sample_remove(path);
    }
}

/* Letters of a bar of characters stand in proportion to the parts. */
static void test_bars_text(void **state)
{
    (void)state;
    char path[256];
    asx_error err = {0};
    const double value[] = {30, 10, 0, 20};
    const char *const name[] = {"base", "d"}, *const part[] = {"read", "add"};
    const char *const color[] = {"#000000", "#111111"};
    const asx_chart_bars bars = {.label = "uJ",
                                 .n = 2,
                                 .n_parts = 2,
                                 .name = name,
                                 .part = part,
                                 .color = color,
                                 .value = value};
    sample_path(path, sizeof path, "bars.txt");
    asx_plot_options o = {.path = path, .columns = 80};
    CHECK_OK(asx_plot_bars(&o, &bars, &err), err);
    char *text = NULL;
    read_file(&text, path);
    char *first = strstr(text, "base |"), *second = strstr(text, "d |");
    assert_true(first && second);
    second = strstr(first + 1, "d |");
    *strchr(first, '\n') = '\0';
    const size_t a = count(first + 6, "a"), b = count(first + 6, "b");
    assert_true(a > 20);
    assert_true(a >= 3 * b - 3 && a <= 3 * b + 3);
    *strchr(second, '\n') = '\0';
    assert_int_equal(count(second + 3, "a"), 0);
    assert_true(count(second + 3, "b") >= 2 * b - 2 && count(second + 3, "b") <= 2 * b + 2);
    free(text);
    sample_remove(path);
}

/* Values of an objective come in base units; the axis chooses the shown one. */
static void test_objectives(void **state)
{
    (void)state;
    char path[256], script[256];
    asx_error err = {0};
    const double energy[] = {2e6, 3e6, 8e6}, drop[] = {-0.5, 1, 60};
    const double low[] = {-1, 0.5, 58}, high[] = {0, 1.5, 62};
    const asx_chart_series series = {
        .n = 3, .x = energy, .y = drop, .y_low = low, .y_high = high, .hover = hover};
    const asx_chart_panel panel = {.x = asx_chart_objective(ASX_ENERGY),
                                   .y = asx_chart_objective(ASX_DROP),
                                   .series = &series,
                                   .n_series = 1};
    sample_path(path, sizeof path, "o.svg");
    sample_path(script, sizeof script, "o.gp");
    asx_plot_options o = {.format = ASX_PLOT_SVG, .path = path, .script = script};
    CHECK_OK(asx_plot_panels(&o, &panel, 1, &err), err);
    char *text = NULL;
    read_file(&text, script);
    assert_int_equal(
        count(text, "\n2 -0.5 0 \"one\\nenergy 2 \xc2\xb5J\\ndrop -0.5 points\" -1 0\n"), 1);
    assert_int_equal(count(text, "set nonlinear y via asinh(y)"), 1);
    assert_int_equal(count(text, "set xlabel 'energy per inference (\xc2\xb5J)'"), 1);
    free(text);
    read_file(&text, path);
    assert_int_equal(count(text, "<title>two\nenergy 3 "), 1);
    free(text);
    sample_remove(path);
    sample_remove(script);
}

/* Every axis has the scale of its own objective: ends of lines lie where the numbers say. */
static void test_parallel(void **state)
{
    (void)state;
    char path[256];
    asx_error err = {0};
    const asx_objective objective[] = {ASX_DROP, ASX_ENERGY};
    const double value[] = {0, 3e6, 1, 2e6, 2, 1.5e6};
    const char *const name[] = {"d1", "d2", "d3"};
    asx_chart_parallel c = {
        .n = 3, .n_axes = 2, .objective = objective, .value = value, .hover = hover, .name = name};
    sample_path(path, sizeof path, "p.txt");
    asx_plot_options o = {.path = path};
    CHECK_OK(asx_plot_parallel(&o, &c, &err), err);
    char *text = NULL;
    read_file(&text, path);
    assert_int_equal(count(text, "d1  ..........  ##########\n"), 1);
    assert_int_equal(count(text, "d2  #####.....  ###.......\n"), 1);
    assert_int_equal(count(text, "d3  ##########  ..........\n"), 1);
    free(text);
    sample_remove(path);
    sample_path(path, sizeof path, "p.svg");
    o = (asx_plot_options){.format = ASX_PLOT_SVG, .path = path};
    CHECK_OK(asx_plot_parallel(&o, &c, &err), err);
    read_file(&text, path);
    assert_int_equal(count(text, "<title>one\ndrop 0 points\nenergy 3 "), 2);
    free(text);
    sample_remove(path);
    c.n_axes = 1;
    CHECK_FAIL(asx_plot_parallel(&o, &c, &err), ASX_EINVAL, err);
    c.n_axes = 2, c.n = 0;
    CHECK_FAIL(asx_plot_parallel(&o, &c, &err), ASX_EINVAL, err);
}

static void test_refusals(void **state)
{
    (void)state;
    asx_error err = {0};
    const double none[] = {NAN, NAN}, negative[] = {-1};
    const char *const name[] = {"a"};
    const asx_chart_series series = {.n = 2, .x = none, .y = none},
                           good = {.n = 2, .x = xs, .y = ys};
    const asx_chart_panel empty = one_panel(&series), panel = one_panel(&good);
    asx_chart_bars bars = {
        .n = 1, .n_parts = 1, .name = name, .part = name, .color = name, .value = negative};
    asx_chart_map map = {.n_rows = 1,
                         .n_columns = 1,
                         .row = name,
                         .column = name,
                         .value = negative,
                         .low = 1,
                         .high = 1};
    asx_plot_options o = {.format = ASX_PLOT_SVG, .path = "/nonexistent/x.svg"};
    CHECK_FAIL(asx_plot_panels(&o, &empty, 1, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_plot_panels(&o, &panel, 1, &err), ASX_EIO, err);
    CHECK_FAIL(asx_plot_bars(&o, &bars, &err), ASX_EINVAL, err);
    bars.n = 0;
    CHECK_FAIL(asx_plot_bars(&o, &bars, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_plot_map(&o, &map, &err), ASX_EINVAL, err);
    map.n_rows = 0;
    CHECK_FAIL(asx_plot_map(&o, &map, &err), ASX_EINVAL, err);
    o.path = NULL;
    CHECK_FAIL(asx_plot_panels(&o, &panel, 1, &err), ASX_EINVAL, err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_panels_hover), cmocka_unit_test(test_every_format),
        cmocka_unit_test(test_bars_text),    cmocka_unit_test(test_objectives),
        cmocka_unit_test(test_parallel),     cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
