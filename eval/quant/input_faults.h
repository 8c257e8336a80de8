/* The memory of a layer's input words, with faults. Private. */
#ifndef ASX_EVAL_INPUT_FAULTS_H
#define ASX_EVAL_INPUT_FAULTS_H

#include "dse/faults.h"
#include "plan_run.h"

/* Every layer reads its input from a memory of its own, a word a place, the same place for all images. Immutable. */
typedef struct asx_input_faults asx_input_faults;

/**
 * @param word     of the input
 * @param n_words  that an image has
 * @param stream   a number of its own for each layer of a device
 */
ASX_NODISCARD asx_status asx_input_faults_new(asx_input_faults **out, const asx_word *word,
                                              size_t n_words, const asx_cell_faults *faults,
                                              uint64_t seed, uint64_t stream, asx_error *err);
void asx_input_faults_free(asx_input_faults *faults);

/** The words of a frame's images as they are read, in place: bytes as asx_rounder_bytes makes them. */
ASX_NODISCARD asx_status asx_input_faults_bytes(uint8_t *word, const asx_input_faults *faults,
                                                const asx_frame *frame, const asx_node *node,
                                                asx_error *err);

/** The same of integers in floats. */
ASX_NODISCARD asx_status asx_input_faults_floats(float *word, const asx_input_faults *faults,
                                                 const asx_frame *frame, const asx_node *node,
                                                 asx_error *err);

#endif
