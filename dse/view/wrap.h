/* Text broken into lines between words. */
#ifndef ASX_VIEW_WRAP_H
#define ASX_VIEW_WRAP_H

#include <stdio.h>

/** Prints a text in lines of at most 80 characters and ends the line; further lines begin at `indent`. @param column  where it begins */
void print_wrapped(FILE *out, const char *text, int indent, int column);

#endif
