/* What a reader of a cost must know: figures beyond the technology's rows, and paths and memories
 * that are slower than the clock. */
#include "hwmodel/warnings.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/menu.h"
#include "dse/word_kind.h"
#include "machine_private.h"
#include "plan.h"
#include "technology_private.h"

/* A list that grows; a failed allocation is remembered. */
typedef struct list {
    asx_warnings all;
    size_t capacity;
    bool failed;
} list;

ASX_PRINTF(3, 4)
static void warn(list *out, asx_warning_kind kind, const char *format, ...)
{
    if (out->all.n == out->capacity) {
        const size_t capacity = out->capacity > 0 ? 2 * out->capacity : 4;
        asx_warning *more = asx_array_new(capacity, sizeof *more);
        if (!more) {
            out->failed = true;
            return;
        }
        for (size_t i = 0; i < out->all.n; i++)
            more[i] = out->all.list[i];
        free(out->all.list);
        out->all.list = more;
        out->capacity = capacity;
    }
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, format, args);
    char *text = asx_array_new((size_t)n + 1, 1);
    if (text) {
        vsnprintf(text, (size_t)n + 1, format, again);
        out->all.list[out->all.n++] = (asx_warning){kind, text};
    }
    out->failed = out->failed || !text;
    va_end(again);
    va_end(args);
}

static void warn_words(list *out, const asx_machine *m, const asx_design *design)
{
    for (size_t i = 0; i < m->work.n_layers; i++) {
        const asx_terms_range *range;
        unsigned bits;
        asx_job job;
        asx_job_init(&job, m, &m->work.layer[i], &design->format[i]);
        const char *beyond =
            asx_lane_beyond(&range, &bits, &job.weight, &job.activation, m->technology, &m->style);
        if (beyond)
            warn(out, ASX_WARNING_EXTRAPOLATED,
                 "layer '%s': %s of %u bits are EXTRAPOLATED from %u to %u bits",
                 m->work.layer[i].name, beyond, bits, range->low, range->high);
        const unsigned digit =
            asx_word_is_plain(&job.weight) ? 0 : asx_word_digit_bits(&job.weight, 0);
        if (design->format[i].weight.kind == ASX_WORD_VALUES)
            warn(out, ASX_WARNING_EXTRAPOLATED,
                 "layer '%s': the look-up of its values is EXTRAPOLATED: a gate a code and half of "
                 "them a bit, no gate-level row has one",
                 m->work.layer[i].name);
        if (asx_word_is_menu(&design->format[i].weight))
            warn(out, ASX_WARNING_EXTRAPOLATED,
                 "layer '%s': the decoder of its menu is EXTRAPOLATED: those of its words side by "
                 "side, or a look-up of all their values before a multiplier, no gate-level row "
                 "has one",
                 m->work.layer[i].name);
        if (digit > ASX_DIGIT_WIDTH_DEFAULT)
            warn(out, ASX_WARNING_EXTRAPOLATED,
                 "layer '%s': digits of %u bits are EXTRAPOLATED: no gate-level row has more than "
                 "%d",
                 m->work.layer[i].name, digit, ASX_DIGIT_WIDTH_DEFAULT);
    }
}

/* A memory that is used every cycle. */
static void warn_memory(list *out, const asx_machine *m, const char *name, double kb, double width)
{
    const asx_model *energy = &m->technology->model[ASX_COMPONENT_SRAM][ASX_QUANTITY_ENERGY];
    const asx_model *access = &m->technology->model[ASX_COMPONENT_SRAM][ASX_QUANTITY_ACCESS];
    if (!asx_model_reaches(energy, ASX_COMPONENT_SRAM, kb, width))
        warn(out, ASX_WARNING_EXTRAPOLATED, "%s of %g kB x %g bits is EXTRAPOLATED beyond the rows",
             name, kb, width);
    else if (access->n_terms > 0) {
        double ns = asx_model_value(access, ASX_COMPONENT_SRAM, ASX_QUANTITY_ACCESS, kb, width);
        if (ns > m->cycle_ns)
            warn(out, ASX_WARNING_SLOW_MEMORY,
                 "an access to the %s takes %.2f ns, the clock's period is %.4g ns: taken as "
                 "pipelined over %.0f cycles",
                 name, ns, m->cycle_ns, ceil(ns / m->cycle_ns));
    }
}

static void warn_path(list *out, const asx_machine *m, const asx_design *design)
{
    asx_unit all = {0};
    for (size_t i = 0; i < m->work.n_layers; i++) {
        asx_unit unit;
        if (asx_machine_unit(&unit, m, design->placement, i, &design->format[i], NULL) == ASX_OK)
            asx_unit_merge(&all, &unit);
    }
    double ns = asx_lane_union_delay_ns(&all.lanes, m->technology, &m->style);
    if (ns > m->cycle_ns)
        warn(out, ASX_WARNING_SLOW_PATH,
             "the longest path of this array's lanes takes %.2f ns, the clock's period is %.4g "
             "ns: taken as %.0f pipeline stages, whose registers are not counted",
             ns, m->cycle_ns, ceil(ns / m->cycle_ns));
}

asx_status asx_machine_warnings(asx_warnings *out, const asx_machine *machine,
                                const asx_design *design, asx_error *err)
{
    const asx_machine *m = machine;
    list found = {0};
    bool shared = design->placement == ASX_PLACEMENT_VN;
    const bool lanes = !asx_placements[design->placement]->on_bitlines;
    if (m->prices && (lanes || m->mapping != ASX_MAP_FIXED)) /* in memory are the same columns */
        warn_words(&found, m, design);
    if (m->prices && lanes)
        warn_path(&found, m, design);
    warn_memory(&found, m, shared ? "weight memory" : "weight sub-array",
                shared ? m->weight_kb : m->subarray_kb, shared ? m->bus_bits : m->subarray_columns);
    warn_memory(&found, m, "activation memory", m->activation_kb, m->bus_bits);
    if (found.failed) {
        asx_warnings_fini(&found.all);
        return asx_fail(err, ASX_ENOMEM, "no memory for warnings");
    }
    *out = found.all;
    return ASX_OK;
}

bool asx_warnings_have(const asx_warnings *warnings, asx_warning_kind kind)
{
    for (size_t i = 0; i < warnings->n; i++)
        if (warnings->list[i].kind == kind)
            return true;
    return false;
}

void asx_warnings_fini(asx_warnings *warnings)
{
    if (!warnings)
        return;
    for (size_t i = 0; i < warnings->n; i++)
        free(warnings->list[i].text);
    free(warnings->list);
    *warnings = (asx_warnings){0};
}
