/* What leading and working ranks have in common. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dse/memory.h"
#include "ranks_private.h"

double asx_ranks_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void asx_ranks_wait(asx_ranks *ranks)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec++;
    pthread_cond_timedwait(&ranks->changed, &ranks->lock, &t);
}

void asx_ranks_name(char out[ASX_RANKS_HOST_SIZE + 32], const asx_ranks *ranks, size_t rank)
{
    snprintf(out, ASX_RANKS_HOST_SIZE + 32, "rank %zu (%s)", rank, ranks->member[rank].hello.host);
}

asx_status asx_ranks_say_died(size_t rank, const char *host, asx_error *err)
{
    return asx_fail(err, ASX_EIO,
                    "rank %zu (%s) died (killed, or no memory was left); what was evaluated is "
                    "stored, and the same command goes on, with any number of ranks",
                    rank, host);
}

bool asx_ranks_leader_there(const asx_ranks *ranks)
{
    return !ranks->alone && asx_post_silence_s(ranks->post, 0) < ASX_RANKS_SILENCE_S;
}

asx_status asx_ranks_leader_silent(const asx_ranks *ranks, asx_error *err)
{
    return ranks->alone ? asx_ranks_say_died(0, ranks->leader.host, err)
                        : asx_fail(err, ASX_EIO, "rank 0 is silent");
}

asx_status asx_ranks_check_alive(asx_ranks *ranks, asx_error *err)
{
    char name[ASX_RANKS_HOST_SIZE + 32];
    for (size_t i = 1; i < ranks->size; i++) {
        if (ranks->member[i].died)
            return asx_ranks_say_died(i, ranks->member[i].hello.host, err);
        if (ranks->member[i].gone || asx_post_silence_s(ranks->post, i) < ASX_RANKS_SILENCE_S)
            continue;
        asx_ranks_name(name, ranks, i);
        return asx_fail(err, ASX_EIO,
                        "%s was not heard of for %d s and is taken for dead; what was evaluated is "
                        "stored, and the same command goes on",
                        name, (int)ASX_RANKS_SILENCE_S);
    }
    return ASX_OK;
}

void asx_ranks_send_with_head(asx_ranks *ranks, size_t rank, asx_post_kind kind,
                              const asx_ranks_head *head, const char *bytes, size_t n)
{
    const size_t n_head = head ? sizeof *head : 0;
    char *copy = asx_array_new(n_head + n + 1, 1);
    if (!copy)
        return; /* as asx_post_send: who waits for it misses this rank */
    if (head)
        memcpy(copy, head, n_head);
    if (n > 0)
        memcpy(copy + n_head, bytes, n);
    asx_post_send(ranks->post, rank, kind, copy, n_head + n);
}

void asx_ranks_send(asx_ranks *ranks, size_t rank, asx_post_kind kind, const void *bytes, size_t n)
{
    asx_ranks_send_with_head(ranks, rank, kind, NULL, bytes, n);
}
