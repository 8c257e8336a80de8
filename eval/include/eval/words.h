/* A design's weights as the words that its memories hold.
 *
 * A file of them is text that Verilog's $readmemh reads: one code per line in hexadecimal, layer by
 * layer, weights [out_c][in_c / groups][kh][kw]; what else is needed to read it back stands in
 * comments:
 *     // asx words 1
 *     // design near:w4{1}a8
 *     // layer conv1: 16 channels x 27 words of 4 bits
 *     // scale 0.01234 0.0321 ...        (one per channel)
 *     3
 *     b
 * Where images were seen (asx_emit_words) the scales are followed by
 *     // input 32768/2^15 to 0 .. 255, all, scale 0.0157, of w4{1}a8     x times that, cut, the word
 *     // bias 51 -138 ...                          (one per channel, added to the sum of products)
 *     // factor 57547/2^14 36334/2^12 ...          (of the total)
 *     // output to 0 .. 32767, scale 0.00398       (the ends of what it becomes)
 * which is passed over when a file is read. */
#ifndef ASX_EVAL_WORDS_H
#define ASX_EVAL_WORDS_H

#include "dse/api.h"
#include "dse/design.h"
#include "eval/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Writes the integers that the measured tier computes with (see codec.h for their codes).
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EINVAL for a design of another network
 */
ASX_API ASX_NODISCARD asx_status asx_words_write(const asx_network *network,
                                                 const asx_design *design, const char *path,
                                                 asx_error *err);

/**
 * The network with the weights of such a file: scale x decoded word.
 * @param out      owned by the caller
 * @param design   the file's, made by the call; asx_design_fini
 * @param network  of the same layers: gives everything but the weights
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE, ASX_EINVAL naming file and line for what is not
 *         such a file, or another network's
 */
ASX_API ASX_NODISCARD asx_status asx_words_read(asx_network **out, asx_design *design,
                                                const asx_network *network, const char *path,
                                                asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
