/* The design that proxies start from. Private. */
#ifndef ASX_EVAL_PROXY_SCALED_H
#define ASX_EVAL_PROXY_SCALED_H

#include "dse/design.h"
#include "proxy_type.h"

/** Every layer in plain 8-bit words. */
ASX_NODISCARD asx_status asx_plain_design(asx_design *out, size_t n_layers, asx_error *err);

#endif
