/* Machines: parameters, sizes that follow from them, and the reference everything is quoted
 * against.
 */
#include "hwmodel/machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "machine_private.h"
#include "plan.h"
#include "technology_private.h"

const asx_param_spec asx_machine_params[] = {
    {"lanes", true, 256, 1, 65536, "", "multiply-accumulate lanes of the array"},
    {"columns", true, 16, 1, 4096, "", "output channels worked at once; divides lanes"},
    {"lanes_per_bank", true, 4, 1, 4096, "", "lanes of a row that share a pre-computer bank"},
    {"stripe", true, 32, 1, 65536, "pixels", "vn: output pixels per load of a weight"},
    {"hold", true, 8, 1, 256, "pixels", "near: output pixels per read of a weight"},
    {"weight_kb", false, 0, 0, 65536, "kB",
     "on-chip weight memory; 0: what 8-bit weights need, as far as the technology's tables reach"},
    {"activation_kb", false, 0, 0, 65536, "kB",
     "on-chip activation memory; 0: the largest layer's input and output at 8 bits, likewise; mapping: "
     "and what waits to be added at 16 bits"},
    {"subarray_rows", true, 256, 16, 4096, "", "rows of a weight sub-array"},
    {"subarray_columns", true, 128, 8, 4096, "bits", "columns of a weight sub-array"},
    {"segment_rows", true, 32, 1, 4096, "", "in: cells on a local bit-line"},
    {"bus_bits", true, 128, 8, 4096, "bits", "width of shared memories and of the bus"},
    {"bus_mm", false, 0, 0, 100, "mm",
     "length of the bus; 0: the side of a square that holds the on-chip memories"},
    {"off_chip_bits", false, 32, 0.01, 4096, "bits/cycle", "bandwidth of off-chip memory"},
    {"clock_mhz", false, 500, 1, 10000, "MHz", "clock"},
    {"extrapolate", true, 0, 0, 1, "",
     "words and memories beyond the technology's rows: refused (0) or extrapolated and marked (1)"},
    {"line_buffer", true, 2, 0, 2, "",
     "activations are read once per tile of columns into a buffer of as many lines as the largest "
     "kernel has (1), or once per kernel position (0); 2: the former where mapping is free"},
    {"select_shift", true, 0, 0, 1, "",
     "alphabet set lanes select an alphabet and then shift (1) or select all values at once (0)"},
    {"booth", true, 0, 0, 1, "", "exact multipliers after Booth (1) or Baugh and Wooley (0)"},
    {"simple_gates", true, 0, 0, 1, "",
     "arithmetic of simple gates (1) or of the library's full-adder cells (0)"},
    {"weight_sigma", false, .3, .01, 2, "",
     "operands: sigma of Gaussian weights, as a share of the largest"},
    {"activation_sigma", false, .125, .01, 2, "",
     "operands: sigma of half-normal activations, as a share of the largest"},
    {"zero_activations", false, 0, 0, .99, "", "operands: share of activations that are 0 besides"},
    {"uniform", true, 0, 0, 1, "", "operands: uniform instead (1), as in worst-case figures"},
    {"mapping", true, 1, 0, 3, "fixed|energy|latency|energy_delay",
     "dataflow of every layer: the placement's own (fixed), or the best of a set that all placements "
     "choose from, by what is named"},
    {"weight_buffer_kb", false, 1, 0, 64, "kB",
     "mapping: buffer of weights beside each group of lanes as large as a sub-array's, built where "
     "used; 0: none"},
    {"sum_memory", true, 1, 0, 1, "",
     "mapping: sums of as many pixels as a stripe has may wait in a memory (1), or only in registers "
     "(0)"},
    {"lanes_per_subarray", true, 0, 0, 4096, "",
     "mapping: lanes next to a sub-array; 0: as many 8-bit weights as a row of it has"},
    {"wire_factor", false, 1, 0, 100, "",
     "mapping: lengths of broadcast and of sums across sub-arrays, as a multiple of the floorplan's"},
    {"pipeline", true, 1, 0, 1, "",
     "mapping: lanes slower than the clock have pipeline registers (1), or they are free (0)"},
    {"power_gating", true, 1, 0, 1, "",
     "mapping: lanes at sub-arrays that are not working leak nothing (1), or all do (0)"},
    {"gate_zeros", true, 0, 0, 1, "",
     "mapping: lanes keep their operands where the activation is 0 (1): gates and detectors are paid for"},
    {"scale_bits", true, 16, 0, 32, "bits",
     "mapping: factor that scales a sum to an output; 0: powers of two"},
    {"stream_kb", false, 4, 1, 1024, "kB",
     "mapping: double buffer for weights from off chip, built where they do not fit"},
    {"encode", true, 1, 0, 2, "",
     "store words under alphabet sets plain (0), with a code per digit (1) or one per word (2)"},
    {0},
};

/* A size that the machine chooses: at least the smallest memory in the tables, at most the largest.
 */
static double auto_kb(const asx_technology *technology, double bits)
{
    const asx_model *sram = &technology->model[ASX_COMPONENT_SRAM][ASX_QUANTITY_ENERGY];
    return fmin(fmax(ceil(bits / 8192), sram->low[0]), sram->high[0]);
}

/* @param held  with the feature maps that wait for an addition */
static double largest_layer_bits(const asx_workload *work, bool held)
{
    double most = 0;
    for (size_t i = 0; i < work->n_layers; i++) {
        const asx_layer *layer = &work->layer[i];
        const double wide = held ? ASX_WIDE_BITS * (double)layer->other.held : 0;
        most = fmax(most, wide + 8 * ((double)asx_layer_n_inputs(layer) +
                                      (double)asx_layer_n_outputs(layer)));
    }
    return most;
}

static double most_lines_bits(const asx_workload *work)
{
    double most = 0;
    for (size_t i = 0; i < work->n_layers; i++) {
        const asx_layer *layer = &work->layer[i];
        most = fmax(most, 8. * (double)layer->kernel_h * (double)layer->in_w * (double)layer->in_c);
    }
    return most;
}

static double all_weights_bits(const asx_workload *work)
{
    double sum = 0;
    for (size_t i = 0; i < work->n_layers; i++)
        sum += 8 * (double)asx_layer_n_weights(&work->layer[i]);
    return sum;
}

/* A size beyond the tables is found here and not in a cost. */
static void check_size(const asx_price *price, double kb, unsigned width)
{
    (void)asx_price_of(price, ASX_COMPONENT_SRAM, kb, width);
}

static asx_status set_sizes(asx_machine *m, asx_error *err)
{
    asx_fault fault = {0};
    asx_price area = {m->technology, ASX_QUANTITY_AREA, &fault, m->extrapolate};
    if (m->weight_kb <= 0)
        m->weight_kb = auto_kb(m->technology, all_weights_bits(&m->work));
    if (m->activation_kb <= 0)
        m->activation_kb =
            auto_kb(m->technology, largest_layer_bits(&m->work, m->mapping != ASX_MAP_FIXED));
    m->buffer_kb = auto_kb(m->technology, most_lines_bits(&m->work));
    m->subarray_kb = (double)m->subarray_rows * m->subarray_columns / 8192;
    if (m->mapping != ASX_MAP_FIXED)
        m->weight_kb = m->subarray_kb * ceil(m->weight_kb / m->subarray_kb);
    m->sum_kb = fmax(1, (double)m->stripe * m->columns * 32 / 8192);
    double um2 = asx_price_of(&area, ASX_COMPONENT_SRAM, m->weight_kb, m->bus_bits) +
                 asx_price_of(&area, ASX_COMPONENT_SRAM, m->activation_kb, m->bus_bits);
    check_size(&area, m->sum_kb, m->bus_bits);
    check_size(&area, m->subarray_kb, m->subarray_columns);
    if (m->bus_mm <= 0)
        m->bus_mm = 1e-3 * sqrt(um2);
    return asx_fault_check(&fault, m->technology, err);
}

static void set_params(asx_machine *m)
{
    const asx_params *p = &m->params;
    m->lanes = (unsigned)asx_params_get(p, "lanes");
    m->columns = (unsigned)asx_params_get(p, "columns");
    m->lanes_per_bank = (unsigned)asx_params_get(p, "lanes_per_bank");
    m->stripe = (unsigned)asx_params_get(p, "stripe");
    m->hold = (unsigned)asx_params_get(p, "hold");
    m->weight_kb = asx_params_get(p, "weight_kb");
    m->activation_kb = asx_params_get(p, "activation_kb");
    m->subarray_rows = (unsigned)asx_params_get(p, "subarray_rows");
    m->subarray_columns = (unsigned)asx_params_get(p, "subarray_columns");
    m->segment_rows = (unsigned)asx_params_get(p, "segment_rows");
    m->bus_bits = (unsigned)asx_params_get(p, "bus_bits");
    m->bus_mm = asx_params_get(p, "bus_mm");
    m->off_chip_bits = asx_params_get(p, "off_chip_bits");
    m->cycle_ns = 1000 / asx_params_get(p, "clock_mhz");
    m->extrapolate = asx_params_get(p, "extrapolate") > 0;
    m->mapping = (unsigned)asx_params_get(p, "mapping");
    const double line_buffer = asx_params_get(p, "line_buffer");
    m->line_buffer = line_buffer > 1 ? m->mapping != ASX_MAP_FIXED : line_buffer > 0;
    m->weight_buffer_kb = asx_params_get(p, "weight_buffer_kb");
    m->sum_memory = asx_params_get(p, "sum_memory") > 0;
    m->lanes_per_subarray = (unsigned)asx_params_get(p, "lanes_per_subarray");
    m->wire_factor = asx_params_get(p, "wire_factor");
    m->pipeline = asx_params_get(p, "pipeline") > 0;
    m->power_gating = asx_params_get(p, "power_gating") > 0;
    m->gate_zeros = asx_params_get(p, "gate_zeros") > 0 && m->mapping != ASX_MAP_FIXED;
    m->scale_bits = (unsigned)asx_params_get(p, "scale_bits");
    m->stream_kb = asx_params_get(p, "stream_kb");
    m->coding = (asx_coding)asx_params_get(p, "encode");
    m->style = (asx_lane_style){
        .asm_family =
            asx_params_get(p, "select_shift") > 0 ? ASX_FAMILY_SELECT_SHIFT : ASX_FAMILY_FLAT,
        .exact_family = asx_params_get(p, "booth") > 0 ? ASX_FAMILY_BOOTH : ASX_FAMILY_BAUGH_WOOLEY,
        .mapping =
            asx_params_get(p, "simple_gates") > 0 ? ASX_MAPPING_GATES : ASX_MAPPING_FULL_ADDERS,
        .lanes_per_bank = m->lanes_per_bank,
        .operands = {.uniform = asx_params_get(p, "uniform") > 0,
                     .weight_sigma = asx_params_get(p, "weight_sigma"),
                     .activation_sigma = asx_params_get(p, "activation_sigma"),
                     .zero = asx_params_get(p, "zero_activations"),
                     .gated = m->gate_zeros}};
}

/* Lanes are priced by terms where the technology gives any. */
static asx_status set_lanes(asx_machine *m, asx_error *err)
{
    bool given = false;
    for (size_t f = 0; f < ASX_N_FAMILIES; f++)
        for (size_t i = 0; i < ASX_N_MAPPINGS; i++)
            given = given || m->technology->arithmetic.terms[f][i][ASX_MEASURE_ENERGY].given;
    if (!given)
        return ASX_OK;
    asx_status status = asx_lane_style_check(&m->style, m->technology, err);
    return status == ASX_OK ? asx_lane_prices_new(&m->prices, m->technology, &m->style, err)
                            : status;
}

/* What free mapping needs: lengths of wires, what moving a bit costs, plans. The weight memory is
 * whole sub-arrays. */
static asx_status set_mapping(asx_machine *m, asx_error *err)
{
    if (m->mapping == ASX_MAP_FIXED)
        return ASX_OK;
    asx_status status = asx_floorplan_init(&m->floorplan, m, err);
    for (int p = 0; status == ASX_OK && p < ASX_N_PLACEMENTS; p++)
        status = asx_rates_init(&m->rate[p], m, (asx_placement)p, err);
    return status == ASX_OK ? asx_plans_new(&m->plans, err) : status;
}

/* The record of what is in force: sizes that were chosen here take the place of their 0. */
static void record_sizes(asx_machine *m)
{
    for (size_t i = 0; asx_machine_params[i].name; i++) {
        const char *name = asx_machine_params[i].name;
        if (strcmp(name, "weight_kb") == 0)
            m->params.value[i] = m->weight_kb;
        else if (strcmp(name, "activation_kb") == 0)
            m->params.value[i] = m->activation_kb;
        else if (strcmp(name, "bus_mm") == 0)
            m->params.value[i] = m->bus_mm;
        else if (strcmp(name, "line_buffer") == 0)
            m->params.value[i] = m->line_buffer;
    }
}

static asx_status check(const asx_machine *m, asx_error *err)
{
    if (m->work.n_layers == 0)
        return asx_fail(err, ASX_EINVAL, "network '%s' has no layers", m->work.name);
    if (m->lanes % m->columns != 0)
        return asx_fail(err, ASX_EINVAL, "parameter 'columns': %u does not divide 'lanes' %u",
                        m->columns, m->lanes);
    if (m->columns % m->lanes_per_bank != 0)
        return asx_fail(err, ASX_EINVAL,
                        "parameter 'lanes_per_bank': %u does not divide 'columns' %u",
                        m->lanes_per_bank, m->columns);
    if (m->subarray_rows % m->segment_rows != 0)
        return asx_fail(err, ASX_EINVAL,
                        "parameter 'segment_rows': %u does not divide 'subarray_rows' %u",
                        m->segment_rows, m->subarray_rows);
    return ASX_OK;
}

asx_status asx_machine_new(asx_machine **out, const asx_technology *technology,
                           const asx_workload *work, const asx_params *params, asx_error *err)
{
    asx_machine *m = asx_array_new(1, sizeof *m);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "no memory for a machine");
    m->technology = technology;
    asx_status status = asx_workload_copy(&m->work, work, err);
    if (status != ASX_OK) {
        free(m);
        return status;
    }
    if (params)
        m->params = *params;
    else
        asx_params_init(&m->params, asx_machine_params);
    set_params(m);
    status = check(m, err);
    if (status == ASX_OK) {
        m->depth = m->lanes / m->columns;
        status = set_sizes(m, err);
    }
    if (status == ASX_OK)
        status = set_lanes(m, err);
    if (status == ASX_OK)
        status = set_mapping(m, err);
    if (status != ASX_OK) {
        asx_machine_free(m);
        return status;
    }
    record_sizes(m);
    *out = m;
    return ASX_OK;
}

void asx_machine_free(asx_machine *machine)
{
    if (!machine)
        return;
    asx_plans_free(machine->plans);
    asx_lane_prices_free(machine->prices);
    asx_workload_fini(&machine->work);
    free(machine);
}

const asx_params *asx_machine_params_of(const asx_machine *machine)
{
    return &machine->params;
}

const asx_workload *asx_machine_workload(const asx_machine *machine)
{
    return &machine->work;
}
