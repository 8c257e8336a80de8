#include "exact_label.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"

typedef struct asx_exact_link {
    uint32_t parent;
    uint16_t choice;
} link;

asx_status asx_exact_no_memory(size_t n, asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", n);
}

bool asx_exact_list_reserve(asx_exact_list *list, size_t n)
{
    asx_exact_label *grown =
        n > UINT32_MAX ? NULL : asx_array_grow(list->item, &list->capacity, n, sizeof *grown);
    if (grown)
        list->item = grown;
    return grown != NULL;
}

bool asx_exact_list_begin(asx_exact_list *list)
{
    if (!asx_exact_list_reserve(list, 1))
        return false;
    list->item[0] = (asx_exact_label){.parent = 0};
    list->n = 1;
    return true;
}

asx_status asx_exact_history_init(asx_exact_history *h, const asx_exact_problem *problem,
                                  asx_error *err)
{
    *h = (asx_exact_history){problem, asx_array_new(problem->n_layers, sizeof *h->link), 0};
    return h->link ? ASX_OK : asx_exact_no_memory(problem->n_layers, err);
}

void asx_exact_history_fini(asx_exact_history *h)
{
    if (!h)
        return;
    for (size_t l = 0; h->link && l < h->problem->n_layers; l++)
        free(h->link[l]);
    free(h->link);
}

asx_status asx_exact_history_add(asx_exact_history *h, size_t layer, const asx_exact_list *list,
                                 asx_error *err)
{
    link *links = asx_array_new(list->n, sizeof *links);
    if (!links)
        return asx_exact_no_memory(list->n, err);
    for (size_t i = 0; i < list->n; i++)
        links[i] = (link){list->item[i].parent, (uint16_t)list->item[i].choice};
    h->link[layer] = links;
    h->peak = list->n > h->peak ? list->n : h->peak;
    return ASX_OK;
}

/* Of sums that rounding made equal in the first objective a dominated one may be among the labels.
 */
asx_status asx_exact_history_front(asx_exact_front *out, const asx_exact_history *h,
                                   const asx_exact_list *last, double factor, asx_error *err)
{
    const size_t n = last->n, n_layers = h->problem->n_layers, d = h->problem->n_objectives;
    size_t n_front = 0;
    double *value = asx_array_new(n, d * sizeof *value);
    size_t *index = asx_array_new(n, sizeof *index);
    uint16_t *choice = asx_array_new(n, n_layers * sizeof *choice);
    asx_status status = value && index && choice ? ASX_OK : asx_exact_no_memory(n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        memcpy(value + i * d, last->item[i].v, d * sizeof *value);
    if (status == ASX_OK && n > 0)
        status = asx_pareto_front(index, &n_front, value, NULL, n, d, err);
    for (size_t k = 0; status == ASX_OK && k < n_front; k++) {
        size_t at = index[k];
        memmove(value + k * d, value + at * d, d * sizeof *value);
        for (size_t l = n_layers; l-- > 0; at = h->link[l][at].parent)
            choice[k * n_layers + l] = h->link[l][at].choice;
    }
    free(index);
    if (status != ASX_OK) {
        free(value);
        free(choice);
        return status;
    }
    *out = (asx_exact_front){n_front, n_layers, d, value, choice, factor, h->peak};
    return ASX_OK;
}
