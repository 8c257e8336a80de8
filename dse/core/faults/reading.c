/* Tables of what words are stored as, and of what bits read as. */
#include <stdlib.h>
#include <string.h>

#include "dse/grid.h"
#include "dse/memory.h"
#include "reading_private.h"

const char *asx_code_text(asx_code code)
{
    static const char *const text[] = {
#define ASX_TEXT(name, text, help) text,
        ASX_CODE_LIST(ASX_TEXT)
#undef ASX_TEXT
    };
    return text[code];
}

static asx_status take_grid(asx_reading *r, asx_error *err)
{
    asx_grid *grid = NULL;
    const asx_status status = asx_grid_new(&grid, &r->word, err);
    if (status != ASX_OK)
        return status;
    const int32_t *value = asx_grid_values(grid);
    r->n = asx_grid_size(grid);
    r->low = value[0];
    r->high = value[r->n - 1];
    r->grid = asx_array_new(r->n, sizeof *r->grid);
    if (r->grid)
        memcpy(r->grid, value, r->n * sizeof *r->grid);
    asx_grid_free(grid);
    return r->grid ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for values of a word");
}

static asx_status fill(asx_reading *r, asx_error *err)
{
    asx_status status = ASX_OK;
    r->code = asx_array_new((size_t)(r->high - r->low) + 1, sizeof *r->code);
    r->value = asx_array_new((size_t)1 << r->bits, sizeof *r->value);
    if (!r->code || !r->value)
        return asx_fail(err, ASX_ENOMEM, "no memory for codes of %u bits", r->bits);
    for (size_t i = 0; i < r->n && status == ASX_OK; i++)
        status = asx_codec_encode(&r->code[r->grid[i] - r->low], r->codec, r->grid[i], err);
    for (uint32_t c = 0; c >> r->bits == 0; c++)
        r->value[c] = asx_codec_read(r->codec, c);
    return status;
}

asx_status asx_reading_new(asx_reading **out, const asx_word *word, asx_code code,
                           const double *often, asx_error *err)
{
    const unsigned most = code == ASX_CODE_ROBUST ? ASX_ROBUST_BITS_MAX : ASX_READING_BITS_MAX;
    asx_status status = asx_word_check(word, err);
    if (status != ASX_OK)
        return status;
    if (asx_word_code_bits(word) > most)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "faults of codes of %u bits: %s codes have at most %u",
                        asx_word_code_bits(word), asx_code_text(code), most);
    asx_reading *r = asx_array_new(1, sizeof *r);
    if (!r)
        return asx_fail(err, ASX_ENOMEM, "no memory for codes");
    *r = (asx_reading){.word = *word, .kind = code, .bits = asx_word_code_bits(word)};
    status = asx_codec_new(&r->codec, word, err);
    if (status == ASX_OK)
        status = take_grid(r, err);
    if (status == ASX_OK)
        status = fill(r, err);
    if (status == ASX_OK && code == ASX_CODE_ROBUST)
        status = asx_reading_assign(r, often, err);
    if (status != ASX_OK) {
        asx_reading_free(r);
        return status;
    }
    *out = r;
    return ASX_OK;
}

void asx_reading_free(asx_reading *reading)
{
    if (!reading)
        return;
    asx_codec_free(reading->codec);
    free(reading->grid);
    free(reading->code);
    free(reading->value);
    free(reading);
}

unsigned asx_reading_bits(const asx_reading *reading)
{
    return reading->bits;
}

uint32_t asx_reading_code(const asx_reading *reading, int32_t value)
{
    return reading->code[value - reading->low];
}

int32_t asx_reading_value(const asx_reading *reading, uint32_t code)
{
    return reading->value[code];
}
