/* Accuracies of designs in memories with faults. */
#ifndef ASX_CLI_EVAL_FAULTS_H
#define ASX_CLI_EVAL_FAULTS_H

#include "dse/design.h"
#include "explore/session.h"
#include "look.h"
#include "table.h"

/* What is asked. */
typedef struct eval_faults {
    const char *faults;  /* NULL: none but what is swept */
    const char *sweep;   /* NULL: nothing */
    const char *designs; /* with ';' between */
    look look;
    /** The accuracy of a design under the session's faults. */
    asx_status (*evaluate)(asx_accuracy *out, asx_session *s, const asx_design *design, void *state,
                           asx_error *err);
    void *state;
} eval_faults;

/** Adds a cell: a number with its interval, where it has one. */
void eval_add_interval(table *t, int decimals, double value, double low, double high);

/** Prints a row for each design and rate. @param s  its images are chosen */
ASX_NODISCARD asx_status eval_under_faults(asx_session *s, const eval_faults *what, asx_error *err);

#endif
