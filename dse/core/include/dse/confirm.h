/* Which design keeps a limit on images that its choice has not seen.
 *
 * Above 50 percent: the candidates stand in an order that was fixed before, the surest first, then
 * ever cheaper ones. They are tested one after the other, each at the full error rate, until one
 * fails; the last that passed is the answer. To answer wrongly, the first design of the order that
 * truly breaks the limit must have passed, which has the probability of one test, whatever the
 * number of designs tried and however alike they are. (Fixed-sequence testing; for the answers of a
 * search along a front: B. Laufer-Goldshtein et al., Efficiently controlling multiple risks with
 * Pareto testing, ICLR 2023; A. Angelopoulos et al., Learn then test, 2021.) From the cheapest
 * upwards every failure would have to be paid for out of the error rate: in tests/dse/test_coverage.c
 * that costs more energy.
 *
 * At 50 percent nothing is promised but the mean, so the walk goes from the cheapest upwards. What
 * counts all designs tried there is the belief about each (dse/shrink.h), which a choice among many
 * does not bias: the answer is the first whose mean drop keeps the limit on the fresh images, and
 * whose mean of belief and fresh images, weighted by their variances, keeps it too.
 *
 * A test looks at the images in blocks and stops when its outcome on all of them is as good as
 * certain (stochastic curtailment; K. Lan, R. Simon, M. Halperin, Stochastically curtailed tests in
 * long-term clinical trials, Communications in Statistics C 1 (1982)). The error rate grows by at
 * most a thousandth of itself. Images must be in no particular order. */
#ifndef ASX_DSE_CONFIRM_H
#define ASX_DSE_CONFIRM_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/paired.h"
#include "dse/shrink.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_confirm_rule {
    double limit;      /* of the drop, points */
    double confidence; /* percent, 50 <= confidence < 100; 50: the mean drop decides */
    size_t images;     /* that there are; > 0 */
    size_t block;      /* images of one look; > 0 */
    bool
        scored; /* drops are in the unit of a measure that does not count (dse/score.h), not points */
} asx_confirm_rule;

typedef enum asx_verdict {
    ASX_VERDICT_OPEN, /* more images must be looked at */
    ASX_VERDICT_KEEPS,
    ASX_VERDICT_BREAKS
} asx_verdict;

ASX_API const char *asx_verdict_text(asx_verdict verdict);

/** What the images seen so far say; never open when all were seen. */
ASX_API asx_verdict asx_confirm_judge(const asx_confirm_rule *rule, const asx_paired *seen);

/* A design that may be the answer. */
typedef struct asx_confirm_candidate {
    asx_shrunk believed; /* drop, from images or predictions other than those of the test */
    double test_error;   /* standard error that its drop will have in the test, points; > 0 */
    double cost;         /* what is minimised */
} asx_confirm_candidate;

/* A test of the walk. */
typedef struct asx_confirm_step {
    size_t candidate; /* its number */
    double limit;     /* that its drop is held against: at 50 percent less than the rule's, if it is
                         believed to lose more */
    asx_shrunk believed;
} asx_confirm_step;

/**
 * The order in which to test. At 50 percent: designs that may keep the limit and that fewer than
 * three cheaper ones are as sure as, from the cheapest upwards; of those whose costs differ by half
 * a percent at most, the surest. Above: designs that will pass more likely than every cheaper one,
 * from the surest down to those that would pass by luck only, where they are dense in steps of a
 * fraction of a standard error.
 *
 * @param step     room for `n`
 * @param n_steps  written on success; 0 only for n = 0
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_confirm_order(asx_confirm_step *step, size_t *n_steps,
                                                   const asx_confirm_candidate *candidate, size_t n,
                                                   const asx_confirm_rule *rule, asx_error *err);

/**
 * Looks at a candidate.
 * @param seen  in: counts on its first images; out: on images 0 .. upto-1 of the test, or on more
 * @param upto  the end of a block, or of all images
 * @return ASX_OK; ASX_ENOTFOUND: not known and not to be had, which ends the walk
 */
typedef asx_status (*asx_confirm_look)(asx_paired *seen, void *state, size_t candidate, size_t upto,
                                       asx_error *err);

typedef struct asx_confirm_trial {
    asx_paired seen;
    asx_verdict verdict; /* open: a look was not to be had */
} asx_confirm_trial;

typedef struct asx_confirm_outcome {
    asx_confirm_trial *trial; /* [n_tried], of the first steps; free() it */
    size_t n_tried;
    size_t answer;   /* number of the step; n_tried: none keeps the limit */
    double sureness; /* that the answer keeps it, percent, 0 without an answer. At 50 the lesser of
                        what the fresh images say and what they and the belief say together; above,
                        the least among the tests up to the answer */
    bool complete;   /* false: a look was not to be had, so a cheaper answer may exist */
} asx_confirm_outcome;

/**
 * Tests step by step. The answer is looked at on all images, whenever its test stopped; should they
 * speak against it, the walk goes on (at 50) or the step before is the answer (above).
 *
 * @return ASX_OK; ASX_EINVAL for a rule out of range; ASX_ENOMEM; what `look` says
 */
ASX_API ASX_NODISCARD asx_status asx_confirm_walk(asx_confirm_outcome *out,
                                                  const asx_confirm_rule *rule,
                                                  const asx_confirm_step *step, size_t n,
                                                  asx_confirm_look look, void *state,
                                                  asx_error *err);

/**
 * How sure the mean rule (50 percent) is that a design keeps a limit: the lesser of what the fresh images say and
 * what they and the belief say together. A design that was the answer at another limit, and so was looked at on all
 * images, keeps this one at 50 percent if it is 50 or more; simulated in tests/dse/test_coverage.c.
 * @return percent
 */
ASX_API double asx_confirm_mean_sureness(const asx_shrunk *believed, const asx_paired *seen,
                                         double limit);

#ifdef __cplusplus
}
#endif

#endif
