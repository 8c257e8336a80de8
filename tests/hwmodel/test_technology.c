/* Technologies: what is read and fitted, and that every bad file is refused at its line. */
#include "dse/file.h"
#include "toy.h"

static double model_at(const asx_technology *tech, const char *component, const char *quantity,
                       double x, double y, bool fitted)
{
    for (size_t i = 0; i < asx_technology_n_rows(tech); i++) {
        asx_technology_row row = asx_technology_row_at(tech, i);
        if (strcmp(row.component, component) == 0 && strcmp(row.quantity, quantity) == 0 &&
            row.x == x && row.y == y && row.fitted == fitted)
            return row.model;
    }
    fail_msg("no row %s %s %g %g", component, quantity, x, y);
    return 0;
}

/* The toy's rows lie on the models' forms, so the fits must give them back. */
static void exact_fits(void **state)
{
    (void)state;
    asx_technology *tech = toy_technology();
    assert_string_equal(asx_technology_name(tech), "toy");
    assert_string_equal(asx_technology_summary(tech), "toy");
    assert_true(asx_technology_node_nm(tech) == 45 && asx_technology_voltage(tech) == 1);
    for (size_t i = 0; i < asx_technology_n_rows(tech); i++) {
        asx_technology_row row = asx_technology_row_at(tech, i);
        if (!(fabs(row.model / row.value - 1) < 1e-9))
            fail_msg("line %zu: %.12g instead of %.12g", row.line, row.model, row.value);
        assert_true(row.fitted);
        assert_string_equal(row.source, "toy");
    }
    size_t n;
    asx_text text = {0};
    toy_text(&text);
    assert_string_equal(asx_technology_text(tech, &n), text.s);
    assert_int_equal(n, text.n);
    asx_text_fini(&text);
    asx_technology_free(tech);
}

/* Units are converted: the toy gives gates in fJ and DRAM in nJ. */
static void units(void **state)
{
    (void)state;
    asx_technology *tech = toy_technology();
    assert_true(fabs(model_at(tech, "gate", "energy", 1, 0, true) - .01) < 1e-12);
    assert_true(fabs(model_at(tech, "dram", "energy", 64, 0, true) - 1280) < 1e-9);
    asx_technology_free(tech);
}

/* Every technology that comes with the program loads, is complete and prints its errors. */
static void embedded(void **state)
{
    (void)state;
    asx_error err;
    size_t n = 0;
    for (const char *name; (name = asx_technology_embedded(n)); n++) {
        asx_technology *tech = NULL;
        asx_text text = {0};
        CHECK_OK(asx_technology_load(&tech, name, &err), err);
        assert_string_equal(asx_technology_name(tech), name);
        char path[1024], *file = NULL; /* embedded byte for byte */
        size_t n_file = 0, n_text = 0;
        snprintf(path, sizeof path, "%s/../../hwmodel/data/%s.csv", ASX_TEST_DATA, name);
        CHECK_OK(asx_file_read(&file, &n_file, path, 1 << 24, &err), err);
        const char *embedded_text = asx_technology_text(tech, &n_text);
        assert_int_equal(n_text, n_file);
        assert_memory_equal(embedded_text, file, n_file);
        free(file);
        asx_technology_print_errors(&text, tech);
        assert_non_null(strstr(text.s, "sram write:"));
        assert_non_null(strstr(text.s, "checked against"));
        asx_text_fini(&text);
        asx_technology_free(tech);
    }
    assert_true(n >= 1);
    assert_null(asx_technology_embedded(n));
    assert_null(asx_technology_embedded(n + 5));
}

/* Horowitz, ISSCC 2014, figure 1.1.9 (45 nm, 0.9 V): 8 bit multiply 0.2 pJ, 32 bit 3.1 pJ; adds of
 * 8 and 32 bits 0.03 and 0.1 pJ. */
static void horowitz(void **state)
{
    (void)state;
    asx_error err;
    asx_technology *tech = NULL;
    CHECK_OK(asx_technology_load(&tech, "horowitz45", &err), err);
    assert_true(fabs(model_at(tech, "multiply", "energy", 8, 8, true) - .2) < .001);
    assert_true(fabs(model_at(tech, "multiply", "energy", 32, 32, true) - 3.1) < .01);
    assert_true(fabs(model_at(tech, "add", "energy", 8, 0, true) - .03) < .004);
    assert_true(fabs(model_at(tech, "add", "energy", 32, 0, true) - .1) < .013);
    asx_technology_free(tech);
}

/* A change to the toy's text, and what the refusal must say; "@" stands for the changed line. */
static const struct change {
    const char *from, *to;
    asx_status status;
    const char *want;
} changes[] = {
    {"add,energy,8,,8,pJ,fit,toy\n", "", ASX_EINVAL, "'add'"},
    {"dram,energy", "dram,area", ASX_EPARSE, "@"},
    {"wire,energy", "wires,energy", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1", "mux,energie,1,,0.1", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1", "mux,energy,1,,-0.1", ASX_EINVAL, "@"},
    {"mux,energy,1,,0.1", "mux,energy,1,,0", ASX_EINVAL, "@"},
    {"mux,energy,1,,0.1", "mux,energy,1,,nan", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1", "mux,energy,1,,inf", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1", "mux,energy,1,,", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1", "mux,energy,1,,0.1x", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1", "mux,energy,,,0.1", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1", "mux,energy,1,2,0.1", ASX_EINVAL, "@"},
    {"mux,energy,1,,0.1,pJ", "mux,energy,1,,0.1,J", ASX_EPARSE, "@"},
    {"mux,energy,1,,0.1,pJ", "mux,energy,1,,0.1,um2", ASX_EPARSE, "@"},
    {"0.1,pJ,fit,toy", "0.1,pJ,fitted,toy", ASX_EPARSE, "@"},
    {"0.1,pJ,fit,toy", "0.1,pJ,fit,", ASX_EINVAL, "@"},
    {"0.1,pJ,fit,toy", "0.1,pJ,fit", ASX_EPARSE, "@"},
    {"0.1,pJ,fit,toy", "0.1,pJ,fit,\"toy", ASX_EPARSE, ""},
    {"gate,energy,1,,10,fJ,fit,toy\n",
     "gate,energy,1,,10,fJ,fit,toy\ngate,energy,1,,9,fJ,fit,else\n", ASX_EINVAL, "duplicate"},
    {"component,quantity,x", "component,quantity,z", ASX_ENOTFOUND, "'x'"},
    {"technology,voltage,,,1,V", "technology,voltage,,,1,mV", ASX_EPARSE, "@"},
    {"technology,voltage", "technology,colour", ASX_EPARSE, "@"},
    {"technology,voltage,,,1,V,fit,toy\n", "", ASX_EINVAL, "voltage"},
    {"technology,node,,,45,nm,fit,toy\n",
     "technology,node,,,45,nm,fit,toy\ntechnology,node,,,46,nm,fit,toy\n", ASX_EINVAL, "twice"},
};

static void bad_files(void **state)
{
    (void)state;
    asx_text good = {0}, bad = {0};
    asx_error err;
    toy_text(&good);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const struct change *c = &changes[i];
        char *at = strstr(good.s, c->from), place[32] = "toy.csv:";
        asx_technology *tech = NULL;
        size_t line = 1;
        assert_non_null(at);
        for (const char *s = good.s; s < at; s++)
            line += *s == '\n';
        if (strcmp(c->want, "@") == 0)
            snprintf(place, sizeof place, "toy.csv:%zu:", line);
        asx_text_clear(&bad);
        asx_text_add_bytes(&bad, good.s, (size_t)(at - good.s));
        asx_text_add(&bad, "%s%s", c->to, at + strlen(c->from));
        err.message[0] = '\0';
        asx_status status = asx_technology_parse(&tech, "toy.csv", bad.s, bad.n, &err);
        if (status != c->status || !strstr(err.message, place) ||
            (*c->want && *c->want != '@' && !strstr(err.message, c->want)))
            fail_msg("'%s' -> '%s': status %d, '%s'", c->from, c->to, (int)status, err.message);
        assert_null(tech);
    }
    asx_text_fini(&bad);
    asx_text_fini(&good);
}

/* Rows that start with `prefix` and hold `part` are left out of the toy. */
static asx_status without(const char *prefix, const char *part, const char *add, asx_error *err)
{
    asx_text good = {0}, bad = {0};
    asx_technology *tech = NULL;
    toy_text(&good);
    for (char *line = good.s; *line;) {
        size_t n = strcspn(line, "\n");
        char *hit = strstr(line, part);
        if (strncmp(line, prefix, strlen(prefix)) != 0 || !hit || hit > line + n)
            asx_text_add_bytes(&bad, line, n + 1);
        line += n + 1;
    }
    asx_text_add(&bad, "%s", add);
    asx_status status = asx_technology_parse(&tech, "toy.csv", bad.s, bad.n, err);
    asx_technology_free(tech);
    asx_text_fini(&bad);
    asx_text_fini(&good);
    return status;
}

static void bad_fits(void **state)
{
    (void)state;
    asx_error err;
    CHECK_FAIL(without("sram,write", "", "", &err), ASX_EINVAL, err); /* no rows at all */
    assert_non_null(strstr(err.message, "toy.csv:"));
    CHECK_FAIL(without("sram,area,16,", "", "", &err), ASX_EINVAL, err); /* 4 to 64 kB: a hole */
    assert_non_null(strstr(err.message, "hole"));
    assert_non_null(strstr(err.message, "between 4 and 64"));
    assert_non_null(strstr(err.message, "toy.csv:"));
    CHECK_OK(without("sram,area,16,", "", "sram,area,8,64,8640,um2,fit,toy\n", &err), err);
    CHECK_FAIL(without("multiply,energy", "", /* falls with size */
                       "multiply,energy,4,4,1,pJ,fit,toy\nmultiply,energy,8,8,.1,pJ,fit,toy\n",
                       &err),
               ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "toy.csv:"));
}

/* Terms: one family with every measure is good; then each fault, at its line. */
static void bad_terms(void **state)
{
    (void)state;
    static const char good[] = "flat.fa/sign,energy,,,1,pJ,fit,toy\n"
                               "flat.fa/sign,area,,,1,um2,fit,toy\n"
                               "flat.fa/sign,leakage,,,1,nW,scaled,toy\n"
                               "flat.fa/path,delay,,,1,ps,fit,toy\n"
                               "flat.fa,energy,9,30,5,%,left-out,toy\n";
    static const struct {
        const char *rows;
        asx_status status;
        const char *want;
    } bad[] = {
        {"flat.fa/nosuch,energy,,,1,pJ,fit,toy\n", ASX_EPARSE, "component"},
        {"flat.lut/sign,energy,,,1,pJ,fit,toy\n", ASX_EPARSE, "component"},
        {"round.fa/sign,energy,,,1,pJ,fit,toy\n", ASX_EPARSE, "component"},
        {"flat.fa/sign,write,,,1,pJ,fit,toy\n", ASX_EPARSE, "quantity"},
        {"flat.fa/sign,energy,,,1,nW,fit,toy\n", ASX_EPARSE, "unit"},
        {"flat.fa/sign,energy,,,-1,pJ,fit,toy\n", ASX_EINVAL, "value"},
        {"flat.fa/sign,energy,8,,1,pJ,fit,toy\n", ASX_EINVAL, "x"},
        {"flat.fa/sign,energy,,,1,pJ,check,toy\n", ASX_EINVAL, "use"},
        {"flat.fa/sign,energy,,,1,%,left-out,toy\n", ASX_EPARSE, "component"},
        {"flat.fa,energy,,,1,pJ,fit,toy\n", ASX_EPARSE, "component"},
        {"flat.fa,energy,9,30,5,pJ,left-out,toy\n", ASX_EPARSE, "unit"},
        {"flat.fa/sign,energy,,,1,pJ,fit,toy\nflat.fa/sign,energy,,,1,pJ,fit,toy\n", ASX_EINVAL,
         "duplicate"},
        {"flat.fa/sign,energy,,,1,pJ,fit,toy\n", ASX_EINVAL,
         "'flat.fa' has no coefficient for area"},
    };
    asx_error err;
    asx_text text = {0};
    asx_technology *tech = NULL;
    toy_text(&text);
    size_t n = text.n;
    asx_text_add(&text, "%s", good);
    CHECK_OK(asx_technology_parse(&tech, "toy.csv", text.s, text.n, &err), err);
    assert_true(asx_technology_is_scaled(tech));
    asx_technology_free(tech);
    tech = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        text.n = n;
        asx_text_add(&text, "%s", bad[i].rows);
        err.message[0] = '\0';
        asx_status status = asx_technology_parse(&tech, "toy.csv", text.s, text.n, &err);
        if (status != bad[i].status || !strstr(err.message, "toy.csv:") ||
            !strstr(err.message, bad[i].want))
            fail_msg("'%s': status %d, '%s'", bad[i].rows, (int)status, err.message);
        assert_null(tech);
    }
    asx_text_fini(&text);
}

static void loading(void **state)
{
    (void)state;
    asx_error err;
    asx_technology *tech = NULL;
    CHECK_FAIL(asx_technology_load(&tech, "nosuch45", &err), ASX_ENOTFOUND, err);
    assert_non_null(strstr(err.message, "horowitz45")); /* the names there are */
    CHECK_FAIL(asx_technology_load(&tech, "no/such.csv", &err), ASX_EIO, err);
    CHECK_FAIL(asx_technology_parse(&tech, "empty", "", 0, &err), ASX_EPARSE, err);
    assert_null(tech);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(exact_fits), cmocka_unit_test(units),
                                       cmocka_unit_test(embedded),   cmocka_unit_test(horowitz),
                                       cmocka_unit_test(bad_files),  cmocka_unit_test(bad_fits),
                                       cmocka_unit_test(loading),    cmocka_unit_test(bad_terms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
