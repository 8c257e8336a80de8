/* How proxies differ: in the way they measure sensitivities of layers, the table of damage. Private. */
#ifndef ASX_EVAL_PROXY_TYPE_H
#define ASX_EVAL_PROXY_TYPE_H

#include <stdint.h>

#include "calibration_private.h"
#include "crossing.h"
#include "eval/proxy.h"
#include "gram.h"
#include "proxy_words.h"

/* What a table is made from, and where it goes. */
typedef struct asx_damage_job {
    asx_calibration *calibration;
    const asx_dataset *data;
    asx_range images; /* checked */
    const asx_format *format;
    size_t n_formats;
    double *damage; /* [n_layers][n_formats], finite, >= 0 */
    asx_crossing
        *crossing; /* of types with cross terms: set by them, and `damage` is of layers alone */
} asx_damage_job;

typedef struct asx_proxy_type {
    const char *name, *summary;

    asx_status (*fill)(const asx_damage_job *job, asx_error *err);
    bool crosses; /* damage of designs is by cross terms, not the sum over layers */
} asx_proxy_type;

/** Adds share[l] times of_word[l][w] to damage[l][f]. @param share NULL: 1 */
void asx_damage_add(const asx_damage_job *job, const asx_words *words, const double *of_word,
                    const double *share);

/** Adds share[l] times the error (asx_words_errors) of all formats' weights, or of their inputs. */
ASX_NODISCARD asx_status asx_damage_add_errors(const asx_damage_job *job, const asx_gram *gram,
                                               const double *share, bool weights, asx_error *err);

/* One file each. */
extern const asx_proxy_type asx_proxy_weight, asx_proxy_output, asx_proxy_scaled, asx_proxy_alone,
    asx_proxy_cross_layer;

struct asx_proxy {
    const asx_proxy_type *type;
    uint64_t network_hash;
    size_t n_layers, n_formats;
    asx_format *format;
    double *damage;
    asx_crossing crossing; /* if the type has cross terms */
    size_t *slot; /* open hash table of format numbers + 1, 0 = free; size n_slots, a power of 2 */
    size_t n_slots;
    double float_accuracy, ceiling, knee,
        power;  /* percent, or the measure's unit; see asx_proxy_fit_report */
    bool falls; /* the measure is the better the smaller it is */
};

/** A type by name; NULL: the best. @return ASX_OK; ASX_ENOTFOUND lists the names */
ASX_NODISCARD asx_status asx_proxy_find_type(const asx_proxy_type **out, const char *name,
                                             asx_error *err);

/** Makes the formats of a new proxy findable. */
ASX_NODISCARD asx_status asx_proxy_index(asx_proxy *proxy, asx_error *err);

#endif
