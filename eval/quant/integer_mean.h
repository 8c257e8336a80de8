/* Means of integers: exact sums times 1 / n. Private to eval. */
#ifndef ASX_EVAL_INTEGER_MEAN_H
#define ASX_EVAL_INTEGER_MEAN_H

#include "ops.h"

typedef struct asx_mean_rule {
    unsigned bits; /* of the factor nearest to 1 / n (eval/dyadic.h) */
    double limit;  /* means are cut to -limit .. limit */
} asx_mean_rule;

/** AveragePool and ReduceMean: a mean of n integers is their sum times a factor. */
void asx_integer_mean(const asx_values *values, const asx_node *node, asx_mean_rule rule);

#endif
