/* Lists of things with parameters: a row for the thing itself, and one for each of its parameters.
 */
#ifndef ASX_VIEW_PARAM_LIST_H
#define ASX_VIEW_PARAM_LIST_H

#include "dse/param.h"
#include "table.h"

/* The columns of such a table; `thing` is the first one's name. */
#define PARAM_LIST_COLUMNS(thing)                                                                  \
    {                                                                                              \
        {thing, TABLE_TEXT, 0}, {"parameter", TABLE_TEXT, 0},                                      \
            {"default", TABLE_NUMBER, TABLE_GENERAL}, {"min", TABLE_NUMBER, TABLE_GENERAL},        \
            {"max", TABLE_NUMBER, TABLE_GENERAL}, {"about", TABLE_TEXT, 0},                        \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/** A row without numbers: the thing itself, or a choice by name. */
void param_list_add(table *t, const char *thing, const char *name, const char *about);

/** @param params  ends with {0}; may be NULL */
void param_list_add_all(table *t, const char *thing, const asx_param_spec *params);

#endif
