/* What one layer does on the array.
 *
 * The array takes a tile of depth x columns weights at a time: `depth` products of one sum and
 * `columns` output channels; every activation that enters serves all columns, and is read anew for
 * each kernel position and each tile of output channels (im2col, no line buffer). Groups are worked
 * one after the other, so a depthwise layer uses one column. */
#include <math.h>

#include "machine_private.h"

static double tiles(size_t n, unsigned size)
{
    return (double)((n + size - 1) / size);
}

void asx_job_init(asx_job *out, const asx_machine *machine, const asx_layer *layer,
                  const asx_format *format)
{
    size_t depth = asx_layer_depth(layer), channels = layer->out_c / layer->groups;
    double groups = (double)layer->groups, pixels = (double)layer->out_h * (double)layer->out_w;
    double rest = (double)(channels % machine->columns);
    double banks =
        (double)(channels / machine->columns) * tiles(machine->columns, machine->lanes_per_bank) +
        ceil(rest / machine->lanes_per_bank);
    asx_job job = {
        .layer = layer,
        .weight = format->weight,
        .activation = asx_format_activation(format, layer->input_non_negative),
        .n_macs = (double)asx_layer_n_macs(layer),
        .n_weights = (double)asx_layer_n_weights(layer),
        .n_inputs = (double)asx_layer_n_inputs(layer),
        .n_outputs = (double)asx_layer_n_outputs(layer),
        .n_pixels = pixels,
        .x_uses = groups * pixels * (double)depth * tiles(channels, machine->columns),
        .bank_uses = groups * pixels * (double)depth * banks,
        .column_uses = groups * pixels * (double)channels * tiles(depth, machine->depth),
        .steps = groups * pixels * tiles(depth, machine->depth) * tiles(channels, machine->columns),
    };
    job.weight_bits = machine->encode ? asx_word_code_bits(&job.weight) : job.weight.bits;
    job.activation_bits =
        machine->encode ? asx_word_code_bits(&job.activation) : job.activation.bits;
    asx_unit_init(&job.unit, &job.weight, &job.activation);
    job.unit.latch_bits = job.weight_bits;
    job.unit.tree_bits = job.unit.product_bits + asx_log2_ceil(machine->depth);
    job.unit.sum_bits = job.unit.product_bits + asx_log2_ceil(depth);
    *out = job;
}
