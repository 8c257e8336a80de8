/* asx bench agents: what the command does for this one. */
#ifndef ASX_CLI_BENCH_AGENTS_H
#define ASX_CLI_BENCH_AGENTS_H

#include "explore/agents.h"
#include "look.h"

/* What options say; zeros: defaults. */
typedef struct bench_agents_options {
    const char *campaign, *agents, *tier, *output;
    asx_agents_options study;
    look look;
} bench_agents_options;

/** Compares agents on a campaign, prints hypervolumes by evaluations and writes trajectories. */
ASX_NODISCARD asx_status bench_agents(bench_agents_options *o, asx_error *err);

#endif
