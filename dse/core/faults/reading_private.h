/* What a reading holds, for the files that make and judge it. Private. */
#ifndef ASX_DSE_READING_PRIVATE_H
#define ASX_DSE_READING_PRIVATE_H

#include "dse/codec.h"
#include "dse/reading.h"

struct asx_reading {
    asx_word word;
    asx_code kind;
    asx_codec *codec;
    unsigned bits;
    size_t n; /* representable values */
    int32_t low, high;
    int32_t *grid;  /* [n] ascending */
    uint32_t *code; /* [high - low + 1], of representable values */
    int32_t *value; /* [2^bits] */
};

/** Gives a reading of at most ASX_ROBUST_BITS_MAX bits another code. @param often  [n] */
ASX_NODISCARD asx_status asx_reading_assign(asx_reading *r, const double *often, asx_error *err);

#endif
