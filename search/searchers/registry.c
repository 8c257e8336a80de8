/* The list of searchers. */
#include <string.h>

#include "dse/text.h"
#include "searchers.h"

const asx_searcher_type *const asx_searchers[] = {
    &asx_searcher_exact, &asx_searcher_enumerate, &asx_searcher_random, &asx_searcher_sobol,
    &asx_searcher_nsga2, &asx_searcher_smsemoa,   &asx_searcher_greedy, &asx_searcher_anneal,
    &asx_searcher_local, &asx_searcher_thompson,  &asx_searcher_actor,  NULL,
};

bool asx_searcher_wants_model(const asx_searcher_type *type, const asx_params *params)
{
    return type->wants_model ||
           (type->model_param && asx_params_get(params, type->model_param) > 0);
}

asx_status asx_searcher_find(const asx_searcher_type **out, const char *name, asx_error *err)
{
    asx_text names = {0};
    for (const asx_searcher_type *const *s = asx_searchers; *s; s++) {
        if (strcmp((*s)->name, name) == 0) {
            *out = *s;
            asx_text_fini(&names);
            return ASX_OK;
        }
        asx_text_add(&names, "%s%s", names.n ? ", " : "", (*s)->name);
    }
    asx_status status =
        asx_fail(err, ASX_ENOTFOUND, "unknown search algorithm '%.64s'; there are: %s", name,
                 names.s ? names.s : "");
    asx_text_fini(&names);
    return status;
}
