/* How circuits are built and priced: options that verbs of `asx bespoke` share. */
#ifndef ASX_CLI_BESPOKE_OPTIONS_H
#define ASX_CLI_BESPOKE_OPTIONS_H

#include "hwmodel/bespoke.h"
#include "option.h"

typedef struct bespoke_options {
    const char *technology, *sharing;
    bool as_published;
} bespoke_options;

#define BESPOKE_OPTIONS_DEFAULT                                                                    \
    {                                                                                              \
        .technology = "egt", .sharing = "smaller"                                                  \
    }

#define OPTIONS_BESPOKE(o)                                                                         \
    OPTION_OF_TEXT(&(o).technology, "technology", "NAME",                                          \
                   "the library of cells, or the path of one (default: egt, printed)"),            \
        OPTION_OF_CHOICE(&(o).sharing, "sharing", "smaller|columns|shared",                        \
                         "sums of a layer: each neuron on its own by columns of bits, shared "     \
                         "adders, or per layer the smaller one (default)"),                        \
        OPTION_OF_FLAG(&(o).as_published, "as-published",                                          \
                       "carries of AND and OR cells, as published netlists have them; alone, "     \
                       "without shared adders")

/** How the options want circuits. */
asx_bespoke_build bespoke_build(const bespoke_options *o);

/** A circuit as the options want it. @return as asx_bespoke_circuit_new */
ASX_NODISCARD asx_status bespoke_circuit(asx_bespoke_circuit **out, const asx_bespoke *network,
                                         const asx_cell_library *library, const bespoke_options *o,
                                         asx_error *err);

#endif
