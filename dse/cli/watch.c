#include "watch.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <time.h>

bool watch_is_running(const asx_run_entry *run)
{
    return run->id && !run->reason && run->process > 0 &&
           (kill((pid_t)run->process, 0) == 0 || errno == EPERM);
}

void watch_wait(double seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds,
                            .tv_nsec = (long)(1e9 * (seconds - floor(seconds)))};
    nanosleep(&left, NULL);
}
