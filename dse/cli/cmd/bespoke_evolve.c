#include "bespoke_evolve.h"

#include "bespoke_found.h"
#include "dse/output_folder.h"
#include "progress.h"

/* Where the designs of a seed go. */
static asx_status folder_of(asx_text *out, const asx_bespoke_request *r, uint64_t seed,
                            const bespoke_outputs *to, asx_error *err)
{
    asx_text_add(out, "%s", to->folder);
    if (r->n_seeds > 1)
        asx_text_add(out, "-seed%llu", (unsigned long long)seed);
    return out->failed ? asx_fail(err, ASX_ENOMEM, "no memory for the name of a folder") : ASX_OK;
}

/* What would be refused at the end is refused before the work. */
static asx_status check_outputs(const asx_bespoke_request *r, const bespoke_outputs *to,
                                asx_error *err)
{
    const asx_kept_file keep[] = {{"the database", to->database ? to->database : ""}, {0}};
    asx_status status = ASX_OK;
    for (size_t i = 0; to->folder && i < r->n_seeds && status == ASX_OK; i++) {
        asx_output_folder *folder = NULL;
        asx_text path = {0};
        status = folder_of(&path, r, r->seed[i], to, err);
        if (status == ASX_OK)
            status = asx_output_folder_open(&folder, path.s, err);
        asx_output_folder_free(folder);
        asx_text_fini(&path);
    }
    if (status == ASX_OK && to->plot.path)
        status = asx_output_check(to->plot.path, keep, err);
    return status;
}

static asx_status write_designs(const asx_bespoke_result *found, const asx_bespoke_opened *o,
                                const bespoke_names *names, const asx_bespoke_request *r,
                                const bespoke_outputs *to, asx_error *err)
{
    asx_text path = {0};
    asx_status status = folder_of(&path, r, o->plan.seed, to, err);
    if (status == ASX_OK)
        status = bespoke_write(path.s, found, o, names, err);
    asx_text_fini(&path);
    return status;
}

/* Power is for a rate: what cannot keep it takes another. */
static void say_slow(const asx_bespoke_result *found, uint64_t seed)
{
    const asx_bespoke_price *baseline = &found->baseline.price;
    const bool late = !asx_bespoke_keeps_rate(baseline);
    size_t slow = 0;
    for (size_t i = 0; i < found->n; i++)
        slow += !asx_bespoke_keeps_rate(&found->front[i].price);
    if (slow > 0 || late)
        look_say("asx: seed %llu: slower than the %g rows a second that power is for: %s%zu of %zu "
                 "designs of the front; the baseline needs %.4g ns between rows",
                 (unsigned long long)seed, baseline->rate_hz, late ? "the baseline and " : "", slow,
                 found->n, baseline->period_ms * 1e6);
}

/* @param last  of the seeds: classes are the same of all */
static asx_status take(table *tables[BESPOKE_TABLES], const asx_bespoke_result *found,
                       const asx_bespoke_opened *o, const asx_bespoke_request *r,
                       const bespoke_outputs *to, bool last, asx_error *err)
{
    bespoke_names names = {0};
    const size_t rows = look_rows(&to->look, found->n);
    asx_status status = bespoke_names_init(&names, o->data, o->table, err);
    if (status == ASX_OK)
        status = bespoke_tables_add(tables, to->seeds ? &o->plan.seed : NULL, found, o, rows, err);
    if (status == ASX_OK && to->folder)
        status = write_designs(found, o, &names, r, to, err);
    if (status == ASX_OK && to->plot.path)
        status = bespoke_plot(&to->plot, found, err);
    if (status == ASX_OK)
        say_slow(found, o->plan.seed);
    if (status == ASX_OK && last)
        bespoke_names_say(&names, o->table);
    bespoke_names_fini(&names);
    return status;
}

/* @param within  whether every seed so far left a design within the limits; if not, why */
static asx_status evolve_one(table *tables[BESPOKE_TABLES], const asx_bespoke_request *r,
                             uint64_t seed, const bespoke_outputs *to, size_t threads,
                             asx_error *within, asx_error *err)
{
    asx_bespoke_opened o = {0};
    asx_bespoke_result found = {0};
    progress_line line;
    asx_status status = asx_bespoke_open(&o, r, seed, err);
    if (status == ASX_OK) {
        const asx_watcher watcher = progress_watch(&line);
        o.plan.threads = threads;
        o.plan.database = to->database;
        o.plan.watcher = &watcher;
        status = asx_bespoke_run_plan(&found, &o.plan, err);
        progress_end(&line);
    }
    if (status == ASX_OK)
        status = take(tables, &found, &o, r, to, seed == r->seed[r->n_seeds - 1], err);
    if (status == ASX_OK && within->status == ASX_OK)
        (void)!asx_bespoke_check_chosen(&found, r->power_max_mw, within);
    asx_bespoke_result_fini(&found);
    asx_bespoke_close(&o);
    return status;
}

static asx_status make_tables(table *tables[BESPOKE_TABLES], const asx_bespoke_request *r,
                              const bespoke_outputs *to, asx_error *err)
{
    asx_cell_library *library = NULL;
    asx_status status = asx_cell_library_load(&library, r->technology, err);
    if (status == ASX_OK) {
        const bespoke_units units = bespoke_units_of(library);
        status = bespoke_tables_new(tables, to->seeds, &units, err);
    }
    asx_cell_library_free(library);
    return status;
}

asx_status bespoke_evolve(const asx_bespoke_request *r, const bespoke_outputs *to, size_t threads,
                          asx_error *err)
{
    table *tables[BESPOKE_TABLES] = {0};
    asx_error within = {0};
    asx_status status = check_outputs(r, to, err);
    if (status == ASX_OK)
        status = make_tables(tables, r, to, err);
    for (size_t i = 0; i < r->n_seeds && status == ASX_OK; i++)
        status = evolve_one(tables, r, r->seed[i], to, threads, &within, err);
    if (status == ASX_OK)
        status = look_print(&to->look, tables, BESPOKE_TABLES, err);
    for (int i = 0; i < BESPOKE_TABLES; i++)
        table_free(tables[i]);
    return status == ASX_OK && within.status != ASX_OK
               ? asx_fail(err, within.status, "%s", within.message)
               : status;
}
