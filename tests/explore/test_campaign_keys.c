/* The table of keys against what reads files: every key of the one is taken by the other, defaults are those that
 * hold, examples are what may stand there, and mistyped keys find their way. */
#include "explore/campaign_keys.h"

#include <math.h>
#include <string.h>

#include "campaign_private.h"
#include "check.h"
#include "dse/text.h"

static asx_campaign *parse(const char *text)
{
    asx_error err;
    asx_campaign *c = NULL;
    CHECK_OK(asx_campaign_parse(&c, "c.yaml", text, strlen(text), NULL, &err), err);
    return c;
}

/* What a key wants beside it, in its section and at the top. */
static const struct {
    const char *name, *inside, *top;
} companions[] = {
    {"percentile", "ranges: percentile, ", ""},
    {"rounds", "tier: proxy, ", ""},
    {"trained", "", "train: { seed: 1 }\n"},
};

/* Adds "key: example", and what must stand beside it. @return what must stand at the top */
static const char *add_entry(asx_text *t, const asx_campaign_key *keys, const asx_campaign_key *key,
                             const char *separator)
{
    const char *top = "";
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++)
        if (strcmp(companions[i].name, key->name) == 0) {
            asx_text_add(t, "%s", companions[i].inside);
            top = companions[i].top;
        }
    for (const asx_campaign_key *k = keys; k->name; k++)
        if (k == key || k->required || (k->unless && strcmp(k->unless, key->name) != 0))
            asx_text_add(t, "%s: %s%s", k->name, k->example, separator);
    return top;
}

static char *look_up(const char *name)
{
    static char there[] = "/there";
    return strcmp(name, "ASX_DATA") == 0 ? there : NULL;
}

/* Tries a file with each key's example in its section, which stands between these two texts.
 * @return how many there were */
static size_t try_keys(const char *open, const char *close, const asx_campaign_key *keys)
{
    size_t n = 0;
    for (const asx_campaign_key *k = keys; k->name; k++, n++) {
        asx_text t = {0};
        asx_error err;
        asx_campaign *c = NULL;
        assert_non_null(k->meaning);
        assert_non_null(k->example);
        assert_true(!k->standard || !k->otherwise);
        assert_true(k->required || k->unless || k->standard || k->otherwise);
        asx_text_add(&t, "%s%s",
                     !*open                        ? ""
                     : strncmp(open, "bespoke", 7) ? "name: m\nnetwork: n.onnx\n"
                                                   : "name: m\n",
                     open);
        const char *top = add_entry(&t, keys, k, *open ? ", " : "\n");
        asx_text_add(&t, "%s\n%s", close, top);
        if (asx_campaign_parse(&c, "c.yaml", t.s, t.n, look_up, &err) != ASX_OK)
            fail_msg("example of '%s': %s in\n%s", k->name, err.message, t.s);
        asx_campaign_free(c);
        asx_text_fini(&t);
        if (!k->keys)
            continue;
        asx_text in = {0}, out = {0};
        asx_text_add(&in, "%s%s: %s", open, k->name, k->list ? "[ { " : "{ ");
        asx_text_add(&out, "%s%s", k->list ? " } ]" : " }", close);
        n += try_keys(in.s, out.s, k->keys);
        asx_text_fini(&in);
        asx_text_fini(&out);
    }
    return n;
}

static void test_every_example_is_taken(void **state)
{
    (void)state;
    assert_in_range(try_keys("", "", asx_campaign_keys()), 60, 200);
}

static void test_every_default_holds(void **state)
{
    (void)state;
    asx_campaign *bare = parse("name: m\nnetwork: n.onnx\ntrain: { seed: 1 }\n");
    asx_text t = {0};
    asx_text_add(&t, "name: m\nnetwork: n.onnx\n");
    for (const asx_campaign_key *top = asx_campaign_keys(); top->name; top++) {
        if (top->standard)
            asx_text_add(&t, top->list ? "%s: [%s]\n" : "%s: %s\n", top->name, top->standard);
        const bool some = top->keys && strcmp(top->name, "data") != 0 && !top->list &&
                          strcmp(top->name, "space") != 0 && strcmp(top->name, "bespoke") != 0;
        if (!some)
            continue;
        asx_text_add(&t, "%s:%s\n", top->name, strcmp(top->name, "limits") == 0 ? " {}" : "");
        for (const asx_campaign_key *k = top->keys; k->name; k++)
            if (k->standard && strcmp(k->name, "percentile") != 0)
                asx_text_add(&t, k->list ? "  %s: [%s]\n" : "  %s: %s\n", k->name, k->standard);
    }
    asx_campaign *said = parse(t.s);
    assert_int_equal(said->n_objectives, bare->n_objectives);
    assert_memory_equal(said->objective, bare->objective,
                        bare->n_objectives * sizeof *bare->objective);
    assert_int_equal(said->calibration.ranging, bare->calibration.ranging);
    assert_true(said->calibration.percentile == bare->calibration.percentile);
    assert_int_equal(said->calibration.rounding, bare->calibration.rounding);
    assert_int_equal(said->calibration.bias_correction, bare->calibration.bias_correction);
    assert_int_equal(said->calibration.multiplier_bits, bare->calibration.multiplier_bits);
    asx_text faults = {0};
    asx_faults_print(&faults, &said->calibration.faults);
    asx_faults_print(&faults, &bare->calibration.faults);
    assert_string_equal(faults.s, "");
    asx_text_fini(&faults);
    assert_int_equal(said->search_tier, bare->search_tier);
    assert_int_equal(said->seed, bare->seed);
    assert_int_equal(said->budget, bare->budget);
    assert_int_equal(said->rounds, bare->rounds);
    assert_int_equal(said->per_round, bare->per_round);
    assert_int_equal(said->measured, bare->measured);
    assert_int_equal(said->trained, bare->trained);
    assert_int_equal(said->n_confirm_drops, bare->n_confirm_drops);
    assert_memory_equal(said->confirm_drop, bare->confirm_drop,
                        bare->n_confirm_drops * sizeof *bare->confirm_drop);
    asx_error err;
    asx_train_options a, b;
    CHECK_OK(asx_campaign_train_options(&a, bare, &err), err);
    CHECK_OK(asx_campaign_train_options(&b, said, &err), err);
    assert_true(a.optimiser == b.optimiser && a.schedule == b.schedule);
    assert_true(a.surrogate == b.surrogate && a.seed == b.seed);
    /* and they are those of who uses them */
    const asx_train_options o = asx_train_options_default();
    assert_true(a.optimiser == o.optimiser && a.schedule == o.schedule);
    const asx_calibration_options k = asx_calibration_options_default();
    assert_true(bare->calibration.ranging == k.ranging &&
                bare->calibration.percentile == k.percentile &&
                bare->calibration.bias_correction == k.bias_correction &&
                bare->calibration.multiplier_bits == k.multiplier_bits);
    asx_campaign_free(said);
    asx_campaign_free(bare);
    asx_text_fini(&t);
}

/* What a file says and what it does not, by the offsets of the table. */
static void test_gives(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool given;
    } cases[] = {{"name", true},
                 {"output", false},
                 {"data", false},
                 {"data.seed", false},
                 {"space", true},
                 {"space.scope", false},
                 {"space.weights.bits", true},
                 {"space.weights.digits", false},
                 {"space.activations.bits", false},
                 {"space.activations.alphabets", true},
                 {"space.pin", true},
                 {"space.groups", false},
                 {"search.budget", true},
                 {"search.rounds", false},
                 {"search.parameters", true},
                 {"verify.measured", false},
                 {"train.seed", true},
                 {"train.count", false},
                 {"nothing", false},
                 {"search.nothing", false}};
    asx_campaign *c = parse(
        "name: m\nnetwork: n.onnx\n"
        "space: { weights: { bits: [4] }, activations: { alphabets: none }, pin: [ { layer: a, format: w8a8 } ] }\n"
        "search: { budget: 3, parameters: [a=1] }\ntrain: { seed: 3 }\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (asx_campaign_gives(c->spec, cases[i].path) != cases[i].given)
            fail_msg("'%s' is taken for %s", cases[i].path, cases[i].given ? "absent" : "given");
    asx_campaign_free(c);
}

static void test_find(void **state)
{
    (void)state;
    assert_string_equal(asx_campaign_key_find("space.weights.bits")->name, "bits");
    assert_string_equal(asx_campaign_key_find("space.groups.layers")->name, "layers");
    assert_string_equal(asx_campaign_key_find("name")->name, "name");
    assert_null(asx_campaign_key_find("space.weights.bit"));
    assert_null(asx_campaign_key_find("name.bits"));
    assert_null(asx_campaign_key_find(""));
    assert_null(asx_campaign_key_find("space."));
    /* digits of activations are unsigned */
    assert_null(asx_campaign_key_find("space.activations.digits"));
}

static void test_near(void **state)
{
    (void)state;
    static const struct {
        const char *section, *typed, *meant;
    } cases[] = {
        {"data", "cuont", "count"},
        {"data", "selct", "select"},
        {"data", "calibration", "calibrate"},
        {"space.weights", "digit", "digits"},
        {"space.weights", "bit", "bits"},
        {"search", "perround", "per_round"},
        {"train", "optimizer", "optimiser"},
        {"space", "xyz", NULL},
        {"data", "", NULL},
        {"limits", "loss", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const asx_campaign_key *section = asx_campaign_key_find(cases[i].section);
        const asx_campaign_key *k = asx_campaign_key_near(section->keys, cases[i].typed);
        if (!cases[i].meant)
            assert_null(k);
        else
            assert_string_equal(k ? k->name : "nothing", cases[i].meant);
    }
    char word[1000];
    memset(word, 'b', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    assert_null(asx_campaign_key_near(asx_campaign_keys(), word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_example_is_taken),
        cmocka_unit_test(test_every_default_holds),
        cmocka_unit_test(test_gives),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
