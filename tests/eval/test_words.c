/* Weights as stored words: read back, they are what the measured tier computed with. */
#include <math.h>
#include <unistd.h>

#include "eval/calibration.h"
#include "eval/emit.h"
#include "eval/measure.h"
#include "eval/words.h"
#include "integer_weights.h"
#include "toy_data.h"

static const asx_range ALL = {0, 75};

static size_t n_correct(const asx_network *net, const asx_dataset *data, const asx_design *design)
{
    asx_error err;
    asx_calibration *calibration = NULL;
    asx_measure *measure = NULL;
    asx_accuracy a;
    CHECK_OK(asx_calibration_new(&calibration, net, data, ALL, NULL, &err), err);
    CHECK_OK(asx_measure_new(&measure, calibration, data, ALL, &err), err);
    CHECK_OK(asx_measure_design(&a, measure, design, &err), err);
    asx_measure_free(measure);
    asx_calibration_free(calibration);
    return a.correct;
}

/* The integers that a layer is computed with. */
static int32_t *integers(const asx_node *node, const asx_design *design)
{
    asx_error err;
    asx_rounder *rounder = NULL;
    int32_t *q = calloc(node->n_weights, sizeof *q);
    double *scale = calloc(node->n_biases, sizeof *scale);
    CHECK_OK(asx_rounder_new(&rounder, &design->format[node->layer].weight, &err), err);
    asx_integer_project(q, scale, node, rounder, NULL);
    asx_rounder_free(rounder);
    free(scale);
    return q;
}

static void round_trips(void **state)
{
    (void)state;
    static const char *const texts[] = {"near: w4{1}a8", "in: w8s{1,3}a6 layer1=w5{7}a4",
                                        "vn: w6a8 layer2=w3{1}a8", "near: w8s{1}a8"};
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        asx_error err;
        asx_design design, again;
        asx_network *back = NULL, *twice = NULL;
        asx_text a = {0}, b = {0};
        char path[32];
        toy_file(path, 0, NULL);
        CHECK_OK(asx_design_parse(&design, texts[i], &net->work, &err), err);
        CHECK_OK(asx_words_write(net, &design, path, &err), err);
        CHECK_OK(asx_words_read(&back, &again, net, path, &err), err);
        asx_design_print(&a, &design, &net->work);
        asx_design_print(&b, &again, &net->work);
        assert_string_equal(a.s, b.s);
        asx_design_fini(&again);
        /* the words are the given network's integers, and once more those of what was read */
        CHECK_OK(asx_words_write(back, &design, path, &err), err);
        CHECK_OK(asx_words_read(&twice, &again, net, path, &err), err);
        for (size_t k = 0; k < net->n_nodes; k++) {
            if (net->node[k].layer == ASX_NO_LAYER)
                continue;
            int32_t *q = integers(&net->node[k], &design);
            const size_t depth = net->node[k].n_weights / net->node[k].n_biases;
            double scale = 0; /* of the channel */
            for (size_t j = 0; j < net->node[k].n_weights; j++) {
                const double x = (double)back->node[k].weight[j];
                const double y = (double)twice->node[k].weight[j];
                scale = j % depth == 0 ? 0 : scale;
                scale = scale > 0 || q[j] == 0 ? scale : x / q[j];
                assert_true(fabs(x - scale * q[j]) <= 1e-6 * fabs(x));
                assert_true(fabs(x - y) <= 2e-6 * fabs(x));
            }
            free(q);
        }
        assert_int_equal(n_correct(back, data, &design), n_correct(twice, data, &design));
        asx_design_fini(&design);
        asx_design_fini(&again);
        asx_text_fini(&a);
        asx_text_fini(&b);
        asx_network_free(back);
        asx_network_free(twice);
        unlink(path);
    }
    asx_dataset_free(data);
    asx_network_free(net);
}

static void find_word(FILE *f, const char *wanted)
{
    char word[64];
    while (fscanf(f, "%63s", word) == 1)
        if (strcmp(word, wanted) == 0)
            return;
    fail_msg("'%s' is missing", wanted);
}

/* The next layer's remarks are the numbers of its step. */
static void check_remarks(FILE *f, const asx_step *s)
{
    unsigned m = 0;
    int shift = 0, low = 0, high = 0;
    char word[64];
    find_word(f, "input");
    assert_int_equal(fscanf(f, " %u/2^%d to %d .. %d, ", &m, &shift, &low, &high), 4);
    assert_true(m == s->input_factor.multiplier && shift == s->input_factor.shift);
    assert_true(low == asx_word_min(&s->input_word) && high == asx_word_max(&s->input_word));
    assert_int_equal(fscanf(f, "%63s", word), 1);
    assert_string_equal(word, asx_word_is_plain(&s->input_word) ? "all," : "nearest");
    find_word(f, "bias");
    for (size_t k = 0; k < s->n_biases; k++) {
        long long bias = 0;
        assert_int_equal(fscanf(f, "%lld", &bias), 1);
        assert_true(bias == s->bias[k]);
    }
    find_word(f, "factor");
    for (size_t k = 0; k < s->n_biases; k++) {
        assert_int_equal(fscanf(f, " %u/2^%d", &m, &shift), 2);
        assert_true(m == s->factor[k].multiplier && shift == s->factor[k].shift);
    }
    assert_int_equal(fscanf(f, " // output to %d .. %d,", &low, &high), 2);
    assert_true(low == s->low && high == s->high);
}

/* The words of a program: the numbers of every layer's step stand behind its scales; read back, they
 * are passed over. */
static void of_a_program(void **state)
{
    (void)state;
    static const char text[] = "near: w4{1}a8{1,3} layer1=w8a6";
    asx_error err;
    asx_design design, again;
    asx_network *net = toy_residual(), *back = NULL, *plain = NULL;
    asx_dataset *data = toy_labelled(net);
    asx_calibration *c = NULL;
    asx_program *p = NULL;
    char path[32];
    size_t n_layers = 0;
    toy_file(path, 0, NULL);
    CHECK_OK(asx_design_parse(&design, text, &net->work, &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, ALL, NULL, &err), err);
    CHECK_OK(asx_program_new(&p, c, &design, &err), err);
    const asx_emit what = {.program = p, .network = "toy", .design = text};
    CHECK_OK(asx_emit_words(&what, &design, path, NULL, &err), err);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    for (size_t i = 0; i < p->n_steps; i++)
        if (p->step[i].n_weights) {
            check_remarks(f, &p->step[i]);
            n_layers++;
        }
    fclose(f);
    assert_int_equal(n_layers, net->work.n_layers);
    CHECK_OK(asx_words_read(&back, &again, net, path, &err), err);
    asx_design_fini(&again);
    CHECK_OK(asx_words_write(net, &design, path, &err), err);
    CHECK_OK(asx_words_read(&plain, &again, net, path, &err), err);
    for (size_t i = 0; i < net->n_nodes; i++)
        assert_memory_equal(back->node[i].weight, plain->node[i].weight,
                            net->node[i].n_weights * sizeof(float));
    asx_design_fini(&again);
    asx_design_fini(&design);
    asx_program_free(p);
    asx_calibration_free(c);
    asx_network_free(back);
    asx_network_free(plain);
    asx_dataset_free(data);
    asx_network_free(net);
    unlink(path);
}

/* Every kind of line, damaged. */
static void refuses(void **state)
{
    (void)state;
    static const struct {
        size_t line;
        const char *text;
    } damage[] = {{0, "// asx words 2"},
                  {1, "// design near:w4{2}a8"},
                  {1, "design near:w4{1}a8"},
                  {2, "// layer other: 6 channels x 27 words of 4 bits"},
                  {3, "// scale 1 2"},
                  {3, "// scale 1 2 3 4 5 6 7"},
                  {3, "// scale 1 2 3 4 5 x"},
                  {4, "g"},
                  {4, ""},
                  {4, "-1"},
                  {5, "ffff"},
                  {5, "123456789"}};
    asx_error err;
    asx_network *net = toy_residual(), *back = NULL;
    asx_design design, again;
    char path[32], line[4096];
    toy_file(path, 0, NULL);
    CHECK_OK(asx_design_parse(&design, "near: w4{1}a8", &net->work, &err), err);
    for (size_t i = 0; i <= sizeof damage / sizeof *damage; i++) {
        char broken[32];
        CHECK_OK(asx_words_write(net, &design, path, &err), err);
        toy_file(broken, 0, NULL);
        FILE *from = fopen(path, "r"), *to = fopen(broken, "w");
        assert_true(from && to);
        for (size_t n = 0; fgets(line, sizeof line, from); n++)
            if (i < sizeof damage / sizeof *damage && n == damage[i].line)
                fprintf(to, "%s\n", damage[i].text);
            else
                fputs(line, to);
        if (i == sizeof damage / sizeof *damage)
            fputs("0\n", to); /* one too many */
        fclose(from);
        fclose(to);
        assert_true(asx_words_read(&back, &again, net, broken, &err) < 0);
        assert_null(back);
        assert_non_null(strstr(err.message, broken));
        unlink(broken);
    }
    unlink(path);
    CHECK_FAIL(asx_words_read(&back, &again, net, path, &err), ASX_EIO, err);
    CHECK_FAIL(asx_words_write(net, &design, "/nowhere/at/all", &err), ASX_EIO, err);
    asx_design_fini(&design);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(round_trips),
                                       cmocka_unit_test(of_a_program), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
