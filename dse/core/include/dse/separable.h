/* A model of designs that separates: all that adds up over layers is in tables, and what couples
 * the layers is one array that must do what each of them needs, and one memory of weights. Exact
 * solvers work on it; the command line builds it from a proxy and a machine.
 *
 *   bits(design)    = sum of weight bits               excess = max(0, bits - most_bits)
 *   drop(design)    = drop(sum of damage)                                        increasing
 *                     or drop(damage(design)), which planes bound from below
 *   latency(design) = sum of latency(choice, off),     off = excess / bits: that share of the
 *                     weights does not fit on chip and comes in anew for every inference
 *   energy(design)  = sum of energy + leakage(set, bits) x latency + excess_pj x excess
 *   area(design)    = area(set, bits)                  storage = bits
 *
 * where the set is the union of what the choices need. Leakage and area never fall when the set or
 * the bits grow, and what bits add to the leakage does not depend on the set. Latency never falls
 * with `off`. */
#ifndef ASX_DSE_SEPARABLE_H
#define ASX_DSE_SEPARABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One value of a gene under one placement. */
typedef struct asx_separable_choice {
    double damage, energy_pj, latency_ns, weight_bits; /* >= 0, finite; latency with off = 0 */
    uint32_t need; /* number of what it asks of the array; numbers are the placement's */
} asx_separable_choice;

/* What is asked of an array, as a set: of several needs together the union. */
enum { ASX_NEED_SET_WORDS = 4 };

typedef struct asx_need_set {
    uint64_t word[ASX_NEED_SET_WORDS];
} asx_need_set;

/* Group g is gene g + 1 of the space (gene 0 is the placement); a last group with a single choice
 * and no gene holds all pinned layers. */
typedef struct asx_separable {
    size_t n_placements, n_groups;
    const size_t *n_choices;                   /* [n_groups] */
    const asx_separable_choice *const *choice; /* [n_placements * n_groups][n_choices] */
    const bool *ordered;   /* [n_groups]: of two choices one with no more latency_ns and no more
                            * weight_bits has no more latency at any `off` */
    const size_t *n_needs; /* [n_placements] */
    const asx_need_set *const *need; /* [n_placements][n_needs] */
    double most_bits;                /* of weights that fit on chip */
    double excess_pj;                /* of each bit beyond them */
    double step_bits; /* leakage and area change only where bits pass a multiple of it */
    void *state;      /* borrowed; of the functions below, which are thread-safe */
    double (*drop)(const void *state, double damage);
    /** Leakage, in pJ per ns, and area of a design whose array has all of `set`: a union of needs
     *  or, for bounds, of what some needs have in common. */
    asx_status (*share)(double *leakage, double *area_um2, const void *state, size_t placement,
                        const asx_need_set *set, double weight_bits, asx_error *err);
    /** Latency in ns of a group under a choice; NULL: always latency_ns. */
    double (*latency)(const void *state, size_t placement, size_t group, size_t choice, double off);
    /** Damage of a design, [n_groups] choices, where it is not the sum of the choices' (those are of a group alone, then);
     *  NULL: it is. */
    asx_status (*damage)(double *out, const void *state, const uint16_t *choice, asx_error *err);
    /** With `damage`: a plane below the damages of all designs, near the mixture whose choices have these weights (>= 0, 1 in
     *  all of a group). damage(choice) >= constant + sum of slope[choice], rounding included.
     *  @param slope, weight  of all choices of one group after the other */
    asx_status (*tangent)(double *constant, double *slope, const void *state, const double *weight,
                          asx_error *err);
} asx_separable;

#ifdef __cplusplus
}
#endif

#endif
