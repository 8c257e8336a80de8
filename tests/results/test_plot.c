/* Pictures: the right kind of file, whole or not at all; names that do not overlap; axes. */
#include "sample.h"

#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>

#include "axis.h"
#include "gnuplot.h"
#include "picture.h"
#include "results/plot.h"

enum { N = 80 };

typedef struct designs {
    char name[N][96];
    asx_evaluation evaluation[N];
    asx_plot_point point[N];
} designs;

/* A staircase of every fourth design; the others lie above it. */
static void make_designs(designs *d)
{
    for (int i = 0; i < N; i++) {
        bool front = i % 4 == 0;
        snprintf(d->name[i], sizeof d->name[i], "near: w%d{1,3}a8 layer.conv%d=w8a8", 2 + i % 15,
                 i);
        d->evaluation[i] = (asx_evaluation){0};
        d->evaluation[i].cost.energy_pj = 1e5 * (10 + i);
        d->evaluation[i].accuracy.drop = 40.0 / (1 + i) + (front ? 0 : 2 + i % 7) - 0.8;
        d->point[i] = (asx_plot_point){.design = d->name[i],
                                       .placement = (asx_placement)(i % 3),
                                       .evaluation = &d->evaluation[i],
                                       .front = front,
                                       .baseline = i == N - 1};
    }
}

static size_t read_whole(char *out, size_t size, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(out, 1, size - 1, f);
    fclose(f);
    out[n] = '\0';
    return n;
}

static char bytes[1 << 20];

static bool have_gnuplot(void)
{
    return system("gnuplot --version > /dev/null 2>&1") == 0;
}

static void test_kinds(void **state)
{
    static const struct {
        const char *name, *magic;
    } kinds[] = {{"a.svg", "<?xml"}, {"a.PNG", "\x89PNG\r\n\x1a\n"}, {"a.pdf", "%PDF-"}};
    static designs d;
    char path[256];
    asx_error err = {0};
    (void)state;
    if (!have_gnuplot())
        skip();
    make_designs(&d);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        asx_plot_options o = {
            .x = ASX_ENERGY, .y = ASX_DROP, .title = "it's <&> \"{$x^2}\" \\ `ls`\n"};
        sample_path(path, sizeof path, kinds[k].name);
        CHECK_OK(asx_plot_format_from_path(&o.format, path, &err), err);
        o.path = path;
        CHECK_OK(asx_plot_front(&o, d.point, N, &err), err);
        assert_true(read_whole(bytes, sizeof bytes, path) > 3000);
        assert_memory_equal(bytes, kinds[k].magic, strlen(kinds[k].magic));
        if (k == 0) {
            for (int i = 0; i < N; i += 4) { /* every design of the front answers the mouse */
                char title[128];
                snprintf(title, sizeof title, "<title>%s\n", d.name[i]);
                if (!strstr(bytes, title))
                    fail_msg("no %s", title);
            }
            assert_null(strstr(bytes, "<script"));
            assert_null(strstr(bytes, "onmouse"));
            assert_null(strstr(bytes, "gnuplot_svg"));
            assert_non_null(strstr(bytes, "it's &lt;&amp;> \"{$x^2}\""));
            assert_non_null(strstr(bytes, "baseline near: w")); /* long names are cut in the key */
        }
        char command[400]; /* nothing is left beside it */
        snprintf(command, sizeof command, "test $(ls -A \"$(dirname '%s')\" | wc -l) = 1", path);
        assert_int_equal(system(command), 0);
        sample_remove(path);
    }
}

static void test_terminal(void **state)
{
    static designs d;
    asx_error err = {0};
    (void)state;
    if (!have_gnuplot())
        skip();
    make_designs(&d);
    for (int color = 0; color < 2; color++) {
        FILE *f = tmpfile();
        asx_plot_options o = {
            .x = ASX_ENERGY, .y = ASX_DROP, .stream = f, .columns = 70, .rows = 20, .color = color};
        CHECK_OK(asx_plot_front(&o, d.point, N, &err), err);
        rewind(f);
        size_t lines = 0;
        char line[2000];
        bool escape = false, named = false;
        while (fgets(line, sizeof line, f)) {
            lines++;
            assert_null(strchr(line, '\f'));
            escape |= strchr(line, '\x1b') != NULL;
            named |= strstr(line, "near: w") != NULL;
            if (!color)
                assert_in_range(strlen(line), 1, 90); /* 70 columns, a few of them two bytes */
        }
        fclose(f);
        assert_in_range(lines, 19, 21);
        assert_int_equal(escape, color);
        assert_true(named);
    }
}

static void test_script(void **state)
{
    static designs d;
    char path[256], script[300], command[700];
    asx_error err = {0};
    (void)state;
    if (!have_gnuplot())
        skip();
    make_designs(&d);
    sample_path(path, sizeof path, "it's.pdf");
    snprintf(script, sizeof script, "%s.gp", path);
    asx_plot_options o = {
        .format = ASX_PLOT_PDF, .path = path, .x = ASX_ENERGY, .y = ASX_DROP, .script = script};
    CHECK_OK(asx_plot_front(&o, d.point, N, &err), err);
    assert_int_equal(unlink(path), 0);
    snprintf(command, sizeof command, "gnuplot \"%s\" && test -s \"%s\"", script, path);
    assert_int_equal(system(command), 0); /* the script draws the same file by itself */
    snprintf(command, sizeof command, "rm -rf \"$(dirname \"%s\")\"", path);
    assert_int_equal(system(command), 0);
}

static void make_program(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, 0755), 0);
}

static void test_broken_gnuplot(void **state)
{
    static designs d;
    char program[256], out[300];
    asx_error err = {0};
    (void)state;
    make_designs(&d);
    sample_path(program, sizeof program, "gnuplot");
    snprintf(out, sizeof out, "%s.svg", program);
    asx_plot_options o = {
        .format = ASX_PLOT_SVG, .path = out, .x = ASX_ENERGY, .y = ASX_DROP, .gnuplot = program};
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EIO, err);
    assert_non_null(strstr(err.message, program));
    assert_non_null(strstr(err.message, "gnuplot-nox"));
    make_program(program,
                 "#!/bin/sh\nprintf '\\n      ^\\n  line 0: it is broken\\n\\n' >&2\nexit 3\n");
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EIO, err);
    assert_non_null(strstr(err.message, "line 0: it is broken"));
    make_program(program, "#!/bin/sh\nkill -9 $$\n");
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EIO, err);
    make_program(program, "#!/bin/sh\nexit 0\n");
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EIO, err);
    assert_non_null(strstr(err.message, "drew nothing"));
    assert_int_not_equal(access(out, F_OK), 0); /* never half a file */
    make_program(out, "earlier");               /* an earlier picture stays when a new one fails */
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EIO, err);
    assert_int_equal(read_whole(bytes, sizeof bytes, out), 7);
    sample_remove(program);
}

static void test_refused(void **state)
{
    static designs d;
    asx_error err = {0};
    asx_plot_format format = ASX_PLOT_PDF;
    (void)state;
    make_designs(&d);
    CHECK_FAIL(asx_plot_format_from_path(&format, "a.jpeg", &err), ASX_EUNSUPPORTED, err);
    CHECK_FAIL(asx_plot_format_from_path(&format, "svg", &err), ASX_EUNSUPPORTED, err);
    assert_int_equal(format, ASX_PLOT_PDF);
    asx_plot_options o = {.format = ASX_PLOT_SVG, .path = "/nowhere/a.svg", .x = ASX_ENERGY};
    CHECK_FAIL(asx_plot_front(&o, d.point, 0, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EIO, err);
    assert_non_null(strstr(err.message, "'/nowhere/a.svg'"));
    o.x = o.y;
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EINVAL, err);
    o.x = ASX_ENERGY;
    o.path = NULL;
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EINVAL, err);
    o.path = "/tmp/never.svg";
    d.evaluation[3].cost.energy_pj = INFINITY;
    CHECK_FAIL(asx_plot_front(&o, d.point, N, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, d.name[3]));
}

/* Degenerate sets: one point, equal points, negative drops only. */
static void test_degenerate(void **state)
{
    static designs d;
    asx_error err = {0};
    (void)state;
    if (!have_gnuplot())
        skip();
    for (int kind = 0; kind < 3; kind++) {
        FILE *f = tmpfile();
        make_designs(&d);
        for (int i = 0; i < N; i++) {
            d.evaluation[i].accuracy.drop = kind == 2 ? -3 - i : 0;
            d.evaluation[i].cost.energy_pj = kind == 2 ? 0 : 5;
        }
        asx_plot_options o = {.x = ASX_ENERGY, .y = ASX_DROP, .stream = f};
        CHECK_OK(asx_plot_front(&o, d.point, kind == 0 ? 1 : N, &err), err);
        fclose(f);
    }
}

static void test_axes(void **state)
{
    (void)state;
    axis a = asx_axis_make(ASX_ENERGY, NULL, 2e5, 9e6);
    assert_int_equal(a.scale, AXIS_LOG);
    assert_string_equal(a.unit, "\xc2\xb5J");
    assert_true(a.low < 0.2 && a.high > 9 && a.low > 0.1 && a.high < 18);
    assert_true(fabs(asx_axis_at(&a, sqrt(a.low * a.high)) - 0.5) < 1e-12);
    a = asx_axis_make(ASX_DROP, NULL, -1, 80);
    assert_int_equal(a.scale, AXIS_ASINH);
    assert_true(fabs(asx_axis_at(&a, a.low)) < 1e-12 && fabs(asx_axis_at(&a, a.high) - 1) < 1e-12);
    a = asx_axis_make(ASX_DROP, NULL, -0.5, 2);
    assert_int_equal(a.scale, AXIS_LINEAR);
    a = asx_axis_make(ASX_AREA, NULL, 5e3, 9e3);
    assert_string_equal(a.unit, "\xc2\xb5m\xc2\xb2");
    assert_int_equal(a.scale, AXIS_LINEAR);
}

static void test_names(void **state)
{
    char name[PICTURE_NAME_MAX + 1];
    (void)state;
    assert_int_equal(asx_picture_name(name, "in: w4{1}a8 conv1=w8a8"), 22);
    assert_string_equal(name, "in: w4{1}a8 conv1=w8a8");
    asx_picture_name(name, "near: w4{1,3}a8 conv1=w8a8 layer1=w6{1}a8 fc=w8s{1,3}a8");
    assert_string_equal(name, "near: w4{1,3}a8 +3");
    size_t n =
        asx_picture_name(name, "near: w16q8{1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33}a8");
    assert_in_range(n, 20, PICTURE_NAME_MAX);
    assert_int_equal(strlen(name), n);
}

/* Designs whose drop was measured get a ring there, and the picture makes room for it; half of the
 * baseline's energy is a line at half of it. */
static void test_rings_and_isos(void **state)
{
    static designs d;
    static asx_evaluation measured;
    char path[256], script[256];
    asx_error err = {0};
    (void)state;
    if (!have_gnuplot())
        skip();
    make_designs(&d);
    measured = d.evaluation[4];
    measured.accuracy.drop = 77;
    d.point[4].checked = &measured;
    sample_path(path, sizeof path, "r.svg");
    sample_path(script, sizeof script, "r.gp");
    asx_plot_options o = {
        .format = ASX_PLOT_SVG, .x = ASX_ENERGY, .y = ASX_DROP, .path = path, .script = script};
    o.proven = 1.25;
    CHECK_OK(asx_plot_front(&o, d.point, N, &err), err);
    read_whole(bytes, sizeof bytes, path);
    char ring[200], line[100];
    snprintf(ring, sizeof ring, "<title>%s\nenergy 1.4 \xc2\xb5J, drop 77 points", d.name[4]);
    assert_non_null(strstr(bytes, ring));
    assert_non_null(strstr(bytes, ">1 measured<"));
    read_whole(bytes, sizeof bytes, script);
    snprintf(line, sizeof line, "set arrow from first %.10g,graph 0 ", 0.5 * 0.1 * (10 + N - 1));
    assert_non_null(strstr(bytes, line));
    assert_non_null(strstr(bytes, "set label '50 % saved'"));
    assert_non_null(strstr(bytes, "$bound << EOD\n0.8 39.2\n")); /* design 0: 1 uJ, 39.2 points */
    sample_remove(path);
    sample_remove(script);
}

/* A row for each design, in the units of evaluations, also where no program draws. */
static void test_numbers(void **state)
{
    static designs d;
    static asx_evaluation measured;
    char path[256];
    asx_error err = {0};
    (void)state;
    make_designs(&d);
    measured = d.evaluation[4];
    measured.accuracy.drop = 77;
    d.point[4].checked = &measured;
    sample_path(path, sizeof path, "f.csv");
    asx_plot_options o = {.format = ASX_PLOT_CSV,
                          .x = ASX_ENERGY,
                          .y = ASX_DROP,
                          .path = path,
                          .gnuplot = "/none",
                          .proven = 1.25};
    CHECK_OK(asx_plot_front(&o, d.point, N, &err), err);
    read_whole(bytes, sizeof bytes, path);
    static const char head[] =
        "design,placement,front,steps,baseline,trained,energy_pj,drop,measured_energy_pj,"
        "measured_drop,proven_energy_pj,proven_drop\n";
    assert_int_equal(strncmp(bytes, head, strlen(head)), 0);
    assert_non_null(strstr(bytes, "\"near: w2{1,3}a8 layer.conv0=w8a8\",vn,1,1,0,0,1000000,39.2,,,"
                                  "800000,39.2\n"));
    assert_non_null(strstr(bytes, ",near,1,1,0,0,1400000,7.2,1400000,77,1120000,7.2\n"));
    size_t lines = 0;
    for (const char *c = bytes; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, N + 1);
    sample_remove(path);
}

/* One of a spot, and the ends: the picture of what is left is that of all. */
static void test_thin(void **state)
{
    enum { MANY = 50000 };
    static double x[MANY], y[MANY];
    const asx_plot_options o = {.format = ASX_PLOT_SVG, .x = ASX_ENERGY, .y = ASX_DROP};
    const asx_plot_options terminal = {.format = ASX_PLOT_TEXT, .x = ASX_ENERGY, .y = ASX_DROP};
    const asx_plot_cloud cloud = {x, y, MANY};
    asx_error err = {0};
    size_t *index = NULL, n = 0, few = 0;
    double low = INFINITY, high = -INFINITY;
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        x[i] = 1e6 + (double)(i * 7919 % MANY);
        y[i] = (double)(i * 104729 % 997) / 50;
    }
    x[MANY / 2] = NAN;
    CHECK_OK(asx_plot_thin(&index, &n, &o, NULL, 0, &cloud, &err), err);
    assert_in_range(n, MANY / 10, MANY - 1);
    bool has_nan = false;
    for (size_t k = 0; k < n; k++) {
        assert_true(k == 0 || index[k] > index[k - 1]);
        has_nan = has_nan || isnan(x[index[k]]);
        low = fmin(low, x[index[k]]);
        high = fmax(high, x[index[k]]);
    }
    assert_true(has_nan); /* for asx_plot_front to refuse */
    assert_true(low == 1e6 && high == 1e6 + MANY - 1);
    free(index);
    CHECK_OK(asx_plot_thin(&index, &few, &terminal, NULL, 0, &cloud, &err), err);
    assert_in_range(few, 10, 80 * 24);
    free(index);
    CHECK_OK(asx_plot_thin(&index, &n, &o, NULL, 0, &(asx_plot_cloud){x, y, 0}, &err), err);
    assert_int_equal(n, 0);
    free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),   cmocka_unit_test(test_terminal),
        cmocka_unit_test(test_script),  cmocka_unit_test(test_broken_gnuplot),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_axes),    cmocka_unit_test(test_names),
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_rings_and_isos),
        cmocka_unit_test(test_thin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
