/* What an exact search's certificate says about the best design under limits. */
#ifndef ASX_CLI_PROOF_H
#define ASX_CLI_PROOF_H

#include <stdbool.h>

#include "front.h"

/* A question to a campaign: the least of one objective under limits, or the front's knee. */
typedef struct proof_question {
    asx_limits limits;
    asx_objective minimise;
    bool knee;
    bool where; /* only some rows are considered */
} proof_question;

typedef enum proof_verdict {
    PROOF_NONE,    /* the best that is known */
    PROOF_OPTIMAL, /* for the model that the campaign searched on */
    PROOF_WITHIN   /* the optimum is at least the value divided by `factor` */
} proof_verdict;

typedef struct proof {
    proof_verdict verdict;
    double factor;
    char why[200]; /* why not, in words, if PROOF_NONE */
} proof;

/** What a campaign's search vouched for. @param out  owned by the caller, free(); NULL if nothing
 */
ASX_NODISCARD asx_status proof_certificate(char **out, asx_store *store, int64_t campaign,
                                           asx_error *err);

/** How far below the front's costs, at most, any design of the space lies; 0: not known. */
double proof_factor(const char *certificate);

/**
 * Judges the answer to a question, which is a row of `f`, or that there is none.
 * @param certificate  what the search vouched for, as asx_search_outcome's report; NULL: nothing
 * @param feasible     whether some row keeps the question's limits
 */
void proof_judge(proof *out, const front *f, const proof_question *question,
                 const char *certificate, bool feasible);

/** Tells on stderr what the search vouched for, if that is about this front. */
ASX_NODISCARD asx_status proof_say(const front *f, asx_store *store, asx_error *err);

/** For a column: "optimal", "within 1.01", "unproven". */
void proof_text(char *out, size_t size, const proof *p);

#endif
