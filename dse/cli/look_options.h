/* Options that commands which print rows of designs share. */
#ifndef ASX_CLI_LOOK_OPTIONS_H
#define ASX_CLI_LOOK_OPTIONS_H

#include "look.h"
#include "option.h"

/* For tables of a known number of rows. */
#define OPTION_LOOK(look)                                                                          \
    OPTION_OF_FLAG(&(look).wide, "wide",                                                           \
                   "every field under its own name and in its own unit, as csv and json have "     \
                   "them"),                                                                        \
        OPTION_FORMAT(&(look).format)

/* For fronts, which may be long. */
#define OPTION_LOOK_FRONT(look)                                                                    \
    OPTION_OF_FLAG(&(look).all, "all",                                                             \
                   "all rows (default on a terminal: a dozen, spread over the front)"),            \
        {.name = "limit",                                                                          \
         .kind = OPTION_INTEGER,                                                                   \
         .target = &(look).limit,                                                                  \
         .argument = "N",                                                                          \
         .low = 1,                                                                                 \
         .high = 1e9,                                                                              \
         .help = "at most so many rows, spread over the front, in any format"},                    \
        {.name = "columns",                                                                        \
         .kind = OPTION_TEXT,                                                                      \
         .target = &(look).columns,                                                                \
         .argument = "FIELDS",                                                                     \
         .check = check_some,                                                                      \
         .help = "these fields, separated by commas; csv has all of them in its head"},            \
        OPTION_LOOK(look)

#endif
