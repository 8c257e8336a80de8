/* Rows that a check compares, in groups of a component and a quantity. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check_private.h"
#include "dse/memory.h"

static asx_check_group *group_of(asx_checker *c, const char *what, const char *quantity,
                                 const char *unit)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->group[i].check.what, what) == 0 &&
            strcmp(c->group[i].check.quantity, quantity) == 0)
            return &c->group[i];
    asx_check_group *grown = asx_array_grow(c->group, &c->capacity, c->n + 1, sizeof *grown);
    if (!grown)
        return NULL;
    c->group = grown;
    asx_check_group *g = &grown[c->n++];
    memset(g, 0, sizeof *g);
    snprintf(g->check.what, sizeof g->check.what, "%s", what);
    g->check.quantity = quantity;
    g->check.unit = unit;
    return g;
}

asx_status asx_check_add(asx_checker *c, const char *what, const char *quantity, const char *unit,
                         size_t line, double model, double value)
{
    asx_check_group *g = group_of(c, what, quantity, unit);
    if (g && isnan(model)) {
        g->check.n_beyond++;
        return ASX_OK;
    }
    asx_check_pair *grown =
        g ? asx_array_grow(g->check.pair, &g->capacity, g->check.n + 1, sizeof *grown) : NULL;
    if (!grown)
        return asx_fail(c->err, ASX_ENOMEM, "no memory to check a technology");
    g->check.pair = grown;
    grown[g->check.n++] = (asx_check_pair){model, value, line};
    double error = 100 * (model / value - 1);
    g->check.mean += fabs(error);
    g->check.bias += error;
    if (fabs(error) > g->check.worst) {
        g->check.worst = fabs(error);
        g->check.worst_line = line;
    }
    return ASX_OK;
}
