/* Private: what signed digits make of an input, for who computes a sum and who bounds it. */
#ifndef ASX_DSE_BESPOKE_COPIES_H
#define ASX_DSE_BESPOKE_COPIES_H

#include <stdint.h>

/** The copies of v that digits of one sign ask for, each without its bits below column `cut`, added up. */
static inline int64_t bespoke_copies(uint64_t digits, uint64_t v, unsigned cut)
{
    uint64_t sum = 0;
    for (unsigned k = 0; digits >> k != 0; k++)
        if (digits >> k & 1)
            sum += v << k >> cut << cut;
    return (int64_t)sum;
}

/* By asx_bespoke_activation, then NULL. */
extern const char *const bespoke_activations[];

#endif
