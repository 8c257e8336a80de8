#include "explore/throughput.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

enum { CLOCKS_MAX = 20 };
static const double low_mhz = 1, high_mhz = 10000; /* of the machine's parameter */

static asx_status price(asx_cost *out, const asx_session *s, const char *text, double clock_mhz,
                        asx_error *err)
{
    const asx_workload *work = asx_machine_workload(s->machine);
    asx_params params = s->machine_params;
    asx_machine *machine = NULL;
    asx_design design = {0};
    char value[40];
    snprintf(value, sizeof value, "%.17g", clock_mhz);
    asx_status status = asx_params_set(&params, "clock_mhz", value, err);
    if (status == ASX_OK)
        status = asx_machine_new(&machine, s->technology, work, &params, err);
    if (status == ASX_OK)
        status = asx_design_parse(&design, text, work, err);
    if (status == ASX_OK)
        status = asx_machine_cost(out, NULL, machine, &design, err);
    asx_design_fini(&design);
    asx_machine_free(machine);
    return status;
}

/* Cycles hardly depend on the clock: what it must be for these is asked of the next machine. */
asx_status asx_cost_at_throughput(asx_clocked_cost *out, const asx_session *session,
                                  const char *design, double per_s, asx_error *err)
{
    double clock = asx_params_get(&session->machine_params, "clock_mhz");
    bool found = false;
    asx_clocked_cost best = {0};
    for (int i = 0; i < CLOCKS_MAX; i++) {
        asx_cost cost;
        if (!(clock >= low_mhz && clock <= high_mhz))
            return asx_fail(err, ASX_EINVAL,
                            "'%s' needs a clock of %.6g MHz for %.6g inferences a second; the "
                            "machine takes %g to %g",
                            design, clock, per_s, low_mhz, high_mhz);
        const asx_status status = price(&cost, session, design, clock, err);
        if (status != ASX_OK)
            return status;
        const double needed = 1e-6 * cost.cycles * per_s; /* cycles a second, in MHz */
        if (clock >= needed * (1 - 1e-12) && (!found || clock < best.clock_mhz)) {
            found = true;
            best = (asx_clocked_cost){clock, cost};
        }
        if (fabs(needed / clock - 1) < 1e-12)
            break;
        clock = needed;
    }
    if (!found)
        return asx_fail(err, ASX_EINVAL,
                        "no clock was found with which '%s' makes %.6g inferences "
                        "a second",
                        design, per_s);
    *out = best;
    return ASX_OK;
}
