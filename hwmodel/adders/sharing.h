/* Rows as sums of shifted terms, and the pairs that they share. */
#ifndef ASX_HWMODEL_SHARING_H
#define ASX_HWMODEL_SHARING_H

#include "builder.h"
#include "pairs.h"
#include "patience.h"

/* 2^shift times a term. */
typedef struct share_digit {
    uint32_t term;
    unsigned char shift;
    bool negative;
} share_digit;

typedef struct share_row {
    share_digit *digit;
    size_t n, capacity;
    unsigned limit;  /* adders in a row at most; 0: any */
    uint64_t weight; /* sum of 2^depth of its digits and what else is added: 2^limit at most */
} share_row;

/* How the next pair is chosen. */
typedef struct share_rule {
    uint64_t seed; /* of ties */
    bool shallow;  /* ties: the less deep one */
    unsigned
        slack; /* pairs that occur so many times less than the most frequent one are considered, too */
} share_rule;

typedef struct sharing {
    size_t n_rows, n_terms, capacity;
    share_row *row;
    uint64_t *plus, *minus; /* [n_terms][n_rows]: shifts at which a term is in a row */
    builder *to;            /* its nodes are the terms */
    pairs pairs;
    patience *patience;
    bool uncounted; /* digits were added whose pairs are not counted: there is nothing to run */
    bool failed;
} sharing;

/** @param to  terms become its nodes; as yet inputs alone @return whether there was memory */
bool sharing_init(sharing *s, builder *to, size_t n_rows, patience *until);
void sharing_fini(sharing *s);

/** Adds the canonical signed digits of value * term to a row. Once patience is over, their pairs are not counted. */
void sharing_add(sharing *s, size_t row, uint32_t term, int64_t value);

/** Replaces pairs that occur at least twice by terms of their own until there are none, or patience is over. */
void sharing_run(sharing *s, const share_rule *rule);

#endif
