/* asx: the program. Finds the command and runs it; everything else is in cmd_*.c. */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "version.h"

static const cmd cmds[] = {
    {"run", cmd_run, "search a campaign; goes on where an earlier run stopped"},
    {"ask", cmd_ask, "designs to evaluate elsewhere, as the search of a campaign wants them"},
    {"tell", cmd_tell, "books what was found out about them"},
    {"eval", cmd_eval, "accuracy of one design"},
    {"train", cmd_train, "alphabet-aware training: a network for one design"},
    {"network", cmd_network, "a fresh network, to be trained without a framework"},
    {"words", cmd_words, "a design's weights as the words that its memories hold"},
    {"cost", cmd_cost, "energy, latency, area and storage of one design, with breakdown"},
    {"format", cmd_format, "one number format: values, code, projection error"},
    {"inspect", cmd_inspect, "what a campaign's network, data and design space look like"},
    {"front", cmd_front, "the Pareto front of a campaign"},
    {"best", cmd_best, "the best design under limits"},
    {"show", cmd_show, "one design in full, layer by layer"},
    {"layers", cmd_layers, "which layers of good designs need how many alphabets"},
    {"query", cmd_query, "everything that was evaluated, filtered and sorted"},
    {"compare", cmd_compare, "two campaigns, or two selections of one, against each other"},
    {"status", cmd_status, "campaigns and runs of a database, also while they work"},
    {"report", cmd_report, "a campaign as one page to explore, keep and send"},
    {"merge", cmd_merge, "one database of several machines' ones, without duplicates"},
    {"fsck", cmd_fsck, "whether a database is sound; repairs what can be"},
    {"export", cmd_export, "everything that was evaluated, as CSV or JSON"},
    {"plot", cmd_plot, "pictures: SVG, PNG, PDF or in the terminal"},
    {"hv", cmd_hv, "hypervolume of sets of points"},
    {"nondominated", cmd_nondominated, "the non-dominated points of sets, or all ranks"},
    {"epsilon", cmd_epsilon, "additive epsilon and coverage of sets of points"},
    {"igd", cmd_igd, "IGD+ of sets of points"},
    {"algorithms", cmd_algorithms, "the search algorithms and their parameters"},
    {"technologies", cmd_technologies, "the technologies, their sources and errors"},
    {"proxies", cmd_proxies, "the accuracy proxies"},
    {"bench", cmd_bench, "benchmarks, with ratios measured in one run"},
};

enum { N_CMDS = sizeof cmds / sizeof *cmds };

static void print_usage(FILE *out)
{
    fprintf(out,
            "asx " ASX_VERSION ", the alphabet-set explorer: number formats for multiplier-less "
            "accelerators\n\nusage: asx <command> [options]\n\n");
    for (size_t i = 0; i < N_CMDS; i++)
        fprintf(out, "  %-13s %s\n", cmds[i].name, cmds[i].summary);
    fprintf(out, "\n'asx <command> --help' tells more. 'asx run' alone runs a small campaign that "
                 "needs no files.\n");
}

int cmd_end(asx_status status, const asx_error *err)
{
    if (status == ASX_OK)
        return CMD_OK;
    fprintf(stderr, "asx: %s\n", err->message[0] ? err->message : asx_status_text(status));
    return CMD_FAILURE;
}

int cmd_end_text(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CMD_OK;
    fprintf(stderr, "asx: cannot write: %s\n", strerror(errno));
    return CMD_FAILURE;
}

int main(int argc, char **argv)
{
    /* GSL's default handler aborts the process */
    gsl_set_error_handler_off();
    if (argc < 2) {
        print_usage(stderr);
        return CMD_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return cmd_end_text();
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("asx " ASX_VERSION "\n");
        return cmd_end_text();
    }
    for (size_t i = 0; i < N_CMDS; i++)
        if (strcmp(argv[1], cmds[i].name) == 0)
            return cmds[i].run(argc - 1, argv + 1);
    fprintf(stderr, "asx: unknown command '%s'; 'asx --help' lists the commands\n", argv[1]);
    return CMD_USAGE;
}
