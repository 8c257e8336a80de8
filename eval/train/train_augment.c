#include "train_augment.h"

#include <stdbool.h>

#include "dse/seed.h"

void asx_augment(float *out, const float *in, const size_t shape[3], size_t shift, double flip,
                 uint64_t seed, uint64_t stream, uint64_t index)
{
    const size_t h = shape[1], w = shape[2];
    const size_t down = (size_t)asx_seed_below(seed, stream, 3 * index, 2 * shift + 1);
    const size_t right = (size_t)asx_seed_below(seed, stream, 3 * index + 1, 2 * shift + 1);
    const bool mirror = asx_seed_uniform(seed, stream, 3 * index + 2) < flip;
    for (size_t c = 0; c < shape[0]; c++)
        for (size_t i = 0; i < h; i++)
            for (size_t j = 0; j < w; j++) {
                /* places in an image with a frame of `shift` zeros around it */
                const size_t row = i + down, column = (mirror ? w - 1 - j : j) + right;
                const bool inside =
                    row >= shift && row < h + shift && column >= shift && column < w + shift;
                *out++ = inside ? in[(c * h + row - shift) * w + column - shift] : 0;
            }
}
