/* Multiply-accumulate units as amounts of terms. */
#ifndef ASX_HWMODEL_MAC_H
#define ASX_HWMODEL_MAC_H

#include <stdbool.h>

#include "activity.h"
#include "dse/word.h"
#include "terms.h"

/* A unit, or a part of one: what the reference data's rows are, and the lanes of a machine. */
typedef struct asx_mac {
    asx_word weight, activation;
    double banks;    /* pre-computer banks per lane: 1 / lanes that share one; 0: none */
    bool lane;       /* the multiplier itself */
    bool sign;       /* the product gets the weight's sign */
    bool accumulate; /* it is added to a sum */
    unsigned digit;  /* with `single`: the only digit it works on, one pass of a serial lane */
    bool single;
    unsigned rows;  /* products that a column adds in space before they are added to a sum; 0,
                           * 1: each lane has a sum of its own */
    asx_tree tree;  /* how, with more than one */
    bool late_sign; /* rows are inverted; what is missing to their negatives enters the tree */
    asx_pass_order order; /* of bits, or of digits with `single` */
} asx_mac;

/** The family's own terms come out; others are 0. @param amount  [ASX_N_TERMS], written */
void asx_mac_energy(double *amount, const asx_mac *mac, asx_family family,
                    const asx_activity *activity);
void asx_mac_size(double *amount, const asx_mac *mac, asx_family family); /* area and leakage */
void asx_mac_delay(double *amount, const asx_mac *mac, asx_family family);

/** Adds the amounts of a column's tree and sum to those of a lane without sum; column.c. */
void asx_column_energy(double *amount, const asx_mac *mac, asx_family family,
                       const asx_activity *activity);
void asx_column_size(double *amount, const asx_mac *mac);
void asx_column_delay(double *amount, const asx_mac *mac);

/** Bits of what a lane gives to a sum in one pass, with its sign. */
unsigned asx_row_bits(const asx_mac *mac);

bool asx_family_is_exact(asx_family family);

#endif
