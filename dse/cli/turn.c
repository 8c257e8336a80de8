#include "turn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

asx_status turn_take(int *turn, const char *database, bool (*stop)(void *state), asx_error *err)
{
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    bool told = false;
    const int file = open(database, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", database, strerror(errno));
    while (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        if (stop(NULL)) {
            close(file);
            return asx_fail(err, ASX_EINTERRUPTED, "stopped while another run works on '%s'",
                            database);
        }
        if (!told)
            fprintf(stderr, "waiting for another run on %s\n", database);
        told = true;
        nanosleep(&pause, NULL);
    }
    *turn = file;
    return ASX_OK;
}

void turn_end(int turn)
{
    if (turn != TURN_NONE)
        close(turn);
}
