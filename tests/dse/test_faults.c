/* Faults of memories: text, and words as they are read back, against probabilities. */
#include <math.h>
#include <string.h>

#include "check.h"

#include "dse/faults.h"
#include "dse/format.h"

enum { N = 40000 };

static asx_reading *reading_of(const char *text)
{
    asx_error err;
    asx_format f;
    asx_reading *r = NULL;
    CHECK_OK(asx_format_parse(&f, text, &err), err);
    CHECK_OK(asx_reading_new(&r, &f.weight, ASX_CODE_INDEX, NULL, &err), err);
    return r;
}

static asx_faults faults_of(const char *text)
{
    asx_error err;
    asx_faults f;
    CHECK_OK(asx_faults_parse(&f, text, &err), err);
    return f;
}

static void text(void **state)
{
    (void)state;
    static const char *const same[] = {"flips=0.01", "stuck_at_0=0.25 stuck_at_1=0.5",
                                       "spread=0.1 seeds=1",
                                       "activation_flips=1e-06 seed=0 code=robust only_bit=2", ""};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        asx_text t = {0};
        const asx_faults f = faults_of(same[i]);
        asx_faults_print(&t, &f);
        assert_string_equal(t.s, same[i]);
        asx_text_fini(&t);
    }
    const asx_faults f = faults_of("  stuck=0.2 stuck_at_1=0.3   flips=0.5 ");
    assert_true(fabs(f.weights.at_0 - 0.1) < 1e-15 && fabs(f.weights.at_1 - 0.4) < 1e-15);
    const asx_bit_channel ch =
        asx_cell_faults_channel(&f.weights); /* half of those not stuck flip */
    assert_true(fabs(ch.to_0 - (0.1 + 0.25)) < 1e-15 && fabs(ch.to_1 - (0.4 + 0.25)) < 1e-15);
    assert_true(asx_faults_any(&f) && !asx_cell_faults_any(&f.activations));
    const asx_faults none = faults_of("seeds=9 code=robust");
    assert_false(asx_faults_any(&none));
}

static void wrong_text(void **state)
{
    (void)state;
    static const char *const wrong[] = {"flips",
                                        "flips=",
                                        "flips=2",
                                        "flips=-0.1",
                                        "flips=nan",
                                        "flip=0.1",
                                        "flips=1 flips=1",
                                        "seeds=0",
                                        "seeds=1.5",
                                        "seeds=100000",
                                        "code=gray",
                                        "stuck=0.7 stuck_at_0=0.4",
                                        "activation_stuck=1 activation_stuck_at_1=0.1",
                                        "only_bit=16",
                                        "=1",
                                        "flips=0.1,spread=1"};
    asx_error err;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        asx_faults f = {.seeds = 77};
        err.message[0] = '\0';
        if (asx_faults_parse(&f, wrong[i], &err) == ASX_OK || !err.message[0] || f.seeds != 77)
            fail_msg("'%s' is taken", wrong[i]);
    }
    static const char *const sweeps[] = {"flips",      "flips=",    "flips=0,0", "flips=0.2,0.1",
                                         "seeds=1,2",  "flips=0,2", "code=0",    "=",
                                         "flips=0,,1", "flips=0.1,"};
    for (size_t i = 0; i < sizeof sweeps / sizeof *sweeps; i++) {
        asx_sweep s = {.n = 77};
        err.message[0] = '\0';
        if (asx_sweep_parse(&s, sweeps[i], &err) == ASX_OK || !err.message[0] || s.n != 77)
            fail_msg("'%s' is taken", sweeps[i]);
    }
    asx_sweep s;
    asx_faults f;
    CHECK_OK(asx_sweep_parse(&s, "spread=0,0.1,0.4", &err), err);
    CHECK_OK(asx_sweep_at(&f, "flips=0.01 seeds=2", &s, 2, &err), err);
    assert_true(f.spread == 0.4 && f.weights.flips == 0.01 && f.seeds == 2);
    CHECK_FAIL(asx_sweep_at(&f, "spread=0.1", &s, 0, &err), ASX_EINVAL, err);
}

static void fill(int32_t *word, const asx_reading *r, int32_t low, int32_t high)
{
    (void)r;
    for (int i = 0; i < N; i++)
        word[i] = (int32_t)(low + i % (high - low + 1));
}

/* Means over many words against the sum over all patterns of faults, within five standard errors. */
static void as_often_as_said(void **state)
{
    (void)state;
    static const char *const words[] = {"w8a8", "w4a8"};
    static const char *const kinds[] = {"flips=0.01", "stuck_at_0=0.1", "stuck_at_1=0.2 flips=0.05",
                                        "stuck=0.4", "flips=1"};
    static int32_t word[N], before[N];
    asx_error err;
    for (size_t w = 0; w < 2; w++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            asx_reading *r = reading_of(words[w]);
            const asx_faults f = faults_of(kinds[k]);
            const asx_bit_channel ch = asx_cell_faults_channel(&f.weights);
            double want = 0, sum = 0, squares = 0;
            fill(before, r, w ? -8 : -128, w ? 7 : 127);
            memcpy(word, before, sizeof word);
            asx_faults_words(word, N, r, &f, 3, 11);
            for (int i = 0; i < N; i++) {
                const double d = (double)(word[i] - before[i]) * (double)(word[i] - before[i]);
                sum += d / N;
                squares += d * d / N;
            }
            CHECK_OK(asx_reading_error(&want, r, NULL, &ch, &err), err);
            const double error = sqrt(fmax(squares - sum * sum, 0) / N);
            if (fabs(sum - want) > 5 * error + 1e-9 * want)
                fail_msg("%s, %s: %g +- %g, not %g", words[w], kinds[k], sum, error, want);
            asx_reading_free(r);
        }
}

/* Of one device the faults at a rate are among those at a higher one; another device has others. */
static void nested(void **state)
{
    (void)state;
    static int32_t few[N], many[N], other[N], before[N];
    asx_reading *r = reading_of("w8a8");
    const asx_faults low = faults_of("flips=0.01"), high = faults_of("flips=0.1");
    size_t n_few = 0, n_same = 0;
    fill(before, r, -128, 127);
    memcpy(few, before, sizeof few);
    memcpy(many, before, sizeof many);
    memcpy(other, before, sizeof other);
    asx_faults_words(few, N, r, &low, 3, 0);
    asx_faults_words(many, N, r, &high, 3, 0);
    asx_faults_words(other, N, r, &low, 4, 0);
    for (int i = 0; i < N; i++) {
        const unsigned a = (unsigned)(few[i] ^ before[i]) & 255,
                       b = (unsigned)(many[i] ^ before[i]) & 255;
        assert_true((a & ~b) == 0);
        n_few += a != 0;
        n_same += a != 0 && few[i] == other[i];
    }
    assert_in_range(n_few, N * 0.07, N * 0.085); /* 1 - 0.99^8 = 0.077 */
    assert_true(n_same < n_few / 10);
    /* one bit alone */
    const asx_faults one = faults_of("flips=1 only_bit=7");
    memcpy(few, before, sizeof few);
    asx_faults_words(few, N, r, &one, 3, 0);
    for (int i = 0; i < N; i++)
        assert_int_equal(few[i], before[i] < 0 ? before[i] + 128 : before[i] - 128);
    asx_reading_free(r);
}

static void spread(void **state)
{
    (void)state;
    static int32_t word[N];
    for (int i = 0; i < N; i++)
        word[i] = (int32_t)(i % 2 ? 100 : -7);
    const unsigned shift = asx_faults_spread(word, N, 0.1, 1, 0);
    assert_int_equal(shift, 5); /* 100 has 7 bits of 12 */
    for (int odd = 0; odd < 2; odd++) {
        const double w = odd ? 100 : -7;
        double mean = 0, squares = 0;
        for (int i = odd; i < N; i += 2) {
            const double ratio = ldexp((double)word[i], -(int)shift) / w;
            mean += ratio / (N / 2);
            squares += ratio * ratio / (N / 2);
        }
        assert_true(fabs(mean - 1) < 5 * 0.1 / sqrt(N / 2));
        assert_true(fabs(sqrt(squares - mean * mean) / 0.1 - 1) < 0.03);
    }
    for (int i = 0; i < N; i++)
        word[i] = 5;
    asx_faults_spread(word, N, 1, 1, 0);
    size_t zero = 0;
    for (int i = 0; i < N; i++) {
        assert_true(word[i] >= 0); /* conductances are not negative */
        zero += word[i] == 0;
    }
    assert_in_range(zero, N * 0.14, N * 0.18); /* beyond one standard deviation: 15.9 % */
    for (int i = 0; i < N; i++)
        word[i] = (int32_t)(i % 2 ? 32767 : -32767);
    assert_int_equal(asx_faults_spread(word, N, 0.5, 1, 0), 0);
}

/* Reads of a memory: stuck cells are so each time, flips are not, and as many as said. */
static void reads(void **state)
{
    (void)state;
    static int32_t word[N], again[N];
    asx_error err;
    asx_format format;
    asx_reading *r = NULL;
    asx_stuck none = {0}, stuck = {0};
    CHECK_OK(asx_format_parse(&format, "w8a8", &err), err);
    const asx_word in = asx_format_activation(&format, true);
    CHECK_OK(asx_reading_new(&r, &in, ASX_CODE_INDEX, NULL, &err), err);
    for (int k = 0; k < 3; k++) {
        const double rate = k == 0 ? 0 : k == 1 ? 0.001 : 0.3;
        double flipped = 0;
        for (int i = 0; i < N; i++)
            word[i] = i & 255;
        asx_faults_read(word, N, r, &none, rate, 5, 9);
        for (int i = 0; i < N; i++)
            for (int d = word[i] ^ (i & 255); d; d &= d - 1)
                flipped++;
        assert_true(fabs(flipped - 8 * N * rate) <= 5 * sqrt(8 * N * rate));
    }
    for (int i = 0; i < N; i++)
        word[i] = i & 255;
    asx_faults_read(word, N, r, &none, 1, 5, 9);
    for (int i = 0; i < N; i++)
        assert_int_equal(word[i], 255 - (i & 255));
    const asx_faults f = faults_of("activation_stuck_at_0=0.1 activation_stuck_at_1=0.2");
    CHECK_OK(asx_stuck_init(&stuck, N, 8, &f.activations, 5, 2, &err), err);
    double zeros = 0, ones = 0;
    for (int i = 0; i < N; i++) {
        word[i] = 255;
        again[i] = 0;
    }
    asx_faults_read(word, N, r, &stuck, 0, 5, 9);
    asx_faults_read(again, N, r, &stuck, 0, 5, 10);
    for (int i = 0; i < N; i++) {
        assert_int_equal(255 - word[i], stuck.zero[i]);
        assert_int_equal(again[i], stuck.one[i]);
        for (int d = 255 - word[i]; d; d &= d - 1)
            zeros++;
        for (int d = again[i]; d; d &= d - 1)
            ones++;
    }
    assert_true(fabs(zeros / (8 * N) - 0.1) < 0.003 && fabs(ones / (8 * N) - 0.2) < 0.004);
    /* a stuck cell does not flip */
    for (int i = 0; i < N; i++)
        word[i] = 0;
    asx_faults_read(word, N, r, &stuck, 1, 5, 9);
    for (int i = 0; i < N; i++)
        assert_int_equal(word[i], 255 - stuck.zero[i]);
    asx_stuck_fini(&stuck);
    asx_reading_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text),   cmocka_unit_test(wrong_text), cmocka_unit_test(as_often_as_said),
        cmocka_unit_test(nested), cmocka_unit_test(spread),     cmocka_unit_test(reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
