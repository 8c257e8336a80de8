/* What proxies that scale errors by the divergence of answers have in common. Private. */
#ifndef ASX_EVAL_PROXY_SCALED_H
#define ASX_EVAL_PROXY_SCALED_H

#include "dse/design.h"
#include "proxy_type.h"

/** All layers in plain 8-bit words. Empty on failure or to be released with asx_design_fini. */
ASX_NODISCARD asx_status asx_plain_design(asx_design *out, size_t n_layers, asx_error *err);

/** @param weights, input [n_layers] divergence of the answers per unit of a layer's error */
ASX_NODISCARD asx_status asx_damage_shares(double *weights, double *input,
                                           const asx_damage_job *job, const asx_gram *gram,
                                           asx_error *err);

/** The table of the proxy "scaled". */
ASX_NODISCARD asx_status asx_damage_fill_scaled(const asx_damage_job *job, asx_error *err);

#endif
