/* How proxies differ: in the way they fill the table of damage. Private. */
#ifndef ASX_EVAL_PROXY_TYPE_H
#define ASX_EVAL_PROXY_TYPE_H

#include <stdint.h>

#include "calibration.h"
#include "eval/proxy.h"

/* What a table is made from, and where it goes. */
typedef struct asx_damage_job {
    asx_calibration *calibration;
    const asx_dataset *data;
    asx_range images; /* checked */
    const asx_format *format;
    size_t n_formats;
    double *damage; /* [n_layers][n_formats], finite, >= 0 */
} asx_damage_job;

typedef struct asx_proxy_type {
    const char *name, *summary;
    asx_status (*fill)(const asx_damage_job *job, asx_error *err);
} asx_proxy_type;

/* Projection error times the layer's share of the output. */
extern const asx_proxy_type asx_proxy_error;

struct asx_proxy {
    const asx_proxy_type *type;
    uint64_t network_hash;
    size_t n_layers, n_formats;
    asx_format *format;
    double *damage;
    size_t *slot; /* open hash table of format numbers + 1, 0 = free; size n_slots, a power of 2 */
    size_t n_slots;
    double float_accuracy, ceiling, knee, power; /* percent; see asx_proxy_fit_report */
};

#endif
