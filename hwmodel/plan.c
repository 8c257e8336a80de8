#include "plan.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "memo.h"
#include "plan_price.h"

enum { N_BUCKETS = 1 << 14, HOLD_MAX = 64, HOLDS_MAX = 8 };

typedef struct entry {
    struct entry *next;
    size_t layer;
    asx_placement placement;
    asx_format format;
    asx_plan plan;
} entry;

/* Lists that only grow, at their heads, as those of lanes' prices. */
struct asx_plans {
    asx_memo *units; /* which many plans have in common */
    _Atomic(entry *) bucket[N_BUCKETS];
};

asx_status asx_plans_new(asx_plans **out, asx_error *err)
{
    asx_plans *plans = asx_array_new(1, sizeof *plans);
    if (!plans)
        return asx_fail(err, ASX_ENOMEM, "no memory for plans");
    for (size_t i = 0; i < N_BUCKETS; i++)
        atomic_init(&plans->bucket[i], NULL);
    const asx_status status = asx_memo_new(&plans->units, sizeof(asx_unit), 0, err);
    if (status == ASX_OK)
        *out = plans;
    else
        free(plans);
    return status;
}

void asx_plans_free(asx_plans *plans)
{
    for (size_t i = 0; plans && i < N_BUCKETS; i++)
        for (entry *e = atomic_load(&plans->bucket[i]), *next; e; e = next) {
            next = e->next;
            free(e);
        }
    if (plans)
        asx_memo_free(plans->units);
    free(plans);
}

/* Prices of circuits, by how long a weight is held: dataflows have few lengths. */
typedef struct circuits {
    unsigned hold;
    size_t n;
    asx_plan_circuit list[ASX_PLAN_CIRCUITS_MAX];
} circuits;

typedef struct planner {
    asx_plan_pricing pricing;
    asx_placement placement;
    asx_job job;
    circuits known[HOLDS_MAX];
    size_t n_known;
    const asx_plan_circuit *only; /* the format's circuit; NULL: any */
    double best;                  /* of what the mapping minimises; INFINITY: none yet */
    asx_plan *plan;
} planner;

/* Powers of two: a weight held longer toggles less, by little more than 64 operations. */
static unsigned round_hold(double hold)
{
    unsigned h = 1;
    while (h < HOLD_MAX && 2 * h <= hold)
        h *= 2;
    return h;
}

static asx_status circuits_for(const circuits **out, planner *p, double hold, asx_error *err)
{
    const unsigned h = p->pricing.on_bitlines ? round_hold(p->job.n_pixels) : round_hold(hold);
    for (size_t i = 0; i < p->n_known; i++)
        if (p->known[i].hold == h) {
            *out = &p->known[i];
            return ASX_OK;
        }
    circuits *c = &p->known[p->n_known];
    c->hold = h;
    const asx_machine *m = p->pricing.machine;
    asx_fault fault = {0};
    const asx_price leakage = {m->technology, ASX_QUANTITY_LEAKAGE, &fault, m->extrapolate};
    asx_status status = asx_plan_circuits(c->list, &c->n, m, p->placement, &p->job, h, err);
    for (size_t i = 0; status == ASX_OK && i < c->n; i++) {
        asx_unit unit;
        asx_plan_unit_of(&unit, m, p->placement, &p->job, &c->list[i]);
        c->list[i].leakage = asx_plan_lane_leakage(m, p->placement, &unit, &leakage);
    }
    if (status == ASX_OK)
        status = asx_fault_check(&fault, m->technology, err);
    if (status == ASX_OK) {
        p->n_known++;
        *out = c;
    }
    return status;
}

/* What cannot stay on chip: inputs and outputs beyond their memory go out and come back; where not
 * even the layer's weights fit at once, either its inputs come in again for each part of the
 * weights, or all weights for each part of the inputs. */
static double spill_bits(const asx_machine *m, const asx_job *job)
{
    const double room = 8192 * m->activation_kb, weight_room = 8192 * m->weight_kb;
    const double in = job->n_inputs * job->activation_bits;
    const double held = ASX_WIDE_BITS * (double)job->layer->other.held;
    const double over = fmax(0, in + job->n_outputs * job->activation_bits + held - room);
    const double weights = job->n_weights * job->weight_bits;
    const double weight_parts = ceil(weights / weight_room), input_parts = ceil(in / room);
    const double again = fmin((weight_parts - 1) * fmin(in, over), (input_parts - 1) * weights);
    return over > 0 ? 2 * over + again : 0;
}

static void off_chip_activations(asx_plan *plan, const planner *p)
{
    const asx_machine *m = p->pricing.machine;
    const asx_rates *r = p->pricing.rate;
    plan->spill_bits = spill_bits(m, &p->job);
    if (p->job.layer->other.image)
        plan->image_bits = p->pricing.x_written * p->job.activation_bits;
    plan->cost.energy_part_pj[ASX_PART_OFF_CHIP] +=
        plan->spill_bits * (r->dram + .5 * (r->x_read + r->x_write));
}

static double aim(const asx_machine *m, double energy, double cycles)
{
    switch (m->mapping) {
    case ASX_MAP_LATENCY:
        return cycles * (1 + 1e-18 * energy); /* among equally fast ones the cheapest */
    case ASX_MAP_ENERGY_DELAY:
        return energy * cycles;
    default:
        return energy;
    }
}

static void consider(planner *p, const asx_dataflow *flow, const asx_flow_counts *counts,
                     const asx_plan_circuit *circuit)
{
    double part[ASX_N_PARTS] = {0}, energy = 0;
    const double cycles = asx_plan_cycles(&p->pricing, flow, counts, circuit);
    asx_plan_price(part, &p->pricing, flow, counts, circuit);
    for (asx_part i = 0; i < ASX_N_PARTS; i++)
        energy += part[i];
    const double leakage = p->pricing.rate->leakage + circuit->leakage;
    const double value = aim(p->pricing.machine, energy + cycles * leakage, cycles);
    if (!(value < p->best))
        return;
    p->best = value;
    *p->plan = (asx_plan){.flow = *flow,
                          .counts = *counts,
                          .circuit = *circuit,
                          .busy_cycles = cycles,
                          .n_weights = p->job.n_weights,
                          .x_written = p->pricing.x_written,
                          .weight_bits = p->job.weight_bits,
                          .ways = asx_off_chip_ways(p->job.layer)};
    memcpy(p->plan->cost.energy_part_pj, part, sizeof part);
}

/* The array as this job's words see it. */
static asx_array array_for(const asx_machine *m, asx_placement placement, const asx_job *job)
{
    const asx_floorplan *f = &m->floorplan;
    return (asx_array){
        .rows = m->depth,
        .columns = m->columns,
        .lanes_per_bank = m->lanes_per_bank,
        .registers = m->hold,
        .buffer_words = asx_placements[placement]->on_bitlines
                            ? 0
                            : floor(8192 * m->weight_buffer_kb * f->working / job->weight_bits),
        .spill_words = m->sum_memory ? floor(8192 * m->sum_kb / job->unit.sum_bits) : 0,
        .line = m->line_buffer};
}

/* Circuits of another kind would have to be built beside the format's own. */
static bool is_allowed(const planner *p, const asx_plan_circuit *circuit)
{
    return !p->only ||
           (strcmp(p->only->name, circuit->name) == 0 && p->only->column == circuit->column);
}

static asx_status search(planner *p, asx_error *err)
{
    const asx_machine *m = p->pricing.machine;
    const asx_array array = array_for(m, p->placement, &p->job);
    asx_dataflow *flow = asx_array_new(ASX_DATAFLOWS_MAX, sizeof *flow);
    if (!flow)
        return asx_fail(err, ASX_ENOMEM, "no memory for dataflows");
    const size_t n = asx_dataflow_list(flow, p->job.layer, &array);
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_flow_counts counts;
        const circuits *c = NULL;
        asx_dataflow_count(&counts, p->job.layer, &array, &flow[i]);
        status = circuits_for(&c, p, counts.hold, err);
        for (size_t k = 0; status == ASX_OK && k < c->n; k++)
            if (is_allowed(p, &c->list[k]))
                consider(p, &flow[i], &counts, &c->list[k]);
    }
    free(flow);
    return status;
}

/* What a step costs, as often as there are steps: each reads its weights and waits for the one before. */
static void repeat(asx_plan *plan, double steps)
{
    asx_cost *cost = &plan->cost;
    plan->busy_cycles *= steps;
    plan->image_bits *= steps;
    plan->spill_bits *= steps;
    plan->steps = steps;
    cost->cycles *= steps;
    cost->latency_ns *= steps;
    for (asx_part i = 0; i < ASX_N_PARTS; i++)
        cost->energy_part_pj[i] *= steps;
}

static void complete(asx_plan *plan, const planner *p)
{
    const asx_machine *m = p->pricing.machine;
    asx_cost *cost = &plan->cost;
    off_chip_activations(plan, p);
    plan->utilisation = p->job.n_macs / (m->lanes * plan->busy_cycles);
    cost->cycles =
        ceil(fmax(plan->busy_cycles, (plan->spill_bits + plan->image_bits) / m->off_chip_bits));
    cost->latency_ns = cost->cycles * m->cycle_ns;
    cost->weight_bits = rint(plan->n_weights * plan->weight_bits); /* a menu's tags are shares */
    repeat(plan, (double)asx_layer_n_steps(p->job.layer));
    for (asx_part i = 0; i < ASX_N_PARTS; i++)
        cost->energy_pj += cost->energy_part_pj[i];
}

/* What the array needs for a plan. */
static asx_status set_unit(asx_plan *plan, const planner *p, asx_error *err)
{
    const asx_machine *m = p->pricing.machine;
    asx_unit unit;
    asx_plan_unit_of(&unit, m, p->placement, &p->job, &plan->circuit);
    if (unit.serial && !p->pricing.on_bitlines) { /* beside parallel lanes, if any */
        asx_unit_keep_widest(&unit);
        unit.serial = false;
    }
    unit.hold = plan->counts.registers;
    unit.weight_buffer = plan->flow.buffer;
    unit.line_buffer = plan->flow.line;
    unit.sum_memory = plan->counts.spills > 0;
    if (plan->circuit.gated)
        unit.gate_bits = unit.product_bits;
    unit.pipeline_bits = (unsigned)ceil((plan->circuit.stages - 1) * plan->circuit.cut_bits);
    const void *kept = asx_memo_find(m->plans->units, &unit);
    const asx_status status =
        kept ? ASX_OK : asx_memo_keep(&kept, m->plans->units, &unit, NULL, err);
    plan->unit = kept;
    return status;
}

static double adding_price(const asx_price *energy)
{
    return asx_price_of(energy, ASX_COMPONENT_ADD, ASX_WIDE_BITS, 0) +
           asx_price_of(energy, ASX_COMPONENT_REGISTER, ASX_WIDE_BITS, 0);
}

/* The first of those with the most products: a format's circuit is what runs it best. */
static size_t largest_layer(const asx_workload *work)
{
    size_t largest = 0;
    for (size_t i = 1; i < work->n_layers; i++)
        if (asx_layer_n_macs(&work->layer[i]) > asx_layer_n_macs(&work->layer[largest]))
            largest = i;
    return largest;
}

/* @param out  written on success */
static asx_status make_plan(asx_plan *out, const asx_machine *m, asx_placement placement,
                            size_t layer, const asx_format *format, asx_error *err)
{
    asx_plan plan = {0};
    asx_fault fault = {0};
    const asx_price energy = {m->technology, ASX_QUANTITY_ENERGY, &fault, m->extrapolate};
    planner p = {.placement = placement, .best = INFINITY, .plan = &plan};
    asx_job_init(&p.job, m, &m->work.layer[layer], format);
    const size_t readers = p.job.layer->other.readers > 1 ? p.job.layer->other.readers : 1;
    p.pricing =
        (asx_plan_pricing){.machine = m,
                           .rate = &m->rate[placement],
                           .job = &p.job,
                           .on_bitlines = asx_placements[placement]->on_bitlines,
                           .x_written = p.job.n_inputs / (double)readers,
                           .adding_pj = adding_price(&energy),
                           .scaling_pj = asx_scaling_price(p.job.unit.sum_bits, m, &energy)};
    asx_status status = asx_job_check(p.job.layer, format, err);
    if (status == ASX_OK)
        status = asx_fault_check(&fault, m->technology, err);
    if (status == ASX_OK && m->prices && !p.pricing.on_bitlines)
        status = asx_machine_check_reach(m, &p.job, err);
    const size_t largest = largest_layer(&m->work);
    const asx_plan *of_largest = NULL;
    if (status == ASX_OK && layer != largest)
        status = asx_plan_get(&of_largest, m, placement, largest, format, err);
    if (of_largest)
        p.only = &of_largest->circuit;
    if (status == ASX_OK)
        status = search(&p, err);
    if (status == ASX_OK)
        status = set_unit(&plan, &p, err);
    if (status == ASX_OK) {
        complete(&plan, &p);
        *out = plan;
    }
    return status;
}

static size_t bucket_of(size_t layer, asx_placement placement, const asx_format *format)
{
    uint64_t h = layer * 4 + (uint64_t)placement;
    const asx_word *const word[] = {&format->weight, &format->activation};
    for (int i = 0; i < 2; i++) {
        h = (h ^ word[i]->set.odd[0]) * 0x9e3779b97f4a7c15u ^ word[i]->set.odd[1];
        h = (h ^ word[i]->bits ^ asx_word_shape(word[i]) << 8) * 0xbf58476d1ce4e5b9u;
        h ^= h >> 29;
    }
    return (size_t)(h >> 32) % N_BUCKETS;
}

static const entry *find(const entry *list, size_t layer, asx_placement placement,
                         const asx_format *format)
{
    for (; list; list = list->next)
        if (list->layer == layer && list->placement == placement &&
            asx_word_equal(&list->format.weight, &format->weight) &&
            asx_word_equal(&list->format.activation, &format->activation))
            return list;
    return NULL;
}

asx_status asx_plan_get(const asx_plan **out, const asx_machine *machine, asx_placement placement,
                        size_t layer, const asx_format *format, asx_error *err)
{
    _Atomic(entry *) *bucket = &machine->plans->bucket[bucket_of(layer, placement, format)];
    entry *head = atomic_load(bucket);
    const entry *known = find(head, layer, placement, format);
    if (known) {
        *out = &known->plan;
        return ASX_OK;
    }
    entry *made = asx_array_new(1, sizeof *made);
    if (!made)
        return asx_fail(err, ASX_ENOMEM, "no memory for a plan");
    made->layer = layer;
    made->placement = placement;
    made->format = *format;
    const asx_status status = make_plan(&made->plan, machine, placement, layer, format, err);
    if (status != ASX_OK) {
        free(made);
        return status;
    }
    do {
        known = find(head, layer, placement, format); /* another thread may have been faster */
        made->next = head;
    } while (!known && !atomic_compare_exchange_weak(bucket, &head, made));
    if (known)
        free(made);
    *out = known ? &known->plan : &made->plan;
    return ASX_OK;
}

asx_status asx_plan_cost(asx_cost *out, const asx_plan *plan, const asx_machine *machine,
                         double off_chip, asx_error *err)
{
    asx_cost cost = plan->cost;
    if (off_chip > 0) {
        double pj = 0;
        const asx_status status = asx_machine_off_chip_pj(&pj, machine, err);
        if (status != ASX_OK)
            return status;
        const double bits = off_chip * plan->ways * plan->steps * cost.weight_bits;
        cost.energy_part_pj[ASX_PART_OFF_CHIP] += bits * pj;
        cost.energy_pj += bits * pj;
        cost.cycles = ceil(fmax(plan->busy_cycles, (plan->spill_bits + plan->image_bits + bits) /
                                                       machine->off_chip_bits));
        cost.latency_ns = cost.cycles * machine->cycle_ns;
    }
    *out = cost;
    return ASX_OK;
}
