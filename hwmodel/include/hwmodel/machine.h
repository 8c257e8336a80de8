/* A machine: one accelerator in one technology for one network; prices designs.
 *
 * An array of `lanes` multiply-accumulate lanes works on one layer at a time, `columns` output
 * channels wide and lanes / columns products deep. The placement says where the weights are and how
 * they reach the lanes. The array holds what the layers of a design need together, so area is
 * that of the union of their alphabets; the energy of a layer counts its own alphabets alone. */
#ifndef ASX_HWMODEL_MACHINE_H
#define ASX_HWMODEL_MACHINE_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/cost.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluator.h"
#include "dse/param.h"
#include "dse/text.h"
#include "dse/workload.h"
#include "hwmodel/technology.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_machine asx_machine;

/* Rises whenever the same parameters and technology come to cost otherwise: part of what evaluations
 * are known by. */
enum { ASX_MACHINE_MODEL = 3 };

/* lanes, columns, lanes_per_bank, ...: what a campaign may set. */
ASX_API extern const asx_param_spec asx_machine_params[];

/**
 * @param technology  borrowed for the life of `out`
 * @param work        copied
 * @param params      of asx_machine_params; NULL: the defaults
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if parameters contradict each other (lanes not a multiple
 *         of columns, ...) or the technology's tables do not reach the machine's memories
 */
ASX_API ASX_NODISCARD asx_status asx_machine_new(asx_machine **out,
                                                 const asx_technology *technology,
                                                 const asx_workload *work, const asx_params *params,
                                                 asx_error *err);
ASX_API void asx_machine_free(asx_machine *machine);

/**
 * Cost of one inference under a design.
 *
 * @param total  written on success
 * @param layer  [n_layers], written on success, or NULL; they add up to the total but for area
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the design has another number of layers, or a word is
 * wider than the technology's tables reach (names the file and the rows) Thread-safe; O(layers).
 * Where lanes are priced by terms, words and dataflows that were not priced before cost half a
 * millisecond each, once in a machine's life.
 */
ASX_API ASX_NODISCARD asx_status asx_machine_cost(asx_cost *total, asx_cost *layer,
                                                  const asx_machine *machine,
                                                  const asx_design *design, asx_error *err);

/**
 * What one layer adds to the cost of any design that has it in this format, on chip: all of its
 * energy but leakage, its cycles, latency and weight bits; area 0. A design's cost is the sum of
 * these, plus what its layers share (hwmodel/share.h): area and leakage power, of the union of
 * their needs and of all weight bits; and, where weights exceed the memory, traffic off chip.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for a layer that the network does not have, or as
 *         asx_machine_cost
 */
ASX_API ASX_NODISCARD asx_status asx_machine_layer_cost(asx_cost *out, const asx_machine *machine,
                                                        asx_placement placement, size_t layer,
                                                        const asx_format *format, asx_error *err);

/** The machine that savings are quoted against: placement vn, every layer plain w8a8. */
ASX_API ASX_NODISCARD asx_status asx_machine_baseline(asx_cost *total, asx_cost *layer,
                                                      const asx_machine *machine, asx_error *err);

/** Appends every assumption behind the costs in a placement: one line each, "name = value unit
 *  (source or reason)". The baseline's are those of vn. */
ASX_API void asx_machine_assumptions(asx_text *out, const asx_machine *machine,
                                     asx_placement placement);

/** Parameters as they are in force, sizes chosen by the machine filled in. */
ASX_API const asx_params *asx_machine_params_of(const asx_machine *machine);

/** The network it is for, with what is known of its operands. */
ASX_API const asx_workload *asx_machine_workload(const asx_machine *machine);

/** An evaluator that fills in `cost`. @param machine  borrowed for the life of `out` */
ASX_API ASX_NODISCARD asx_status asx_machine_evaluator(asx_evaluator *out,
                                                       const asx_machine *machine, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
