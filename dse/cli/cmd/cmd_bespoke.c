/* asx bespoke: classifiers whose weights are wired. Finds the verb; everything else is in bespoke_*.c. */
#include <string.h>

#include "bespoke_verbs.h"
#include "cmd.h"
#include "option.h"

static const cmd verbs[] = {
    {"train", bespoke_train, NULL, true},    {"check", bespoke_check, NULL, false},
    {"cost", bespoke_cost, NULL, false},     {"rtl", bespoke_rtl, NULL, false},
    {"adders", bespoke_adders, NULL, false},
};

static const option_usage usage = {
    .synopsis = "bespoke VERB ...",
    .about =
        "Bespoke classifiers, as printed electronics have them: multilayer perceptrons whose "
        "weights are wired, with what is left out of their sums, activations and comparisons. "
        "'asx bespoke VERB --help' tells more. Verbs:\n"
        "train: from a table to a front of classifiers, evolved with what is left out of them\n"
        "check: what a network answers for every row of a table, against labels and classes"
        "\ncost: area, power and delay of its circuit, cell by cell, and what it runs from"
        "\nrtl: the same as combinational Verilog, with a testbench of all rows of a table"
        "\nadders: a constant matrix as two-input adders",
    .examples = "  asx bespoke train table.csv --hidden 3 -o designs\n"
                "  asx bespoke check design.json x_test.csv --classes y_test.csv\n"
                "  asx bespoke cost design.json --limit 'power_mw <= 30'\n"};

int cmd_bespoke(int argc, char **argv)
{
    const option none[] = {{0}};
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    if (argc > 1 && argv[1][0] != '-')
        return option_misused(&usage, "unknown verb '%s'; 'asx bespoke --help' lists them",
                              argv[1]);
    const option_result args = option_parse(argc, argv, none, &usage);
    return args.done ? args.exit_code : option_misused(&usage, "a verb is missing");
}
