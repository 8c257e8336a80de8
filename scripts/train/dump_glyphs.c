/* Writes generated glyph images as NumPy files, so that training frameworks can read them:
 *
 *     dump_glyphs SEED N IMAGES.npy LABELS.npy
 *
 * A developer's tool, built with -DASX_TRAIN_TOOLS=ON; see glyphs.py beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/number.h"
#include "eval/glyphs.h"

/* The version 1.0 header: magic, length, dictionary; 128 bytes in all. */
static int write_header(FILE *file, const char *shape)
{
    char header[128];
    memset(header, ' ', sizeof header);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    int n = snprintf(header + 10, sizeof header - 10,
                     "{'descr': '|u1', 'fortran_order': False, 'shape': (%s), }", shape);
    header[10 + n] = ' ';
    header[sizeof header - 1] = '\n';
    return fwrite(header, sizeof header, 1, file) == 1;
}

static int dump(FILE *images, FILE *labels, uint64_t seed, size_t n)
{
    char shape[64];
    snprintf(shape, sizeof shape, "%zu, 1, %d, %d", n, ASX_GLYPH_SIZE, ASX_GLYPH_SIZE);
    if (!write_header(images, shape))
        return 0;
    snprintf(shape, sizeof shape, "%zu,", n);
    if (!write_header(labels, shape))
        return 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t pixels[ASX_GLYPH_PIXELS];
        unsigned char label = (unsigned char)asx_glyph_draw(pixels, seed, i);
        if (fwrite(pixels, sizeof pixels, 1, images) != 1 || fwrite(&label, 1, 1, labels) != 1)
            return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    long long seed, n;
    asx_error err;
    if (argc != 5) {
        fputs("usage: dump_glyphs SEED N IMAGES.npy LABELS.npy\n", stderr);
        return 2;
    }
    if (asx_integer_parse(&seed, argv[1], 0, 1LL << 60, "seed", &err) ||
        asx_integer_parse(&n, argv[2], 1, 10 * 1000 * 1000, "number of images", &err)) {
        fprintf(stderr, "dump_glyphs: %s\n", err.message);
        return 2;
    }
    FILE *images = fopen(argv[3], "wb"), *labels = fopen(argv[4], "wb");
    int ok = images && labels && dump(images, labels, (uint64_t)seed, (size_t)n);
    ok = (!images || fclose(images) == 0) && ok;
    ok = (!labels || fclose(labels) == 0) && ok;
    if (!ok)
        perror("dump_glyphs");
    return !ok;
}
