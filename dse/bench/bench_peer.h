/* Figures of a peer, measured in the same run by a program of its own: tests/bench builds it where
 * the peer is installed, ASX_PEERS names the folder. It prints lines "name value". */
#ifndef ASX_BENCH_BENCH_PEER_H
#define ASX_BENCH_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

enum { BENCH_PEER_FIGURES_MAX = 64 };

typedef struct bench_peer {
    size_t n;
    char name[BENCH_PEER_FIGURES_MAX][64];
    double value[BENCH_PEER_FIGURES_MAX];
} bench_peer;

/** Runs ASX_PEERS/program with an argument. No ASX_PEERS or no such file: no figures, and no
 * failure. */
ASX_NODISCARD asx_status bench_peer_run(bench_peer *peer, const char *program, const char *argument,
                                        asx_error *err);

bool bench_peer_find(double *value, const bench_peer *peer, const char *name);

#endif
