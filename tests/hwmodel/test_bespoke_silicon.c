/* Bespoke circuits of silicon and with registers: cells of full adders and multiplexers answer as the definition does, row
 * after row through a pipeline; registers counted by hand; power by rate. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "dse/seed.h"
#include "hwmodel/bespoke.h"

enum { INPUTS = 5, ROWS = 130 };

static asx_cell_library *load(const char *name)
{
    asx_cell_library *library = NULL;
    asx_error err = {0};
    CHECK_OK(asx_cell_library_load(&library, name, &err), err);
    return library;
}

static int32_t below(uint64_t seed, uint64_t k, int32_t n)
{
    return (int32_t)asx_seed_below(seed, 7, k, (uint64_t)n);
}

static asx_bespoke *draw(uint64_t seed)
{
    asx_bespoke *b = NULL;
    asx_error err = {0};
    const size_t width[] = {INPUTS, 4, 3};
    uint64_t at = 0;
    CHECK_OK(asx_bespoke_new(&b, width, 2, &err), err);
    for (size_t i = 0; i < INPUTS; i++)
        b->input_bits[i] = (unsigned char)below(seed, at++, 5);
    for (size_t l = 0; l < 2; l++) {
        asx_bespoke_layer *layer = &b->layer[l];
        for (size_t k = 0; k < layer->inputs * layer->outputs; k++)
            layer->weight[k] = below(seed, at++, 63) - 31;
        for (size_t j = 0; j < layer->outputs; j++) {
            layer->bias[j] = below(seed, at++, 200) - 100;
            layer->cut[j] = (unsigned char)below(seed, at++, 3);
        }
    }
    return b;
}

static asx_bespoke_price check_answers(const asx_bespoke *b, const asx_cell_library *library,
                                       const asx_bespoke_build *how)
{
    uint32_t row[ROWS * INPUTS], label[ROWS];
    int64_t work[64];
    asx_bespoke_circuit *c = NULL;
    asx_error err = {0};
    for (size_t k = 0; k < ROWS * INPUTS; k++)
        row[k] = (uint32_t)below(9, k, 65536);
    CHECK_OK(asx_bespoke_circuit_new(&c, b, library, how, &err), err);
    CHECK_OK(asx_bespoke_circuit_run(label, c, row, ROWS, &err), err);
    for (size_t r = 0; r < ROWS; r++)
        assert_int_equal(label[r], asx_bespoke_run(b, row + r * INPUTS, work));
    const asx_bespoke_price p = asx_bespoke_circuit_price(c);
    asx_bespoke_circuit_free(c);
    return p;
}

/* What comes out late, or a row with another row's bits, would differ. */
static void drawn(void **state)
{
    (void)state;
    static const unsigned pipelines[] = {ASX_BESPOKE_UNPIPED, ASX_BESPOKE_PIPED_LAYERS, 1, 3};
    static const char *const names[] = {"egt", "nangate45", "sky130hd"};
    size_t adders = 0, choices = 0;
    for (size_t l = 0; l < 3; l++) {
        asx_cell_library *library = load(names[l]);
        for (uint64_t seed = 0; seed < 10; seed++) {
            asx_bespoke *b = draw(seed);
            double area = 0;
            for (size_t k = 0; k < 4; k++) {
                const asx_bespoke_build how = {.sharing = seed % 2 ? ASX_BESPOKE_SHARED
                                                                   : ASX_BESPOKE_COLUMNS,
                                               .effort = 1000,
                                               .pipeline = pipelines[k]};
                const asx_bespoke_price p = check_answers(b, library, &how);
                assert_int_equal(p.cell[ASX_CELL_DFF] > 0, k > 0);
                assert_true(k > 0 || (p.latency == 0 && p.period_ms <= p.delay_ms));
                assert_true(fabs(p.period_ms * (double)(p.latency + 1) - p.delay_ms) <
                            1e-9 * p.delay_ms);
                assert_true(k != 1 || p.latency == 2);
                /* registers, and nothing else, are what a pipeline adds */
                const double own =
                    (double)p.cell[ASX_CELL_DFF] * asx_cell_area_mm2(library, ASX_CELL_DFF) / 100;
                area = k == 0 ? p.area_cm2 : area;
                assert_true(fabs(p.area_cm2 - own - area) < 1e-9 * area);
                adders += p.cell[ASX_CELL_FA];
                choices += p.cell[ASX_CELL_MUX2];
            }
            asx_bespoke_free(b);
        }
        assert_int_equal(adders > 0, l > 0);
        asx_cell_library_free(library);
    }
    assert_true(choices > 0);
}

/* No longer between two registers than so many adders and what the registers take. */
static void periods(void **state)
{
    (void)state;
    asx_cell_library *library = load("nangate45");
    asx_bespoke *b = draw(3);
    size_t latency = 0;
    for (unsigned n = 6; n >= 1; n--) {
        const asx_bespoke_build how = {.sharing = ASX_BESPOKE_COLUMNS, .pipeline = n};
        const asx_bespoke_price p = check_answers(b, library, &how);
        const double most = n * asx_cell_delay_ms(library, ASX_CELL_FA) +
                            asx_cell_delay_ms(library, ASX_CELL_DFF) + 37.2e-9 +
                            2 * asx_cell_delay_ms(library, ASX_CELL_INV);
        assert_true(p.period_ms <= most);
        assert_true(p.latency >= latency && p.latency < 100);
        latency = p.latency;
    }
    asx_bespoke_free(b);
    asx_cell_library_free(library);
}

/* a + b of two bits each against c: three bits of the sum and the two of c are registered before they are compared. */
static void by_hand(void **state)
{
    (void)state;
    static const char text[] =
        "{\"input_bits\": 2, \"layers\": [{\"weights\": [[1, 1, 0], [0, 0, 1]], "
        "\"biases\": [0, 0], \"activation\": {\"kind\": \"relu\"}}]}";
    asx_error err = {0};
    asx_bespoke *b = NULL;
    asx_bespoke_circuit *c = NULL;
    asx_cell_library *library = load("nangate45");
    asx_bespoke_price p[2];
    CHECK_OK(asx_bespoke_parse(&b, "t.json", text, strlen(text), &err), err);
    for (int k = 0; k < 2; k++) {
        const asx_bespoke_build how = {.sharing = ASX_BESPOKE_COLUMNS,
                                       .pipeline = ASX_BESPOKE_PIPED_LAYERS,
                                       .rate_hz = k ? 5e6 : 1e6};
        CHECK_OK(asx_bespoke_circuit_new(&c, b, library, &how, &err), err);
        p[k] = asx_bespoke_circuit_price(c);
        asx_bespoke_circuit_free(c);
    }
    assert_int_equal(p[0].cell[ASX_CELL_DFF], 5);
    assert_int_equal(p[0].latency, 1);
    assert_int_equal(p[0].cell[ASX_CELL_FA], 1);
    assert_int_equal(p[0].part[0].cell[ASX_CELL_XOR2] + p[0].part[0].cell[ASX_CELL_XNOR2], 1);
    const double a = p[0].power_mw - p[0].leakage_mw, z = p[1].power_mw - p[1].leakage_mw;
    assert_true(a > 0 && fabs(z / a - 5) < 1e-9);
    assert_true(a > 5 * 8.02e-12 * 1e6); /* the clock of five registers alone */
    assert_true(p[0].toggles > 0.35 && p[0].toggles < 0.5);
    asx_bespoke_free(b);
    asx_cell_library_free(library);
}

static void write_library(const char *more)
{
    static const char *const cells[] = {"INV", "NAND2", "NOR2", "AND2", "OR2", "XOR2", "XNOR2"};
    FILE *f = fopen("silicon.csv", "w");
    assert_non_null(f);
    fputs("cell,quantity,value,unit,use,source\nlibrary,voltage,1,V,price,me\n", f);
    for (size_t i = 0; i < 7; i++)
        fprintf(f,
                "%s,area,1,um2,price,me\n%s,leakage,1,nW,price,me\n%s,delay,1,ps,price,me\n"
                "%s,toggle,1,fJ,price,me\n",
                cells[i], cells[i], cells[i], cells[i]);
    fputs(more, f);
    fclose(f);
}

static void refused(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_cell_library *library = NULL;
    asx_bespoke_circuit *c = NULL;
    asx_bespoke *b = draw(1);
    write_library("FA,area,5,um2,price,me\n");
    CHECK_FAIL(asx_cell_library_load(&library, "./silicon.csv", &err), ASX_EINVAL, err);
    assert_string_equal(err.message, "./silicon.csv: cell 'FA' has no leakage");
    write_library("FA,area,5,um2,price,me\nFA,leakage,1,nW,price,me\nFA,delay,1,ps,price,me\n");
    CHECK_FAIL(asx_cell_library_load(&library, "./silicon.csv", &err), ASX_EINVAL, err);
    assert_string_equal(
        err.message, "./silicon.csv: cell 'FA' has no toggle, and the library has no static_share");
    write_library("INV,setup,1,ps,price,me\n");
    CHECK_FAIL(asx_cell_library_load(&library, "./silicon.csv", &err), ASX_EPARSE, err);
    write_library("");
    CHECK_OK(asx_cell_library_load(&library, "./silicon.csv", &err), err);
    assert_true(asx_cell_library_switches(library));
    const asx_bespoke_build how = {.pipeline = 2};
    CHECK_FAIL(asx_bespoke_circuit_new(&c, b, library, &how, &err), ASX_EINVAL, err);
    assert_string_equal(err.message,
                        "library './silicon.csv' has no flip-flop (DFF), which registers need");
    remove("silicon.csv");
    unsigned pipeline = 0;
    CHECK_OK(asx_bespoke_pipeline_parse(&pipeline, "12", &err), err);
    assert_int_equal(pipeline, 12);
    static const char *const bad[] = {"0", "1001", "-1", "2x", "layer", ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_FAIL(asx_bespoke_pipeline_parse(&pipeline, bad[i], &err), ASX_EINVAL, err);
    asx_bespoke_free(b);
    asx_cell_library_free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(drawn), cmocka_unit_test(periods),
                                       cmocka_unit_test(by_hand), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
