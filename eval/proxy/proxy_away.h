/* What a proxy's table takes long for, here or by a crew: errors of words, changes of answers. Private. */
#ifndef ASX_EVAL_PROXY_AWAY_H
#define ASX_EVAL_PROXY_AWAY_H

#include "divergence.h"
#include "proxy_type.h"

/** asx_grams_new of the job's images. With a crew, whose members make their own, `*out` stays. */
ASX_NODISCARD asx_status asx_table_grams(asx_gram **out, const asx_damage_job *job, asx_error *err);

/**
 * asx_words_errors by whoever works.
 * @param finder     [n_layers][words->n] set to who found an entry, if there is a crew: it knows the
 *                   word as projected from then on. May be NULL
 * @param gram       of asx_table_grams, for errors of outputs
 * @param of_outputs by way of weights; else of the words themselves
 */
ASX_NODISCARD asx_status asx_table_errors(double *out, size_t *finder, const asx_damage_job *job,
                                          const asx_gram *gram, bool of_outputs,
                                          const asx_words *words, asx_error *err);

/** asx_divergence by whoever works. @param owner [n] who in a crew should have a design; may be NULL */
ASX_NODISCARD asx_status asx_table_changes(asx_change *out, const asx_damage_job *job,
                                           asx_range images, const asx_design *base,
                                           const asx_design *design, const size_t *owner, size_t n,
                                           asx_error *err);

#endif
