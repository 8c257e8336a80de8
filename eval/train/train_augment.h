/* Data augmentation: small changes of training images that keep their class. Private to eval. */
#ifndef ASX_EVAL_TRAIN_AUGMENT_H
#define ASX_EVAL_TRAIN_AUGMENT_H

#include <stddef.h>
#include <stdint.h>

/**
 * Moves an image by -shift .. shift pixels each way (zeros come in at the edges) and mirrors it
 * with probability `flip`.
 *
 * @param out, in [c][h][w]; they do not overlap
 * @param seed, stream, index choose what is done, see dse/seed.h
 */
void asx_augment(float *out, const float *in, const size_t shape[3], size_t shift, double flip,
                 uint64_t seed, uint64_t stream, uint64_t index);

#endif
