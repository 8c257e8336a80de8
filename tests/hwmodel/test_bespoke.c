/* Bespoke circuits: the gates answer as the definition does, whatever is shared or cut; adders counted by hand; areas beside
 * published ones. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "dse/seed.h"
#include "hwmodel/bespoke.h"

typedef struct drawing {
    uint64_t seed, n;
} drawing;

static uint64_t draw_below(drawing *d, uint64_t n)
{
    return asx_seed_below(d->seed, 0, d->n++, n);
}

static void draw_layer(asx_bespoke_layer *l, drawing *d)
{
    const int masked = (int)draw_below(d, 2), cut = draw_below(d, 3) == 0;
    for (size_t k = 0; k < l->inputs * l->outputs; k++) {
        l->weight[k] = (int32_t)draw_below(d, 63) - 31;
        if (masked && draw_below(d, 2))
            l->mask[k] = (uint32_t)draw_below(d, 256);
    }
    for (size_t j = 0; j < l->outputs; j++) {
        l->bias[j] = (int64_t)draw_below(d, 1000) - 500;
        l->cut[j] = (unsigned char)(cut ? draw_below(d, 6) : 0);
    }
    l->activation = draw_below(d, 2) ? ASX_BESPOKE_RELU : ASX_BESPOKE_SATURATING;
    l->drop = (unsigned)draw_below(d, 6);
    l->max = ((int64_t)1 << (1 + draw_below(d, 8))) - 1;
}

static asx_bespoke *draw(drawing *d)
{
    asx_error err = {0};
    asx_bespoke *b = NULL;
    const size_t width[] = {1 + draw_below(d, 7), 1 + draw_below(d, 5), 1 + draw_below(d, 5),
                            1 + draw_below(d, 6)};
    CHECK_OK(asx_bespoke_new(&b, width, 1 + draw_below(d, 3), &err), err);
    for (size_t i = 0; i < width[0]; i++)
        b->input_bits[i] = (unsigned char)draw_below(d, 6);
    for (size_t at = 0; at < b->n_layers; at++)
        draw_layer(&b->layer[at], d);
    asx_bespoke_layer *last = &b->layer[b->n_layers - 1];
    if (draw_below(d, 2))
        last->activation = ASX_BESPOKE_LINEAR;
    for (size_t i = 0; i + 1 < last->outputs; i++)
        b->compare[i].bits = draw_below(d, 2) ? 1 + draw_below(d, 4095) : 0;
    return b;
}

static const asx_bespoke_build builds[] = {
    {.sharing = ASX_BESPOKE_SMALLER},
    {.sharing = ASX_BESPOKE_COLUMNS},
    {.sharing = ASX_BESPOKE_SHARED, .effort = 20000},
    {.sharing = ASX_BESPOKE_COLUMNS, .carry = ASX_BESPOKE_AND_OR},
};
enum { BUILDS = sizeof builds / sizeof *builds, ROWS = 150 };

static asx_cell_library *egt(void)
{
    asx_cell_library *library = NULL;
    asx_error err = {0};
    CHECK_OK(asx_cell_library_load(&library, "egt", &err), err);
    return library;
}

static void check_answers(const asx_bespoke *b, const asx_bespoke_circuit *c, drawing *d)
{
    static uint32_t row[ROWS * 32];
    uint32_t label[ROWS];
    int64_t work[256];
    asx_error err = {0};
    const size_t n = b->layer[0].inputs;
    assert_true(asx_bespoke_work(b) <= 256 && n <= 32);
    for (size_t k = 0; k < ROWS * n; k++)
        row[k] = (uint32_t)draw_below(d, 65536);
    CHECK_OK(asx_bespoke_circuit_run(label, c, row, ROWS, &err), err);
    for (size_t r = 0; r < ROWS; r++)
        assert_int_equal(label[r], asx_bespoke_run(b, row + r * n, work));
}

static void drawn(void **state)
{
    (void)state;
    asx_cell_library *library = egt();
    for (uint64_t seed = 0; seed < 150; seed++) {
        drawing d = {.seed = seed};
        asx_bespoke *b = draw(&d);
        double area[BUILDS];
        for (size_t k = 0; k < BUILDS; k++) {
            asx_bespoke_circuit *c = NULL;
            asx_error err = {0};
            CHECK_OK(asx_bespoke_circuit_new(&c, b, library, &builds[k], &err), err);
            check_answers(b, c, &d);
            area[k] = asx_bespoke_circuit_price(c).area_cm2;
            asx_bespoke_circuit_free(c);
        }
        assert_true(area[0] <= area[1]);
        asx_bespoke_free(b);
    }
    asx_cell_library_free(library);
}

static asx_bespoke *parse(const char *text)
{
    asx_bespoke *b = NULL;
    asx_error err = {0};
    CHECK_OK(asx_bespoke_parse(&b, "t.json", text, strlen(text), &err), err);
    return b;
}

static asx_bespoke_price price_of(const asx_bespoke *b, const asx_cell_library *library)
{
    asx_bespoke_circuit *c = NULL;
    asx_error err = {0};
    CHECK_OK(asx_bespoke_circuit_new(&c, b, library, &builds[1], &err), err);
    const asx_bespoke_price p = asx_bespoke_circuit_price(c);
    asx_bespoke_circuit_free(c);
    return p;
}

/* a + b of two bits each against c: a half adder, a full adder; the comparison of three bits, the lowest an OR or AND, the
 * highest with one bit on one side only. Masked away, nothing is left. */
static void by_hand(void **state)
{
    (void)state;
    asx_cell_library *library = egt();
    asx_bespoke *b = parse("{\"input_bits\": 2, \"layers\": [{\"weights\": [[1, 1, 0], [0, 0, 1]], "
                           "\"biases\": [0, 0], \"activation\": {\"kind\": \"relu\"}}]}");
    asx_bespoke_price p = price_of(b, library);
    assert_int_equal(p.n_parts, 3);
    assert_int_equal(p.part[0].full_adders, 1);
    assert_int_equal(p.part[0].half_adders, 1);
    assert_int_equal(p.part[0].cell[ASX_CELL_XOR2], 3);
    assert_int_equal(p.part[1].cell[ASX_CELL_INV] + p.part[1].cell[ASX_CELL_NAND2], 0);
    assert_int_equal(p.part[2].compared, 3);
    assert_int_equal(p.part[2].chosen, 0);
    double area = 0;
    for (asx_cell c = 0; c < ASX_N_CELLS; c++)
        area += (double)p.cell[c] * asx_cell_area_mm2(library, c) / 100;
    assert_true(fabs(area - p.area_cm2) < 1e-12);
    assert_true(p.power_mw > p.leakage_mw && p.delay_ms > 0);
    for (size_t k = 0; k < 6; k++)
        b->layer[0].mask[k] = 0;
    p = price_of(b, library);
    assert_true(p.area_cm2 == 0 && p.delay_ms == 0);
    asx_bespoke_free(b);
    asx_cell_library_free(library);
}

/* One thing less: a column of every sum, a bit of an input, a bit of what products take, a compared bit. */
enum { LESS_SUMMED, LESS_INPUT, LESS_WIRED, LESS_COMPARED, WAYS };

static void wire_less(asx_bespoke *b, int way, unsigned step)
{
    asx_bespoke_layer *l = &b->layer[0];
    if (way == LESS_SUMMED)
        l->cut[0] = l->cut[1] = (unsigned char)step;
    if (way == LESS_INPUT && step <= 4)
        memset(b->input_bits, 4 - (int)step, l->inputs);
    if (way == LESS_WIRED)
        for (size_t k = 0; k < 8 && step <= 4; k++)
            l->mask[k] = 15u >> step;
    if (way == LESS_COMPARED)
        b->compare[0].bits = (uint64_t)0xfff << step & 0xfff;
}

/* Less wired is never larger here: a constant that moves may cost a half adder. */
static void monotone(void **state)
{
    (void)state;
    asx_cell_library *library = egt();
    for (uint64_t seed = 0; seed < 30; seed++)
        for (int way = 0; way < WAYS; way++) {
            asx_bespoke *b = parse(
                "{\"input_bits\": 4, \"layers\": [{\"weights\": [[16, -8, 4, 2], [-4, 64, 1, 8]], "
                "\"biases\": [17, -90], \"activation\": {\"kind\": \"linear\"}}]}");
            for (size_t k = 0; k < 8; k++)
                b->layer[0].weight[k] =
                    (seed >> (k % 5) & 1 ? -1 : 1) * (1 << asx_seed_below(seed, 5, k, 7));
            double before = INFINITY, first = 0;
            for (unsigned step = 0; step < 9; step++) {
                wire_less(b, way, step);
                const double area = price_of(b, library).area_cm2;
                assert_true(area <= before + 0.02);
                first = step == 0 ? area : first;
                before = area;
            }
            assert_true(before < first || first == 0); /* ranges decide */
            asx_bespoke_free(b);
        }
    asx_cell_library_free(library);
}

/* Area in cm2 of published circuits: reports of esl24, netlists of ets24, table I of DATE 2022 (armeniakos). */
static const struct {
    const char *path;
    double area;
} known[] = {
    {"printed/designs/esl24_breast_cancer/design.json", 3.195152},
    {"printed/designs/esl24_cardio/design.json", 7.453302},
    {"printed/exact-no-licence/armeniakos_cardio_exact.json", 33.4},
    {"printed/exact-no-licence/armeniakos_pendigits_exact.json", 67.0},
    {"printed/exact-no-licence/armeniakos_redwine_exact.json", 17.6},
    {"printed/exact-no-licence/ets24_cardio_exact.json", 27.3229},
    {"printed/exact-no-licence/ets24_energy1_exact.json", 10.022},
    {"printed/exact-no-licence/ets24_energy2_exact.json", 18.1574},
    {"printed/exact-no-licence/ets24_iris_exact.json", 9.3388},
    {"printed/exact-no-licence/ets24_pendigits_exact.json", 34.9578},
};

static void published(void **state)
{
    (void)state;
    check_data_or_skip(known[2].path);
    asx_cell_library *library = egt();
    double off = 0;
    const size_t n = sizeof known / sizeof *known;
    for (size_t i = 0; i < n; i++) {
        char path[1024];
        asx_error err = {0};
        asx_bespoke *b = NULL;
        asx_bespoke_circuit *c = NULL;
        drawing d = {.seed = i};
        CHECK_OK(asx_bespoke_read(&b, check_data(path, sizeof path, known[i].path), &err), err);
        CHECK_OK(asx_bespoke_circuit_new(&c, b, library, &builds[3], &err), err);
        check_answers(b, c, &d);
        const double area = asx_bespoke_circuit_price(c).area_cm2;
        printf("%-60s %8.3f cm2, published %8.3f, %+.1f %%\n", known[i].path, area, known[i].area,
               100 * (area / known[i].area - 1));
        off += fabs(area / known[i].area - 1);
        asx_bespoke_circuit_free(c);
        asx_bespoke_free(b);
    }
    asx_cell_library_free(library);
    assert_true(off / (double)n < 0.15);
}

static void libraries(void **state)
{
    (void)state;
    asx_cell_library *library = NULL;
    asx_error err = {0};
    assert_string_equal(asx_cell_library_embedded(0), "egt");
    for (size_t i = 0; asx_cell_library_embedded(i); i++) {
        CHECK_OK(asx_cell_library_load(&library, asx_cell_library_embedded(i), &err), err);
        assert_true(asx_cell_library_voltage(library) > 0);
        for (asx_cell c = 0; c < ASX_CELLS_ALWAYS; c++)
            assert_true(asx_cell_area_mm2(library, c) >= asx_cell_area_mm2(library, ASX_CELL_INV));
        asx_cell_library_free(library);
        library = NULL;
    }
    CHECK_FAIL(asx_cell_library_load(&library, "ink", &err), ASX_ENOTFOUND, err);
    assert_non_null(strstr(err.message, "egt, nangate45, "));
    CHECK_FAIL(asx_cell_library_load(&library, "./no.csv", &err), ASX_EIO, err);
    FILE *f = fopen("cells.csv", "w");
    assert_non_null(f);
    fputs("cell,quantity,value,unit,use,source\nINV,area,1,cm,price,me\n", f);
    fclose(f);
    CHECK_FAIL(asx_cell_library_load(&library, "cells.csv", &err), ASX_EPARSE, err);
    assert_string_equal(err.message,
                        "cells.csv:2: column 'unit': 'cm' is not a unit of this quantity");
    remove("cells.csv");
    assert_null(library);
    asx_power_source *source = NULL;
    size_t n = 0;
    CHECK_OK(asx_power_sources_load(&source, &n, &err), err);
    assert_int_equal(n, 3);
    assert_true(source[0].power_mw == 30 && !strstr(source[0].name, "unsourced") &&
                strstr(source[2].name, "unsourced"));
    asx_power_sources_free(source, n);
}

static bool stop(void *state)
{
    size_t *left = state;
    return (*left)-- == 0;
}

/* Whenever it is asked, a stop ends the building, until it is asked no more. */
static void stopped(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_bespoke *b = NULL;
    asx_cell_library *library = NULL;
    asx_status status = ASX_EINTERRUPTED;
    CHECK_OK(asx_cell_library_load(&library, "egt", &err), err);
    CHECK_OK(asx_bespoke_new(&b, (const size_t[]){8, 6, 4}, 2, &err), err);
    for (size_t k = 0; k < 48; k++)
        b->layer[0].weight[k] = (int32_t)asx_seed_below(3, 1, k, 255) - 127;
    size_t at = 0;
    for (; status == ASX_EINTERRUPTED; at++) {
        size_t left = at;
        const asx_bespoke_build how = {.stop = stop, .stop_state = &left};
        asx_bespoke_circuit *c = NULL;
        status = asx_bespoke_circuit_new(&c, b, library, &how, &err);
        assert_int_equal(c != NULL, status == ASX_OK);
        asx_bespoke_circuit_free(c);
    }
    CHECK_OK(status, err);
    assert_true(at > 10);
    asx_bespoke_free(b);
    asx_cell_library_free(library);
}

typedef struct counting {
    size_t asked, from; /* from then on the answer is to stop */
} counting;

static bool count(void *state)
{
    counting *c = state;
    return ++c->asked > c->from;
}

/* A layer of half a million gates is asked about many times, by columns and shared, and ends wherever it is told to. */
static void polled(void **state)
{
    (void)state;
    asx_cell_library *library = egt();
    asx_bespoke *b = NULL;
    asx_error err = {0};
    CHECK_OK(asx_bespoke_new(&b, (const size_t[]){200, 100}, 1, &err), err);
    for (size_t k = 0; k < 200 * 100; k++)
        b->layer[0].weight[k] = (int32_t)asx_seed_below(4, 1, k, 255) - 127;
    counting all = {.from = SIZE_MAX};
    asx_bespoke_circuit *c = NULL;
    asx_bespoke_build how = {.sharing = ASX_BESPOKE_COLUMNS, .stop = count, .stop_state = &all};
    CHECK_OK(asx_bespoke_circuit_new(&c, b, library, &how, &err), err);
    asx_bespoke_circuit_free(c);
    printf("asked %zu times\n", all.asked);
    assert_true(all.asked > 20);
    for (size_t from = 0; from < all.asked; from += 1 + all.asked / 7) {
        counting some = {.from = from};
        how.stop_state = &some;
        c = NULL;
        CHECK_FAIL(asx_bespoke_circuit_new(&c, b, library, &how, &err), ASX_EINTERRUPTED, err);
        assert_null(c);
        assert_int_equal(some.asked, from + 1);
    }
    asx_bespoke_free(b);
    asx_cell_library_free(library);
}

/* One layer: by columns and shared, and neither of them again. */
static void built_once(void **state)
{
    (void)state;
    asx_cell_library *library = egt();
    asx_bespoke *b = parse("{\"input_bits\": 4, \"layers\": [{\"weights\": [[45, -7], [23, 90]], "
                           "\"biases\": [0, 3], \"activation\": {\"kind\": \"linear\"}}]}");
    size_t asked[2];
    for (int i = 0; i < 2; i++) {
        counting all = {.from = SIZE_MAX};
        asx_error err = {0};
        asx_bespoke_circuit *c = NULL;
        const asx_bespoke_build how = {.sharing = i ? ASX_BESPOKE_SMALLER : ASX_BESPOKE_SHARED,
                                       .stop = count,
                                       .stop_state = &all};
        CHECK_OK(asx_bespoke_circuit_new(&c, b, library, &how, &err), err);
        asx_bespoke_circuit_free(c);
        asked[i] = all.asked;
    }
    assert_int_equal(asked[1], asked[0] + 1);
    asx_bespoke_free(b);
    asx_cell_library_free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawn),     cmocka_unit_test(by_hand),    cmocka_unit_test(monotone),
        cmocka_unit_test(published), cmocka_unit_test(libraries),  cmocka_unit_test(stopped),
        cmocka_unit_test(polled),    cmocka_unit_test(built_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
