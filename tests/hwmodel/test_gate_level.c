/* The technologies' lanes against the gate-level reference data they were fitted to, and what the
 * data say that a model must reproduce. Errors of rows that were left out of the fit are in the
 * technologies' own tables. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "reference.h"
#include "technology_private.h"

static const char *const names[] = {"nangate45", "sky130hd", "asap7"};

static asx_technology *tech;
static asx_reference reference;

static void open_both(const char *name)
{
    asx_error err;
    asx_csv *csv = NULL;
    char path[1024];
    check_data(path, sizeof path, "hw/mac_gate_level.csv");
    CHECK_OK(asx_technology_load(&tech, name, &err), err);
    CHECK_OK(asx_csv_load(&csv, path, &err), err);
    CHECK_OK(asx_reference_init(&reference, csv, name, &err), err);
}

static void close_both(void)
{
    asx_reference_fini(&reference);
    asx_technology_free(tech);
}

static double model_of(const asx_reference_row *row, asx_term_measure measure)
{
    double amount[ASX_N_TERMS];
    asx_reference_amounts(amount, &reference, row, row->family, measure);
    return asx_terms_value(&tech->arithmetic.terms[row->family][row->mapping][measure], amount);
}

/* Mean and worst error over complete units. */
static void errors(double *mean, double *worst, asx_term_measure measure)
{
    size_t n = 0;
    *mean = *worst = 0;
    for (size_t i = 0; i < reference.n_rows; i++) {
        const asx_reference_row *row = &reference.row[i];
        if (!row->whole)
            continue;
        double error = fabs(model_of(row, measure) / row->value[measure] - 1);
        *mean += error;
        *worst = fmax(*worst, error);
        n++;
    }
    assert_true(n > 300);
    *mean /= (double)n;
}

/* Kendall's tau-a of complete units' energies within a stimulus. */
static double tau(asx_stimulus stimulus)
{
    static double model[4096], value[4096];
    size_t n = 0;
    double pairs = 0, sum = 0;
    for (size_t i = 0; i < reference.n_rows && n < 4096; i++) {
        const asx_reference_row *row = &reference.row[i];
        if (!row->whole || row->stimulus != stimulus)
            continue;
        model[n] = model_of(row, ASX_MEASURE_ENERGY);
        value[n++] = row->value[ASX_MEASURE_ENERGY];
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            double order = (value[i] - value[j]) * (model[i] - model[j]);
            sum += (order > 0) - (order < 0);
            pairs++;
        }
    }
    return sum / pairs;
}

static void fits(void **state)
{
    (void)state;
    static const double limit[][ASX_N_MEASURES] = {
        {.10, .10, .05, .05, .15}, {.15, .15, .15, .15, .15}, {.15, .15, .15, .15, .15}};
    for (size_t i = 0; i < 3; i++) {
        open_both(names[i]);
        for (asx_term_measure m = 0; m < ASX_N_MEASURES; m++) {
            double mean, worst;
            errors(&mean, &worst, m);
            print_message("%s %s: mean %.1f %%, worst %.1f %%\n", names[i], asx_measure_text(m),
                          100 * mean, 100 * worst);
            assert_true(mean <= limit[i][m]);
        }
        for (asx_stimulus stimulus = 0; stimulus < ASX_N_STIMULI; stimulus++) {
            double t = tau(stimulus);
            print_message("%s %s: tau %.3f\n", names[i], asx_stimulus_text(stimulus), t);
            assert_true(t >= .92);
        }
        close_both();
    }
}

/* What the tables say of rows that were left out. */
static void left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        asx_error err;
        size_t n = 0;
        CHECK_OK(asx_technology_load(&tech, names[i], &err), err);
        for (size_t k = 0; k < tech->n_rows; k++) {
            const asx_technology_entry *row = &tech->row[k];
            if (row->kind != ASX_ROW_LEFT_OUT || tech->csv == NULL)
                continue;
            n++;
            asx_technology_row shown = asx_technology_row_at(tech, k);
            if (strcmp(shown.component, "macro") == 0)
                continue; /* test_circuit.c */
            bool units = strchr(shown.component, '.') != NULL;
            double limit = i > 0 ? 15 : strcmp(shown.quantity, "area") == 0 ? 5 : 10;
            double worst = i == 0 && units && strcmp(shown.quantity, "energy") == 0 ? 30 : 50;
            /* few configurations of columns and of serial lanes: leaving one out extrapolates */
            if (strstr(shown.source, "_column") || strstr(shown.source, "_serial"))
                limit = 36, worst = 60;
            if (strcmp(shown.quantity, "delay") == 0)
                limit = 15;
            if (strcmp(shown.quantity, "access") == 0)
                limit = 20;
            if (!(row->value <= limit && row->y <= worst))
                fail_msg("%s: %s %s is %g %% off, %g %% at worst", names[i], shown.component,
                         shown.quantity, row->value, row->y);
        }
        assert_true(n >= 20);
        asx_technology_free(tech);
    }
}

static asx_word word(unsigned bits, uint64_t index)
{
    return (asx_word){.bits = bits, .digit_width = 4, .set = asx_alphabet_set_from_index(index)};
}

/* Energy of a unit with 4 lanes per bank, in pJ. */
static double mac_pj(unsigned bits, uint64_t set, asx_mapping mapping, const asx_operands *operands)
{
    asx_error err;
    asx_mac mac = {.weight = word(bits, set),
                   .activation = word(bits, 0),
                   .lane = true,
                   .sign = true,
                   .accumulate = true,
                   .banks = set ? .25 : 0};
    mac.activation.non_negative = true;
    if (set)
        mac.weight = asx_word_reduce(&mac.weight);
    asx_family family = set ? ASX_FAMILY_FLAT : ASX_FAMILY_BAUGH_WOOLEY;
    asx_activity activity;
    double amount[ASX_N_TERMS];
    CHECK_OK(asx_activity_init(&activity, &mac.weight, &mac.activation, operands, NULL, &err), err);
    asx_mac_energy(amount, &mac, family, &activity);
    return asx_terms_value(&tech->arithmetic.terms[family][mapping][ASX_MEASURE_ENERGY], amount);
}

static void within(const char *what, double value, double low, double high)
{
    print_message("%s: %.3f (%g to %g)\n", what, value, low, high);
    if (!(value >= low && value <= high))
        fail_msg("%s is %g, not in %g to %g", what, value, low, high);
}

/* shared/data/README.md, 1 and 2: the saving of {1} depends on the cells and on how often operands
 * change; four alphabets and more cost more than an exact multiplier. */
static void facts(void **state)
{
    (void)state;
    asx_error err;
    CHECK_OK(asx_technology_load(&tech, "nangate45", &err), err);
    for (unsigned bits = 4; bits <= 12; bits += 4) {
        double ratio = mac_pj(bits, 1, ASX_MAPPING_GATES, &asx_operands_uniform) /
                       mac_pj(bits, 0, ASX_MAPPING_GATES, &asx_operands_uniform);
        /* measured at 8 bits: .67; the literature has 25 to 33 % saved at 4, 8 and 12 */
        within("{1} over exact, simple gates", ratio, .65, .75);
    }
    /* measured at 8 bits: 1.25 and, weights held, .87 */
    within("{1} over exact, full adders, all operands change",
           mac_pj(8, 1, ASX_MAPPING_FULL_ADDERS, &asx_operands_uniform) /
               mac_pj(8, 0, ASX_MAPPING_FULL_ADDERS, &asx_operands_uniform),
           1.12, 1.35);
    within("{1} over exact, full adders, operands of networks that all change",
           mac_pj(8, 1, ASX_MAPPING_FULL_ADDERS, &asx_operands_nn) /
               mac_pj(8, 0, ASX_MAPPING_FULL_ADDERS, &asx_operands_nn),
           1.15, 1.35);
    within("{1} over exact, full adders, weights held",
           mac_pj(8, 1, ASX_MAPPING_FULL_ADDERS, &asx_operands_nn_ws) /
               mac_pj(8, 0, ASX_MAPPING_FULL_ADDERS, &asx_operands_nn_ws),
           .8, .95);
    for (int m = 0; m < ASX_N_MAPPINGS; m++)
        within("{1,3,5,7} over exact",
               mac_pj(8, 15, (asx_mapping)m, &asx_operands_uniform) /
                   mac_pj(8, 0, (asx_mapping)m, &asx_operands_uniform),
               1.02, 3);
    within("{1,5} over {1,3}",
           mac_pj(8, 5, ASX_MAPPING_FULL_ADDERS, &asx_operands_nn_ws) /
               mac_pj(8, 3, ASX_MAPPING_FULL_ADDERS, &asx_operands_nn_ws),
           .85, 1.05);
    asx_technology_free(tech);
}

/* Any of the 255 sets and any word lengths have positive prices that do not fall with bits. */
static void everywhere(void **state)
{
    (void)state;
    asx_error err;
    CHECK_OK(asx_technology_load(&tech, "nangate45", &err), err);
    const asx_terms *terms = tech->arithmetic.terms[ASX_FAMILY_FLAT][ASX_MAPPING_FULL_ADDERS];
    for (uint64_t set = 1; set <= 255; set++)
        for (unsigned bits = 5; bits <= 16; bits++) {
            double amount[2][ASX_N_TERMS];
            for (unsigned k = 0; k < 2; k++) {
                asx_mac mac = {.weight = word(bits > 15 ? 15 + k : bits + k, set),
                               .activation = word(8, 0),
                               .lane = true,
                               .sign = true,
                               .accumulate = true,
                               .banks = .25};
                asx_mac_size(amount[k], &mac, ASX_FAMILY_FLAT);
            }
            for (asx_term_measure m = ASX_MEASURE_AREA; m <= ASX_MEASURE_LEAKAGE; m++) {
                double small = asx_terms_value(&terms[m], amount[0]);
                assert_true(small > 0 && asx_terms_value(&terms[m], amount[1]) > small);
            }
        }
    asx_technology_free(tech);
}

/* Rows that are not what they should be are refused by line. */
static void bad_rows(void **state)
{
    (void)state;
    static const char head[] = "tech,unit,alphabets,wbits,abits,lanes_sharing_bank,style,map,stim,"
                               "energy_pj_per_op,energy_pj_noglitch,area_um2,leakage_nw,delay_ps\n";
    static const struct {
        const char *row, *want;
    } bad[] = {{"t,asm_mac,{1 4},8,8,4,flat,fa,nn,1,1,1,1,1\n", "alphabets"},
               {"t,asm_mac,-,8,8,4,flat,fa,nn,1,1,1,1,1\n", "alphabets"},
               {"t,asm_mac,{1 3},8,8,0,flat,fa,nn,1,1,1,1,1\n", "lanes_sharing_bank"},
               {"t,asm_mac,{1 3},x,8,4,flat,fa,nn,1,1,1,1,1\n", "wbits"},
               {"t,asm_mac,{1 3},8,8,4,round,fa,nn,1,1,1,1,1\n", "style"},
               {"t,asm_mac,{1 3},8,8,4,bw,fa,nn,1,1,1,1,1\n", "style"},
               {"t,asm_mac,{1 3},8,8,4,flat,lut,nn,1,1,1,1,1\n", "map"},
               {"t,asm_mac,{1 3},8,8,4,flat,fa,loud,1,1,1,1,1\n", "stim"},
               {"t,asm_mac,{1 3},8,8,4,flat,fa,nn,-1,1,1,1,1\n", "energy_pj_per_op"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        asx_error err;
        asx_csv *csv = NULL;
        asx_reference r = {.n_rows = 7};
        char text[1024];
        snprintf(text, sizeof text, "%s%s", head, bad[i].row);
        CHECK_OK(asx_csv_parse(&csv, "ref.csv", text, strlen(text), &err), err);
        assert_true(asx_reference_fits(csv));
        asx_status status = asx_reference_init(&r, csv, "t", &err);
        if (status == ASX_OK || !strstr(err.message, "ref.csv:2") ||
            !strstr(err.message, bad[i].want))
            fail_msg("'%s': %d, '%s'", bad[i].row, (int)status, err.message);
        assert_int_equal(r.n_rows, 7);
    }
}

int main(void)
{
    check_data_or_skip("hw/mac_gate_level.csv");
    const struct CMUnitTest tests[] = {cmocka_unit_test(fits), cmocka_unit_test(left_out),
                                       cmocka_unit_test(facts), cmocka_unit_test(everywhere),
                                       cmocka_unit_test(bad_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
