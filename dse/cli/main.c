/* asx: the program. Finds the command and runs it; everything else is in cmd_*.c. */
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "busy.h"
#include "cmd.h"
#include "crew.h"
#include "explore/version.h"

static const cmd cmds[] = {
    {"init", cmd_init, "writes a first campaign for a network and data", true},
    {"run", cmd_run, "search a campaign; goes on where an earlier run stopped", true},
    {"ask", cmd_ask, "designs to evaluate elsewhere, as the search of a campaign wants them",
     false},
    {"tell", cmd_tell, "books what was found out about them", false},
    {"work", cmd_work, "a worker that evaluates them, beside others, until the search is over",
     true},
    {"eval", cmd_eval, "accuracy of one design", false},
    {"train", cmd_train, "alphabet-aware training: a network for one design", true},
    {"network", cmd_network, "a fresh network, to be trained without a framework", false},
    {"c", cmd_c, "a design's network as one file of plain C", false},
    {"onnx", cmd_onnx, "a design's network as quantised ONNX, for other runtimes", false},
    {"rtl", cmd_rtl, "a design's machine in Verilog, with memories and testbench", false},
    {"words", cmd_words, "a design's weights as the words that its memories hold", false},
    {"cost", cmd_cost, "energy, latency, area and storage of one design, with breakdown", false},
    {"bespoke", cmd_bespoke, "printed and other classifiers whose weights are wired", false},
    {"format", cmd_format, "one number format: values, code, projection error", false},
    {"campaign", cmd_campaign, "the keys of campaign files: what each takes and means", false},
    {"inspect", cmd_inspect, "what a campaign's network, data and design space look like", false},
    {"front", cmd_front, "the Pareto front of a campaign", false},
    {"best", cmd_best, "the best design under limits", false},
    {"show", cmd_show, "one design in full, layer by layer", false},
    {"layers", cmd_layers, "which layers of good designs need how many alphabets", false},
    {"query", cmd_query, "everything that was evaluated, filtered and sorted", false},
    {"compare", cmd_compare, "two campaigns, or two selections of one, against each other", false},
    {"status", cmd_status, "campaigns and runs of a database, also while they work", true},
    {"report", cmd_report, "a campaign as one page to explore, keep and send", false},
    {"merge", cmd_merge, "one database of several machines' ones, without duplicates", false},
    {"fsck", cmd_fsck, "whether a database is sound; repairs what can be", false},
    {"export", cmd_export, "everything that was evaluated, as CSV or JSON", false},
    {"plot", cmd_plot, "pictures: SVG, PNG, PDF or in the terminal", false},
    {"hv", cmd_hv, "hypervolume of sets of points", false},
    {"nondominated", cmd_nondominated, "the non-dominated points of sets, or all ranks", false},
    {"epsilon", cmd_epsilon, "additive epsilon and coverage of sets of points", false},
    {"igd", cmd_igd, "IGD+ of sets of points", false},
    {"algorithms", cmd_algorithms, "the search algorithms and their parameters", false},
    {"technologies", cmd_technologies, "the technologies, their sources and errors", false},
    {"proxies", cmd_proxies, "the accuracy proxies", false},
    {"bench", cmd_bench, "benchmarks, with ratios measured in one run", true},
};

/* Whose work the ranks of an MPI job can share. */
static int (*const shared[])(int, char **) = {cmd_run, cmd_proxies, cmd_bench};

enum { N_CMDS = sizeof cmds / sizeof *cmds };

static void print_usage(FILE *out)
{
    fprintf(out,
            "asx %s, the alphabet-set explorer: number formats for multiplier-less "
            "accelerators\n\nusage: asx <command> [options]\n\n",
            asx_version());
    for (size_t i = 0; i < N_CMDS; i++)
        fprintf(out, "  %-13s %s\n", cmds[i].name, cmds[i].summary);
    fprintf(out,
            "\n'asx <command> --help' tells more. 'asx run' alone runs a small campaign that "
            "needs no files;\n'asx --cite' prints what to cite, 'asx --version' the version.\n\n"
            "exit codes: 0 done; 1 failed, or no design keeps the limits that were asked for, "
            "with a\nline that says so; 2 wrong usage, whatever files hold; 3 stopped by a "
            "signal: the same\ncommand goes on.\n");
}

static int run(const cmd *c, int argc, char **argv)
{
    if (!c->talks && !crew_works())
        busy_begin(c->name);
    const int code = c->run(argc, argv);
    busy_end();
    return crew_leave(code);
}

static bool is_shared(const cmd *c)
{
    for (size_t i = 0; c && i < sizeof shared / sizeof *shared; i++)
        if (c->run == shared[i])
            return true;
    return false;
}

static const cmd *find(const char *name)
{
    for (size_t i = 0; i < N_CMDS; i++)
        if (strcmp(cmds[i].name, name) == 0)
            return &cmds[i];
    return NULL;
}

int main(int argc, char **argv)
{
    /* a file that grows beyond its limit is a failure of writing, with a message */
    signal(SIGXFSZ, SIG_IGN);
    /* GSL's default handler aborts the process */
    gsl_set_error_handler_off();
    const cmd *command = argc < 2 ? NULL : find(argv[1]);
    const int entered = crew_enter(argc, argv, is_shared(command));
    if (entered != CREW_GO_ON)
        return entered;
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
        printf("asx %s\n", asx_version());
        return cmd_end_text();
    }
    if (strcmp(argv[1], "--cite") == 0)
        return cmd_cite(argc - 1, argv + 1);
    if (command)
        return run(command, argc - 1, argv + 1);
    fprintf(stderr, "asx: unknown command '%s'; 'asx --help' lists the commands\n", argv[1]);
    return CMD_USAGE;
}
