/* The words that a list of formats is made of, and what each does to each layer. Private. */
#ifndef ASX_EVAL_PROXY_WORDS_H
#define ASX_EVAL_PROXY_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "calibration_private.h"
#include "dse/format.h"
#include "gram.h"

/* Distinct words, and each format's number among them. Words of weights whose representable sets
 * differ by a factor only are one: the best scale takes the factor in, so that the weights they
 * stand for are the same. */
typedef struct asx_words {
    bool weights; /* or inputs */
    asx_word *word;
    size_t n, *of_format;
} asx_words;

ASX_NODISCARD asx_status asx_words_init(asx_words *out, const asx_format *format, size_t n_formats,
                                        bool weights, asx_error *err);
void asx_words_fini(asx_words *words);

/**
 * The squared error that a word does to a layer, relative to the sum of squares: of its input; or
 * of its weights, or with `gram` of its output by way of the weights.
 * @param gram per layer, or NULL
 */
ASX_NODISCARD asx_status asx_word_error(double *out, asx_calibration *calibration,
                                        const asx_gram *gram, size_t layer, const asx_word *word,
                                        bool weights, asx_error *err);

/** That of all words in all layers. @param out [n_layers][words->n] */
ASX_NODISCARD asx_status asx_words_errors(double *out, asx_calibration *calibration,
                                          const asx_gram *gram, const asx_words *words,
                                          asx_error *err);

/** Of these (but ASX_EINTERRUPTED where the calibration's watch wants an end), entries first .. first + n - 1 of [n_layers][words->n]. @param out [n] */
ASX_NODISCARD asx_status asx_words_some_errors(double *out, asx_calibration *calibration,
                                               const asx_gram *gram, const asx_words *words,
                                               size_t first, size_t n, asx_error *err);

#endif
