/* A program in other languages. */
#ifndef ASX_EVAL_EMIT_H
#define ASX_EVAL_EMIT_H

#include <stdbool.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/output.h"
#include "eval/dataset.h"
#include "eval/program.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed for the call. */
typedef struct asx_emit {
    const asx_program *program;
    const char *network, *design; /* texts for the reader */
    uint64_t network_hash;
    const asx_dataset *data; /* whose images have one byte an element; NULL: none */
} asx_emit;

/**
 * Writes a program as one file of C99 that needs nothing but <stdint.h>: weights, constants,
 * integer kernels and
 *
 *   int asx_net_integers(const asx_value *image, int32_t *logits);
 *   int asx_net(const uint8_t *image, int32_t *logits);        (with `data`)
 *
 * which write the logits' integers and return the class.
 *
 * @param keep  as of asx_output_write
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EUNSUPPORTED naming the layer whose scaled sums do not
 *         fit 62 bits
 */
ASX_API ASX_NODISCARD asx_status asx_emit_c(const asx_emit *what, const char *path,
                                            const asx_kept_file *keep, asx_error *err);

/**
 * Writes a program as ONNX in the style called QDQ or QCDQ: weights as integers and a scale a channel,
 * biases as integers of 32 bits, activations through QuantizeLinear, Clip where a word is shorter
 * than its type, and DequantizeLinear. Operator set 21, whose integers have 16 bits too. Or with
 * QONNX's Quant, whose words have any number of bits, in operator set 13; biases are floats there.
 *
 * Read back by asx_network_load, its formats (asx_design_parse, "file") compute the same integers if
 * floats hold all constants, as they do where multipliers have up to 22 bits and biases are below 2^22.
 * Others compute with floats between the quantisers: where a scaled sum is half-way between two
 * integers, as near as a float tells, they may take the other one.
 *
 * @param qonnx  Quant is wanted
 * @param n_off  factors, biases and integers of an image's bytes (with `data`) that floats do not
 *               hold, which are off in the last place
 * @param keep   as of asx_output_write
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EUNSUPPORTED naming the layer whose input is rounded to
 *         words of an alphabet set, which QuantizeLinear cannot do
 */
ASX_API ASX_NODISCARD asx_status asx_emit_onnx(size_t *n_off, const asx_emit *what, bool qonnx,
                                               const char *path, const asx_kept_file *keep,
                                               asx_error *err);

/**
 * Writes the words of a program's weights, as asx_words_write does, and behind every layer's scales
 * what else it computes with: input word and factor, biases, factors, ends of the output.
 * @param design  the program's
 * @param keep    as of asx_output_write
 * @return as asx_words_write
 */
ASX_API ASX_NODISCARD asx_status asx_emit_words(const asx_emit *what, const asx_design *design,
                                                const char *path, const asx_kept_file *keep,
                                                asx_error *err);

/* A machine, and the images of its testbench. */
typedef struct asx_emit_rtl {
    asx_placement placement;
    size_t rows, columns; /* of the array: products of an output that are added at once; outputs */
    const asx_dataset *data;
    asx_range images;
} asx_emit_rtl;

enum { ASX_RTL_SIDE_MAX = 64 };

/**
 * Writes a program as a machine in Verilog-2005, its lanes beside, near or (as a model of a macro's
 * behaviour) in the memory of weights: a static library
 * (rtl/), one generated header, the contents of its memories (mem/), a testbench that compares every
 * integer of the images with the engine's (tb/), scripts for Verilator, Icarus and Yosys, and
 * design.json.
 *
 * @param cycles  of an image: the simulation counts the same
 * @param folder  made if need be; files in it are replaced, all or none
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EUNSUPPORTED naming the step that cannot be built, and why
 */
ASX_API ASX_NODISCARD asx_status asx_emit_rtl_write(size_t *cycles, const asx_emit *what,
                                                    const asx_emit_rtl *machine, const char *folder,
                                                    asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
