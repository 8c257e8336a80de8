/* What couples the layers of a design: one array that must be able to do what each of them needs,
 * and one weight memory. Everything else in a design's cost adds up over its layers.
 *
 *   energy(design) = sum over layers of (energy without leakage) + leakage x sum of latencies
 *                    + energy per bit off chip x weight bits beyond the memory
 *   leakage, area  = of the union of the layers' needs and of the sum of their weight bits
 *
 * A need is what a format asks of the array in given layers. Solvers that build designs layer by
 * layer price unions of needs here instead of whole designs. */
#ifndef ASX_HWMODEL_SHARE_H
#define ASX_HWMODEL_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/separable.h"
#include "hwmodel/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_shares asx_shares;

/** @param machine  borrowed for the life of `out` */
ASX_API ASX_NODISCARD asx_status asx_shares_new(asx_shares **out, const asx_machine *machine,
                                                asx_placement placement, asx_error *err);
ASX_API void asx_shares_free(asx_shares *shares);

/**
 * The number of what a design needs in some of its layers together; equal needs have one number.
 * Numbers count from 0.
 *
 * @param layer   [n_layers], numbers of layers
 * @param format  the design's: one per layer of the network
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL as asx_machine_layer_cost
 */
ASX_API ASX_NODISCARD asx_status asx_shares_add(uint32_t *need, asx_shares *shares,
                                                const size_t *layer, size_t n_layers,
                                                const asx_format *format, asx_error *err);
ASX_API size_t asx_shares_count(const asx_shares *shares);

/**
 * The needs as sets of things that an array can do: an array made for some needs can do another one
 * iff their union has all of its set. Sets of earlier calls are void when needs were added since.
 * Things that neither area nor leakage depend on are left out.
 * @param set  [asx_shares_count]
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED if the needs differ in more than a set can tell
 */
ASX_API ASX_NODISCARD asx_status asx_shares_sets(asx_need_set *set, asx_shares *shares,
                                                 asx_error *err);

/**
 * Leakage power and area of the accelerator whose array can do all of `set`, and what all needs
 * have in common, and whose memory holds `weight_bits`. Neither falls when a thing or a bit is
 * added.
 * @param set  a union of sets that asx_shares_sets gave out, or of what some of them have in common
 * @return ASX_OK; ASX_EINVAL as asx_machine_cost
 */
ASX_API ASX_NODISCARD asx_status asx_shares_price(double *leakage_nw, double *area_um2,
                                                  const asx_shares *shares, const asx_need_set *set,
                                                  double weight_bits, asx_error *err);

/** Weight bits between which neither changes: a sub-array's. */
ASX_API double asx_shares_step_bits(const asx_shares *shares);

/** Weight bits up to which weights stay on chip, and what each bit beyond them costs. */
ASX_API double asx_shares_most_bits(const asx_shares *shares);
ASX_API ASX_NODISCARD asx_status asx_shares_excess_pj(double *out, const asx_shares *shares,
                                                      asx_error *err);

/** Latency of a layer of which `off_chip`, 0 to 1, of the weights come from off chip. */
ASX_API ASX_NODISCARD asx_status asx_shares_latency(double *out_ns, const asx_shares *shares,
                                                    size_t layer, const asx_format *format,
                                                    double off_chip, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
