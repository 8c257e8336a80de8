/* Adder graphs: exact by running them, near the least that trying all graphs finds on tiny matrices, within a depth, never
 * more than digits ask for, and beside published solvers. */
#include "check.h"

#include <stdbool.h>
#include <string.h>

#include "dse/csv.h"
#include "dse/seed.h"
#include "hwmodel/adders.h"

static asx_adder_graph *solve(const int32_t *w, size_t rows, size_t columns, unsigned depth,
                              size_t effort)
{
    const asx_adder_options how = {.depth = depth, .effort = effort, .seed = 1};
    asx_adder_graph *g = NULL;
    asx_error err = {0};
    CHECK_OK(asx_adder_graph_new(&g, w, rows, columns, &how, &err), err);
    return g;
}

/* By the definition of a product, on drawn vectors; wires and signs are as the header says. */
static void check_graph(const asx_adder_graph *g, const int32_t *w, size_t rows, size_t columns)
{
    int64_t x[64], y[64], *work = malloc((g->inputs + g->n) * sizeof *work);
    assert_int_equal(g->inputs, columns);
    assert_int_equal(g->outputs, rows);
    for (size_t i = 0; i < g->n; i++) {
        assert_false(g->adder[i][0].negative && g->adder[i][1].negative);
        assert_true(g->adder[i][0].node < g->inputs + i && g->adder[i][1].node < g->inputs + i);
    }
    for (uint64_t k = 0; k < 20; k++) {
        for (size_t c = 0; c < columns; c++)
            x[c] = (int64_t)asx_seed_below(7, k, c, 2000) - 1000;
        asx_adder_graph_run(y, g, x, work);
        for (size_t r = 0; r < rows; r++) {
            int64_t want = 0;
            for (size_t c = 0; c < columns; c++)
                want += w[r * columns + c] * x[c];
            assert_int_equal(y[r], want);
        }
    }
    free(work);
}

static void drawn(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 120; seed++) {
        const size_t rows = 1 + asx_seed_below(seed, 0, 0, 12);
        const size_t columns = 1 + asx_seed_below(seed, 0, 1, 12);
        const uint64_t span = (uint64_t)2 << asx_seed_below(seed, 0, 2, 12);
        int32_t w[144];
        for (size_t k = 0; k < rows * columns; k++)
            w[k] = asx_seed_below(seed, 1, k, 4) == 0
                       ? 0
                       : (int32_t)asx_seed_below(seed, 2, k, span) - (int32_t)(span / 2);
        asx_adder_graph *g = solve(w, rows, columns, 0, 20000);
        check_graph(g, w, rows, columns);
        assert_true(g->n <= asx_adders_of_digits(w, rows, columns));
        asx_adder_graph *again = solve(w, rows, columns, 0, 20000);
        assert_int_equal(again->n, g->n);
        assert_memory_equal(again->output, g->output, rows * sizeof *g->output);
        asx_adder_graph_free(again);
        asx_adder_graph_free(g);
    }
}

/* The least depth that there can be is that of the row with most digits; one less is refused, each from there on kept. */
static void depths(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        int32_t w[48];
        unsigned least = 0, depth = 0;
        for (size_t k = 0; k < 48; k++)
            w[k] = (int32_t)asx_seed_below(seed, 3, k, 255) - 127;
        for (size_t r = 0; r < 8; r++)
            while ((size_t)1 << least < asx_adders_of_digits(w + 6 * r, 1, 6) + 1)
                least++;
        asx_error err = {0};
        asx_adder_graph *g = NULL;
        const asx_adder_options how = {.depth = least - 1};
        CHECK_FAIL(asx_adder_graph_new(&g, w, 8, 6, &how, &err), ASX_EINVAL, err);
        assert_null(g);
        size_t before = SIZE_MAX;
        for (unsigned limit = least; limit < least + 4; limit++) {
            g = solve(w, 8, 6, limit, 50000);
            check_graph(g, w, 8, 6);
            CHECK_OK(asx_adder_graph_depth(&depth, g, &err), err);
            assert_true(depth <= limit);
            /* what a tighter limit allows, a wider one does, though greed may miss it by little */
            assert_true(before == SIZE_MAX || g->n <= before + 2 + before / 20);
            before = g->n;
            asx_adder_graph_free(g);
        }
    }
}

enum { VECTOR = 2, NODES_MAX = 8, SHIFTS = 6 };

typedef struct set {
    int32_t node[NODES_MAX][VECTOR];
    size_t n;
} set;

/* Whether a row is a node times a power of two, perhaps negated. */
static bool has_row(const set *s, const int32_t *row)
{
    if (row[0] == 0 && row[1] == 0)
        return true;
    for (size_t i = 0; i < s->n; i++)
        for (int k = 0; k < 8; k++)
            for (int sign = -1; sign <= 1; sign += 2)
                if (s->node[i][0] * sign * (1 << k) == row[0] &&
                    s->node[i][1] * sign * (1 << k) == row[1])
                    return true;
    return false;
}

/* Whether `left` more adders give all rows: every sum and difference of shifted nodes is tried. */
static bool reach(set *s, const int32_t *w, size_t rows, int left)
{
    int missing = 0;
    for (size_t r = 0; r < rows; r++)
        missing += !has_row(s, w + VECTOR * r);
    if (missing == 0)
        return true;
    if (missing > left) /* equal rows count twice, so tests draw none */
        return false;
    for (size_t a = 0; a < s->n; a++)
        for (size_t b = 0; b < s->n; b++)
            for (int k = 0; k < SHIFTS; k++)
                for (int sign = -1; sign <= 1; sign += 2) {
                    for (int i = 0; i < VECTOR; i++)
                        s->node[s->n][i] = s->node[a][i] + sign * (1 << k) * s->node[b][i];
                    s->n++;
                    const bool found = reach(s, w, rows, left - 1);
                    s->n--;
                    if (found)
                        return true;
                }
    return false;
}

/* Up to three adders all graphs can be tried. */
static void brute_force(void **state)
{
    (void)state;
    size_t judged = 0, least = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        int32_t w[4];
        const size_t rows = 1 + asx_seed_below(seed, 4, 9, 2);
        for (size_t k = 0; k < 4; k++)
            w[k] = (int32_t)asx_seed_below(seed, 4, k, 31) - 15;
        if (rows == 2 && w[0] * w[3] == w[1] * w[2])
            continue; /* rows of one direction may be the same node */
        asx_adder_graph *g = solve(w, rows, VECTOR, 0, 50000);
        for (int n = 0; n <= 3; n++) {
            set s = {.node = {{1, 0}, {0, 1}}, .n = 2};
            if (!reach(&s, w, rows, n))
                continue;
            assert_true(g->n >= (size_t)n);
            judged++;
            least += g->n == (size_t)n;
            assert_true(g->n <= (size_t)n + 1);
            break;
        }
        asx_adder_graph_free(g);
    }
    assert_true(judged > 40);
    printf("%zu of %zu tiny matrices have the least adders\n", least, judged);
    assert_true(10 * least >= 9 * judged);
}

static void refused(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_adder_graph *g = NULL;
    const asx_adder_options how = {0};
    const int32_t wide[] = {1, ASX_ADDERS_WEIGHT_MAX + 1};
    CHECK_FAIL(asx_adder_graph_new(&g, wide, 1, 2, &how, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "row 0, column 1"));
    CHECK_FAIL(asx_adder_graph_new(&g, wide, 0, 2, &how, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_adder_graph_new(&g, wide, 1, ASX_ADDERS_SIDE_MAX + 1, &how, &err), ASX_EINVAL,
               err);
    const asx_adder_options deep = {.depth = ASX_ADDERS_DEPTH_MAX + 1};
    CHECK_FAIL(asx_adder_graph_new(&g, (const int32_t[]){3, 5}, 1, 2, &deep, &err), ASX_EINVAL,
               err);
    assert_string_equal(err.message, "a depth of 63 is outside [1, 62]");
    assert_null(g);
}

/* A triangle of ones: the least is a running sum, deeper than a word has bits. */
static void deep(void **state)
{
    (void)state;
    enum { SIDE = 90 };
    static int32_t w[SIDE * SIDE];
    unsigned depth = 0;
    asx_error err = {0};
    for (size_t k = 0; k < (size_t)SIDE * SIDE; k++)
        w[k] = k % SIDE <= k / SIDE;
    asx_adder_graph *g = solve(w, SIDE, SIDE, 0, ASX_ADDERS_EFFORT);
    CHECK_OK(asx_adder_graph_depth(&depth, g, &err), err);
    assert_int_equal(g->n, SIDE - 1);
    assert_int_equal(depth, SIDE - 1);
    asx_adder_graph_free(g);
    for (unsigned limit = 7; limit <= ASX_ADDERS_DEPTH_MAX; limit += 11) {
        g = solve(w, SIDE, SIDE, limit, 0);
        CHECK_OK(asx_adder_graph_depth(&depth, g, &err), err);
        assert_true(depth <= limit && g->n <= asx_adders_of_digits(w, SIDE, SIDE) / 4);
        asx_adder_graph_free(g);
    }
}

/* Asked so often; from then on the answer is to stop. */
typedef struct asking {
    size_t asked, from;
} asking;

static bool stop(void *state)
{
    asking *a = state;
    return ++a->asked > a->from;
}

enum { LARGE = 64 };

static void draw_large(int32_t *w)
{
    for (size_t k = 0; k < (size_t)LARGE * LARGE; k++)
        w[k] = (int32_t)asx_seed_below(5, 1, k, 255) - 127;
}

/* A stop in the middle of the first attempt ends it, and without a stop it is asked many times. */
static void stopped(void **state)
{
    (void)state;
    static int32_t w[LARGE * LARGE];
    draw_large(w);
    for (size_t from = 0; from < 45; from += 15) {
        asking a = {.from = from};
        const asx_adder_options how = {.seed = 1, .stop = stop, .stop_state = &a};
        asx_error err = {0};
        asx_adder_graph *g = NULL;
        CHECK_FAIL(asx_adder_graph_new(&g, w, LARGE, LARGE, &how, &err), ASX_EINTERRUPTED, err);
        assert_null(g);
        assert_int_equal(a.asked, from + 1);
    }
}

/* Little effort bounds the first attempt, too: the graph is exact, says that it was cut, and has more adders. */
static void cut(void **state)
{
    (void)state;
    static int32_t w[LARGE * LARGE];
    draw_large(w);
    const size_t digits = asx_adders_of_digits(w, LARGE, LARGE);
    size_t before = digits;
    static const size_t effort[] = {1000, 200 * 1000, 0};
    for (size_t i = 0; i < 3; i++) {
        asx_adder_graph *g = solve(w, LARGE, LARGE, 0, effort[i]);
        assert_int_equal(g->cut, effort[i] > 0);
        assert_true(g->n <= before);
        before = g->n;
        asx_adder_graph_free(g);
    }
    assert_true(2 * before < digits);
}

static double number(const asx_csv *csv, size_t row, const char *name)
{
    size_t column = 0;
    double value = 0;
    asx_error err = {0};
    CHECK_OK(asx_csv_find(&column, csv, name, &err), err);
    CHECK_OK(asx_csv_number(&value, csv, row, column, 0, 1e9, &err), err);
    return value;
}

/* Matrices of printed designs and drawn ones, up to 16 x 16, against the better of two public solvers. */
static void published(void **state)
{
    (void)state;
    static const char *const solvers[] = {"da4ml_wmc_adders", "da4ml_mc_adders",
                                          "alkaid_wmc_adders", "alkaid_mc_adders"};
    char path[1024];
    asx_csv *table = NULL;
    asx_error err = {0};
    double percent = 0;
    size_t n = 0;
    check_data_or_skip("printed/cmvm_adders.csv");
    CHECK_OK(asx_csv_load(&table, check_data(path, sizeof path, "printed/cmvm_adders.csv"), &err),
             err);
    for (size_t i = 0; i < asx_csv_rows(table); i++) {
        const size_t rows = (size_t)number(table, i, "outputs");
        const size_t columns = (size_t)number(table, i, "inputs");
        char name[128];
        int32_t w[512];
        if (rows * columns > 300)
            continue;
        snprintf(name, sizeof name, "printed/matrices/%s.csv", asx_csv_cell(table, i, 0));
        FILE *f = fopen(check_data(path, sizeof path, name), "r");
        assert_non_null(f);
        for (size_t k = 0; k < rows * columns; k++)
            assert_int_equal(fscanf(f, k ? "%*[,\n]%d" : "%d", &w[k]), 1);
        fclose(f);
        double best = 1e9;
        for (size_t s = 0; s < 4; s++)
            best = number(table, i, solvers[s]) < best ? number(table, i, solvers[s]) : best;
        asx_adder_graph *g = solve(w, rows, columns, 0, 50000);
        assert_true((double)g->n <= number(table, i, "naive_csd_adders"));
        percent += 100 * ((double)g->n / best - 1);
        n++;
        asx_adder_graph_free(g);
    }
    asx_csv_free(table);
    printf("%zu matrices: %+.2f %% adders\n", n, percent / (double)n);
    assert_true(n > 40 && percent / (double)n < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawn),   cmocka_unit_test(depths),    cmocka_unit_test(brute_force),
        cmocka_unit_test(refused), cmocka_unit_test(deep),      cmocka_unit_test(stopped),
        cmocka_unit_test(cut),     cmocka_unit_test(published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
