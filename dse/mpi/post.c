#include "post.h"

#include <limits.h>
#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "dse/memory.h"

/* How long it sleeps when there is nothing to do: little after something happened, more with time,
 * and long while nothing is expected, as every look costs some 30 us of who computes. What is to be
 * sent wakes it. */
enum { NAP_MIN_US = 20, NAP_MAX_US = 2000, NAP_LONG_US = 20000, ALIVE_EVERY_S = 5 };

typedef struct letter {
    struct letter *next;
    size_t rank, n;
    asx_post_kind kind;
    char *bytes;
    MPI_Request request;
} letter;

struct asx_post {
    pthread_t thread;
    pthread_mutex_t lock; /* of all that follows but for `sent` */
    pthread_cond_t begun, woken;
    bool is_begun, open, ending;
    int provided, abort_code;
    size_t rank, size;
    letter *waiting, **last;
    double calm_until_s; /* nothing is expected before */
    double *heard_s;     /* [size] */
    letter *sent;        /* of the thread: on their way */
    double alive_s;
    asx_post_arrived *arrived;
    void *state;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void nap(long us)
{
    const struct timespec t = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&t, NULL);
}

static void begin(asx_post *p)
{
    int rank = 0, size = 1;
    const int rc = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &p->provided);
    if (rc == MPI_SUCCESS) {
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        MPI_Comm_size(MPI_COMM_WORLD, &size);
    } else {
        p->provided = -1;
    }
    pthread_mutex_lock(&p->lock);
    p->rank = (size_t)rank;
    p->size = (size_t)size;
    p->heard_s = asx_array_new(p->size, sizeof *p->heard_s);
    for (size_t i = 0; p->heard_s && i < p->size; i++)
        p->heard_s[i] = now_s();
    p->is_begun = true;
    pthread_cond_signal(&p->begun);
    pthread_mutex_unlock(&p->lock);
}

/* @return whether anything was sent */
static bool send_waiting(asx_post *p)
{
    pthread_mutex_lock(&p->lock);
    letter *l = p->waiting;
    p->waiting = NULL;
    p->last = &p->waiting;
    pthread_mutex_unlock(&p->lock);
    const bool any = l != NULL;
    while (l) {
        letter *next = l->next;
        MPI_Isend(l->bytes, (int)l->n, MPI_BYTE, (int)l->rank, (int)l->kind, MPI_COMM_WORLD,
                  &l->request);
        l->next = p->sent;
        p->sent = l;
        l = next;
    }
    return any;
}

/* Frees what has left. */
static void tidy(asx_post *p)
{
    for (letter **at = &p->sent; *at;) {
        letter *l = *at;
        int done = 0;
        MPI_Test(&l->request, &done, MPI_STATUS_IGNORE);
        if (done) {
            *at = l->next;
            free(l->bytes);
            free(l);
        } else {
            at = &l->next;
        }
    }
}

/* @return whether anything came */
static bool receive(asx_post *p)
{
    int there = 0, n = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return false;
    MPI_Get_count(&status, MPI_BYTE, &n);
    char *bytes = asx_array_new((size_t)n + 1, 1);
    if (!bytes) /* nobody can be told; the leader's message says that a rank was lost */
        MPI_Abort(MPI_COMM_WORLD, 1);
    MPI_Recv(bytes, n, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    pthread_mutex_lock(&p->lock);
    p->heard_s[status.MPI_SOURCE] = now_s();
    pthread_mutex_unlock(&p->lock);
    if (status.MPI_TAG == ASX_POST_ALIVE)
        free(bytes);
    else
        p->arrived(p->state, (size_t)status.MPI_SOURCE, (asx_post_kind)status.MPI_TAG, bytes,
                   (size_t)n);
    return true;
}

/* Those who work tell rank 0 that they live, and it tells them. */
static void say_alive(asx_post *p)
{
    const double now = now_s();
    if (now - p->alive_s < ALIVE_EVERY_S)
        return;
    p->alive_s = now;
    const size_t end = p->rank == 0 ? p->size : 1;
    for (size_t i = p->rank == 0 ? 1 : 0; i < end; i++)
        asx_post_send(p, i, ASX_POST_ALIVE, NULL, 0);
}

static bool ends(asx_post *p)
{
    pthread_mutex_lock(&p->lock);
    const bool result = p->ending && !p->waiting;
    pthread_mutex_unlock(&p->lock);
    return result;
}

static bool is_open(asx_post *p)
{
    pthread_mutex_lock(&p->lock);
    const bool result = p->open || p->ending;
    pthread_mutex_unlock(&p->lock);
    return result;
}

/* @return how long it slept at most */
static long sleep_until_woken(asx_post *p, long us)
{
    struct timespec t;
    pthread_mutex_lock(&p->lock);
    const double calm = p->sent ? 0 : p->calm_until_s - now_s();
    us = 2 * us < NAP_MAX_US ? 2 * us : NAP_MAX_US;
    const long most = calm > 1e-6 * NAP_LONG_US ? NAP_LONG_US : calm > 0 ? (long)(1e6 * calm) : 0;
    const long nap_us = most > us ? most : us;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += nap_us * 1000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    if (!p->waiting && !p->ending)
        pthread_cond_timedwait(&p->woken, &p->lock, &t);
    pthread_mutex_unlock(&p->lock);
    return us;
}

static void *run(void *state)
{
    asx_post *p = state;
    long us = NAP_MIN_US;
    begin(p);
    if (p->provided < 0)
        return NULL;
    while (!is_open(p))
        nap(NAP_MIN_US);
    while (!ends(p) || p->sent) {
        say_alive(p);
        bool busy = send_waiting(p);
        for (int i = 0; i < 64 && receive(p); i++)
            busy = true;
        tidy(p);
        us = busy ? NAP_MIN_US : sleep_until_woken(p, us);
        pthread_mutex_lock(&p->lock);
        const int code = p->ending ? p->abort_code : 0;
        pthread_mutex_unlock(&p->lock);
        if (code)
            MPI_Abort(MPI_COMM_WORLD, code);
    }
    MPI_Finalize();
    return NULL;
}

asx_status asx_post_new(asx_post **out, asx_post_arrived *arrived, void *state, asx_error *err)
{
    asx_post *p = asx_array_new(1, sizeof *p);
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for the messages of ranks");
    *p = (asx_post){.arrived = arrived, .state = state};
    p->last = &p->waiting;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->begun, NULL);
    pthread_cond_init(&p->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&p->thread, NULL, run, p) != 0) {
        free(p);
        return asx_fail(err, ASX_EIO, "cannot begin a thread for the messages of ranks");
    }
    pthread_mutex_lock(&p->lock);
    while (!p->is_begun)
        pthread_cond_wait(&p->begun, &p->lock);
    pthread_mutex_unlock(&p->lock);
    if (p->provided < MPI_THREAD_FUNNELED || !p->heard_s) {
        asx_post_free(p, 0);
        return asx_fail(err, ASX_EIO, "cannot begin MPI for a program of several threads");
    }
    *out = p;
    return ASX_OK;
}

void asx_post_open(asx_post *post)
{
    pthread_mutex_lock(&post->lock);
    post->open = true;
    pthread_mutex_unlock(&post->lock);
}

size_t asx_post_rank(const asx_post *post)
{
    return post->rank;
}

size_t asx_post_size(const asx_post *post)
{
    return post->size;
}

void asx_post_send(asx_post *post, size_t rank, asx_post_kind kind, char *bytes, size_t n)
{
    letter *l = n <= INT_MAX ? asx_array_new(1, sizeof *l) : NULL;
    if (!l) {
        free(bytes);
        return;
    }
    *l = (letter){.rank = rank, .kind = kind, .bytes = bytes, .n = n};
    pthread_mutex_lock(&post->lock);
    *post->last = l;
    post->last = &l->next;
    pthread_cond_signal(&post->woken);
    pthread_mutex_unlock(&post->lock);
}

void asx_post_be_calm(asx_post *post, double seconds)
{
    pthread_mutex_lock(&post->lock);
    post->calm_until_s = now_s() + seconds;
    pthread_mutex_unlock(&post->lock);
}

double asx_post_silence_s(asx_post *post, size_t rank)
{
    pthread_mutex_lock(&post->lock);
    const double since = now_s() - post->heard_s[rank];
    pthread_mutex_unlock(&post->lock);
    return since;
}

void asx_post_free(asx_post *post, int abort_code)
{
    if (!post)
        return;
    pthread_mutex_lock(&post->lock);
    post->ending = true;
    post->abort_code = abort_code;
    pthread_cond_signal(&post->woken);
    pthread_mutex_unlock(&post->lock);
    pthread_join(post->thread, NULL);
    pthread_mutex_destroy(&post->lock);
    pthread_cond_destroy(&post->begun);
    pthread_cond_destroy(&post->woken);
    free(post->heard_s);
    free(post);
}
