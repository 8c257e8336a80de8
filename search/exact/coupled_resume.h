/* Private: search/coupled.h goes on behind the last pass of an earlier solution of the same problem. */
#ifndef ASX_SEARCH_COUPLED_RESUME_H
#define ASX_SEARCH_COUPLED_RESUME_H

#include "incumbent.h"
#include "search/coupled.h"

typedef struct asx_coupled_resume {
    const asx_resume *resume; /* NULL: nothing is kept */
    unsigned char *bytes;     /* [n_bytes]: behind the last pass; NULL: kept, or none was made */
    size_t n_bytes;
    double next_s; /* when to keep them */
} asx_coupled_resume;

/**
 * Takes over what an earlier solution had found and proven.
 * @param done   the last pass it had done; left alone if there is none
 * @param front  its `factor`, `n_nodes` and `n_labels` are set
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_coupled_resume_begin(asx_coupled_resume *out, int *done,
                                                  asx_coupled_front *front, asx_incumbent *found,
                                                  const asx_coupled_problem *problem,
                                                  asx_error *err);

/** Notes what is known behind a pass, and keeps it unless that was less than a second ago. */
ASX_NODISCARD asx_status asx_coupled_resume_pass(asx_coupled_resume *resume, int pass,
                                                 const asx_coupled_front *front,
                                                 const asx_incumbent *found, asx_error *err);

/** Keeps what was noted last: the solution was told to stop. */
ASX_NODISCARD asx_status asx_coupled_resume_stop(asx_coupled_resume *resume, asx_error *err);
void asx_coupled_resume_fini(asx_coupled_resume *resume);

#endif
