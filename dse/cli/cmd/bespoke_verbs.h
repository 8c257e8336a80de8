/* What `asx bespoke` can do: one bespoke_<verb>.c each, listed once in cmd_bespoke.c. */
#ifndef ASX_CLI_BESPOKE_VERBS_H
#define ASX_CLI_BESPOKE_VERBS_H

/* As commands: argv[0] is the verb; return an exit code. */
int bespoke_adders(int argc, char **argv);
int bespoke_check(int argc, char **argv);
int bespoke_cost(int argc, char **argv);
int bespoke_rtl(int argc, char **argv);
int bespoke_train(int argc, char **argv);

#endif
