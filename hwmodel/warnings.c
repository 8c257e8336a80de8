/* What a reader of a cost must know: figures beyond the technology's rows, and paths and memories
 * that are slower than the clock. */
#include <math.h>

#include "machine_private.h"
#include "technology_private.h"

static void warn_words(asx_text *out, const asx_machine *m, const asx_design *design)
{
    for (size_t i = 0; i < m->work.n_layers; i++) {
        const asx_terms_range *range;
        unsigned bits;
        asx_job job;
        asx_job_init(&job, m, &m->work.layer[i], &design->format[i]);
        const char *beyond =
            asx_lane_beyond(&range, &bits, &job.weight, &job.activation, m->technology, &m->style);
        if (beyond)
            asx_text_add(out,
                         "warning: layer '%s': %s of %u bits are EXTRAPOLATED from %u to %u bits\n",
                         m->work.layer[i].name, beyond, bits, range->low, range->high);
    }
}

/* A memory that is used every cycle. */
static void warn_memory(asx_text *out, const asx_machine *m, const char *name, double kb,
                        double width)
{
    const asx_model *energy = &m->technology->model[ASX_COMPONENT_SRAM][ASX_QUANTITY_ENERGY];
    const asx_model *access = &m->technology->model[ASX_COMPONENT_SRAM][ASX_QUANTITY_ACCESS];
    if (!asx_model_reaches(energy, ASX_COMPONENT_SRAM, kb, width))
        asx_text_add(out, "warning: %s of %g kB x %g bits is EXTRAPOLATED beyond the rows\n", name,
                     kb, width);
    else if (access->n_terms > 0) {
        double ns = asx_model_value(access, ASX_COMPONENT_SRAM, ASX_QUANTITY_ACCESS, kb, width);
        if (ns > m->cycle_ns)
            asx_text_add(out,
                         "warning: an access to the %s takes %.2f ns, the clock's period is %.4g "
                         "ns: taken as pipelined over %.0f cycles\n",
                         name, ns, m->cycle_ns, ceil(ns / m->cycle_ns));
    }
}

static void warn_path(asx_text *out, const asx_machine *m, const asx_design *design)
{
    asx_unit all = {0};
    for (size_t i = 0; i < m->work.n_layers; i++) {
        asx_job job;
        asx_job_init(&job, m, &m->work.layer[i], &design->format[i]);
        asx_placements[design->placement]->unit(&job.unit, m, &job);
        asx_unit_merge(&all, &job.unit);
    }
    double ns = asx_lane_union_delay_ns(&all.lanes, m->technology, &m->style);
    if (ns > m->cycle_ns)
        asx_text_add(out,
                     "warning: the longest path of this array's lanes takes %.2f ns, the clock's "
                     "period is %.4g ns: taken as %.0f pipeline stages, whose registers are not "
                     "counted\n",
                     ns, m->cycle_ns, ceil(ns / m->cycle_ns));
}

void asx_machine_warnings(asx_text *out, const asx_machine *machine, const asx_design *design)
{
    const asx_machine *m = machine;
    bool shared = design->placement == ASX_PLACEMENT_VN;
    if (m->prices && !asx_placements[design->placement]->on_bitlines) {
        warn_words(out, m, design);
        warn_path(out, m, design);
    }
    warn_memory(out, m, shared ? "weight memory" : "weight sub-array",
                shared ? m->weight_kb : m->subarray_kb, shared ? m->bus_bits : m->subarray_columns);
    warn_memory(out, m, "activation memory", m->activation_kb, m->bus_bits);
}
