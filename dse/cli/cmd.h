/* The subcommands: one cmd_<name>.c each, listed once in main.c. */
#ifndef ASX_CLI_CMD_H
#define ASX_CLI_CMD_H

#include <stdbool.h>

#include "dse/error.h"

/* Exit codes of the program. CMD_FAILURE: files, data or names in them do not give what was asked for, or the answer is
 * that there is none (asx best). CMD_USAGE: the command line is wrong whatever files hold. CMD_STOPPED: a signal ended what was asked for before it was whole; what
 * was done is stored, and the same command goes on with it. */
enum { CMD_OK = 0, CMD_FAILURE = 1, CMD_USAGE = 2, CMD_STOPPED = 3 };

typedef struct cmd {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit code */
    const char *summary;               /* one line, lower case */
    bool talks;                        /* it tells its progress itself, or prints as it goes */
} cmd;

int cmd_algorithms(int argc, char **argv);
int cmd_ask(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_bespoke(int argc, char **argv);
int cmd_best(int argc, char **argv);
int cmd_campaign(int argc, char **argv);
int cmd_cite(int argc, char **argv); /* --cite */
int cmd_compare(int argc, char **argv);
int cmd_cost(int argc, char **argv);
int cmd_epsilon(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_format(int argc, char **argv);
int cmd_front(int argc, char **argv);
int cmd_hv(int argc, char **argv);
int cmd_igd(int argc, char **argv);
int cmd_fsck(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_init(int argc, char **argv);
int cmd_inspect(int argc, char **argv);
int cmd_layers(int argc, char **argv);
int cmd_network(int argc, char **argv);
int cmd_onnx(int argc, char **argv);
int cmd_nondominated(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_proxies(int argc, char **argv);
int cmd_query(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_tell(int argc, char **argv);
int cmd_technologies(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_c(int argc, char **argv);
int cmd_rtl(int argc, char **argv);
int cmd_words(int argc, char **argv);
int cmd_work(int argc, char **argv);

/** Ends a command: prints "asx: message" to stderr if `status` is a failure; returns the exit code,
 * CMD_STOPPED for ASX_EINTERRUPTED. */
int cmd_end(asx_status status, const asx_error *err);

/** Ends a text printed to stdout: CMD_OK, or CMD_FAILURE with a message if it was not written. */
int cmd_end_text(void);

#endif
