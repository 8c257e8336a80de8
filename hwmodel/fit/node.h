/* From one node to another. */
#ifndef FIT_NODE_H
#define FIT_NODE_H

#include <stdbool.h>

#include "dse/csv.h"
#include "dse/error.h"

/* Stillmaker and Baas, Integration 58 (2017): energy a V^2 + b V + c per node, areas as a table. */
typedef struct stillmaker {
    asx_csv *csv;
} stillmaker;

/* Energy and area by the table; delay with the node, leakage with the area: assumptions. */
typedef struct factors {
    double energy, area, delay;
    bool scaled;
} factors;

/** What a figure of node and supply `from` is multiplied by to be one of `to`. */
ASX_NODISCARD asx_status factors_of(factors *out, const stillmaker *s, double from, double from_v,
                                    double to, double to_v, asx_error *err);

#endif
