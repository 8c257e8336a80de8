#include "inspect_bespoke.h"

#include <stdio.h>

#include "bespoke_names.h"
#include "explore/bespoke.h"
#include "inspect_network.h"

/* "seeds 1, 2, 3" */
static void add_seeds(table *t, const asx_bespoke_request *r)
{
    asx_text text = {0};
    for (size_t i = 0; i < r->n_seeds; i++)
        asx_text_add(&text, "%s%llu", i > 0 ? ", " : "", (unsigned long long)r->seed[i]);
    inspect_fact(t, "seeds", "%s", text.s ? text.s : "");
    asx_text_fini(&text);
}

static void add_topology(table *t, const asx_bespoke_request *r, const asx_bespoke_table *data)
{
    if (r->hidden[1] > 0)
        inspect_fact(t, "topology", "%zu-%zu-%zu-%zu", data->features, r->hidden[0], r->hidden[1],
                     data->classes);
    else
        inspect_fact(t, "topology", "%zu-%zu-%zu", data->features, r->hidden[0], data->classes);
}

static void add_facts(table *t, const asx_campaign *c, const asx_bespoke_opened *o)
{
    const asx_bespoke_request *r = c->bespoke;
    inspect_fact(t, "campaign", "%s", c->spec->name);
    inspect_fact(t, "table", "%s", r->n_files > 0 ? r->file[0] : "drawn");
    for (size_t i = 1; i < r->n_files; i++)
        inspect_fact(t, "table", "%s", r->file[i]);
    add_topology(t, r, o->table);
    inspect_fact(t, "bits of a feature", "%u", r->bits);
    inspect_fact(t, "objectives", "drop, %s", asx_bespoke_aim_text(r->aim));
    if (r->power_max_mw > 0)
        inspect_fact(t, "power at most", "%g mW", r->power_max_mw);
    inspect_fact(t, "technology", "%s", asx_cell_library_name(o->library));
    inspect_fact(t, "sums", "%s%s", asx_bespoke_sharing_text(r->build.sharing),
                 r->build.carry == ASX_BESPOKE_AND_OR ? ", carries as published" : "");
    if (r->build.pipeline != ASX_BESPOKE_UNPIPED) {
        asx_text registers = {0};
        asx_bespoke_pipeline_print(&registers, r->build.pipeline);
        inspect_fact(t, "pipeline", "%s", registers.s ? registers.s : "");
        asx_text_fini(&registers);
    }
    if (asx_cell_library_switches(o->library))
        inspect_fact(t, "rows a second", "%.12g",
                     r->build.rate_hz > 0 ? r->build.rate_hz : ASX_BESPOKE_RATE_HZ);
    add_seeds(t, r);
    inspect_fact(t, "designs of each seed", "%llu", (unsigned long long)r->evaluations);
}

/* Of the first seed. */
static void add_rows(table *t, const asx_bespoke_table *data)
{
    static const char *const names[ASX_BESPOKE_N_PARTS] = {"learn", "choose", "report"};
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++) {
        const asx_bespoke_part_kind part = (asx_bespoke_part_kind)p;
        const size_t n = asx_bespoke_table_size(data, part);
        table_text(t, names[p]);
        table_integer(t, (long long)n);
        table_number(t, 100 * (double)asx_bespoke_table_commonest(data, part) / (double)n);
    }
}

asx_status inspect_bespoke(const asx_campaign *c, const look *l, asx_error *err)
{
    static const table_column facts[] = {{"what", TABLE_TEXT, 0}, {"value", TABLE_TEXT, 0}, {0}};
    static const table_column rows[] = {
        {"rows_to", TABLE_TEXT, 0}, {"rows", TABLE_INTEGER, 0}, {"guessing", TABLE_NUMBER, 2}, {0}};
    asx_bespoke_opened o = {0};
    bespoke_names names = {0};
    table *t[2] = {NULL};
    asx_status status = asx_bespoke_open(&o, c->bespoke, c->bespoke->seed[0], err);
    if (status == ASX_OK)
        status = bespoke_names_init(&names, o.data, o.table, err);
    if (status == ASX_OK)
        status = table_new(&t[0], "bespoke", facts, err);
    if (status == ASX_OK)
        status = table_new(&t[1], "rows", rows, err);
    if (status == ASX_OK) {
        add_facts(t[0], c, &o);
        add_rows(t[1], o.table);
        status = look_print(l, t, 2, err);
    }
    if (status == ASX_OK && look_is_told(l))
        bespoke_names_say(&names, o.table);
    table_free(t[0]);
    table_free(t[1]);
    bespoke_names_fini(&names);
    asx_bespoke_close(&o);
    return status;
}
