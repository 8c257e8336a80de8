/* Charts for papers: their numbers as CSV, their widths, titles of several lines. */
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

static asx_chart_panel one_panel(const asx_chart_series *series)
{
    return (asx_chart_panel){
        .x = {.label = "x (pJ)"}, .y = {.label = "y"}, .series = series, .n_series = 1};
}

static bool have_gnuplot(void)
{
    return system("gnuplot --version > /dev/null 2>&1") == 0;
}

static void expect_file(const char *path, const char *text)
{
    char *bytes = NULL;
    read_file(&bytes, path);
    assert_string_equal(bytes, text);
    free(bytes);
}

/* Numbers as they were given: no unit, no scale, none that is no number, lines and marks once. */
static void test_numbers_of_panels(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    const double low[] = {9, 19, 29, 39}, high[] = {11.5, 21, 31, 1.0 / 3}, shade[] = {5, 6, 7, 8};
    const asx_chart_series first[] = {
        {.style = ASX_CHART_LINES, .n = 4, .x = xs, .y = ys},
        {.name = "a, \"b\"", .n = 4, .x = xs, .y = ys, .y_low = low, .y_high = high}};
    const asx_chart_series second = {
        .field = "s", .n = 2, .x = ys, .y = shade, .shade = xs, .hover = hover};
    const asx_chart_panel panel[] = {{.title = "t",
                                      .field = "one",
                                      .x = {.label = "x", .field = "round"},
                                      .y = asx_chart_objective(ASX_DROP),
                                      .series = first,
                                      .n_series = 2},
                                     {.x = asx_chart_objective(ASX_ENERGY),
                                      .y = asx_chart_objective(ASX_DROP),
                                      .shade = asx_chart_objective(ASX_AREA),
                                      .series = &second,
                                      .n_series = 1}};
    sample_path(path, sizeof path, "p.csv");
    asx_plot_options o = {.format = ASX_PLOT_CSV, .path = path, .title = "t", .gnuplot = "/none"};
    CHECK_OK(asx_plot_panels(&o, panel, 2, &err), err);
    expect_file(path, "panel,series,round,drop,drop_low,drop_high,energy_pj,area_um2,design\n"
                      "one,\"a, \"\"b\"\"\",1,10,9,11.5,,,\n"
                      "one,\"a, \"\"b\"\"\",2,20,19,21,,,\n"
                      "one,\"a, \"\"b\"\"\",4,40,39,0.3333333333333333,,,\n"
                      "2,s,,5,,,10,1,one\n"
                      "2,s,,6,,,20,2,two\n");
    CHECK_OK(asx_plot_panels(&o, &panel[1], 1, &err), err);
    expect_file(path, "series,energy_pj,drop,area_um2,design\ns,10,5,1,one\ns,20,6,2,two\n");
    sample_remove(path);
}

static void test_numbers_of_others(void **state)
{
    char path[256];
    asx_error err = {0};
    (void)state;
    const double value[] = {1, 2.5, NAN, 4}, good[] = {1, 2.5, 3e7, 4};
    const char *const row[] = {"a", "b"}, *const column[] = {"x", "y"};
    const char *const cell[] = {"4{1,3}", "p", "q", "r"}, *const color[] = {"#000000", "#111111"};
    const asx_objective objective[] = {ASX_DROP, ASX_ENERGY};
    const asx_chart_bars bars = {.label = "uJ",
                                 .field = "energy",
                                 .unit = "pj",
                                 .factor = 1e6, /* of what is drawn alone */
                                 .n = 2,
                                 .n_parts = 2,
                                 .name = row,
                                 .part = column,
                                 .color = color,
                                 .value = good};
    const asx_chart_map map = {.row_field = "layer",
                               .column_field = "row",
                               .value_field = "bits",
                               .cell_field = "weights",
                               .n_rows = 2,
                               .n_columns = 2,
                               .row = row,
                               .column = column,
                               .value = value,
                               .cell = cell,
                               .high = 1};
    const asx_chart_parallel lines = {
        .n = 2, .n_axes = 2, .objective = objective, .value = good, .name = row};
    sample_path(path, sizeof path, "o.csv");
    asx_plot_options o = {.format = ASX_PLOT_CSV, .path = path, .gnuplot = "/none"};
    CHECK_OK(asx_plot_bars(&o, &bars, &err), err);
    expect_file(path, "design,energy_pj,x_pj,y_pj\na,3.5,1,2.5\nb,30000004,30000000,4\n");
    CHECK_OK(asx_plot_map(&o, &map, &err), err);
    expect_file(path, "layer,row,bits,weights\na,x,1,\"4{1,3}\"\na,y,2.5,p\nb,y,4,r\n");
    CHECK_OK(asx_plot_parallel(&o, &lines, &err), err);
    expect_file(path, "design,drop,energy_pj\na,1,2.5\nb,30000000,4\n");
    sample_remove(path);
}

/* The size of a picture in a kept script: of files in pixels. */
static void size_of(double *width, double *height, const char *script)
{
    char *text = NULL;
    read_file(&text, script);
    const char *size = strstr(text, " size ");
    assert_non_null(size);
    assert_int_equal(sscanf(size, " size %lf,%lf", width, height), 2);
    free(text);
}

/* Every kind is as wide as asked; panels that were side by side go below each other. */
static void test_widths(void **state)
{
    char path[256], script[256];
    asx_error err = {0};
    (void)state;
    if (!have_gnuplot())
        skip();
    const double wanted[] = {ASX_PLOT_COLUMN_CM, ASX_PLOT_PAGE_CM, 30};
    const double value[] = {1, 2, 3, 4}, low[] = {1, 2, 3, 4};
    const char *const row[] = {"a long name of a row of many words", "b"},
                      *const column[] = {"x", "y"}, *const color[] = {"#000000", "#111111"};
    const asx_objective objective[] = {ASX_DROP, ASX_ENERGY};
    const asx_chart_series series = {.name = "s", .n = 4, .x = ys, .y = low};
    const asx_chart_panel panel[] = {one_panel(&series), one_panel(&series), one_panel(&series)};
    const asx_chart_bars bars = {.label = "uJ",
                                 .n = 2,
                                 .n_parts = 2,
                                 .name = row,
                                 .note = row,
                                 .part = column,
                                 .color = color,
                                 .value = value};
    const asx_chart_map map = {
        .n_rows = 2, .n_columns = 2, .row = row, .column = column, .value = value, .high = 4};
    const asx_chart_parallel lines = {
        .n = 2, .n_axes = 2, .objective = objective, .value = value, .name = row};
    sample_path(path, sizeof path, "w.svg");
    sample_path(script, sizeof script, "w.gp");
    asx_plot_options o = {.format = ASX_PLOT_SVG, .path = path, .script = script};
    for (size_t k = 0; k < 3; k++) {
        double width, height, before = 0;
        const double pixels = 50 * wanted[k];
        o.width_cm = wanted[k];
        CHECK_OK(asx_plot_panels(&o, panel, 3, &err), err);
        size_of(&width, &before, script);
        assert_true(width <= pixels + 0.5 && width > pixels - 3); /* whole pixels each */
        CHECK_OK(asx_plot_panels(&o, panel, 1, &err), err);
        size_of(&width, &height, script);
        assert_true(fabs(width - pixels) <= 0.5);
        assert_true(k == 0 ? before > 2.5 * height : before < 1.5 * height);
        CHECK_OK(asx_plot_bars(&o, &bars, &err), err);
        size_of(&width, &height, script);
        assert_true(fabs(width - pixels) <= 0.5);
        CHECK_OK(asx_plot_map(&o, &map, &err), err);
        size_of(&width, &height, script);
        assert_true(fabs(width - pixels) <= 0.5);
        CHECK_OK(asx_plot_parallel(&o, &lines, &err), err);
        size_of(&width, &height, script);
        assert_true(fabs(width - pixels) <= 0.5);
    }
    sample_remove(path);
    sample_remove(script);
}

/* Cells of a given width have their texts, upright if need be; where there is no room for those, the
 * end of the scale tells a value that lies below it. */
static void test_cells(void **state)
{
    enum { COLUMNS = 12 };
    char path[256], script[256], *text = NULL;
    asx_error err = {0};
    (void)state;
    if (!have_gnuplot())
        skip();
    double value[COLUMNS];
    const char *cell[COLUMNS], *column[COLUMNS];
    const char *const row[] = {"a row that is called by so many words that it takes several lines"};
    for (int i = 0; i < COLUMNS; i++) {
        value[i] = i ? i : -146;
        cell[i] = i ? "50" : "-146";
        column[i] = "near: w4a8";
    }
    const asx_chart_map map = {.n_rows = 1,
                               .n_columns = COLUMNS,
                               .row = row,
                               .column = column,
                               .value = value,
                               .cell = cell,
                               .low = -50,
                               .high = 100};
    sample_path(path, sizeof path, "m.svg");
    sample_path(script, sizeof script, "m.gp");
    asx_plot_options o = {.format = ASX_PLOT_SVG, .path = path, .script = script, .width_cm = 8};
    CHECK_OK(asx_plot_map(&o, &map, &err), err);
    read_file(&text, script);
    assert_non_null(strstr(text, " \"-146\""));
    assert_non_null(strstr(text, "rotate by 90 textcolor"));
    assert_null(strstr(text, "to -146"));
    free(text);
    for (int i = 0; i < COLUMNS; i++)
        cell[i] = "a text that no cell has room for";
    CHECK_OK(asx_plot_map(&o, &map, &err), err);
    read_file(&text, script);
    assert_null(strstr(text, " \"a text"));
    assert_non_null(strstr(text, "cbtics add ('to -146' -50)"));
    free(text);
    sample_remove(path);
    sample_remove(script);
}

/* A title that is wider than the picture goes on in a second line, for which there is room; what breaks a
 * picture is tame in both. */
static void test_long_title(void **state)
{
    char path[256], script[256], *text = NULL;
    asx_error err = {0};
    double width, low, high;
    (void)state;
    if (!have_gnuplot())
        skip();
    const asx_chart_series series = {.n = 2, .x = ys, .y = ys};
    const asx_chart_panel panel = one_panel(&series);
    sample_path(path, sizeof path, "t.svg");
    sample_path(script, sizeof script, "t.gp");
    asx_plot_options o = {.format = ASX_PLOT_SVG,
                          .path = path,
                          .script = script,
                          .width_cm = ASX_PLOT_PAGE_CM,
                          .title = "short"};
    CHECK_OK(asx_plot_panels(&o, &panel, 1, &err), err);
    size_of(&width, &low, script);
    o.title =
        "it's a title of many words that goes on and on and on and on until the picture ends, "
        "and even then it has not told all that ]]> there is \xff to tell";
    CHECK_OK(asx_plot_panels(&o, &panel, 1, &err), err);
    size_of(&width, &high, script);
    assert_true(high >= low + 15);
    read_file(&text, script);
    assert_non_null(strstr(text, "'it''s a title of many words"));
    assert_non_null(strstr(text, "'.\"\\n\".'"));
    assert_null(strstr(text, "\xff"));
    free(text);
    read_file(&text, path);
    assert_null(strstr(text, "]]> there"));
    free(text);
    sample_remove(path);
    sample_remove(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_of_panels),
        cmocka_unit_test(test_numbers_of_others),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_long_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
