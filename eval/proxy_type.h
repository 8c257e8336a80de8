/* How proxies differ: in the way they fill the table of damage. Private. */
#ifndef ASX_EVAL_PROXY_TYPE_H
#define ASX_EVAL_PROXY_TYPE_H

#include <stdint.h>

#include "calibration.h"
#include "eval/proxy.h"
#include "gram.h"

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

/**
 * The squared error that a word does to a layer, relative to the sum of squares: to its input; or
 * to its weights, or with `gram` to its output by way of them.
 */
ASX_NODISCARD asx_status asx_damage_word(double *out, asx_calibration *calibration,
                                         const asx_gram *gram, size_t layer, const asx_word *word,
                                         bool weights, asx_error *err);

/**
 * Adds share[l] times that error to damage[l][f], for all formats' weights or all their inputs.
 * @param share NULL: 1
 */
ASX_NODISCARD asx_status asx_damage_add(const asx_damage_job *job, const asx_gram *gram,
                                        const double *share, bool weights, asx_error *err);

/* A design drawn by lot, as a format number per layer; see asx_proxy_draw. */
typedef struct asx_draw_table {
    const double *damage; /* [n_layers][n_formats] */
    size_t n_layers, n_formats;
    size_t *order; /* formats by their damage to all layers, least first */
    double *level; /* its geometric mean over layers, of order[i] */
} asx_draw_table;

ASX_NODISCARD asx_status asx_draw_table_init(asx_draw_table *out, const double *damage,
                                             size_t n_layers, size_t n_formats,
                                             asx_error *err);
void asx_draw_table_fini(asx_draw_table *table);
void asx_draw(size_t *format, const asx_draw_table *table, asx_proxy_draw_kind kind, uint64_t seed,
              size_t number);

/* One file each. */
extern const asx_proxy_type asx_proxy_weight, asx_proxy_error, asx_proxy_output, asx_proxy_scaled,
    asx_proxy_fitted;

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

/** A type by name; NULL: the best. @return ASX_OK; ASX_ENOTFOUND lists the names */
ASX_NODISCARD asx_status asx_proxy_find_type(const asx_proxy_type **out, const char *name,
                                             asx_error *err);

/** Makes the formats of a new proxy findable. */
ASX_NODISCARD asx_status asx_proxy_index(asx_proxy *proxy, asx_error *err);

#endif
