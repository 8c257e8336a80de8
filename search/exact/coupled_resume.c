/* The state of a solution behind a pass is that of a sweep of one step. */
#include "coupled_resume.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "exact_problem.h"
#include "sweep_state.h"

static const double every_s = 1;

/* Adds designs of a state to those found. @param gene  [n_groups + 1] */
static bool add_rows(asx_incumbent *found, const asx_sweep_rows *r, uint16_t *gene)
{
    const size_t n_groups = found->n_genes - 1;
    bool ok = true;
    for (size_t i = 0; ok && i < r->n; i++) {
        memcpy(gene, r->choice + i * n_groups, n_groups * sizeof *gene);
        gene[n_groups] = r->placement[i];
        ok = asx_incumbent_add(found, r->value + 3 * i, gene);
    }
    return ok;
}

asx_status asx_coupled_resume_begin(asx_coupled_resume *out, int *done, asx_coupled_front *front,
                                    asx_incumbent *found, const asx_coupled_problem *p,
                                    asx_error *err)
{
    bool ok = false;
    asx_sweep_state state = {0};
    *out = (asx_coupled_resume){.resume = p->resume, .next_s = omp_get_wtime() + every_s};
    if (!p->resume)
        return ASX_OK;
    asx_status status =
        asx_sweep_state_read(&state, &ok, p->resume->bytes, p->resume->n_bytes, p->model, err);
    if (status == ASX_OK && ok && state.pass < *done) {
        uint16_t *gene = malloc(found->n_genes * sizeof *gene);
        if (!gene || !add_rows(found, &state.front, gene))
            status = asx_exact_out_of_memory(err);
        free(gene);
        *done = state.pass;
        front->factor = state.before;
        front->n_nodes = state.n_nodes;
        front->n_labels = state.n_labels;
    }
    asx_sweep_state_fini(&state);
    return status;
}

asx_status asx_coupled_resume_stop(asx_coupled_resume *r, asx_error *err)
{
    if (!r->bytes)
        return ASX_OK;
    const asx_status status = r->resume->keep(r->resume->state, r->bytes, r->n_bytes, err);
    free(r->bytes);
    r->bytes = NULL;
    r->next_s = omp_get_wtime() + every_s;
    return status;
}

asx_status asx_coupled_resume_pass(asx_coupled_resume *r, int pass, const asx_coupled_front *front,
                                   const asx_incumbent *found, asx_error *err)
{
    const size_t n_groups = found->n_genes - 1;
    asx_sweep_state state = {.pass = pass,
                             .limit = -1,
                             .before = front->factor,
                             .factor = front->factor,
                             .n_nodes = front->n_nodes,
                             .n_labels = front->n_labels};
    if (!r->resume)
        return ASX_OK;
    asx_status status = asx_sweep_rows_grow(&state.front, found->n, n_groups)
                            ? ASX_OK
                            : asx_exact_out_of_memory(err);
    for (size_t i = 0; status == ASX_OK && i < found->n; i++) {
        const uint16_t *gene = found->gene + found->row[i] * (n_groups + 1);
        const double value[3] = {found->value[2 * i], found->value[2 * i + 1], 0};
        memcpy(state.front.value + 3 * i, value, sizeof value);
        memcpy(state.front.choice + n_groups * i, gene, n_groups * sizeof *gene);
        state.front.placement[i] = gene[n_groups];
        state.front.n++;
    }
    free(r->bytes);
    r->bytes = NULL;
    if (status == ASX_OK)
        status = asx_sweep_state_write(&r->bytes, &r->n_bytes, &state, n_groups, err);
    asx_sweep_state_fini(&state);
    return status == ASX_OK && omp_get_wtime() >= r->next_s ? asx_coupled_resume_stop(r, err)
                                                            : status;
}

void asx_coupled_resume_fini(asx_coupled_resume *r)
{
    if (!r)
        return;
    free(r->bytes);
    r->bytes = NULL;
}
