#define _GNU_SOURCE /* syscall */
#include "deaths.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dse/memory.h"

struct asx_deaths {
    pthread_t thread;
    bool begun;
    struct pollfd *fd; /* [n + 1]; [0] ends the thread, those < 0 are not looked at */
    size_t *number;    /* [n + 1] */
    size_t n, capacity;
    int end; /* the other end of fd[0] */
    asx_deaths_told *told;
    void *state;
};

uint64_t asx_deaths_namespace(void)
{
    struct stat of;
    return stat("/proc/self/ns/pid", &of) == 0 ? (uint64_t)of.st_ino : 0;
}

asx_status asx_deaths_new(asx_deaths **out, size_t n, asx_deaths_told *told, void *state,
                          asx_error *err)
{
    int ends[2];
    asx_deaths *d = asx_array_new(1, sizeof *d);
    struct pollfd *fd = asx_array_new(n + 1, sizeof *fd);
    size_t *number = asx_array_new(n + 1, sizeof *number);
    if (!d || !fd || !number || pipe(ends) != 0) {
        free(d);
        free(fd);
        free(number);
        return asx_fail(err, ASX_ENOMEM, "no memory to watch %zu ranks", n);
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    fd[0] = (struct pollfd){.fd = ends[0], .events = POLLIN};
    *d = (asx_deaths){.fd = fd,
                      .number = number,
                      .n = 1,
                      .capacity = n + 1,
                      .end = ends[1],
                      .told = told,
                      .state = state};
    *out = d;
    return ASX_OK;
}

void asx_deaths_add(asx_deaths *deaths, int64_t pid, size_t number)
{
    asx_deaths *d = deaths;
    if (d->n == d->capacity)
        return;
#ifdef SYS_pidfd_open
    const int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
    if (fd < 0 && errno == ESRCH)
        d->told(d->state, number);
    if (fd < 0)
        return;
    d->number[d->n] = number;
    d->fd[d->n++] = (struct pollfd){.fd = fd, .events = POLLIN};
#else
    (void)pid;
    (void)number;
#endif
}

static void *watch(void *state)
{
    asx_deaths *d = state;
    while (poll(d->fd, (nfds_t)d->n, -1) >= 0 || errno == EINTR) {
        if (d->fd[0].revents)
            return NULL;
        for (size_t i = 1; i < d->n; i++) {
            if (d->fd[i].fd < 0 || !d->fd[i].revents)
                continue;
            d->told(d->state, d->number[i]);
            close(d->fd[i].fd);
            d->fd[i] = (struct pollfd){.fd = -1};
        }
    }
    return NULL;
}

asx_status asx_deaths_begin(asx_deaths *deaths, asx_error *err)
{
    if (deaths->n == 1) /* nobody */
        return ASX_OK;
    if (pthread_create(&deaths->thread, NULL, watch, deaths) != 0)
        return asx_fail(err, ASX_EIO, "cannot begin a thread that watches ranks");
    deaths->begun = true;
    return ASX_OK;
}

void asx_deaths_free(asx_deaths *deaths)
{
    if (!deaths)
        return;
    close(deaths->end); /* which the thread hears */
    if (deaths->begun)
        pthread_join(deaths->thread, NULL);
    for (size_t i = 0; i < deaths->n; i++)
        if (deaths->fd[i].fd >= 0)
            close(deaths->fd[i].fd);
    free(deaths->fd);
    free(deaths->number);
    free(deaths);
}
