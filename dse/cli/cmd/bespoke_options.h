/* How circuits are built and priced: options that verbs of `asx bespoke` share. */
#ifndef ASX_CLI_BESPOKE_OPTIONS_H
#define ASX_CLI_BESPOKE_OPTIONS_H

#include "hwmodel/bespoke.h"
#include "option.h"

typedef struct bespoke_options {
    const char *technology, *sharing; /* the last may be NULL */
    bool as_published;
} bespoke_options;

#define BESPOKE_OPTIONS_DEFAULT                                                                    \
    {                                                                                              \
        .technology = "egt"                                                                        \
    }

#define OPTIONS_BESPOKE(o)                                                                         \
    OPTION_OF_TEXT(&(o).technology, "technology", "NAME",                                          \
                   "the library of cells, or the path of one (default: egt, printed)"),            \
        OPTION_OF_CHOICE(&(o).sharing, "sharing", "smaller|columns|shared",                        \
                         "sums of a layer: each neuron on its own by columns of bits, shared "     \
                         "adders, or per layer the smaller one (default)"),                        \
        OPTION_OF_FLAG(&(o).as_published, "as-published",                                          \
                       "carries of AND and OR cells, as published netlists have them, and "        \
                       "columns: no shared adders")

/** How the options want circuits; asked before the work. @return as asx_bespoke_build_of, a wrong command line */
ASX_NODISCARD asx_status bespoke_build(asx_bespoke_build *out, const bespoke_options *o,
                                       asx_error *err);

#endif
