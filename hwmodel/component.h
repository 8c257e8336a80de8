/* Components: what accelerators are made of, and the physical form of each one's cost. */
#ifndef ASX_HWMODEL_COMPONENT_H
#define ASX_HWMODEL_COMPONENT_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

typedef enum asx_component {
    ASX_COMPONENT_ADD,
    ASX_COMPONENT_MULTIPLY,
    ASX_COMPONENT_MUX,
    ASX_COMPONENT_GATE,
    ASX_COMPONENT_REGISTER,
    ASX_COMPONENT_CLOCK,  /* a flip-flop that is clocked and keeps its value */
    ASX_COMPONENT_TOGGLE, /* what it takes more when its value changes */
    ASX_COMPONENT_SRAM,
    ASX_COMPONENT_BITLINE,
    ASX_COMPONENT_WIRE,
    ASX_COMPONENT_DRAM,
    ASX_COMPONENT_MACRO, /* in-memory silicon, as a multiple of gate level's figures */
    ASX_N_COMPONENTS
} asx_component;

typedef enum asx_quantity {
    ASX_QUANTITY_ENERGY,  /* pJ per operation; of a memory: per read */
    ASX_QUANTITY_WRITE,   /* pJ per write of a memory */
    ASX_QUANTITY_AREA,    /* um2 */
    ASX_QUANTITY_LEAKAGE, /* nW */
    ASX_QUANTITY_ACCESS,  /* ns from address to data of a memory */
    ASX_N_QUANTITIES
} asx_quantity;

enum { ASX_MODEL_TERMS_MAX = 6 };

/* See residual.h. */
typedef struct asx_residual {
    size_t n;
    double *point; /* [n][3]: log2 x, log2 y, weight; owned */
} asx_residual;

/* A fitted model of one quantity of one component. */
typedef struct asx_model {
    double coefficient[ASX_MODEL_TERMS_MAX];
    size_t n_rows;                /* fitted to */
    unsigned n_terms;             /* 0: the technology does not have it */
    asx_residual residual;        /* of a power of many rows */
    double low[2], high[2];       /* sizes that the rows span, per argument */
    size_t first_line, last_line; /* of the fitted rows */
} asx_model;

/* A row as the fit sees it. */
typedef struct asx_component_sample {
    double x, y, value;
    size_t line;
} asx_component_sample;

const char *asx_component_text(asx_component component);
const char *asx_quantity_text(asx_quantity quantity);

/** Whether the component has this quantity, and whether a technology may do without it. */
bool asx_component_has(asx_component component, asx_quantity quantity);
bool asx_component_may_lack(asx_component component, asx_quantity quantity);

/** Number of sizes (x, y) that a component is described by. */
unsigned asx_component_n_sizes(asx_component component);

/** Whether rows at few sizes hold for all: n bits are n times one bit. */
bool asx_component_is_proportional(asx_component component);

/**
 * Fits the model by least squares of the relative error.
 *
 * @param file  for messages
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for too few rows, a hole, or a fit that is not positive
 *         or falls with size somewhere in the rows' range
 */
ASX_NODISCARD asx_status asx_model_fit(asx_model *out, const char *file, asx_component component,
                                       asx_quantity quantity, const asx_component_sample *sample,
                                       size_t n, asx_error *err);

void asx_model_fini(asx_model *model);

/** Whether the model speaks of this size. */
bool asx_model_reaches(const asx_model *model, asx_component component, double x, double y);

double asx_model_value(const asx_model *model, asx_component component, asx_quantity quantity,
                       double x, double y);

#endif
