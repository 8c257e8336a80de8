/* What a proxy's table takes long for, here or by a crew: errors of words, changes of answers. Private. */
#ifndef ASX_EVAL_PROXY_AWAY_H
#define ASX_EVAL_PROXY_AWAY_H

#include "divergence.h"
#include "proxy_type.h"

/** asx_words_errors by whoever works. @param gram of the job's images, or NULL */
ASX_NODISCARD asx_status asx_table_errors(double *out, const asx_damage_job *job,
                                          const asx_gram *gram, const asx_words *words,
                                          asx_error *err);

/** asx_divergence by whoever works. */
ASX_NODISCARD asx_status asx_table_changes(asx_change *out, const asx_damage_job *job,
                                           asx_range images, const asx_design *base,
                                           const asx_design *design, size_t n, asx_error *err);

#endif
