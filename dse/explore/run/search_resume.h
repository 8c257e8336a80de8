/* Private to the run: what a search that computes keeps of its way, in the database. */
#ifndef ASX_EXPLORE_SEARCH_RESUME_H
#define ASX_EXPLORE_SEARCH_RESUME_H

#include "exploration.h"

typedef struct asx_search_resume {
    char key[40];
    void *bytes; /* what was kept before; owned */
    asx_store *store;
    asx_resume resume;
} asx_search_resume;

/**
 * Lets a search go on from where an earlier one of the same model, objectives, limits and parameters stood, in
 * whatever campaign, and keep where it stands.
 * @param out     stays where it is until asx_search_resume_fini: the search refers to it
 * @param search  with its model; its `resume` is set
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_NODISCARD asx_status asx_search_resume_init(asx_search_resume *out, asx_search *search,
                                                const asx_exploration *x, asx_error *err);
void asx_search_resume_fini(asx_search_resume *resume);

#endif
