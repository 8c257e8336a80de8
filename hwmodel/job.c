/* What one layer does on the array.
 *
 * The array takes a tile of depth x columns weights at a time: `depth` products of one sum and
 * `columns` output channels; every activation that enters serves all columns, and is read anew for
 * each kernel position and each tile of output channels (im2col), from the memory or, with
 * one, from a line buffer that the memory fills once per tile. Groups are worked
 * one after the other, so a depthwise layer uses one column. */
#include <math.h>

#include "dse/menu.h"
#include "dse/number.h"
#include "dse/word_kind.h"
#include "machine_private.h"

static double tiles(size_t n, unsigned size)
{
    return (double)((n + size - 1) / size);
}

/* Bits of a stored word, and the codes that its decoder tells apart: per digit one after the other,
 * or all combinations of digits at once. */
static void code_word(unsigned *bits, unsigned *n_codes, const asx_word *word, asx_coding coding)
{
    int32_t value[ASX_DIGIT_VALUES_MAX];
    double together = 1;
    unsigned alone = 0;
    for (unsigned i = 0; i < asx_word_n_digits(word); i++) {
        size_t n = asx_word_digit_values(value, word, i);
        alone += (unsigned)n;
        together *= (double)n;
    }
    *n_codes = 0;
    *bits = coding == ASX_CODING_PLAIN && word->kind == ASX_WORD_DIGITS ? word->bits
                                                                        : asx_word_code_bits(word);
    if (asx_word_is_plain(word))
        return;
    if (word->kind ==
        ASX_WORD_VALUES) { /* a gate a code, and half of them into each bit that is looked up */
        const unsigned n = 1u << asx_word_code_bits(word);
        *n_codes = n + n / 2 * word->bits;
        return;
    }
    *n_codes = alone;
    if (coding == ASX_CODING_WORD) {
        *n_codes = (unsigned)together;
        *bits = asx_word_joint_bits(word);
    }
}

/* Of a menu the longest of its words' codes, and the codes of all: its decoder is theirs side by side, behind a tag that
 * says which counts. Where the circuit is no union of alphabets, each code is looked up, as a list of values'. */
static void code(unsigned *bits, unsigned *n_codes, const asx_word *word, asx_coding coding)
{
    asx_word of[ASX_MENU_WORDS_MAX];
    const asx_word circuit = asx_word_circuit(word);
    const size_t n = asx_menu_words(of, word);
    const bool looked_up = n > 1 && asx_word_is_plain(&circuit);
    *bits = *n_codes = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned b, c;
        code_word(&b, &c, &of[i], coding);
        *bits = b > *bits ? b : *bits;
        if (looked_up)
            c = asx_word_is_plain(&of[i]) ? 0 : (1u << b) + (1u << b) / 2 * circuit.bits;
        *n_codes += c;
    }
    if (n > 1) /* one of the decoders is chosen, for what they give */
        *n_codes += (unsigned)(n - 1) * circuit.bits;
}

/* Tags of a layer's groups; 0 without a menu. */
static double tags_bits(const asx_layer *layer, const asx_word *weight)
{
    const size_t depth = asx_layer_depth(layer), together = asx_menu_together(weight, depth);
    return (double)asx_menu_tag_bits(weight) *
           (double)(asx_layer_n_weights(layer) / depth * ((depth + together - 1) / together));
}

double asx_job_weight_bits(const asx_machine *machine, size_t layer, const asx_format *format)
{
    const asx_layer *l = &machine->work.layer[layer];
    unsigned bits, n_codes;
    code(&bits, &n_codes, &format->weight, machine->coding);
    return (double)bits * (double)asx_layer_n_weights(l) + tags_bits(l, &format->weight);
}

unsigned asx_off_chip_ways(const asx_layer *layer)
{
    return layer->kind == ASX_LAYER_PRODUCT ? 2 : 1;
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
    const asx_word x = asx_format_activation(format, layer->input_non_negative);
    asx_job job = {
        .layer = layer,
        .activity = {1, 1},
        .weight = asx_word_circuit(&format->weight),
        .activation = asx_word_circuit(&x),
        .n_macs = (double)asx_layer_n_macs(layer) / (double)asx_layer_n_steps(layer),
        .n_weights = (double)asx_layer_n_weights(layer),
        .n_inputs = (double)asx_layer_n_inputs(layer),
        .n_outputs = (double)asx_layer_n_outputs(layer),
        .n_pixels = pixels,
        .x_uses = groups * pixels * (double)depth * tiles(channels, machine->columns),
        .bank_uses = groups * pixels * (double)depth * banks,
        .column_uses = groups * pixels * (double)channels * tiles(depth, machine->depth),
        .steps = groups * pixels * tiles(depth, machine->depth) * tiles(channels, machine->columns),
    };
    double whole = job.n_inputs * tiles(channels, machine->columns);
    job.x_reads = machine->line_buffer ? fmin(job.x_uses, whole) : job.x_uses;
    asx_unit_init(&job.unit, &job.weight, &job.activation);
    unsigned word_bits;
    code(&word_bits, &job.unit.w_codes, &format->weight, machine->coding);
    job.tag_bits = tags_bits(layer, &format->weight) / job.n_weights;
    job.weight_bits = (double)word_bits + job.tag_bits;
    code(&job.activation_bits, &job.unit.x_values, &x, machine->coding);
    job.unit.latch_bits = word_bits + asx_menu_tag_bits(&format->weight);
    job.unit.tree_bits = job.unit.product_bits + asx_log2_ceil(machine->depth);
    job.unit.sum_bits = job.unit.product_bits + asx_log2_ceil(depth);
    *out = job;
}

/* To a fourth of an octave: costs change by less than 3 %. */
static double round_sigma(double sigma)
{
    return sigma > 0 ? fmin(1, exp2(round(4 * log2(sigma)) / 4)) : 1. / 64;
}

/* FNV-1a; not 0. */
static uint64_t number_of(const int16_t *quantile)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (unsigned i = 0; i < ASX_OPERAND_KNOTS; i++)
        h = (h ^ (uint16_t)quantile[i]) * UINT64_C(1099511628211);
    return h | 1;
}

asx_operands asx_machine_operands(const asx_machine *machine, const asx_layer *layer)
{
    const asx_layer_operands *own = &layer->operands;
    asx_operands o = machine->style.operands;
    if (own->histogram && !o.uniform) {
        o.weight_quantile = own->weight_quantile;
        o.activation_quantile = own->activation_quantile;
        o.weight_number = number_of(own->weight_quantile);
        o.activation_number = number_of(own->activation_quantile);
        o.zero = own->zero_activations;
        o.likeness = own->likeness;
    } else if (own->weight_sigma > 0 && !o.uniform) {
        o.weight_sigma = round_sigma(own->weight_sigma);
        o.activation_sigma = round_sigma(own->activation_sigma);
        o.zero = fmin(.95, round(20 * own->zero_activations) / 20);
    }
    return o;
}

asx_status asx_job_check(const asx_layer *layer, const asx_format *format, asx_error *err)
{
    return layer->kind == ASX_LAYER_PRODUCT && asx_word_is_menu(&format->weight)
               ? asx_fail(err, ASX_EINVAL,
                          "layer '%s' is a product, whose second operand is made for every image: "
                          "no menu is chosen from for it, and none has a price",
                          layer->name)
               : ASX_OK;
}

/* Words beyond those that lanes were fitted to are refused unless asked for. */
asx_status asx_machine_check_reach(const asx_machine *m, const asx_job *job, asx_error *err)
{
    const asx_terms_range *range;
    unsigned bits;
    const char *beyond = m->extrapolate
                             ? NULL
                             : asx_lane_beyond(&range, &bits, &job->weight, &job->activation,
                                               m->technology, &m->style);
    return beyond
               ? asx_fail(err, ASX_EINVAL,
                          "layer '%s': %s of %u bits are beyond the %u to %u bits that technology "
                          "'%s' was fitted to (line %lu); machine parameter extrapolate=1 allows "
                          "it",
                          job->layer->name, beyond, bits, range->low, range->high,
                          m->technology->name, range->line)
               : ASX_OK;
}
