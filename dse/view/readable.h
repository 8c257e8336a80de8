/* Numbers as people read them: 354017 pJ are 354.0 nJ. */
#ifndef ASX_VIEW_READABLE_H
#define ASX_VIEW_READABLE_H

#include <stddef.h>

/* How to say numbers of a field. */
typedef struct readable {
    const char *unit; /* "nJ"; NULL: the field's name tells none */
    size_t stem;      /* characters of the name before its unit: 6 of "energy_pj" */
    double scale;     /* numbers are divided by it */
} readable;

/** @param field  with its unit at the end, as "energy_pj" @param largest  of its numbers, in size */
readable readable_of(const char *field, double largest);

/** Decimals that leave about four digits of a number. */
int readable_decimals(double scaled);

/** The same decimals for a column whose largest number is this (> 0), so that its numbers stand below each other. */
int readable_common_decimals(double largest);

/** "354.0 nJ". */
void readable_text(char *out, size_t size, const char *field, double value);

/** "7.8e58" of a whole number in decimal that has many digits; else the number. */
void readable_count(char *out, size_t size, const char *digits);

#endif
