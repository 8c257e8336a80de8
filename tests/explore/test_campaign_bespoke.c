/* Campaigns of bespoke classifiers: what the section says, what holds without it, and that every key of campaign files that
 * means nothing beside it is refused with its line. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dse/text.h"
#include "explore/bespoke_request.h"
#include "explore/campaign.h"
#include "explore/campaign_keys.h"

static char *look_up(const char *name)
{
    static char there[] = "/there";
    return strcmp(name, "ASX_DATA") == 0 ? there : NULL;
}

static asx_campaign *parse(const char *text)
{
    asx_error err;
    asx_campaign *c = NULL;
    CHECK_OK(asx_campaign_parse(&c, "a/c.yaml", text, strlen(text), look_up, &err), err);
    return c;
}

/* The whole request as a command, but for seeds. */
static void check_command(const asx_campaign *c, const char *want)
{
    asx_text text = {0};
    asx_bespoke_request_print(&text, c->bespoke, 9);
    assert_string_equal(text.s, want);
    asx_text_fini(&text);
}

static void test_defaults(void **state)
{
    (void)state;
    asx_campaign *c = parse("name: m\nbespoke: {}\n");
    const asx_bespoke_request r = asx_bespoke_request_default();
    asx_text want = {0};
    asx_bespoke_request_print(&want, &r, 9);
    check_command(c, want.s);
    assert_string_equal(want.s, "asx bespoke train --hidden 3 --bits 4 --split 56:14:30 --seed 9 "
                                "--evaluations 300000 --technology egt --sharing smaller");
    assert_int_equal(c->bespoke->n_seeds, 1);
    assert_int_equal(c->bespoke->seed[0], 1);
    assert_int_equal(c->bespoke->build.effort, r.build.effort);
    assert_null(c->network_path);
    asx_text_fini(&want);
    asx_campaign_free(c);
    asx_campaign_free(parse("name: m\nbespoke: {}\nspace: { placement: [bespoke] }\n"));
}

static void test_values(void **state)
{
    (void)state;
    asx_campaign *c =
        parse("name: m\n"
              "data: { format: csv, files: [ t.csv, \"${ASX_DATA}/it's.csv\" ], label: kind, "
              "header: off }\n"
              "bespoke:\n"
              "  hidden: [5, 4]\n"
              "  bits: 3\n"
              "  split: 5:2:3\n"
              "  seeds: [7, 0]\n"
              "  evaluations: 500\n"
              "  technology: cells.csv\n"
              "  as_published: on\n"
              "  parameters: [population=40, rate=0.001]\n"
              "objectives: [power_mw, drop]\n"
              "limits: { power_mw: 30 }\n");
    check_command(c,
                  "asx bespoke train a/t.csv '/there/it'\\''s.csv' --hidden 5,4 --bits 3 --split "
                  "5:2:3 --seed 9 --evaluations 500 --header off --label kind --set "
                  "'population=40 rate=0.001' --technology a/cells.csv --sharing columns "
                  "--as-published --objective power --power-max 30");
    assert_int_equal(c->bespoke->n_seeds, 2);
    assert_int_equal(c->bespoke->seed[0], 7);
    assert_int_equal(c->bespoke->seed[1], 0);
    asx_campaign_free(c);
}

static void test_wrong_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"bespoke: { hidden: [] }\n", "c.yaml:2: 'hidden' is an empty list"},
        {"bespoke: { hidden: [1, 2, 3] }\n", "c.yaml:2: bespoke.hidden: a list of 1 to 2"},
        {"bespoke:\n  bits: 9\n", "c.yaml:3: bespoke.bits: 9 is outside [1, 8]"},
        {"bespoke:\n  bits: 3\n  split: 1:2\n", "c.yaml:4: bespoke.split: '1:2' is no split"},
        {"bespoke:\n  seeds: [1,\n    2,\n    1]\n", "c.yaml:3: bespoke.seeds: 1 twice"},
        {"bespoke:\n  evaluations: 100\n",
         "c.yaml:3: bespoke.evaluations: 100 designs: fewer than the population of 400"},
        {"bespoke:\n  sharing: all\n", "c.yaml:3: bespoke.sharing: 'all' is not one of smaller, "},
        {"bespoke:\n  as_published: on\n  sharing: shared\n",
         "c.yaml:4: bespoke.sharing: 'shared': "},
        {"bespoke:\n  parameters: [digits=9]\n",
         "c.yaml:3: bespoke.parameters: parameter 'digits'"},
        {"bespoke:\n  population: 9\n", "c.yaml:3: unknown key 'population' in 'bespoke'"},
        {"bespoke: {}\ndata: { format: glyphs }\n", "c.yaml:3: data.format: 'glyphs' is no table"},
        {"bespoke: {}\ndata: { format: csv }\n", "c.yaml:3: data: no 'files'"},
        {"bespoke: {}\nobjectives: [drop, energy]\n", "c.yaml:3: objectives: with 'bespoke' "},
        {"bespoke: {}\nobjectives: [area, power_mw]\n", "c.yaml:3: objectives: with 'bespoke' "},
        {"bespoke: {}\nspace:\n  placement: [bespoke, vn]\n", "c.yaml:4: space.placement: 'vn': "},
        {"network: n.onnx\nspace:\n  placement: [vn, bespoke]\n",
         "c.yaml:4: space.placement: 'bespoke' wants the section 'bespoke'"},
        {"space: { placement: [bespoke] }\n", "c.yaml:2: space.placement: 'bespoke' wants "},
        {"output: x\n", "c.yaml:1: key 'network' is missing (or the section 'bespoke'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[400];
        asx_error err;
        asx_campaign *c = NULL;
        snprintf(text, sizeof text, "name: m\n%s", wrong[i].text);
        assert_int_not_equal(asx_campaign_parse(&c, "c.yaml", text, strlen(text), NULL, &err),
                             ASX_OK);
        assert_null(c);
        if (strncmp(err.message, wrong[i].message, strlen(wrong[i].message)) != 0)
            fail_msg("'%s' gives '%s'", wrong[i].text, err.message);
    }
}

/* What a campaign of bespoke classifiers may say. */
static bool is_taken(const char *path)
{
    static const char *const taken[] = {"name",        "data.format",     "data.files",
                                        "data.header", "data.label",      "space.placement",
                                        "objectives",  "limits.power_mw", "bespoke"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(taken[i], path) == 0)
            return true;
    return false;
}

/* Each key with its example in the third line, between `open` and `close`; keys of sections that may stand there too.
 * @return how many are refused */
static size_t try_keys(const char *section, const char *open, const char *close,
                       const asx_campaign_key *keys)
{
    size_t n = 0;
    for (const asx_campaign_key *k = keys; k->name; k++) {
        char path[80], in[160], out[160], text[400], about[120];
        asx_error err = {0};
        asx_campaign *c = NULL;
        snprintf(path, sizeof path, "%s%s%s", section, *section ? "." : "", k->name);
        snprintf(in, sizeof in, "%s%s: { ", open, k->name);
        snprintf(out, sizeof out, "%s }%s",
                 strcmp(path, "data") == 0 ? ", format: csv, files: [t]" : "", close);
        if (is_taken(path))
            continue;
        if (k->keys && !k->list)
            n += try_keys(path, in, out, k->keys);
        if (k->within || strcmp(path, "data") == 0 || strcmp(path, "space") == 0 ||
            strcmp(path, "limits") == 0)
            continue;
        snprintf(text, sizeof text, "name: m\nbespoke: {}\n%s%s: %s%s\n", open, k->name, k->example,
                 close);
        if (asx_campaign_parse(&c, "c.yaml", text, strlen(text), look_up, &err) == ASX_OK)
            fail_msg("'%s' is taken beside 'bespoke'", path);
        const size_t length = strcspn(path, ".");
        const int about_length = snprintf(about, sizeof about, "c.yaml:3: %.*s", (int)length, path);
        if (strncmp(err.message, about, (size_t)about_length) != 0 ||
            !strstr(err.message, ": not with 'bespoke': "))
            fail_msg("'%s' gives '%s'", path, err.message);
        n++;
    }
    return n;
}

static void test_every_other_key_is_refused(void **state)
{
    (void)state;
    assert_in_range(try_keys("", "", "", asx_campaign_keys()), 60, 200);
}

/* Built in memory it is what a file says. */
static void test_description(void **state)
{
    (void)state;
    static const char *const hidden[] = {"5"}, *const seeds[] = {"1", "2"};
    static const char *const files[] = {"t: 1.csv"};
    const asx_campaign_bespoke bespoke = {.hidden = hidden,
                                          .hidden_count = 1,
                                          .seeds = seeds,
                                          .seeds_count = 2,
                                          .split = "60:20:20",
                                          .sharing = "columns"};
    const asx_campaign_spec spec = {
        .name = "m",
        .bespoke = &bespoke,
        .data = &(asx_campaign_data){.format = "csv", .files = files, .files_count = 1}};
    asx_error err;
    asx_campaign *built = NULL;
    CHECK_OK(asx_campaign_new(&built, &spec, &err), err);
    check_command(built,
                  "asx bespoke train 't: 1.csv' --hidden 5 --bits 4 --split 60:20:20 --seed 9 "
                  "--evaluations 300000 --technology egt --sharing columns");
    assert_int_equal(built->bespoke->n_seeds, 2);
    asx_campaign_free(built);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),     cmocka_unit_test(test_values),
        cmocka_unit_test(test_wrong_values), cmocka_unit_test(test_every_other_key_is_refused),
        cmocka_unit_test(test_description),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
