/* What a design costs per inference of one image, and what the cost is made of. */
#ifndef ASX_DSE_COST_H
#define ASX_DSE_COST_H

#include <stddef.h>

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Parts of the accelerator that energy and area are booked on: {enumerator, field name, group,
 * help}. */
#define ASX_COMPONENT_LIST(X)                                                                      \
    X(ASX_PART_MULTIPLY, "multiply", "compute", "exact multipliers (plain words)")                 \
    X(ASX_PART_PRECOMPUTE, "precompute", "compute",                                                \
      "pre-computer banks: the alphabets' multiples")                                              \
    X(ASX_PART_SELECT, "select", "compute", "multiplexers that pick a multiple per digit")         \
    X(ASX_PART_SHIFT, "shift", "compute", "shifters per digit")                                    \
    X(ASX_PART_ADD, "add", "compute", "adders that join the digits of a product")                  \
    X(ASX_PART_ACCUMULATE, "accumulate", "compute", "accumulator adders and registers")            \
    X(ASX_PART_SCALE, "scale", "compute", "scaling of sums to outputs, bias, ReLU")                \
    X(ASX_PART_RESIDUAL, "residual", "compute", "pooling and adding of feature maps")              \
    X(ASX_PART_DECODE, "decode", "compute", "decoders of stored weight and activation codes")      \
    X(ASX_PART_WEIGHT_READ, "weight_read", "memory", "reads of stored weights")                    \
    X(ASX_PART_ACTIVATION_READ, "activation_read", "memory", "reads of activations")               \
    X(ASX_PART_ACTIVATION_WRITE, "activation_write", "memory", "writes of activations")            \
    X(ASX_PART_PARTIAL_SUM, "partial_sum", "memory", "partial sums kept outside the array")        \
    X(ASX_PART_WIRE, "wire", "movement", "on-chip wires and buses")                                \
    X(ASX_PART_OFF_CHIP, "off_chip", "movement", "transfers to and from off-chip memory")          \
    X(ASX_PART_LEAKAGE, "leakage", "leakage", "leakage over the latency")

typedef enum asx_part {
#define ASX_ENUM(name, text, group, help) name,
    ASX_COMPONENT_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_PARTS
} asx_part;

ASX_API const char *asx_part_text(asx_part part);  /* "weight_read" */
ASX_API const char *asx_part_group(asx_part part); /* "memory" */
ASX_API const char *asx_part_help(asx_part part);

/* Of a design or of one layer. Energies, cycles and latency add up over layers; areas do not. The
 * parts add up to the totals. */
typedef struct asx_cost {
    double energy_pj;
    double latency_ns;
    double cycles;
    double area_um2;    /* of the whole accelerator; 0 in the cost of one layer */
    double weight_bits; /* storage of the weights, encoded */
    double energy_part_pj[ASX_N_PARTS];
    double area_part_um2[ASX_N_PARTS];
} asx_cost;

/** sum += cost, field by field. */
ASX_API void asx_cost_add(asx_cost *sum, const asx_cost *cost);

/** Sum of the parts of one group, e.g. "memory". */
ASX_API double asx_cost_group_pj(const asx_cost *cost, const char *group);

#ifdef __cplusplus
}
#endif

#endif
