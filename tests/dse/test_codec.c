/* Codes: every value and every code of all 4-bit-digit words up to 8 bits, and samples beyond. */
#include "check.h"

#include "brute.h"
#include "dse/codec.h"

static bool has[BRUTE_SPAN];

static asx_codec *new_codec(const asx_word *word)
{
    asx_error err;
    asx_codec *codec = NULL;
    CHECK_OK(asx_codec_new(&codec, word, &err), err);
    return codec;
}

/* decode(encode(v)) = v, and what is not representable is refused. */
static size_t check_values(const asx_codec *codec, int32_t low, int32_t high)
{
    asx_error err;
    size_t n = 0;
    for (int32_t v = low - 2; v <= high + 2; v++) {
        uint32_t code = 0xdeadbeef;
        int32_t back = 0;
        asx_status status = asx_codec_encode(&code, codec, v, &err);
        if ((status == ASX_OK) != has[BRUTE_ZERO + v])
            fail_msg("encoding of %d: %s", (int)v, asx_status_text(status));
        if (status != ASX_OK) {
            assert_true(status == ASX_EINVAL && code == 0xdeadbeef);
            continue;
        }
        n++;
        if (code >> asx_codec_bits(codec) || asx_codec_decode(&back, codec, code, &err) != ASX_OK ||
            back != v)
            fail_msg("%d becomes code %#x becomes %d", (int)v, (unsigned)code, (int)back);
    }
    return n;
}

/* Every code is refused or is the code of its value: so values have exactly one code each. */
static size_t check_codes(const asx_codec *codec)
{
    size_t n = 0;
    for (uint32_t code = 0; code >> asx_codec_bits(codec) == 0; code++) {
        int32_t value = 123456;
        uint32_t again = ~code;
        asx_status status = asx_codec_decode(&value, codec, code, NULL);
        if (status != ASX_OK) {
            assert_true(status == ASX_EINVAL && value == 123456);
            continue;
        }
        n++;
        if (asx_codec_encode(&again, codec, value, NULL) != ASX_OK || again != code)
            fail_msg("code %#x is %d, whose code is %#x", (unsigned)code, (int)value,
                     (unsigned)again);
    }
    return n;
}

/* Joint codes are as many as values, and go back to the codes that they were made from. */
static void check_joint(const asx_codec *codec, int32_t low, int32_t high)
{
    const unsigned bits = asx_codec_joint_bits(codec);
    assert_true(bits <= asx_codec_bits(codec));
    for (int32_t v = low; v <= high; v++) {
        uint32_t code = 0, back = 0;
        if (!has[BRUTE_ZERO + v])
            continue;
        assert_int_equal(asx_codec_encode(&code, codec, v, NULL), ASX_OK);
        const uint32_t joint = asx_codec_join(codec, code);
        if (joint >> bits || asx_codec_split(&back, codec, joint, NULL) != ASX_OK || back != code)
            fail_msg("code %#x of %d becomes joint code %#x becomes %#x", (unsigned)code, (int)v,
                     (unsigned)joint, (unsigned)back);
    }
}

static void joint_codes(void **state)
{
    (void)state;
    asx_error err;
    uint32_t code = 77;
    const asx_word word = {.bits = 12, .digit_width = 4, .set = asx_alphabet_set_from_index(1)};
    asx_codec *codec = new_codec(&word);
    assert_int_equal(asx_codec_bits(codec), 9);
    assert_int_equal(asx_codec_joint_bits(codec), 8);
    CHECK_OK(asx_codec_split(&code, codec, 0x80 | (1 + 5 * (2 + 5 * 3)), &err), err);
    assert_int_equal(code, 1 << 8 | 3 << 6 | 2 << 3 | 1); /* sign, then digits 2, 1, 0 */
    code = 77;
    CHECK_FAIL(asx_codec_split(&code, codec, 100, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_codec_split(&code, codec, 256, &err), ASX_EINVAL, err);
    assert_int_equal(code, 77);
    asx_codec_free(codec);
}

static void check_word(const asx_word *word)
{
    if (asx_word_check(word, NULL) != ASX_OK)
        return;
    asx_codec *codec = new_codec(word);
    const size_t n = brute_grid(has, word);
    assert_int_equal(asx_codec_bits(codec), asx_word_code_bits(word));
    assert_int_equal(check_values(codec, asx_word_min(word), asx_word_max(word)), n);
    if (asx_codec_bits(codec) <= 16)
        assert_int_equal(check_codes(codec), n);
    check_joint(codec, asx_word_min(word), asx_word_max(word));
    asx_codec_free(codec);
}

static void exhaustive(void **state)
{
    (void)state;
    for (unsigned bits = 2; bits <= 8; bits++) {
        for (int kind = 0; kind < BRUTE_KINDS; kind++) {
            for (uint64_t index = 1; index <= 255; index++) {
                asx_word word = brute_word(bits, 4, kind, asx_alphabet_set_from_index(index));
                check_word(&word);
            }
        }
    }
}

static void other_digit_widths(void **state)
{
    (void)state;
    static const unsigned q[] = {2, 3, 5, 8}, bits[] = {3, 9, 12, 16};
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            for (int kind = 0; kind < BRUTE_KINDS; kind++) {
                asx_word word = brute_word(bits[j], q[i], kind, asx_alphabet_set_from_index(3));
                check_word(&word);
                word.set = asx_alphabet_set_from_index(1);
                check_word(&word);
            }
        }
    }
}

/* w8s{1}: digit values -8 -4 -2 -1 0 1 2 4 8, indices 0 .. 8 in 4 bits. */
static void known_codes(void **state)
{
    (void)state;
    static const struct {
        int32_t value;
        uint32_t code;
    } cases[] = {
        {0, 0x44},    /* 0.0 */
        {24, 0x58},   /* 1.8, not 2.(-8) */
        {56, 0x70},   /* 4.(-8): 3.8 is not supported */
        {127, 0x83},  /* 8.(-1) */
        {-128, 0x04}, /* (-8).0 */
    };
    asx_word word = brute_word(8, 4, BRUTE_SIGNED, asx_alphabet_set_from_index(1));
    asx_codec *codec = new_codec(&word);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t code = 0;
        asx_error err;
        CHECK_OK(asx_codec_encode(&code, codec, cases[i].value, &err), err);
        assert_int_equal(code, cases[i].code);
    }
    asx_codec_free(codec);
}

static void plain(void **state)
{
    (void)state;
    for (unsigned bits = 2; bits <= 16; bits++) {
        for (int non_negative = 0; non_negative < 2; non_negative++) {
            asx_word word = {.bits = bits, .non_negative = non_negative};
            asx_codec *codec = new_codec(&word);
            assert_int_equal(asx_codec_bits(codec), bits);
            memset(has, 0, sizeof has);
            for (int32_t v = 0; v < 1 << bits; v++)
                has[BRUTE_ZERO + v - (non_negative ? 0 : 1 << (bits - 1))] = true;
            assert_int_equal(check_values(codec, asx_word_min(&word), asx_word_max(&word)),
                             1 << bits);
            assert_int_equal(check_codes(codec), 1 << bits);
            asx_codec_free(codec);
        }
    }
}

static void refuse(const asx_codec *codec, uint32_t code, const char *why)
{
    asx_error err;
    int32_t value = 77;
    CHECK_FAIL(asx_codec_decode(&value, codec, code, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, why));
    assert_int_equal(value, 77);
}

static void refuses(void **state)
{
    (void)state;
    asx_error err;
    asx_word word = brute_word(8, 4, BRUTE_UNSIGNED, asx_alphabet_set_from_index(1));
    asx_codec *codec = new_codec(&word); /* sign . 2 bits . 3 bits */
    assert_int_equal(asx_codec_bits(codec), 6);
    refuse(codec, 0x40, "wider than 6 bits");
    refuse(codec, 0x05, "index 5 of digit 0");
    refuse(codec, 0x20, "negative zero");
    asx_codec_free(codec);
    word = brute_word(8, 4, BRUTE_SIGNED, asx_alphabet_set_from_index(1));
    codec = new_codec(&word);
    refuse(codec, 0x88, "outside -128 .. 127"); /* 8.8 = 136 */
    refuse(codec, 0x60, "that is 0x58");        /* 2.(-8) = 24 */
    uint32_t code = 5;
    CHECK_FAIL(asx_codec_encode(&code, codec, 3, &err), ASX_EINVAL, err);
    assert_int_equal(code, 5);
    asx_codec_free(codec);
    codec = (asx_codec *)&err;
    word.bits = 1;
    CHECK_FAIL(asx_codec_new(&codec, &word, &err), ASX_EINVAL, err);
    assert_ptr_equal(codec, &err);
    asx_codec_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exhaustive),  cmocka_unit_test(other_digit_widths),
        cmocka_unit_test(known_codes), cmocka_unit_test(plain),
        cmocka_unit_test(refuses),     cmocka_unit_test(joint_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
