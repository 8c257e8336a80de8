/* A model of designs that separates: all that adds up over layers is in tables, and what couples
 * the layers is one array that must do what each of them needs, and one memory of weights. Exact
 * solvers work on it; the command line builds it from a proxy and a machine.
 *
 *   drop(design)   = drop(sum of damage)                                        increasing
 *   energy(design) = sum of energy + leakage(needs, bits) x sum of latency
 *   area(design)   = area(needs, bits)        latency, storage = sums
 *
 * Leakage and area never fall when a need or a bit is added, and what bits add to the leakage does
 * not depend on the needs. */
#ifndef ASX_DSE_SEPARABLE_H
#define ASX_DSE_SEPARABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"

/* One value of a gene under one placement. */
typedef struct asx_separable_choice {
    double damage, energy_pj, latency_ns, weight_bits; /* >= 0, finite */
    uint32_t need; /* number of what it asks of the array; numbers are the placement's */
} asx_separable_choice;

/* Group g is gene g + 1 of the space (gene 0 is the placement); a last group with a single choice
 * and no gene holds all pinned layers. */
typedef struct asx_separable {
    size_t n_placements, n_groups;
    const size_t *n_choices;                   /* [n_groups] */
    const asx_separable_choice *const *choice; /* [n_placements * n_groups][n_choices] */
    const size_t *n_needs;                     /* [n_placements] */
    double most_bits; /* of weights; designs with more are outside the model */
    double step_bits; /* leakage and area change only where bits pass a multiple of it */
    void *state;      /* borrowed; of the functions below, which are thread-safe */
    double (*drop)(const void *state, double damage);
    /** Whether an array made for `need` [n >= 1] can do `other`. */
    bool (*cover)(const void *state, size_t placement, const uint32_t *need, size_t n,
                  uint32_t other);
    /** Leakage, in pJ per ns, and area of a design with these needs. */
    asx_status (*share)(double *leakage, double *area_um2, const void *state, size_t placement,
                        const uint32_t *need, size_t n, double weight_bits, asx_error *err);
} asx_separable;

#endif
