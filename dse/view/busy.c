/* A thread of its own writes the line: whatever takes long need not know of it. */
#include "busy.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { SILENT_S = 2 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static pthread_t thread;
static bool working, begun; /* begun: of the main thread alone */

static void *show(void *state)
{
    const char *what = state;
    struct timespec until;
    int seconds = SILENT_S;
    bool shown = false;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SILENT_S;
    pthread_mutex_lock(&mutex);
    while (working) {
        if (pthread_cond_timedwait(&ended, &mutex, &until) == 0 || !working)
            continue;
        /* the cursor goes back, so that whatever comes is written over it */
        fprintf(stderr, "\r\033[K%s: working, %d s\r", what, seconds++);
        fflush(stderr);
        shown = true;
        until.tv_sec++;
    }
    pthread_mutex_unlock(&mutex);
    if (shown)
        fprintf(stderr, "\r\033[K");
    return NULL;
}

void busy_begin(const char *what)
{
    if (begun || !isatty(STDERR_FILENO))
        return;
    working = true;
    begun = pthread_create(&thread, NULL, show, (void *)what) == 0;
}

void busy_end(void)
{
    if (!begun)
        return;
    pthread_mutex_lock(&mutex);
    working = false;
    pthread_cond_signal(&ended);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    begun = false;
}
