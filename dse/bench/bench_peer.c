#include "bench_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

asx_status bench_peer_run(bench_peer *peer, const char *program, const char *argument,
                          asx_error *err)
{
    const char *folder = getenv("ASX_PEERS");
    char path[1024], command[1100], line[256];
    *peer = (bench_peer){0};
    if (!folder || !*folder)
        return ASX_OK;
    snprintf(path, sizeof path, "%s/%s", folder, program);
    if (access(path, X_OK) != 0)
        return ASX_OK;
    if (strchr(path, '\''))
        return asx_fail(err, ASX_EINVAL, "ASX_PEERS: '%s' has a quote in it", folder);
    snprintf(command, sizeof command, "'%s' %s", path, argument);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return asx_fail(err, ASX_EIO, "cannot run '%s'", path);
    while (fgets(line, sizeof line, pipe) && peer->n < BENCH_PEER_FIGURES_MAX)
        peer->n += sscanf(line, "%63s %lf", peer->name[peer->n], &peer->value[peer->n]) == 2;
    if (pclose(pipe) != 0)
        return asx_fail(err, ASX_EIO, "'%s' failed", path);
    return ASX_OK;
}

bool bench_peer_find(double *value, const bench_peer *peer, const char *name)
{
    for (size_t i = 0; i < peer->n; i++)
        if (strcmp(peer->name[i], name) == 0) {
            *value = peer->value[i];
            return true;
        }
    return false;
}
