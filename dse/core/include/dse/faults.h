/* Faults of the memories that hold a network's words, and what they make of words.
 *
 * Every bit of a stored code (dse/reading.h) is at fault by itself, whatever the others are:
 *   stuck-at   a cell that reads as 0 (or 1) whatever is written; it stays so for all images
 *   flips      of a weight: written wrongly once, for all images; of an activation: each time anew
 * and a weight of an in-memory array may be off by a relative spread that stays (device-to-device variation):
 *   spread     w becomes w (1 + spread g), g normal; below 0 its magnitude counts as 0
 *
 * Which bits those are is a function of a seed: a seed is a device. With one seed the cells at fault at a rate are among
 * those at any higher rate. */
#ifndef ASX_DSE_FAULTS_H
#define ASX_DSE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/param.h"
#include "dse/reading.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of the words of one operand: probabilities, of every bit. */
typedef struct asx_cell_faults {
    double flips;
    double at_0, at_1; /* stuck; at_0 + at_1 <= 1 */
} asx_cell_faults;

enum { ASX_FAULT_SEEDS_MAX = 1000 };

typedef struct asx_faults {
    asx_cell_faults weights, activations;
    double spread;  /* of weights */
    unsigned seeds; /* devices that an accuracy is the mean of: 1 .. ASX_FAULT_SEEDS_MAX */
    uint64_t seed;  /* of the first, counted upwards from there */
    asx_code code;  /* of weights; activations have indices */
    int only_bit;   /* of weights, from the least significant; -1: any */
} asx_faults;

/* flips, stuck, stuck_at_0, stuck_at_1, the same with activation_ before it, spread, seeds, seed, code, only_bit. */
ASX_API extern const asx_param_spec asx_fault_params[];

/**
 * What a table of parameters says.
 * @return ASX_OK; ASX_EINVAL where more than all cells are stuck
 */
ASX_API ASX_NODISCARD asx_status asx_faults_of(asx_faults *out, const asx_params *params,
                                               asx_error *err);

/** Reads "flips=0.01 seeds=3". @return also what asx_params_set_once says */
ASX_API ASX_NODISCARD asx_status asx_faults_parse(asx_faults *out, const char *text,
                                                  asx_error *err);

/** Appends what is not as it is without faults: "" if nothing is; parse(print(f)) equals f. */
ASX_API void asx_faults_print(asx_text *text, const asx_faults *faults);

/** No faults; 5 seeds from 1, codes of indices. */
ASX_API asx_faults asx_faults_none(void);

enum { ASX_SWEEP_MAX = 64 };

/* Values that one of the parameters goes through. */
typedef struct asx_sweep {
    const asx_param_spec *param; /* of asx_fault_params */
    size_t n;
    double value[ASX_SWEEP_MAX]; /* ascending */
} asx_sweep;

/** Reads "flips=0,0.01,0.1". @return ASX_OK; ASX_EPARSE, ASX_ENOTFOUND; ASX_EINVAL for a value out of range or not above
 *  the one before it, or a parameter that is no rate */
ASX_API ASX_NODISCARD asx_status asx_sweep_parse(asx_sweep *out, const char *text, asx_error *err);

/**
 * The faults of a text, with one value of a sweep beside them.
 * @param text  may be NULL
 * @return as asx_faults_parse; ASX_EINVAL where the text says what is swept
 */
ASX_API ASX_NODISCARD asx_status asx_sweep_at(asx_faults *out, const char *text,
                                              const asx_sweep *sweep, size_t i, asx_error *err);

/** Whether anything can be at fault. */
ASX_API bool asx_faults_any(const asx_faults *faults);

/** The same of one memory. */
ASX_API bool asx_cell_faults_any(const asx_cell_faults *faults);

/** What becomes of a bit in the mean. */
ASX_API asx_bit_channel asx_cell_faults_channel(const asx_cell_faults *faults);

/* Streams of random numbers under a seed: one for each array of words. */

/**
 * The words of a memory as they are read from it.
 * @param word    [n] representable values, in place; what does not fit is cut to a magnitude below 2^20
 * @param stream  a number of its own for each memory of a device
 * Cost: some nanoseconds a bit
 */
ASX_API void asx_faults_words(int32_t *word, size_t n, const asx_reading *reading,
                              const asx_faults *faults, uint64_t seed, uint64_t stream);

/**
 * Weights with a spread, as integers of a finer unit: 2^shift of them are one of the word's.
 * @param word  [n], in place
 * @return shift, such that the largest magnitude keeps 12 bits and has room for 7 times itself
 */
ASX_API unsigned asx_faults_spread(int32_t *word, size_t n, double spread, uint64_t seed,
                                   uint64_t stream);

/* The cells of a memory that are stuck: of each word which bits read as 0 and which as 1. */
typedef struct asx_stuck {
    uint16_t *zero, *one; /* [n]; NULL: none are */
} asx_stuck;

/** @param out  asx_stuck_fini it */
ASX_API ASX_NODISCARD asx_status asx_stuck_init(asx_stuck *out, size_t n, unsigned bits,
                                                const asx_cell_faults *faults, uint64_t seed,
                                                uint64_t stream, asx_error *err);
ASX_API void asx_stuck_fini(asx_stuck *stuck);

/**
 * Words of a memory read once: flips anew, cells stuck as they are.
 * @param word    [n] representable values, in place
 * @param stream  a number of its own for each memory and time
 * Cost: some nanoseconds a word, and ten a flip
 */
ASX_API void asx_faults_read(int32_t *word, size_t n, const asx_reading *reading,
                             const asx_stuck *stuck, double flips, uint64_t seed, uint64_t stream);

#ifdef __cplusplus
}
#endif

#endif
