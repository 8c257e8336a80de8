#include "explore/doubts.h"

#include <math.h>

/* What is doubted, and how the machine is without it: parameters, or another technology. */
static const struct doubt {
    const char *name, *about, *technology;
    const char *set[2][2];
} doubts[] = {
    {"none", "the machine as it is", NULL, {{0}}},
    {"buffers",
     "neither weight nor line buffer",
     NULL,
     {{"weight_buffer_kb", "0"}, {"line_buffer", "0"}}},
    {"broadcast", "broadcast three times as long", NULL, {{"wire_factor", "3"}}},
    {"registers", "clock of 1 GHz: pipeline registers", NULL, {{"clock_mhz", "1000"}}},
    {"density", "4 lanes per sub-array instead of a row's 16", NULL, {{"lanes_per_subarray", "4"}}},
    {"zeros", "half of the activations are 0", NULL, {{"zero_activations", "0.5"}}},
    {"gated zeros",
     "half are 0, and lanes stand still then",
     NULL,
     {{"zero_activations", "0.5"}, {"gate_zeros", "1"}}},
    {"hold", "one sum per column, no memory of sums", NULL, {{"hold", "1"}, {"sum_memory", "0"}}},
    {"simple gates", "no full-adder cells", NULL, {{"simple_gates", "1"}}},
    {"node", "22 nm, scaled", "nangate45-22", {{0}}},
    {"DRAM", "16 kB of weights on chip", NULL, {{"weight_kb", "16"}}},
    {"lanes", "1,024 lanes in 32 columns", NULL, {{"lanes", "1024"}, {"columns", "32"}}},
    {"idle lanes", "lanes at idle sub-arrays leak", NULL, {{"power_gating", "0"}}},
    {"scaling", "outputs scaled by powers of two", NULL, {{"scale_bits", "0"}}},
    {"dataflow", "each placement's own, as before", NULL, {{"mapping", "fixed"}}},
};

static const char *const designs[ASX_DOUBT_DESIGNS] = {
    "vn: w8a8",   "vn: w4a8",   "vn: w4{1}a8",   "vn: w4{1,3}a8",
    "near: w8a8", "near: w4a8", "near: w4{1}a8", "near: w4{1,3}a8",
    "in: w8a8",   "in: w4a8",   "in: w4{1}a8",   "in: w4{1,3}a8"};

size_t asx_doubts_count(void)
{
    return sizeof doubts / sizeof *doubts;
}

const char *asx_doubt_design(size_t index)
{
    return designs[index];
}

/* A design that this machine refuses (words beyond its technology's) costs NaN. */
static asx_status price(double *pj, const asx_machine *machine, const asx_workload *work,
                        const char *text, asx_error *err)
{
    asx_design design = {0};
    asx_cost cost;
    asx_status status = asx_design_parse(&design, text, work, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&cost, NULL, machine, &design, err);
    *pj = status == ASX_OK ? cost.energy_pj : NAN;
    asx_design_fini(&design);
    return status == ASX_EINVAL ? ASX_OK : status;
}

static double agreement(const double *a, const double *b)
{
    double sum = 0, pairs = 0;
    for (size_t i = 0; i < ASX_DOUBT_DESIGNS; i++)
        for (size_t j = 0; j < i; j++) {
            if (isnan(a[i]) || isnan(a[j]) || isnan(b[i]) || isnan(b[j]))
                continue;
            sum += (a[i] < a[j]) == (b[i] < b[j]) ? 1 : -1;
            pairs++;
        }
    return pairs > 0 ? sum / pairs : NAN;
}

static asx_status work_out(asx_doubt_row *row, double *pj, const asx_session *session,
                           const struct doubt *doubt, asx_error *err)
{
    const asx_workload *work = asx_machine_workload(session->machine);
    asx_params params = session->machine_params;
    asx_technology *other = NULL;
    asx_machine *machine = NULL;
    asx_status status =
        doubt->technology ? asx_technology_load(&other, doubt->technology, err) : ASX_OK;
    for (int i = 0; status == ASX_OK && i < 2 && doubt->set[i][0]; i++)
        status = asx_params_set(&params, doubt->set[i][0], doubt->set[i][1], err);
    if (status == ASX_OK)
        status = asx_machine_new(&machine, other ? other : session->technology, work, &params, err);
    for (size_t d = 0; status == ASX_OK && d < ASX_DOUBT_DESIGNS; d++)
        status = price(&pj[d], machine, work, designs[d], err);
    if (status == ASX_OK) {
        *row = (asx_doubt_row){.name = doubt->name, .about = doubt->about, .baseline_pj = pj[0]};
        for (size_t d = 0; d < ASX_DOUBT_DESIGNS; d++)
            row->saved[d] = 100 * (1 - pj[d] / pj[0]);
    }
    asx_machine_free(machine);
    asx_technology_free(other);
    return status;
}

asx_status asx_doubts_work_out(asx_doubt_row *row, const asx_session *session, asx_error *err)
{
    double as_it_is[ASX_DOUBT_DESIGNS], pj[ASX_DOUBT_DESIGNS];
    asx_doubt_row made[sizeof doubts / sizeof *doubts];
    for (size_t i = 0; i < asx_doubts_count(); i++) {
        const asx_status status =
            work_out(&made[i], i == 0 ? as_it_is : pj, session, &doubts[i], err);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "doubt '%s'", doubts[i].name);
        made[i].tau = agreement(as_it_is, i == 0 ? as_it_is : pj);
    }
    for (size_t i = 0; i < asx_doubts_count(); i++)
        row[i] = made[i];
    return ASX_OK;
}
