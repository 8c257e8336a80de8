#include "keep.h"

#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "results/bespoke.h"

/* What the library says of each cell that circuits have; a file may say other things under the same name. */
static uint64_t add_prices(uint64_t hash, const asx_cell_library *l, bool piped)
{
    for (int i = 0; i < ASX_N_CELLS; i++) {
        const asx_cell cell = (asx_cell)i;
        const double toggle = asx_cell_toggle_mj(l, cell);
        if (!asx_cell_library_has(l, cell) || (cell == ASX_CELL_DFF && !piped))
            continue;
        if (asx_cell_library_switches(l))
            hash = asx_hash(&toggle, sizeof toggle, hash);
        const double price[] = {asx_cell_area_mm2(l, cell), asx_cell_leakage_mw(l, cell),
                                asx_cell_delay_ms(l, cell)};
        hash = asx_hash(price, sizeof price, hash);
    }
    return hash;
}

/* Prices are part of what was found: by cell, and those of the baseline, in which how circuits are built and leakage's share
 * of power show. */
static uint64_t identity(const asx_bespoke_plan *p, const asx_bespoke_price *baseline,
                         uint64_t evolution)
{
    const char *name = asx_cell_library_name(p->library);
    const uint64_t number[] = {evolution, (uint64_t)p->build.sharing, (uint64_t)p->build.carry,
                               p->build.effort, p->weight_bits};
    const double price[] = {baseline->area_cm2, baseline->leakage_mw, baseline->power_mw,
                            baseline->delay_ms};
    uint64_t hash = asx_hash(name, strlen(name), asx_hash(number, sizeof number, 0));
    hash = add_prices(hash, p->library, p->build.pipeline != ASX_BESPOKE_UNPIPED);
    if (p->build.pipeline != ASX_BESPOKE_UNPIPED)
        hash = asx_hash(&p->build.pipeline, sizeof p->build.pipeline, hash);
    if (asx_cell_library_switches(p->library))
        hash = asx_hash(&baseline->rate_hz, sizeof baseline->rate_hz, hash);
    hash = asx_hash(price, sizeof price, hash);
    return p->aim == ASX_BESPOKE_AREA ? hash : asx_hash(&p->aim, sizeof p->aim, hash);
}

/* @param network  owned by the row until it is freed */
static asx_status fill(asx_bespoke_row *row, const asx_bespoke_found *f, asx_error *err)
{
    asx_text text = {0};
    char *network = NULL;
    asx_bespoke_print(&text, f->network, NULL);
    const asx_status status = asx_text_take(&network, &text, err);
    *row = (asx_bespoke_row){.lost = f->lost,
                             .drop = f->test.drop,
                             .drop_low = f->test.drop_low,
                             .drop_high = f->test.drop_high,
                             .area_cm2 = f->price.area_cm2,
                             .power_mw = f->price.power_mw,
                             .delay_ms = f->price.delay_ms,
                             .network = network};
    memcpy(row->correct, f->correct, sizeof row->correct);
    return status;
}

/* Without designs. */
static asx_bespoke_record record_of(const asx_bespoke_result *r, const asx_bespoke_plan *plan,
                                    uint64_t evolution)
{
    asx_bespoke_record record = {.identity = identity(plan, &r->baseline.price, evolution),
                                 .about = plan->about ? plan->about : "",
                                 .technology = asx_cell_library_name(plan->library),
                                 .features = plan->table->features,
                                 .classes = plan->table->classes,
                                 .evaluated = r->evaluated,
                                 .training_s = r->training_s,
                                 .evolution_s = r->evolution_s};
    memcpy(record.rows, r->rows, sizeof record.rows);
    return record;
}

asx_status keep_work(asx_store *store, const asx_bespoke_result *r, const asx_bespoke_plan *plan,
                     uint64_t evolution, asx_error *err)
{
    const asx_bespoke_record record = record_of(r, plan, evolution);
    return asx_bespoke_keep(store, &record, err);
}

asx_status keep_result(asx_store *store, const asx_bespoke_result *r, const asx_bespoke_plan *plan,
                       uint64_t evolution, asx_error *err)
{
    asx_bespoke_record record = record_of(r, plan, evolution);
    record.n = r->n + 1;
    asx_bespoke_row *row = asx_array_new(record.n, sizeof *row);
    asx_status status = row ? fill(&row[0], &r->baseline, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory to keep a front");
    for (size_t i = 0; status == ASX_OK && i < r->n; i++)
        status = fill(&row[i + 1], &r->front[i], err);
    record.design = row;
    if (status == ASX_OK)
        status = asx_bespoke_keep(store, &record, err);
    for (size_t i = 0; row && i < record.n; i++)
        free((char *)(uintptr_t)row[i].network);
    free(row);
    return status;
}
