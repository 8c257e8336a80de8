/* Random order of a space's points by format-preserving permutation. */
#include "sampler.h"

#include "dse/seed.h"

enum { ROUNDS = 6 };

/* Streams of the seed: Feistel rounds, and the free genes. */
static const uint64_t STREAM_ROUND = UINT64_C(0x70657200), STREAM_GENE = UINT64_C(0x67656e00);

uint64_t asx_permute(uint64_t seed, uint64_t index, uint64_t n)
{
    unsigned half = 1;
    while (half < 31 && UINT64_C(1) << 2 * half < n)
        half++;
    const uint64_t mask = (UINT64_C(1) << half) - 1;
    uint64_t x = index;
    do {
        uint64_t left = x >> half, right = x & mask;
        for (uint64_t i = 0; i < ROUNDS; i++) {
            uint64_t mixed = left ^ (asx_seed_bits(seed, STREAM_ROUND + i, right) & mask);
            left = right;
            right = mixed;
        }
        x = left << half | right;
    } while (x >= n);
    return x;
}

void asx_sampler_init(asx_sampler *sampler, const asx_space *space, uint64_t seed)
{
    const uint64_t most = UINT64_C(1) << 62;
    *sampler = (asx_sampler){space, seed, asx_space_n_genes(space), 1};
    while (sampler->first > 0) {
        uint64_t choices = asx_space_choices(space, sampler->first - 1);
        if (choices > most / sampler->n)
            break;
        sampler->n *= choices;
        sampler->first--;
    }
}

bool asx_sampler_point(asx_gene *point, const asx_sampler *sampler, uint64_t index)
{
    if (index >= sampler->n)
        return false;
    uint64_t rest = asx_permute(sampler->seed, index, sampler->n);
    for (size_t g = asx_space_n_genes(sampler->space); g-- > sampler->first;) {
        uint64_t choices = asx_space_choices(sampler->space, g);
        point[g] = (asx_gene)(rest % choices);
        rest /= choices;
    }
    for (size_t g = 0; g < sampler->first; g++)
        point[g] = (asx_gene)asx_seed_below(sampler->seed, STREAM_GENE + g, index,
                                            asx_space_choices(sampler->space, g));
    return true;
}
