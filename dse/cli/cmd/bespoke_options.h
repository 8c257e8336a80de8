/* How circuits are built and priced: options that verbs of `asx bespoke` share. */
#ifndef ASX_CLI_BESPOKE_OPTIONS_H
#define ASX_CLI_BESPOKE_OPTIONS_H

#include "hwmodel/bespoke.h"
#include "option.h"

typedef struct bespoke_options {
    const char *technology, *sharing; /* the last may be NULL */
    const char *pipeline;
    bool as_published;
    double rate; /* 0: the usual one */
} bespoke_options;

#define BESPOKE_OPTIONS_DEFAULT                                                                    \
    {                                                                                              \
        .technology = "egt", .pipeline = "none"                                                    \
    }

#define OPTIONS_BESPOKE(o)                                                                         \
    OPTION_OF_TEXT(&(o).technology, "technology", "NAME",                                          \
                   "the library of cells, 'asx technologies' lists them, or the path of one "      \
                   "(default: egt, printed)"),                                                     \
        OPTION_OF_CHOICE(&(o).sharing, "sharing", "smaller|columns|shared",                        \
                         "sums of a layer: each neuron on its own by columns of bits, shared "     \
                         "adders, or per layer the smaller one (default)"),                        \
        OPTION_OF_FLAG(&(o).as_published, "as-published",                                          \
                       "carries of AND and OR cells, as published netlists have them, and "        \
                       "columns: no shared adders"),                                               \
        OPTION_OF_CHECKED(&(o).pipeline, "pipeline", "none|layers|N", bespoke_check_pipeline,      \
                          "registers: between layers, or so that no more than N adders, by their " \
                          "delay, are between two (default: none)"),                               \
    {                                                                                              \
        .name = "rate", .kind = OPTION_NUMBER, .target = &(o).rate, .argument = "HZ", .low = 1e-6, \
        .high = 1e12,                                                                              \
        .help = "rows a second that power is for, of libraries that price what switches: "         \
                "silicon (default: 1000000)"                                                       \
    }

asx_status bespoke_check_pipeline(const char *text, asx_error *err);

/** How the options want circuits; asked before the work. @return as asx_bespoke_build_of, a wrong command line */
ASX_NODISCARD asx_status bespoke_build(asx_bespoke_build *out, const bespoke_options *o,
                                       asx_error *err);

#endif
