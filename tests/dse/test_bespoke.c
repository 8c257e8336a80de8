/* Bespoke classifiers: the reference by hand and against another way to compute it, JSON there and back, every way a file
 * can be wrong, and published designs label for label. */
#include "check.h"

#include <stdbool.h>
#include <string.h>

#include "dse/bespoke.h"
#include "dse/bits.h"
#include "dse/csv.h"
#include "dse/file.h"
#include "dse/seed.h"

static asx_bespoke *parse(const char *text)
{
    asx_bespoke *b = NULL;
    asx_error err = {0};
    CHECK_OK(asx_bespoke_parse(&b, "t.json", text, strlen(text), &err), err);
    return b;
}

/* By definition of canonical signed digits: the value, and no two neighbours. */
static void digits(void **state)
{
    (void)state;
    for (int64_t w = -5000; w <= 5000; w++) {
        uint64_t plus, minus;
        asx_signed_digits(&plus, &minus, w);
        assert_int_equal((int64_t)plus - (int64_t)minus, w);
        assert_true((plus & minus) == 0);
        assert_true(((plus | minus) & (plus | minus) << 1) == 0);
    }
}

/* 7 = 8 - 1; v = 5 & 6 = 4: copies 32 and 4; below column 3 nothing of the second is left. */
static void by_hand(void **state)
{
    (void)state;
    asx_bespoke *b = parse("{\"input_bits\": [3, 2], \"layers\": [{\"weights\": [[7, 0], [-2, 1]],"
                           "\"masks\": [[6, 3], [7, 3]], \"biases\": [-3, 30], \"cuts\": [3, 0],"
                           "\"activation\": {\"kind\": \"linear\"}}]}");
    const uint32_t row[] = {5 + 8, 3};
    int64_t work[16] = {0};
    assert_true(asx_bespoke_work(b) <= 16);
    assert_int_equal(asx_bespoke_run(b, row, work), 0);
    assert_int_equal(work[0], 32 - 3);
    assert_int_equal(work[1], 30 - 10 + 3);
    asx_bespoke_free(b);
}

typedef struct drawing {
    uint64_t seed, n;
} drawing;

static uint64_t draw_below(drawing *d, uint64_t n)
{
    return asx_seed_below(d->seed, 0, d->n++, n);
}

/* A mask has no bits that its input has not. */
static uint32_t most_of(const asx_bespoke *b, size_t at, size_t input)
{
    if (at == 0)
        return ((uint32_t)1 << b->input_bits[input]) - 1;
    const asx_bespoke_layer *before = &b->layer[at - 1];
    return before->activation == ASX_BESPOKE_SATURATING ? (uint32_t)before->max : UINT32_MAX;
}

static asx_bespoke *draw(drawing *rng)
{
    asx_error err = {0};
    asx_bespoke *b = NULL;
    const size_t width[] = {1 + draw_below(rng, 6), 1 + draw_below(rng, 6), 1 + draw_below(rng, 6),
                            1 + draw_below(rng, 9)};
    CHECK_OK(asx_bespoke_new(&b, width, 1 + draw_below(rng, 3), &err), err);
    for (size_t i = 0; i < width[0]; i++)
        b->input_bits[i] = (unsigned char)draw_below(rng, 9);
    for (size_t at = 0; at < b->n_layers; at++) {
        asx_bespoke_layer *l = &b->layer[at];
        for (size_t k = 0; k < l->inputs * l->outputs; k++) {
            l->weight[k] = (int32_t)draw_below(rng, 255) - 127;
            l->mask[k] = draw_below(rng, 3)
                             ? UINT32_MAX
                             : (uint32_t)draw_below(rng, 256) & most_of(b, at, k % l->inputs);
        }
        for (size_t j = 0; j < l->outputs; j++) {
            l->bias[j] = (int64_t)draw_below(rng, 4000) - 2000;
            l->cut[j] = (unsigned char)(draw_below(rng, 2) ? draw_below(rng, 8) : 0);
        }
        l->activation = ASX_BESPOKE_RELU;
        if (at + 1 == b->n_layers && draw_below(rng, 2))
            l->activation = ASX_BESPOKE_LINEAR;
        else if (draw_below(rng, 2)) {
            l->activation = ASX_BESPOKE_SATURATING;
            l->drop = (unsigned)draw_below(rng, 8);
            l->max = ((int64_t)1 << (1 + draw_below(rng, 8))) - 1;
        }
    }
    for (size_t i = 0; i + 1 < b->layer[b->n_layers - 1].outputs; i++)
        b->compare[i].bits = draw_below(rng, 2) ? draw_below(rng, 65536) : 0;
    CHECK_OK(asx_bespoke_check(b, &err), err);
    return b;
}

/* The sum bit by bit of the inputs: what is wired where, with its sign. */
static int64_t sum_of_bits(const asx_bespoke_layer *l, size_t j, const int64_t *v)
{
    int64_t sum = l->bias[j];
    for (size_t i = 0; i < l->inputs; i++) {
        int64_t w = l->weight[j * l->inputs + i];
        for (int k = 0; w != 0; k++) {
            /* the next canonical digit: the residue of 4 that leaves an even half */
            const int64_t digit = w % 2 == 0 ? 0 : ((w % 4 + 4) % 4 == 1 ? 1 : -1);
            for (int bit = 0; digit && bit < 32; bit++)
                if ((l->mask[j * l->inputs + i] >> bit & 1) && (v[i] >> bit & 1) &&
                    bit + k >= l->cut[j])
                    sum += digit * ((int64_t)1 << (bit + k));
            w = (w - digit) / 2;
        }
    }
    return sum;
}

static size_t negative; /* comparisons of numbers below 0 */

static size_t class_again(const asx_bespoke *b, const uint32_t *row)
{
    int64_t v[16] = {0}, out[16] = {0}, value[32];
    size_t index[32], n = b->layer[b->n_layers - 1].outputs;
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        v[i] = row[i] % (1 << b->input_bits[i]);
    for (size_t at = 0; at < b->n_layers; at++) {
        const asx_bespoke_layer *l = &b->layer[at];
        int64_t low = 0, high = 0;
        for (size_t j = 0; j < l->outputs; j++) {
            out[j] = sum_of_bits(l, j, v);
            uint64_t most[16];
            for (size_t i = 0; i < l->inputs; i++)
                most[i] = (uint64_t)v[i];
            asx_bespoke_sum_bounds(&low, &high, l, j, most);
            assert_true(out[j] >= low && out[j] <= high);
            if (l->activation != ASX_BESPOKE_LINEAR && out[j] < 0)
                out[j] = 0;
            if (l->activation == ASX_BESPOKE_SATURATING) {
                out[j] /= (int64_t)1 << l->drop;
                out[j] = out[j] > l->max ? l->max : out[j];
            }
        }
        memcpy(v, out, sizeof v);
    }
    for (size_t i = 0; i < n; i++) {
        index[i] = i;
        value[i] = out[i];
    }
    for (size_t i = 0; i + 1 < n; i++) {
        const asx_bespoke_compare *c = &b->compare[i];
        bool left = value[c->left] >= value[c->right]; /* signed */
        if (c->bits)
            left = ((uint64_t)value[c->left] & c->bits) >= ((uint64_t)value[c->right] & c->bits);
        negative += value[c->left] < 0 || value[c->right] < 0;
        value[n + i] = value[left ? c->left : c->right];
        index[n + i] = index[left ? c->left : c->right];
    }
    return index[2 * n - 2];
}

/* Drawn networks, each through JSON, a copy, and both ways to compute it. */
static void drawn(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        drawing rng = {.seed = seed};
        asx_bespoke *b = draw(&rng), *copy = NULL;
        asx_error err = {0};
        asx_text text = {0};
        asx_bespoke_print(&text, b, seed % 2 ? "drawn \"one\"" : NULL);
        assert_false(text.failed);
        asx_bespoke *again = parse(text.s);
        CHECK_OK(asx_bespoke_copy(&copy, again, &err), err);
        int64_t work[64];
        assert_true(asx_bespoke_work(b) <= 64);
        for (int k = 0; k < 20; k++) {
            uint32_t row[8];
            for (size_t i = 0; i < 8; i++)
                row[i] = (uint32_t)draw_below(&rng, 256);
            const size_t want = class_again(b, row);
            assert_int_equal(asx_bespoke_run(b, row, work), want);
            assert_int_equal(asx_bespoke_run(copy, row, work), want);
        }
        asx_text_fini(&text);
        asx_bespoke_free(copy);
        asx_bespoke_free(again);
        asx_bespoke_free(b);
    }
    assert_true(negative > 1000);
}

/* A tree of its own: 2 against 1 first, then 0. */
static void trees(void **state)
{
    (void)state;
    const char *form = "{\"input_bits\": 4, \"layers\": [{\"weights\": [[1,0,0],[0,1,0],[0,0,1]],"
                       "\"biases\": [0,0,0], \"activation\": {\"kind\": \"relu\"}}]%s}";
    char text[512];
    int64_t work[16];
    const uint32_t equal[] = {3, 3, 3}, third[] = {4, 5, 6};
    snprintf(text, sizeof text, form, "");
    asx_bespoke *b = parse(text);
    assert_int_equal(asx_bespoke_run(b, equal, work), 0); /* the first greatest */
    assert_int_equal(asx_bespoke_run(b, third, work), 2);
    asx_bespoke_free(b);
    snprintf(text, sizeof text, form,
             ", \"argmax\": {\"nodes\": [{\"left\": 2, \"right\": 1, \"bits\": [2]},"
             " {\"left\": 3, \"right\": 0, \"bits\": null}]}");
    b = parse(text);
    assert_int_equal(asx_bespoke_run(b, equal, work), 2);
    const uint32_t alike[] = {0, 7, 4};
    assert_int_equal(asx_bespoke_run(b, alike, work), 2); /* 7 and 4 have the same bit 2 */
    asx_bespoke_free(b);
}

#define LAYER(weights, rest)                                                                       \
    "{\"input_bits\": 4, \"layers\": [{\"weights\": " weights ", \"biases\": [0, 0]" rest "}]}"
#define LINEAR ", \"activation\": {\"kind\": \"linear\"}"

static void malformed(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"input_bits\": 4,\n \"layers\": [}", "t.json:2: "},
        {"{\"layers\": []}", "layers: is empty"},
        {"{}", "layers: is missing"},
        {"[]", "layers: is missing"},
        {LAYER("[[1], [2, 3]]", LINEAR), "layers[0].weights[1]: has 2 items instead of 1"},
        {LAYER("[[1], [70000]]", LINEAR), "layers[0].weights[1][0]: 70000 is outside [-65536"},
        {LAYER("[[1], [1.5]]", LINEAR), "layers[0].weights[1][0]: is no whole number"},
        {LAYER("[[1], [1]]", ""), "layers[0].activation: no text 'kind'"},
        {LAYER("[[1], [1]]", ", \"activation\": {\"kind\": \"tanh\"}"), "tanh"},
        {LAYER("[[1], [1]]",
               ", \"activation\": {\"kind\": \"saturating_relu\", \"drop_lsb\": 1, \"max\": 6}"),
         "layer 0: largest output 6 is not 2^n - 1"},
        {LAYER("[[1], [1]]", LINEAR ", \"cuts\": [0, 41]"), "layers[0].cuts[1]: 41 is outside"},
        {LAYER("[[1], [1]]", LINEAR ", \"masks\": [[1], [-1]]"), "masks[1][0]: -1 is outside"},
        {LAYER("[[1], [1]]", LINEAR ", \"mask\": [[1], [1]]"),
         "layers[0]: unknown member 'mask'; there are weights, masks"},
        {LAYER("[[1], [1]]", ", \"activation\": {\"kind\": \"relu\", \"drop\": 1}"),
         "layers[0].activation: unknown member 'drop'; there are kind, drop_lsb, max"},
        {LAYER(
             "[[1], [1]]", LINEAR
             "}], \"argmax\": {\"nodes\": [{\"left\": 0, \"right\": 1, \"bit\": [1]}]}, \"x\": [{"),
         "argmax.nodes[0]: unknown member 'bit'; there are left, right, bits"},
        {LAYER(
             "[[1], [1]]", LINEAR
             "}], \"argmax\": {\"nodes\": [{\"left\": 0, \"right\": 1, \"bits\": [3, 3]}]}, \"x\": [{"),
         "argmax.nodes[0].bits[1]: bit 3 is there twice"},
        {LAYER("[[1], [1]]", LINEAR ", \"masks\": [[1], [16]]"),
         "layers[0].masks[1][0]: 16 has bits beyond the input's, [0, 15]"},
        {LAYER("[[1], [1]]",
               ", \"activation\": {\"kind\": \"saturating_relu\", \"drop_lsb\": 1, \"max\": 7}"
               "}, {\"weights\": [[1, 1]], \"masks\": [[8, 1]], \"biases\": [0]" LINEAR),
         "layers[1].masks[0][0]: 8 has bits beyond the input's, [0, 7]"},
        {LAYER("[[1], [1]]", LINEAR "}], \"argmax\": {\"nodes\": []}, \"x\": [{"),
         "argmax.nodes: has 0 items instead of 1"},
        {LAYER("[[1], [1]]",
               LINEAR "}], \"argmax\": {\"nodes\": [{\"left\": 0, \"right\": 2}]}, \"x\": [{"),
         "comparison 0 takes value 2, which is not made before it"},
        {LAYER("[[1], [1]]",
               LINEAR "}], \"argmax\": {\"nodes\": [{\"left\": 1, \"right\": 1}]}, \"x\": [{"),
         "comparison 0 takes value 1, which is taken already"},
        {LAYER("[[1], [1]]",
               LINEAR "}, {\"weights\": [[1, 1]], \"biases\": [0], \"activation\": {\"kind\": "
                      "\"linear\"}"),
         "layer 0: activation 'linear' is for the last layer only"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        asx_bespoke *b = NULL;
        asx_error err = {0};
        assert_int_not_equal(
            asx_bespoke_parse(&b, "t.json", cases[i][0], strlen(cases[i][0]), &err), ASX_OK);
        assert_null(b);
        assert_non_null(strstr(err.message, "t.json"));
        if (!strstr(err.message, cases[i][1]))
            fail_msg("'%s' does not say '%s'", err.message, cases[i][1]);
    }
}

static asx_csv *load(const char *path)
{
    asx_csv *csv = NULL;
    asx_error err = {0};
    char *text = NULL;
    size_t n = 0;
    const asx_csv_layout layout = {.header = ASX_CSV_NO_HEADER};
    CHECK_OK(asx_file_read(&text, &n, path, ASX_CSV_BYTES_MAX, &err), err);
    CHECK_OK(asx_csv_parse_as(&csv, path, text, n, &layout, &err), err);
    free(text);
    return csv;
}

/* The labels are those of the published Verilog, simulated. */
static void published(void **state)
{
    (void)state;
    static const char *const names[] = {
        "iccad23_breast_cancer", "iccad23_cardio", "iccad23_pendigits", "iccad23_redwine",
        "date24_breast_cancer",  "date24_cardio",  "date24_pendigits",  "date24_redwine",
        "esl24_breast_cancer",   "esl24_cardio",
    };
    char path[1024], folder[900];
    check_data_or_skip("printed/designs/esl24_cardio/design.json");
    for (size_t d = 0; d < sizeof names / sizeof *names; d++) {
        asx_error err = {0};
        asx_bespoke *b = NULL;
        check_data(folder, sizeof folder, "printed/designs");
        snprintf(path, sizeof path, "%s/%s/design.json", folder, names[d]);
        CHECK_OK(asx_bespoke_read(&b, path, &err), err);
        snprintf(path, sizeof path, "%s/%s/x_test.csv", folder, names[d]);
        asx_csv *x = load(path);
        snprintf(path, sizeof path, "%s/%s/labels.csv", folder, names[d]);
        asx_csv *label = load(path);
        int64_t work[128];
        assert_true(asx_bespoke_work(b) <= 128);
        assert_int_equal(asx_csv_columns(x), b->layer[0].inputs);
        for (size_t r = 0; r < asx_csv_rows(x); r++) {
            uint32_t row[64];
            for (size_t i = 0; i < b->layer[0].inputs; i++)
                row[i] = (uint32_t)strtoul(asx_csv_cell(x, r, i), NULL, 10);
            assert_int_equal(asx_bespoke_run(b, row, work),
                             strtoul(asx_csv_cell(label, r, 0), NULL, 10));
        }
        asx_csv_free(label);
        asx_csv_free(x);
        asx_bespoke_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits), cmocka_unit_test(by_hand),   cmocka_unit_test(drawn),
        cmocka_unit_test(trees),  cmocka_unit_test(malformed), cmocka_unit_test(published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
