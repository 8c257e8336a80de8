/* Every assumption behind a cost, in lines that a reader can object to. */
#include <string.h>

#include "machine_private.h"
#include "plan.h"
#include "technology_private.h"

static const char from_parameter[] = "parameter";

static void say(asx_text *out, const char *name, double value, const char *unit, const char *source)
{
    asx_text_add(out, "%s = %.4g%s%s (%s)\n", name, value, *unit ? " " : "", unit, source);
}

/* A component at one size, with the source of the fitted row nearest to it. */
static void say_component(asx_text *out, const asx_machine *m, const char *name,
                          asx_component component, asx_quantity quantity, double x, double y)
{
    const asx_technology *tech = m->technology;
    const asx_model *model = &tech->model[component][quantity];
    asx_text_add(out, "%s = ", name);
    bool reaches = asx_model_reaches(model, component, x, y);
    if (!reaches && !m->extrapolate) {
        asx_text_add(out, "beyond the technology's rows\n");
        return;
    }
    asx_text_add(out, "%.4g pJ (%s", asx_model_value(model, component, quantity, x, y),
                 reaches ? "" : "EXTRAPOLATED beyond the rows: ");
    const char *last = "";
    for (size_t i = 0; i < tech->n_rows; i++) {
        const asx_technology_entry *row = &tech->row[i];
        if (row->kind != ASX_ROW_SIZE || row->use > ASX_USE_SCALED || row->component != component ||
            row->quantity != quantity)
            continue;
        const char *source = asx_technology_row_at(tech, i).source;
        if (strcmp(source, last) != 0)
            asx_text_add(out, "%s%s", *last ? "; " : "", source);
        last = source;
    }
    asx_text_add(out, ")\n");
}

static void say_components(asx_text *out, const asx_machine *m)
{
    say_component(out, m, "8 x 8 bit multiply", ASX_COMPONENT_MULTIPLY, ASX_QUANTITY_ENERGY, 8, 8);
    say_component(out, m, "16 bit add", ASX_COMPONENT_ADD, ASX_QUANTITY_ENERGY, 16, 0);
    say_component(out, m, "2:1 multiplexer bit", ASX_COMPONENT_MUX, ASX_QUANTITY_ENERGY, 1, 0);
    say_component(out, m, "gate", ASX_COMPONENT_GATE, ASX_QUANTITY_ENERGY, 1, 0);
    say_component(out, m, "register bit", ASX_COMPONENT_REGISTER, ASX_QUANTITY_ENERGY, 1, 0);
    say_component(out, m, "read of the activation memory", ASX_COMPONENT_SRAM, ASX_QUANTITY_ENERGY,
                  m->activation_kb, m->bus_bits);
    say_component(out, m, "read of a whole weight memory", ASX_COMPONENT_SRAM, ASX_QUANTITY_ENERGY,
                  m->weight_kb, m->bus_bits);
    say_component(out, m, "read of a sub-array's row", ASX_COMPONENT_SRAM, ASX_QUANTITY_ENERGY,
                  m->subarray_kb, m->subarray_columns);
    say_component(out, m, "bit-line evaluation of a segment", ASX_COMPONENT_BITLINE,
                  ASX_QUANTITY_ENERGY, m->segment_rows, 0);
    say_component(out, m, "bus bit over its length", ASX_COMPONENT_WIRE, ASX_QUANTITY_ENERGY,
                  m->bus_mm, 0);
    say_component(out, m, "off-chip bit", ASX_COMPONENT_DRAM, ASX_QUANTITY_ENERGY, 1, 0);
}

static double path_ns(const asx_machine *m, uint64_t set)
{
    asx_lane_union lanes = {0};
    asx_word w = {.bits = 8, .digit_width = ASX_DIGIT_WIDTH_DEFAULT}, x = w;
    w.set = asx_alphabet_set_from_index(set);
    asx_lane_union_add(&lanes, &w, &x, false);
    return asx_lane_union_delay_ns(&lanes, m->technology, &m->style);
}

/* Means over layers, weighted by multiply-accumulates. */
static bool mean_operands(asx_layer_operands *out, const asx_workload *work)
{
    double macs = 0;
    *out = (asx_layer_operands){0};
    for (size_t i = 0; i < work->n_layers; i++) {
        const asx_layer_operands *o = &work->layer[i].operands;
        double n = (double)asx_layer_n_macs(&work->layer[i]);
        if (o->weight_sigma <= 0)
            return false;
        macs += n;
        out->weight_sigma += n * o->weight_sigma;
        out->activation_sigma += n * o->activation_sigma;
        out->zero_activations += n * o->zero_activations;
    }
    out->weight_sigma /= macs;
    out->activation_sigma /= macs;
    out->zero_activations /= macs;
    return true;
}

static void say_operands(asx_text *out, const asx_machine *m)
{
    const asx_operands *o = &m->style.operands;
    asx_layer_operands own;
    if (o->uniform)
        asx_text_add(out, "operands = uniform\n");
    else if (mean_operands(&own, &m->work))
        asx_text_add(out,
                     "operands = each layer's own, as its calibration saw them; on average weights "
                     "spread %.2f and activations %.2f of the largest, %.0f %% zeros besides "
                     "(network)\n",
                     own.weight_sigma, own.activation_sigma, 100 * own.zero_activations);
    else
        asx_text_add(out,
                     "operands = Gaussian weights, sigma %g of the largest; half-normal "
                     "activations, sigma %g of the largest; %g %% zeros besides (parameters)\n",
                     o->weight_sigma, o->activation_sigma, 100 * o->zero);
}

/* What energies of lanes assume about the operands, and which circuits. */
static void say_activity(asx_text *out, const asx_machine *m, asx_placement placement)
{
    if (!m->prices) {
        asx_text_add(out, "activity = as in the sources; operands change every time, zeros are not "
                          "skipped\n");
        return;
    }
    say_operands(out, m);
    if (asx_placements[placement]->on_bitlines) {
        asx_text_add(out, "activity = as in the sources, times what these operands toggle in "
                          "products and sums as a share of uniform ones\n");
        return;
    }
    asx_text_add(out, "lanes = %s and %s, of %s (parameters)\n",
                 m->style.asm_family == ASX_FAMILY_FLAT ? "one selection among all values per digit"
                                                        : "selection of an alphabet, then a shift",
                 m->style.exact_family == ASX_FAMILY_BOOTH ? "Booth multipliers"
                                                           : "Baugh-Wooley multipliers",
                 m->style.mapping == ASX_MAPPING_GATES ? "simple gates" : "full-adder cells");
    if (m->mapping == ASX_MAP_FIXED)
        say(out, "weight held", asx_placements[placement]->hold(m),
            "operations, at most a layer's pixels", "dataflow");
    say(out, "path, 8 x 8 bits exact", path_ns(m, 0), "ns", "model");
    say(out, "path, 8 x 8 bits {1,3,5,7}", path_ns(m, 15), "ns", "model");
}

static const char *const codings[] = {
    [ASX_CODING_PLAIN] = "plain binary",
    [ASX_CODING_DIGITS] = "codes, ceil(log2 |values|) bits per digit",
    [ASX_CODING_WORD] = "codes, ceil(log2 of the product of all digits' |values|) bits per word",
};

static void say_weights(asx_text *out, const asx_machine *m, asx_placement placement)
{
    const asx_floorplan *f = &m->floorplan;
    if (placement == ASX_PLACEMENT_VN)
        asx_text_add(out,
                     "weight memory = %g kB, %u bits wide (one block; reads cost as at this size, "
                     "area and leakage only what the design's weights need)\n",
                     m->weight_kb, m->bus_bits);
    else
        asx_text_add(out,
                     "weight memory = sub-arrays of %u rows x %u columns (%g kB), as many as the "
                     "design's weights need, %g at least, which work together, %g at most\n",
                     m->subarray_rows, m->subarray_columns, m->subarray_kb, f->working,
                     f->subarrays);
    asx_text_add(out,
                 "weight buffer = %g x %g kB beside the lanes, where a layer uses it (parameter)\n",
                 f->working, m->weight_buffer_kb);
    asx_text_add(out, "sums = up to %u registers per column%s, what layers use is built\n", m->hold,
                 m->sum_memory ? ", or a memory" : "");
    if (m->sum_memory)
        asx_text_add(out, "memory of sums = %g kB, %u bits wide, one port\n", m->sum_kb,
                     m->bus_bits);
}

static void say_floorplan(asx_text *out, const asx_machine *m, asx_placement placement)
{
    const asx_floorplan *f = &m->floorplan;
    if (placement == ASX_PLACEMENT_VN) {
        say(out, "side of the array", f->array_mm, "mm",
            "floorplan: lanes for 8-bit words, buffers");
        say(out, "bus length", m->bus_mm, "mm",
            "parameter, or the side of a square of the memories");
        return;
    }
    say(out, "lanes at a sub-array", f->lanes_each, "",
        "parameter, or as many 8-bit weights as a row has; at every sub-array");
    asx_text_add(out, "idle lanes = %s (parameter)\n",
                 m->power_gating ? "cut off from the supply" : "leak");
    say(out, "pitch of sub-arrays", f->pitch_mm, "mm", "floorplan: a sub-array and its lanes");
    asx_text_add(
        out, "a sub-array's lanes = %g rows of the array x %g columns (moves the fewest bits)\n",
        f->rows_each, f->columns_each);
    say(out, "activations travel", f->read_mm[placement], "mm",
        "floorplan: from the middle of the grid's edge to its sub-arrays, on average");
    say(out, "broadcast", f->enter_mm[placement], "mm",
        "floorplan: a tree over the sub-arrays that work together");
    say(out, "sums travel", f->sum_mm[placement], "mm", "floorplan: across sub-arrays");
}

static const char *const aims[] = {"fixed", "energy", "latency", "energy x latency"};

static void say_mapping(asx_text *out, const asx_machine *m, asx_placement placement)
{
    asx_text_add(out,
                 "mapping = every layer's best dataflow and circuit by %s, of the same set for "
                 "every placement (parameter)\n",
                 aims[m->mapping]);
    say_weights(out, m, placement);
    say_floorplan(out, m, placement);
    asx_text_add(out,
                 "activation memory = %g kB, %u bits wide; a tensor is written once, whatever "
                 "reads it, and with %d bits for what is added or pooled later\n",
                 m->activation_kb, m->bus_bits, ASX_WIDE_BITS);
    if (m->line_buffer)
        asx_text_add(out,
                     "line buffer = %g kB, one per group of sub-arrays that work together, where a "
                     "layer uses it\n",
                     m->buffer_kb);
    asx_text_add(
        out, "outputs = scaled by a factor of %u bits (0: powers of two), a scaler per column\n",
        m->scale_bits);
    asx_text_add(
        out,
        "off-chip = the image; weights beyond the weight memory once per inference, "
        "through a double buffer of %g kB; activations beyond theirs out and back; %g bits "
        "a cycle\n",
        m->stream_kb, m->off_chip_bits);
    asx_text_add(out,
                 "latency = the slowest of array, every memory's port and off-chip; layers one "
                 "after the other\n");
    say(out, "leakage, nominal", m->rate[placement].leakage, "pJ a cycle",
        "what a mapping's time is charged with when it is chosen");
    asx_text_add(out, "not counted = clock tree beyond the registers' own clock pins, control\n");
}

static void say_products(asx_text *out, const asx_machine *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->work.n_layers; i++)
        n += m->work.layer[i].kind == ASX_LAYER_PRODUCT;
    if (n > 0)
        asx_text_add(out,
                     "products of two values = %zu layers; the second operand is coded and written "
                     "to the memory of weights over the bus before the array begins, and has a "
                     "place of its own there, which weight_bits counts\n",
                     n);
}

void asx_machine_assumptions(asx_text *out, const asx_machine *machine, asx_placement placement)
{
    const asx_machine *m = machine;
    asx_text_add(out, "technology = %s (%s)%s\n", asx_technology_name(m->technology),
                 asx_technology_summary(m->technology),
                 asx_technology_is_scaled(m->technology) ? "; partly scaled from other nodes" : "");
    say(out, "node", m->technology->node_nm, "nm", "technology");
    say(out, "supply", m->technology->voltage, "V", "technology");
    say(out, "clock", 1000 / m->cycle_ns, "MHz",
        m->mapping != ASX_MAP_FIXED && m->pipeline
            ? "parameter; lanes slower than it have pipeline registers, which are counted"
            : "parameter; lanes slower than it are taken as pipelined, registers for it are not "
              "counted");
    say(out, "lanes", m->lanes, "", from_parameter);
    say(out, "columns", m->columns, "output channels", from_parameter);
    say(out, "depth", m->depth, "products per sum", "lanes / columns");
    say(out, "lanes per bank", m->lanes_per_bank, "", from_parameter);
    asx_text_add(out, "stored words = %s\n", codings[m->coding]);
    say_products(out, m);
    if (m->mapping != ASX_MAP_FIXED) {
        say_mapping(out, m, placement);
        say_activity(out, m, placement);
        say_components(out, m);
        return;
    }
    asx_placements[placement]->assume(out, m);
    asx_text_add(out,
                 "activation memory = %g kB, %u bits wide; a layer writes its input once and reads "
                 "it once per %s\n",
                 m->activation_kb, m->bus_bits,
                 m->line_buffer ? "tile of columns, into a line buffer"
                                : "kernel position and tile of columns (im2col, no line buffer)");
    if (m->line_buffer)
        asx_text_add(out, "line buffer = %g kB, read once per kernel position and tile\n",
                     m->buffer_kb);
    say(out, "bus length", m->bus_mm, "mm", "parameter, or the side of a square of the memories");
    asx_text_add(out,
                 "off-chip = weights beyond the weight memory once per inference, activations "
                 "beyond theirs out and back, %g bits a cycle\n",
                 m->off_chip_bits);
    asx_text_add(out, "latency = the slowest of array, memory ports, bus and off-chip; layers one "
                      "after the other\n");
    say_activity(out, m, placement);
    asx_text_add(out, "not counted = clock tree, control, pooling, biases, scaling of outputs\n");
    say_components(out, m);
}
