/* Bespoke classifiers by genes: what a genome says is a network that can be built, and the quick count of columns ranks as the
 * price of circuits does. */
#include <math.h>
#include <string.h>

#include "archive.h"
#include "bespoke_drawn.h"
#include "columns.h"
#include "dse/seed.h"
#include "eval/rank.h"
#include "start.h"

/* All of a genome's values at random, ends included. */
static void any_genome_is_a_network(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_table *t = drawn(300);
    asx_bespoke_training options = quick;
    asx_bespoke_mlp mlp = {0};
    options.hidden[1] = 2;
    options.epochs = 1;
    CHECK_OK(asx_bespoke_mlp_train(&mlp, t, &options, &err), err);
    for (unsigned digits = 1; digits <= 4; digits++) {
        genome g;
        asx_bespoke *b = NULL;
        CHECK_OK(genome_init(&g, &mlp, 4, digits, &err), err);
        CHECK_OK(genome_network(&b, &g, &err), err);
        asx_gene *point = calloc(g.n_genes, sizeof *point);
        for (uint64_t i = 0; i < 200; i++) {
            for (size_t k = 0; k < g.n_genes; k++)
                point[k] = (asx_gene)(i == 0   ? 0
                                      : i == 1 ? g.trait[k].choices - 1
                                               : asx_seed_below(5, i, k, g.trait[k].choices));
            genome_decode(b, &g, point);
            CHECK_OK(asx_bespoke_check(b, &err), err);
            assert_true(columns_size(b) >= 0);
        }
        free(point);
        asx_bespoke_free(b);
        genome_fini(&g);
    }
    asx_bespoke_mlp_fini(&mlp);
    asx_bespoke_table_free(t);
}

/* Random genomes have much that has no effect: without it every answer is the same, by definition. */
static void tidies_without_effect(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_table *t = drawn(100);
    asx_bespoke_mlp mlp = {0};
    asx_bespoke_training options = quick;
    asx_bespoke *b = NULL;
    genome g;
    size_t n_cleared = 0, n_unread = 0;
    options.epochs = 1;
    CHECK_OK(asx_bespoke_mlp_train(&mlp, t, &options, &err), err);
    CHECK_OK(genome_init(&g, &mlp, 4, 2, &err), err);
    CHECK_OK(genome_network(&b, &g, &err), err);
    asx_gene *point = calloc(g.n_genes, sizeof *point);
    int64_t *work = calloc(asx_bespoke_work(b), sizeof *work);
    for (uint64_t n = 0; n < 100; n++) {
        size_t class[50];
        uint32_t row[50][16] = {{0}};
        for (size_t k = 0; k < g.n_genes; k++)
            point[k] = (asx_gene)asx_seed_below(6, n, k, g.trait[k].choices);
        for (size_t j = 0; n % 2 == 0 && j < g.layer[1].outputs; j++)
            point[g.layer[1].first + j * g.layer[1].stride] = g.trait[g.layer[1].first].rest;
        genome_decode(b, &g, point);
        for (size_t r = 0; r < 50; r++) {
            for (size_t f = 0; f < g.layer[0].inputs; f++)
                row[r][f] = (uint32_t)asx_seed_below(7, n * 50 + r, f, 16);
            class[r] = asx_bespoke_run(b, row[r], work);
        }
        size_t before = 0, after = 0;
        for (size_t i = 0; i < g.layer[0].inputs * g.layer[0].outputs; i++)
            before += b->layer[0].weight[i] != 0;
        genome_tidy(b);
        CHECK_OK(asx_bespoke_check(b, &err), err);
        for (size_t i = 0; i < g.layer[0].inputs * g.layer[0].outputs; i++)
            after += b->layer[0].weight[i] != 0;
        n_cleared += before - after;
        n_unread += b->layer[0].bias[0] == 0;
        for (size_t r = 0; r < 50; r++)
            assert_int_equal(asx_bespoke_run(b, row[r], work), class[r]);
    }
    assert_true(n_cleared > 100 && n_unread >= 50);
    free(point);
    free(work);
    genome_fini(&g);
    asx_bespoke_free(b);
    asx_bespoke_mlp_fini(&mlp);
    asx_bespoke_table_free(t);
}

/* By trying all of them. */
static void finds_the_nearest_constant(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke_mlp mlp = {.n_layers = 1, .layer = {{.inputs = 1, .outputs = 1}}};
    genome g;
    CHECK_OK(genome_init(&g, &mlp, 4, 3, &err), err);
    for (double w = -140; w < 140; w += 0.37)
        for (unsigned digits = 0; digits <= 4; digits++) {
            size_t best = g.n_codes;
            for (size_t i = 0; i < g.n_codes; i++)
                if (g.digits[i] <= digits &&
                    (best == g.n_codes || fabs(g.code[i] - w) < fabs(g.code[best] - w)))
                    best = i;
            assert_int_equal(genome_nearest(&g, w, digits), best);
        }
    genome_fini(&g);
}

/* By hand: two bits and two bits, a ripple of a half and a full adder; a comparison of one bit is what is left. */
static void counts_columns(void **state)
{
    (void)state;
    asx_error err;
    asx_bespoke *b = NULL;
    const size_t width[] = {2, 1};
    CHECK_OK(asx_bespoke_new(&b, width, 1, &err), err);
    b->input_bits[0] = b->input_bits[1] = 2;
    b->layer[0].weight[0] = b->layer[0].weight[1] = 1;
    columns_count c = columns_of(b);
    assert_int_equal(c.half, 1);
    assert_int_equal(c.full, 1);
    b->layer[0].mask[1] = 2; /* the upper bit alone: a half adder in the second column */
    c = columns_of(b);
    assert_int_equal(c.half, 1);
    assert_int_equal(c.full, 0);
    b->layer[0].weight[1] = 4; /* columns of their own */
    c = columns_of(b);
    assert_int_equal(c.half + c.full, 0);
    asx_bespoke_free(b);
}

static void columns_rank_as_circuits(void **state)
{
    (void)state;
    enum { N = 120 };
    asx_error err;
    asx_bespoke_table *t = drawn(300);
    asx_bespoke_mlp mlp = {0};
    asx_cell_library *library = NULL;
    asx_bespoke *b = NULL;
    genome g;
    double quickly[N], exactly[N];
    CHECK_OK(asx_cell_library_load(&library, asx_cell_library_embedded(0), &err), err);
    CHECK_OK(asx_bespoke_mlp_train(&mlp, t, &quick, &err), err);
    CHECK_OK(genome_init(&g, &mlp, 4, 2, &err), err);
    CHECK_OK(genome_network(&b, &g, &err), err);
    asx_gene *point = calloc(N * g.n_genes, sizeof *point);
    CHECK_OK(start_fill(point, N, &g, &mlp, t, 1, NULL, &err), err);
    for (size_t i = 0; i < N; i++) {
        const asx_bespoke_build how = {0};
        asx_bespoke_circuit *circuit = NULL;
        genome_decode(b, &g, point + i * g.n_genes);
        CHECK_OK(asx_bespoke_circuit_new(&circuit, b, library, &how, &err), err);
        exactly[i] = asx_bespoke_circuit_price(circuit).area_cm2;
        quickly[i] = columns_size(b);
        asx_bespoke_circuit_free(circuit);
    }
    asx_rank rho;
    CHECK_OK(asx_rank_correlation(NULL, &rho, quickly, exactly, N, 1, &err), err);
    printf("rank correlation of columns and circuits: %.4f\n", rho.value);
    assert_true(rho.value > 0.97);
    free(point);
    genome_fini(&g);
    asx_bespoke_free(b);
    asx_bespoke_mlp_fini(&mlp);
    asx_cell_library_free(library);
    asx_bespoke_table_free(t);
}

static void keeps_what_nothing_beats(void **state)
{
    (void)state;
    asx_error err;
    archive a = {.n_genes = 1}, b = {.n_genes = 1};
    asx_text bytes = {0};
    static const double value[][ARCHIVE_N] = {
        {5, 5, 5}, {6, 5, 5}, {4, 6, 5}, {5, 4, 5}, {4, 4, 4}};
    static const size_t n[] = {1, 1, 2, 2, 1};
    for (asx_gene i = 0; i < 5; i++) {
        assert_true(archive_add(&a, &i, value[i]));
        assert_int_equal(a.n, n[i]);
    }
    assert_int_equal(a.point[0], 4);
    archive_print(&bytes, &a);
    CHECK_OK(archive_parse(&b, bytes.s, bytes.n, &err), err);
    assert_int_equal(b.n, 1);
    assert_true(b.value[2] > 3.9 && b.value[2] < 4.1);
    CHECK_FAIL(archive_parse(&b, bytes.s, bytes.n - 1, &err), ASX_EPARSE, err);
    asx_text_fini(&bytes);
    archive_fini(&a);
    archive_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_genome_is_a_network),    cmocka_unit_test(tidies_without_effect),
        cmocka_unit_test(finds_the_nearest_constant), cmocka_unit_test(counts_columns),
        cmocka_unit_test(columns_rank_as_circuits),   cmocka_unit_test(keeps_what_nothing_beats)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
