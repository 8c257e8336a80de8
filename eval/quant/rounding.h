/* Rounding of weights by what it does to a layer's output instead of to the weights themselves. Private.
 *
 * An output y of a layer with weights w (rounded to s q: words q of a grid, one scale s per output channel) is x w + b for
 * the patch x that it sees. With the moments H = mean of x x^T and t = mean of x y over patches of unlabelled images, of
 * what differs from the mean if biases are corrected, the mean squared error of s q is, but for a constant,
 *
 *   e(s, q) = s^2 q^T (H + k) q - 2 s q^T (t + k w),     k: a small part of H's mean diagonal
 *
 * so that nothing but H and t is needed. k keeps weights near their own where images say little.
 *
 * greedy    weights are rounded one after the other, those of large inputs first, each to the value nearest to what is
 *           left for it: the error of each is moved onto those that are still to come. That is the nearest plane of L. Babai
 *           (Combinatorica 1986), and GPTQ's rule (E. Frantar et al., arXiv 2210.17323), here on any grid and in one
 *           triangular factor of H, for scales over a range of which the best is kept
 * learned   from there one weight at a time goes to the value that is best for all others as they are, and the scale to
 *           q^T t / q^T H q, until nothing improves (coordinate descent; M. Nagel et al., arXiv 2004.10568, relax the
 *           same problem instead)
 *
 * Where all weights of a layer lie on the grid already, or a file holds them in such words, they stay. */
#ifndef ASX_EVAL_ROUNDING_H
#define ASX_EVAL_ROUNDING_H

#include "dse/word.h"
#include "eval/calibration.h"
#include "lattice.h"
#include "moments.h"
#include "rounded.h"
#include "scales.h"

/** Layers of more weights an output than this are rounded to the nearest: the matrices would be too large. */
enum { ASX_ROUNDING_DEPTH_MAX = 2304 };

/* What is known of a layer's input, ready to be solved with. */
typedef struct asx_rounding_basis {
    size_t groups;
    asx_lattice *lattice; /* [groups] of H */
    const asx_moments *m; /* borrowed: means, and t if `own` is false */
    bool own;             /* outputs are to be those of the layer's own weights: t = H w */
} asx_rounding_basis;

/** @return ASX_OK; ASX_ENOMEM. Cost: O(groups depth^3) */
ASX_NODISCARD asx_status asx_rounding_basis_init(asx_rounding_basis *out, const asx_moments *m,
                                                 bool own, asx_error *err);
void asx_rounding_basis_fini(asx_rounding_basis *basis);

/**
 * @param rounding  greedy or learned
 * @param bias      whether `shift` is to be found, else it is 0
 * @return ASX_OK; ASX_ENOMEM; what asx_word_check says
 * Cost: O(out_c depth^2), spread over threads; results do not depend on their number.
 */
ASX_NODISCARD asx_status asx_rounding_solve(asx_rounded *out, const asx_node *node,
                                            const asx_word *word, const asx_rounding_basis *basis,
                                            asx_rounding rounding, bool bias, asx_error *err);

/** To the nearest value, at the scale of least squared error.
 *  @param mean the mean patch, or NULL: shifts are 0  @param scales remembers those; may be NULL */
ASX_NODISCARD asx_status asx_rounding_nearest(asx_rounded *out, const asx_node *node,
                                              const asx_word *word, const double *mean,
                                              asx_scales *scales, asx_error *err);

#endif
