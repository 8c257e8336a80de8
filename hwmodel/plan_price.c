/* Prices of a plan: energies and cycles of one dataflow with one circuit, and what the machine that
 * runs all plans takes in area and leakage.
 *
 *   energy = products, tree, sums and banks of the circuit, pipeline registers
 *          + weights: memory -> bus -> [buffer ->] lanes
 *          + activations: memory -> [line buffer ->] rows -> broadcast to lanes; the layer's input
 *            was written once, by the layer before it
 *          + a product's second operand: as words into the memory of weights, before anything else
 *          + sums: their registers, their memory, their way across sub-arrays, scaling to outputs
 *   cycles = the largest of the array's and of each memory's port, behind that writing */
#include "plan_price.h"

#include <math.h>

#include "dse/number.h"
static void add_array(double *part, const asx_plan_pricing *p, const asx_flow_counts *c,
                      const asx_plan_circuit *k)
{
    const asx_job *job = p->job;
    const double macs = job->n_macs, sum_bits = job->unit.sum_bits;
    for (asx_part i = 0; i < ASX_N_PARTS; i++)
        part[i] += macs * k->mac[i] + (macs - c->sums) * k->tree[i] + c->sums * k->sum[i] +
                   c->bank_uses * k->bank[i];
    /* one of the column's sums is chosen, shifted to the pass's place, and latched */
    const double latches = c->sums * k->passes * sum_bits;
    part[ASX_PART_ACCUMULATE] += latches * (p->rate->reg + (c->registers - 1) * p->rate->mux) +
                                 macs * k->passes * (k->stages - 1) * k->cut_bits * p->rate->reg;
    part[ASX_PART_SHIFT] += latches * asx_log2_ceil(k->passes) * p->rate->mux;
    if (!p->on_bitlines)
        return;
    part[ASX_PART_DECODE] += macs * job->unit.w_codes * p->rate->gate;
    part[ASX_PART_WEIGHT_READ] += c->w_loads * job->tag_bits * (p->rate->tag_read + p->rate->reg);
}

/* Each row of the array finds out whether its activation is 0, keeps its register then, and tells its
 * lanes, which let their products through or not. A gate's price is that of data which change every
 * other time. */
static void add_gates(double *part, const asx_plan_pricing *p, const asx_flow_counts *c,
                      const asx_plan_circuit *k)
{
    const asx_rates *r = p->rate;
    const double bits = p->job->unit.x_bits;
    if (!k->gated)
        return;
    part[ASX_PART_DECODE] += c->x_loads * ((bits - 1) * r->gate + r->reg);
    part[ASX_PART_WIRE] += c->x_loads * r->enter_wire;
    part[ASX_PART_ACCUMULATE] -= c->x_loads * bits * k->idle * r->reg;
    part[ASX_PART_ADD] += p->job->n_macs * 2 * k->masked * r->gate;
}

static void add_weights(double *part, const asx_plan_pricing *p, const asx_dataflow *flow,
                        const asx_flow_counts *c)
{
    const asx_job *job = p->job;
    const asx_rates *r = p->rate;
    if (p->on_bitlines)
        return;
    part[ASX_PART_WEIGHT_READ] +=
        c->w_reads * job->weight_bits * r->w_read + c->w_loads * job->weight_bits * r->reg;
    part[ASX_PART_DECODE] += c->w_loads * job->unit.w_codes * r->gate;
    part[ASX_PART_WIRE] += c->w_reads * job->weight_bits * r->w_wire;
    if (flow->buffer)
        part[ASX_PART_WEIGHT_READ] += c->w_reads * job->weight_bits * r->buffer_write +
                                      c->buffer_reads * job->weight_bits * r->buffer_read;
}

static double second_bits(const asx_job *job)
{
    return job->layer->kind == ASX_LAYER_PRODUCT ? job->n_weights * job->weight_bits : 0;
}

/* Values that are weights for one image: coded, brought to their memory, written. */
static void add_second(double *part, const asx_plan_pricing *p)
{
    const asx_rates *r = p->rate;
    const double bits = second_bits(p->job);
    part[ASX_PART_ACTIVATION_WRITE] += bits * r->w_write;
    part[ASX_PART_WIRE] += bits * r->write_wire;
    if (bits > 0)
        part[ASX_PART_DECODE] += p->job->n_weights * p->job->unit.w_codes * r->gate;
}

static void add_activations(double *part, const asx_plan_pricing *p, const asx_dataflow *flow,
                            const asx_flow_counts *c)
{
    const asx_job *job = p->job;
    const asx_rates *r = p->rate;
    const double bits = job->activation_bits, x_bits = job->unit.x_bits;
    const double read = c->x_reads * bits, written = p->x_written * bits;
    part[ASX_PART_ACTIVATION_READ] += read * r->x_read;
    if (flow->line)
        part[ASX_PART_ACTIVATION_READ] +=
            read * r->line_write + c->line_reads * bits * r->line_read;
    part[ASX_PART_ACTIVATION_READ] +=
        c->aligned * x_bits * asx_log2_ceil(flow->unrolling.rows) * r->mux;
    part[ASX_PART_ACTIVATION_WRITE] += written * r->x_write;
    part[ASX_PART_DECODE] += (c->x_loads + p->x_written) * job->unit.x_values * r->gate;
    part[ASX_PART_ACCUMULATE] += c->x_loads * x_bits * r->reg;
    part[ASX_PART_WIRE] +=
        read * r->read_wire + c->x_loads * x_bits * r->enter_wire + written * r->write_wire;
}

static void add_sums(double *part, const asx_plan_pricing *p, const asx_flow_counts *c)
{
    const double bits = p->job->unit.sum_bits;
    part[ASX_PART_PARTIAL_SUM] += c->spills * bits * (p->rate->sum_read + p->rate->sum_write);
    part[ASX_PART_WIRE] += c->sums * bits * p->rate->sum_wire;
    part[ASX_PART_SCALE] += p->job->n_outputs * p->scaling_pj;
}

enum { BIAS_BITS = 32 };

/* Feature maps that are added or pooled, with their 16 bits; factors and biases of the output
 * channels; the image. */
static void add_other(double *part, const asx_plan_pricing *p)
{
    const asx_layer *layer = p->job->layer;
    const asx_layer_other *o = &layer->other;
    const asx_rates *r = p->rate;
    const double share = 1 / (double)asx_layer_n_steps(layer); /* all of it is of all steps */
    const double written = share * ASX_WIDE_BITS * (double)o->wide_writes;
    const double read = share * ASX_WIDE_BITS * (double)o->wide_reads;
    part[ASX_PART_RESIDUAL] += share * (double)(o->added + o->pooled) * p->adding_pj;
    /* a product of two values costs a requantisation's multiplication, and its addition */
    part[ASX_PART_RESIDUAL] += (double)o->products * (p->scaling_pj + p->adding_pj);
    part[ASX_PART_ACTIVATION_WRITE] += written * r->x_write;
    part[ASX_PART_ACTIVATION_READ] += read * r->x_read;
    part[ASX_PART_WIRE] += written * r->write_wire + read * r->read_wire;
    if (layer->kind != ASX_LAYER_PRODUCT) /* which has one factor and no bias */
        part[ASX_PART_SCALE] +=
            (double)layer->out_c * (BIAS_BITS + p->machine->scale_bits) * r->x_read;
    if (o->image)
        part[ASX_PART_OFF_CHIP] += p->x_written * p->job->activation_bits * r->dram;
}

static double array_cycles(const asx_plan_pricing *p, const asx_dataflow *flow,
                           const asx_flow_counts *c, const asx_plan_circuit *k)
{
    const asx_job *job = p->job;
    const asx_rates *r = p->rate;
    double cycles = c->steps * k->passes;
    const asx_layer_other *o = &job->layer->other;
    const double wide = ASX_WIDE_BITS * (double)(o->wide_writes + o->wide_reads) /
                        (double)asx_layer_n_steps(job->layer);
    cycles = fmax(cycles, ((c->x_reads + p->x_written) * job->activation_bits + wide) / r->x_port);
    cycles = fmax(cycles, c->line_reads * job->activation_bits / r->x_port);
    cycles = fmax(cycles, 2 * c->spills * job->unit.sum_bits / r->sum_port);
    if (p->on_bitlines)
        return cycles;
    cycles = fmax(cycles, c->w_reads * job->weight_bits / r->w_port);
    if (flow->buffer)
        cycles = fmax(cycles, (c->w_reads + c->buffer_reads) * job->weight_bits / r->buffer_port);
    return cycles;
}

double asx_plan_cycles(const asx_plan_pricing *p, const asx_dataflow *flow,
                       const asx_flow_counts *c, const asx_plan_circuit *k)
{
    return second_bits(p->job) / p->rate->x_port + array_cycles(p, flow, c, k);
}

void asx_plan_price(double *part, const asx_plan_pricing *p, const asx_dataflow *flow,
                    const asx_flow_counts *c, const asx_plan_circuit *k)
{
    add_array(part, p, c, k);
    add_gates(part, p, c, k);
    add_weights(part, p, flow, c);
    add_second(part, p);
    add_activations(part, p, flow, c);
    add_sums(part, p, c);
    add_other(part, p);
}
