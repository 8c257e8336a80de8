/* Private: about how large a bespoke classifier is, in a microsecond: adders by columns, without sharing and without
 * knowing what logic synthesis finds. It has to rank as the price of hwmodel does, no more. */
#ifndef ASX_EXPLORE_BESPOKE_COLUMNS_H
#define ASX_EXPLORE_BESPOKE_COLUMNS_H

#include "dse/bespoke.h"

/* What there is, of the whole network. */
typedef struct columns_count {
    size_t full, half;       /* adders; half: those with a constant, too */
    size_t gates;            /* of activations */
    size_t compared, chosen; /* bits of comparators, and of what passes the winner on */
} columns_count;

columns_count columns_of(const asx_bespoke *b);

/** The same as one number, about mm2 of the EGT library. */
double columns_size(const asx_bespoke *b);

#endif
