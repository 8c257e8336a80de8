/* Inside a technology: the models, for the parts of this module that price with them. */
#ifndef ASX_HWMODEL_TECHNOLOGY_PRIVATE_H
#define ASX_HWMODEL_TECHNOLOGY_PRIVATE_H

#include "component.h"
#include "dse/csv.h"
#include "hwmodel/technology.h"
#include "terms.h"

typedef enum asx_row_kind {
    ASX_ROW_PROPERTY, /* of the technology itself */
    ASX_ROW_SIZE,     /* a component of some size */
    ASX_ROW_TERM,     /* a coefficient of multiply-accumulate units */
    ASX_ROW_RANGE,    /* the words that such coefficients were fitted to */
    ASX_ROW_LEFT_OUT  /* how far such coefficients, or a component's model, are off */
} asx_row_kind;

typedef enum asx_row_use {
    ASX_USE_FIT,
    ASX_USE_SCALED,
    ASX_USE_CHECK,
    ASX_USE_LEFT_OUT
} asx_row_use;

/* A row, read. */
typedef struct asx_technology_entry {
    asx_row_kind kind;
    asx_row_use use;
    asx_component component; /* of a size */
    asx_quantity quantity;
    asx_family family; /* of a term */
    asx_mapping mapping;
    asx_term term;
    asx_term_measure measure;
    unsigned range;
    double x, y, value; /* in pJ, um2, nW, ns, ps */
    const char *unit;
} asx_technology_entry;

struct asx_technology {
    char *name, *text;
    size_t n_text;
    asx_csv *csv;
    asx_technology_entry *row; /* [n_rows] */
    size_t n_rows;
    const char *summary; /* borrowed from `csv` */
    double node_nm, voltage;
    bool scaled; /* some rows were scaled from another node */
    asx_model model[ASX_N_COMPONENTS][ASX_N_QUANTITIES];
    asx_arithmetic arithmetic; /* empty where only components are given */
};

/** Reads and checks the rows of tech->csv. */
ASX_NODISCARD asx_status asx_technology_read(asx_technology *tech, asx_error *err);

#endif
