/* A request's table and cells, opened; the plan of one of its seeds. */
#include <math.h>
#include <stdlib.h>

#include "explore/bespoke.h"

enum { DRAWN_ROWS = 2000 };

static asx_status load(asx_bespoke_opened *out, const asx_bespoke_request *r, uint64_t seed,
                       asx_error *err)
{
    const asx_dataset_spec spec = {.format = ASX_DATA_CSV,
                                   .file = r->file,
                                   .n_files = r->n_files,
                                   .scale = 1,
                                   .header = r->header,
                                   .label_column = r->label};
    asx_bespoke_split split = {.seed = seed, .bits = r->bits};
    double sum = 0;
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++)
        sum += r->share[p];
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++)
        split.share[p] = r->share[p] / sum;
    asx_status status = r->n_files > 0 ? asx_dataset_load(&out->data, &spec, err)
                                       : asx_bespoke_draw(&out->data, DRAWN_ROWS, seed, err);
    if (status != ASX_OK)
        return status;
    status = asx_bespoke_table_new(&out->table, out->data, &split, err);
    return status != ASX_OK && r->n_files > 0 ? asx_fail_context(err, status, "%s", r->file[0])
                                              : status;
}

static void make_plan(asx_bespoke_opened *o, const asx_bespoke_request *r, uint64_t seed)
{
    o->plan = (asx_bespoke_plan){.table = o->table,
                                 .training = {.hidden = {r->hidden[0], r->hidden[1]}, .seed = seed},
                                 .evaluations = r->evaluations,
                                 .seed = seed,
                                 .library = o->library,
                                 .build = r->build,
                                 .aim = r->aim,
                                 .power_max_mw = r->power_max_mw,
                                 .about = o->about};
    asx_bespoke_plan_set(&o->plan, &r->params);
}

asx_status asx_bespoke_open(asx_bespoke_opened *out, const asx_bespoke_request *request,
                            uint64_t seed, asx_error *err)
{
    asx_bespoke_opened o = {0};
    asx_text about = {0};
    asx_status status = asx_bespoke_request_check(request, err);
    if (status == ASX_OK)
        status = asx_cell_library_load(&o.library, request->technology, err);
    if (status == ASX_OK)
        status = load(&o, request, seed, err);
    if (status == ASX_OK) {
        asx_bespoke_request_print(&about, request, seed);
        status = asx_text_take(&o.about, &about, err);
    }
    if (status != ASX_OK) {
        asx_bespoke_close(&o);
        return status;
    }
    make_plan(&o, request, seed);
    *out = o;
    return ASX_OK;
}

void asx_bespoke_close(asx_bespoke_opened *o)
{
    if (!o)
        return;
    asx_bespoke_table_free(o->table);
    asx_dataset_free(o->data);
    asx_cell_library_free(o->library);
    free(o->about);
    *o = (asx_bespoke_opened){0};
}

asx_status asx_bespoke_check_chosen(const asx_bespoke_result *r, double power_max_mw,
                                    asx_error *err)
{
    const double loss = asx_bespoke_loss[ASX_BESPOKE_LOSSES - 1];
    double least = INFINITY;
    for (size_t i = 0; i < r->n; i++)
        if (r->front[i].lost <= loss)
            least = fmin(least, r->front[i].price.power_mw);
    if (power_max_mw <= 0 || least <= power_max_mw)
        return ASX_OK;
    return least < INFINITY
               ? asx_fail(err, ASX_ENOTFOUND,
                          "no design loses at most %g points and needs at most %g mW; the least is "
                          "%.3g mW",
                          loss, power_max_mw, least)
               : asx_fail(err, ASX_ENOTFOUND, "no design loses at most %g points", loss);
}
