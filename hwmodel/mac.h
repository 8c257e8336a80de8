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
} asx_mac;

/** The family's own terms come out; others are 0. @param amount  [ASX_N_TERMS], written */
void asx_mac_energy(double *amount, const asx_mac *mac, asx_family family,
                    const asx_activity *activity);
void asx_mac_size(double *amount, const asx_mac *mac, asx_family family); /* area and leakage */
void asx_mac_delay(double *amount, const asx_mac *mac, asx_family family);

bool asx_family_is_exact(asx_family family);

#endif
