/* What an exact search's certificate says about the best design under limits. */
#ifndef ASX_RESULTS_PROOF_H
#define ASX_RESULTS_PROOF_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "results/certificate.h"
#include "results/front.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A question to a campaign: the least of one objective under limits, or the front's knee. */
typedef struct asx_proof_question {
    asx_limits limits;
    asx_objective minimise;
    bool knee;
    bool where; /* only some rows are considered */
} asx_proof_question;

typedef enum asx_proof_verdict {
    ASX_PROOF_NONE,    /* the best that is known */
    ASX_PROOF_OPTIMAL, /* by the drops that the campaign searched on */
    ASX_PROOF_WITHIN   /* the optimum is at least the value divided by `factor` */
} asx_proof_verdict;

typedef struct asx_proof {
    asx_proof_verdict verdict;
    double factor; /* of the certificate */
    char why[200]; /* why not, in words, if ASX_PROOF_NONE */
} asx_proof;

/**
 * Judges the answer to a question, which is a row of `f`, or that there is none.
 * @param certificate  of the campaign; its text may be NULL
 * @param feasible     whether some row keeps the question's limits
 */
ASX_API void asx_proof_judge(asx_proof *out, const asx_front *f, const asx_proof_question *question,
                             const asx_certificate *certificate, bool feasible);

/** Whether the certificate is about the rows of this front: what the search went by, and nothing else
 *  laid over. */
ASX_API bool asx_proof_applies(const asx_front *f, const asx_certificate *certificate);

/** For a column: "optimal", "within 1.01", "unproven". */
ASX_API void asx_proof_text(char *out, size_t size, const asx_proof *p);

#ifdef __cplusplus
}
#endif

#endif
