/* Costs: names of the parts, and sums. */
#include "dse/cost.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *text, *group, *help;
} parts[] = {
#define PART(name, text, group, help) [name] = {text, group, help},
    ASX_COMPONENT_LIST(PART)
#undef PART
};

const char *asx_part_text(asx_part part)
{
    assert(part < ASX_N_PARTS);
    return parts[part].text;
}

const char *asx_part_group(asx_part part)
{
    assert(part < ASX_N_PARTS);
    return parts[part].group;
}

const char *asx_part_help(asx_part part)
{
    assert(part < ASX_N_PARTS);
    return parts[part].help;
}

void asx_cost_add(asx_cost *sum, const asx_cost *cost)
{
    sum->energy_pj += cost->energy_pj;
    sum->latency_ns += cost->latency_ns;
    sum->cycles += cost->cycles;
    sum->area_um2 += cost->area_um2;
    sum->weight_bits += cost->weight_bits;
    for (size_t i = 0; i < ASX_N_PARTS; i++) {
        sum->energy_part_pj[i] += cost->energy_part_pj[i];
        sum->area_part_um2[i] += cost->area_part_um2[i];
    }
}

double asx_cost_group_pj(const asx_cost *cost, const char *group)
{
    double sum = 0;
    for (size_t i = 0; i < ASX_N_PARTS; i++) {
        if (strcmp(parts[i].group, group) == 0)
            sum += cost->energy_part_pj[i];
    }
    return sum;
}
