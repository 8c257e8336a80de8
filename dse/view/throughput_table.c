#include "throughput_table.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "explore/throughput.h"

static const table_column columns[] = {{"clock_mhz", TABLE_NUMBER, TABLE_AUTO},
                                       {"energy_pj", TABLE_NUMBER, TABLE_AUTO},
                                       {"saved_percent", TABLE_NUMBER, 1},
                                       {"inferences_per_s", TABLE_NUMBER, TABLE_AUTO},
                                       {"power_mw", TABLE_NUMBER, TABLE_AUTO},
                                       {"leakage_pj", TABLE_NUMBER, TABLE_AUTO},
                                       {"area_um2", TABLE_NUMBER, TABLE_AUTO},
                                       {"cycles", TABLE_NUMBER, 0},
                                       {"design", TABLE_TEXT, 0},
                                       {0}};

static void add(table *t, const char *design, const asx_clocked_cost *c, double baseline_pj)
{
    table_number(t, c->clock_mhz);
    table_number(t, c->cost.energy_pj);
    table_number(t, 100 * (1 - c->cost.energy_pj / baseline_pj));
    table_number(t, 1e9 / c->cost.latency_ns);
    table_number(t, c->cost.energy_pj / c->cost.latency_ns); /* pJ / ns = mW */
    table_number(t, c->cost.energy_part_pj[ASX_PART_LEAKAGE]);
    table_number(t, c->cost.area_um2);
    table_number(t, c->cost.cycles);
    table_text(t, design);
}

asx_status throughput_table(table **out, const asx_session *session, const char *designs,
                            double per_s, asx_error *err)
{
    asx_clocked_cost baseline, cost;
    table *t = NULL;
    char *copy = asx_string_copy(designs), *save = NULL;
    asx_status status = copy ? table_new(&t, NULL, columns, err)
                             : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    if (status == ASX_OK)
        status = asx_cost_at_throughput(&baseline, session, ASX_BASELINE, per_s, err);
    for (char *text = copy ? strtok_r(copy, ";", &save) : NULL; text && status == ASX_OK;
         text = strtok_r(NULL, ";", &save)) {
        text += strspn(text, " ");
        status = asx_cost_at_throughput(&cost, session, text, per_s, err);
        if (status == ASX_OK)
            add(t, text, &cost, baseline.cost.energy_pj);
    }
    free(copy);
    if (status == ASX_OK)
        *out = t;
    else
        table_free(t);
    return status;
}
