/* Evaluators: from a design to an evaluation. The search never knows what is behind one. */
#ifndef ASX_DSE_EVALUATOR_H
#define ASX_DSE_EVALUATOR_H

#include <stdbool.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluation.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who gets evaluations as they come. */
typedef struct asx_evaluator_sink {
    /** Called one at a time, by any thread, in any order. @param seconds  what it took */
    asx_status (*take)(void *state, size_t i, const asx_evaluation *evaluation, double seconds,
                       asx_error *err);
    bool (*stop)(void *state); /* true: begin no more */
    void *state;
} asx_evaluator_sink;

/* Each evaluator fills in the part of the evaluation it knows and leaves the rest alone. `evaluate`
 * is called from several threads at once and must give the same numbers whatever their number. */
typedef struct asx_evaluator_type {
    const char *name;
    asx_status (*evaluate)(void *state, const asx_design *design, asx_evaluation *inout,
                           asx_error *err);
    void (*free)(void *state);
    /** Optional, for evaluators to which many designs together are cheaper than one by one: the
     * same for `design` [n]. It may use threads of its own, and is called by one thread at a time.
     */
    asx_status (*evaluate_many)(void *state, const asx_design *const *design, size_t n,
                                asx_evaluation *inout, asx_error *err);
    /** Optional, for evaluators that have others work for them (dse/crew.h): the same for any number
     *  of designs, each handed over when it is done; told to stop, those that are begun.
     *  @param known    [n] what is known of them before
     *  @param culprit  which of the designs a failure is about; n if it is about none */
    asx_status (*evaluate_each)(void *state, const asx_design *const *design, size_t n,
                                const asx_evaluation *known, const asx_evaluator_sink *sink,
                                size_t *culprit, asx_error *err);
} asx_evaluator_type;

typedef struct asx_evaluator {
    const asx_evaluator_type *type;
    void *state; /* owned; released by type->free */
} asx_evaluator;

/**
 * Evaluates one design.
 * @return ASX_OK; the evaluator's failure; ASX_EINVAL if any objective comes out not finite, but
 *         the drop of the tier that knows none
 */
ASX_API ASX_NODISCARD asx_status asx_evaluator_run(const asx_evaluator *evaluator,
                                                   const asx_design *design, asx_evaluation *out,
                                                   asx_error *err);

/**
 * Evaluates many designs: together where the evaluator can, else one by one; same numbers.
 * @param out  [n]; untouched on failure
 * @return as asx_evaluator_run, for the first that fails or for all of them
 */
ASX_API ASX_NODISCARD asx_status asx_evaluator_run_many(const asx_evaluator *evaluator,
                                                        const asx_design *const *design, size_t n,
                                                        asx_evaluation *out, asx_error *err);

/**
 * Evaluates many designs, each handed over when it is done, checked as asx_evaluator_run does.
 * @param evaluator  has evaluate_each
 * @param culprit    which of the designs a failure is about; n if it is about none
 */
ASX_API ASX_NODISCARD asx_status asx_evaluator_run_each(const asx_evaluator *evaluator,
                                                        const asx_design *const *design, size_t n,
                                                        const asx_evaluator_sink *sink,
                                                        size_t *culprit, asx_error *err);
ASX_API void asx_evaluator_fini(asx_evaluator *evaluator);

/**
 * One evaluator that runs `first`, then `second`, e.g. accuracy and hardware.
 * @param first, second  taken over on success and on failure; reset to zero
 */
ASX_API ASX_NODISCARD asx_status asx_evaluator_join(asx_evaluator *out, asx_evaluator *first,
                                                    asx_evaluator *second, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
