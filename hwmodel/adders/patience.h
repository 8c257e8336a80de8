/* How long the making of adders may go on: a limit of counted steps, and who may stop it. */
#ifndef ASX_HWMODEL_PATIENCE_H
#define ASX_HWMODEL_PATIENCE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct patience {
    bool (*stop)(void *state); /* may be NULL */
    void *state;
    size_t limit; /* steps of one attempt; SIZE_MAX: any number */
    size_t steps; /* of the attempt so far */
    size_t asked; /* steps at which `stop` was last asked */
    bool over;    /* the limit was reached: what there is, is kept */
    bool stopped; /* nothing is kept */
} patience;

/** A new attempt begins. */
void patience_begin(patience *p);

/** Counts steps of some 100 ns; asks `stop` every few milliseconds of them. @return whether to go on */
bool patience_spend(patience *p, size_t steps);

/** Asks `stop` now, whatever the limit says. @return whether to go on */
bool patience_ask(patience *p);

#endif
