/* Glyph images: a function of (seed, index) alone, the same everywhere, balanced, and telling. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "eval/glyphs.h"

/* FNV-1a, so that the recorded value below does not depend on a library. */
static uint64_t fnv(uint64_t hash, const void *bytes, size_t n)
{
    for (const unsigned char *p = bytes; n--; p++)
        hash = (hash ^ *p) * UINT64_C(0x100000001b3);
    return hash;
}

/* The same from gcc 12 and clang 14, at -O0 and -O3 -march=native; a compiler or machine that draws
 * other bytes would make the embedded campaign's results differ from the documented ones. */
static void the_same_bytes_everywhere(void **state)
{
    (void)state;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint64_t i = 0; i < 200; i++) {
        uint8_t pixels[ASX_GLYPH_PIXELS];
        unsigned char class = (unsigned char)asx_glyph_draw(pixels, 1, i);
        hash = fnv(hash, pixels, sizeof pixels);
        hash = fnv(hash, &class, 1);
    }
    if (hash != UINT64_C(0x280e839e01714bfb))
        fail_msg("hash of 200 glyphs is 0x%llx", (unsigned long long)hash);
}

static void any_order_gives_the_same(void **state)
{
    (void)state;
    static uint8_t forward[50][ASX_GLYPH_PIXELS];
    unsigned class[50];
    for (uint64_t i = 0; i < 50; i++)
        class[i] = asx_glyph_draw(forward[i], 3, i);
    for (uint64_t i = 50; i-- > 0;) {
        uint8_t pixels[ASX_GLYPH_PIXELS];
        memset(pixels, 0xaa, sizeof pixels);
        assert_int_equal(asx_glyph_draw(pixels, 3, i), class[i]);
        assert_memory_equal(pixels, forward[i], sizeof pixels);
    }
}

static void every_ten_show_every_class(void **state)
{
    (void)state;
    unsigned first[ASX_GLYPH_CLASSES] = {0};
    for (uint64_t block = 0; block < 60; block++) {
        unsigned seen = 0;
        for (uint64_t i = 0; i < ASX_GLYPH_CLASSES; i++) {
            uint8_t pixels[ASX_GLYPH_PIXELS];
            unsigned class = asx_glyph_draw(pixels, 11, block * ASX_GLYPH_CLASSES + i);
            assert_true(class < ASX_GLYPH_CLASSES);
            seen |= 1u << class;
            first[class] += i == 0;
        }
        assert_int_equal(seen, (1u << ASX_GLYPH_CLASSES) - 1);
    }
    for (int c = 0; c < ASX_GLYPH_CLASSES; c++)
        assert_true(first[c] < 20); /* 6 expected: the order is shuffled */
}

static void seeds_and_indices_matter(void **state)
{
    (void)state;
    uint8_t a[ASX_GLYPH_PIXELS], b[ASX_GLYPH_PIXELS];
    asx_glyph_draw(a, 1, 0);
    asx_glyph_draw(b, 2, 0);
    assert_memory_not_equal(a, b, sizeof a);
    asx_glyph_draw(b, 1, 1);
    assert_memory_not_equal(a, b, sizeof a);
    asx_glyph_draw(b, 1, UINT64_C(1) << 40); /* any index will do */
    assert_memory_not_equal(a, b, sizeof a);
}

/* How much an image looks like a template, whatever its brightness and contrast. */
static double likeness(const double *template, const uint8_t *pixels)
{
    double mean = 0, product = 0, norm = 0;
    for (int k = 0; k < ASX_GLYPH_PIXELS; k++)
        mean += template[k] / ASX_GLYPH_PIXELS;
    for (int k = 0; k < ASX_GLYPH_PIXELS; k++) {
        product += (template[k] - mean) * pixels[k];
        norm += (template[k] - mean) * (template[k] - mean);
    }
    return product / sqrt(norm);
}

/* The label says what is drawn: the mean images of the classes, from one seed, classify images of
 * another far better than the 10 % of chance, though far from perfectly. */
static void labels_tell_what_is_drawn(void **state)
{
    (void)state;
    static double mean[ASX_GLYPH_CLASSES][ASX_GLYPH_PIXELS];
    uint8_t pixels[ASX_GLYPH_PIXELS];
    enum { N = 1500 };
    for (uint64_t i = 0; i < N; i++) {
        unsigned class = asx_glyph_draw(pixels, 21, i);
        for (int k = 0; k < ASX_GLYPH_PIXELS; k++)
            mean[class][k] += (double)pixels[k] / (N / ASX_GLYPH_CLASSES);
    }
    int right = 0;
    for (uint64_t i = 0; i < N; i++) {
        unsigned class = asx_glyph_draw(pixels, 22, i), best = 0;
        for (unsigned c = 1; c < ASX_GLYPH_CLASSES; c++)
            if (likeness(mean[c], pixels) > likeness(mean[best], pixels))
                best = c;
        right += best == class;
    }
    print_message("nearest mean image: %d of %d\n", right, N);
    assert_true(right > N * 35 / 100);
    assert_true(right < N * 75 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_everywhere),  cmocka_unit_test(any_order_gives_the_same),
        cmocka_unit_test(every_ten_show_every_class), cmocka_unit_test(seeds_and_indices_matter),
        cmocka_unit_test(labels_tell_what_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
