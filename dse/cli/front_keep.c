/* Fronts kept in the database as they grow. */
#include <stdlib.h>

#include "dse/memory.h"
#include "front.h"
#include "results/candidates.h"
#include "results/sql.h"

/* In steps, so that a long campaign that was never kept need not fit into memory. */
static asx_status keep_under(asx_store *store, const front *f, int64_t inputs, asx_error *err)
{
    enum { STEP = 1 << 18 };
    asx_status st = ASX_OK;
    for (bool complete = false; st == ASX_OK && !complete;) {
        asx_candidates c = {0};
        size_t *index = NULL, n = 0;
        bool feasible;
        st = asx_candidates_read(&c, store, f->campaign, inputs, STEP, err);
        if (st == ASX_OK)
            st = front_pick(&index, &n, &feasible, f, &c.rows, err);
        if (st == ASX_OK)
            st = asx_candidates_keep(store, &c, index, n, err);
        complete = c.complete;
        free(index);
        asx_rows_fini(&c.rows);
    }
    return st;
}

asx_status front_keep(asx_store *store, int64_t campaign, asx_error *err)
{
    front f = {0};
    int64_t *inputs = NULL;
    size_t n = 0;
    asx_status st = front_campaign(&f, store, &(front_options){.id = campaign}, err);
    if (st == ASX_OK)
        st = asx_candidates_inputs(&inputs, &n, store, campaign, NULL, NULL, err);
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        st = keep_under(store, &f, inputs[i], err);
    free(inputs);
    front_fini(&f);
    return st;
}

typedef struct id_list {
    int64_t *id;
    size_t n, capacity;
} id_list;

static asx_status add_id(void *state, size_t n, const char *const *name, const asx_sql_value *value,
                         asx_error *err)
{
    id_list *list = state;
    (void)n, (void)name;
    if (!value)
        return ASX_OK;
    int64_t *grown = asx_array_grow(list->id, &list->capacity, list->n + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu campaigns", list->n + 1);
    list->id = grown;
    grown[list->n++] = value->integer;
    return ASX_OK;
}

asx_status front_keep_all(asx_store *store, asx_error *err)
{
    id_list list = {0};
    asx_status st = asx_sql_each(store, "SELECT id FROM campaign ORDER BY id", add_id, &list, err);
    for (size_t i = 0; st == ASX_OK && i < list.n; i++)
        st = front_keep(store, list.id[i], err);
    free(list.id);
    return st;
}
