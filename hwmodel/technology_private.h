/* Inside a technology: the models, for the parts of this module that price with them. */
#ifndef ASX_HWMODEL_TECHNOLOGY_PRIVATE_H
#define ASX_HWMODEL_TECHNOLOGY_PRIVATE_H

#include "component.h"
#include "dse/csv.h"
#include "hwmodel/technology.h"

/* A row, read. `component` ASX_N_COMPONENTS: a property of the technology itself. */
typedef struct asx_row {
    asx_component component;
    asx_quantity quantity;
    bool fit;
    double x, y, value; /* in pJ, um2, nW */
    const char *unit;
} asx_row;

struct asx_technology {
    char *name, *text;
    size_t n_text;
    asx_csv *csv;
    asx_row *row; /* [n_rows] */
    size_t n_rows;
    const char *summary; /* borrowed from `csv` */
    double node_nm, voltage;
    asx_model model[ASX_N_COMPONENTS][ASX_N_QUANTITIES];
};

#endif
