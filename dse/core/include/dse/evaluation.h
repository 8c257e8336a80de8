/* Everything known about one design at one tier, and the objectives a search minimises. */
#ifndef ASX_DSE_EVALUATION_H
#define ASX_DSE_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/cost.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_evaluation {
    asx_accuracy accuracy;
    asx_cost cost;
} asx_evaluation;

/* Fields by name: {enumerator, field name as in tables, CSV, JSON and the database, objective name
 * in campaign files, unit, help}. All but accuracy are minimised. */
#define ASX_OBJECTIVE_LIST(X)                                                                      \
    X(ASX_DROP, "drop", "drop", "points", "accuracy lost against the float network")               \
    X(ASX_ENERGY, "energy_pj", "energy", "pJ", "energy per inference")                             \
    X(ASX_LATENCY, "latency_ns", "latency", "ns", "time per inference")                            \
    X(ASX_AREA, "area_um2", "area", "um2", "silicon area of the accelerator")                      \
    X(ASX_STORAGE, "weight_bits", "storage", "bits", "storage of all weights")                     \
    X(ASX_ENERGY_DELAY, "energy_delay_njs", "energy_delay", "nJ s", "energy x time per inference") \
    X(ASX_POWER, "power_mw", "power_mw", "mW", "power while it infers: energy / time")

typedef enum asx_objective {
#define ASX_ENUM(name, field, text, unit, help) name,
    ASX_OBJECTIVE_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_OBJECTIVES
} asx_objective;

ASX_API const char *asx_objective_text(asx_objective objective);  /* "energy" */
ASX_API const char *asx_objective_field(asx_objective objective); /* "energy_pj" */
ASX_API const char *asx_objective_unit(asx_objective objective);
ASX_API const char *asx_objective_help(asx_objective objective);

/** By either name; 'inferences_per_s' is the latency, of which it is the inverse: most of the one is
 * least of the other. ASX_ENOTFOUND lists the names. */
ASX_API ASX_NODISCARD asx_status asx_objective_parse(asx_objective *out, const char *text,
                                                     asx_error *err);

ASX_API double asx_evaluation_objective(const asx_evaluation *evaluation, asx_objective objective);

/* Upper limits per objective; INFINITY where there is none. */
typedef struct asx_limits {
    double max[ASX_N_OBJECTIVES];
} asx_limits;

ASX_API asx_limits asx_limits_none(void);

/** Sum over exceeded limits of the relative excess, (value - max) / max(|max|, 1); 0 = feasible. */
ASX_API double asx_limits_violation(const asx_limits *limits, const asx_evaluation *evaluation);

#ifdef __cplusplus
}
#endif

#endif
