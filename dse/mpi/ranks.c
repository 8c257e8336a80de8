/* Ranks that meet, prove that they have the same before them, and part. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "ranks_private.h"

/* ---- what comes ---- */

static void keep_job(asx_ranks *r, char *bytes, size_t n)
{
    asx_ranks_letter *l = asx_array_new(1, sizeof *l);
    if (!l || n < sizeof(asx_ranks_head)) {
        free(l);
        free(bytes);
        return;
    }
    *l = (asx_ranks_letter){.bytes = bytes, .n = n};
    *r->last = l;
    r->last = &l->next;
}

static void arrived(void *state, size_t rank, asx_post_kind kind, char *bytes, size_t n)
{
    asx_ranks *r = state;
    pthread_mutex_lock(&r->lock);
    if (r->rank == 0) {
        asx_ranks_lead_arrived(r, rank, kind, bytes, n);
    } else if (kind == ASX_POST_JOB) {
        keep_job(r, bytes, n);
        bytes = NULL;
    } else if (kind == ASX_POST_HELLO && n == sizeof(asx_ranks_welcome)) {
        asx_ranks_welcome w;
        memcpy(&w, bytes, n);
        r->sharing = w.sharing;
        r->leader = w.leader;
        r->welcome = true;
    } else if (kind == ASX_POST_STOP && n == sizeof r->stopped) {
        memcpy(&r->stopped, bytes, n);
    } else if (kind == ASX_POST_END) {
        r->end = true;
    }
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
    free(bytes);
}

/* ---- meeting ---- */

/* "Cpus_allowed:\tff,00000003": the bits are the processors. */
static void know_processors(asx_ranks_hello *h)
{
    static const char key[] = "Cpus_allowed:";
    char line[4096];
    const long all = sysconf(_SC_NPROCESSORS_ONLN);
    h->n_processors = all > 0 ? (size_t)all : 1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, key, sizeof key - 1) != 0)
            continue;
        size_t n = 0;
        for (const char *c = line + sizeof key - 1; *c; c++) {
            const char *digits = "0123456789abcdef", *digit = strchr(digits, *c);
            for (long bits = digit ? digit - digits : 0; bits > 0; bits >>= 1)
                n += bits & 1;
        }
        h->processors = asx_hash(line, strlen(line), 0);
        h->n_processors = n > 0 && n < h->n_processors ? n : h->n_processors;
    }
    if (f)
        fclose(f);
}

static asx_ranks_hello hello_of_this(void)
{
    asx_ranks_hello h = {.host = "?"};
    if (gethostname(h.host, sizeof h.host - 1) != 0)
        snprintf(h.host, sizeof h.host, "?");
    know_processors(&h);
    h.pid = getpid();
    h.pids = asx_deaths_namespace();
    return h;
}

static size_t share_of(const asx_ranks *r, size_t rank)
{
    const asx_ranks_hello *own = &r->member[rank].hello;
    size_t n = 0;
    for (size_t i = 0; i < r->size; i++)
        n += r->member[i].hello.processors == own->processors &&
             strcmp(r->member[i].hello.host, own->host) == 0;
    return n;
}

static bool all_greeted(const asx_ranks *r)
{
    for (size_t i = 0; i < r->size; i++)
        if (!r->member[i].greeted)
            return false;
    return true;
}

static asx_status greet_all(asx_ranks *r, const asx_ranks_hello *own, asx_error *err)
{
    asx_status status = ASX_OK;
    pthread_mutex_lock(&r->lock);
    r->member[0].hello = *own;
    r->member[0].greeted = true;
    while (status == ASX_OK && !all_greeted(r)) {
        status = asx_ranks_check_alive(r, err);
        if (status == ASX_OK)
            asx_ranks_wait(r);
    }
    for (size_t i = 1; status == ASX_OK && i < r->size; i++) {
        const asx_ranks_welcome w = {share_of(r, i), *own};
        asx_ranks_send(r, i, ASX_POST_HELLO, &w, sizeof w);
    }
    r->sharing = status == ASX_OK ? share_of(r, 0) : 1;
    pthread_mutex_unlock(&r->lock);
    return status;
}

static asx_status be_greeted(asx_ranks *r, const asx_ranks_hello *own, asx_error *err)
{
    asx_ranks_send(r, 0, ASX_POST_HELLO, own, sizeof *own);
    pthread_mutex_lock(&r->lock);
    while (!r->welcome && !r->end && asx_ranks_leader_there(r))
        asx_ranks_wait(r);
    const bool there = r->welcome || r->end;
    pthread_mutex_unlock(&r->lock);
    return there ? ASX_OK : asx_ranks_leader_silent(r, err);
}

/* ---- who dies ---- */

static void died(void *state, size_t rank)
{
    asx_ranks *r = state;
    asx_error error = {.status = ASX_OK};
    pthread_mutex_lock(&r->lock);
    const bool parted = r->rank == 0 ? r->member[rank].gone : r->end;
    const bool told = r->alone;
    if (!parted && r->rank == 0)
        r->member[rank].died = true;
    const char *host = r->rank == 0 ? r->member[rank].hello.host : r->leader.host;
    r->alone = r->alone || !parted;
    if (!parted && !told) {
        (void)asx_ranks_say_died(rank, host, &error);
        r->lost(error.message);
    }
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
}

static bool can_see(const asx_ranks_hello *own, const asx_ranks_hello *other)
{
    return own->pids != 0 && own->pids == other->pids && strcmp(own->host, other->host) == 0;
}

/* Rank 0 all others, rank 1 rank 0: as far as they are on the same machine. */
static asx_status watch(asx_ranks *r, const asx_ranks_hello *own, asx_error *err)
{
    asx_status status = r->rank > 1 ? ASX_OK : asx_deaths_new(&r->deaths, r->size, died, r, err);
    if (status != ASX_OK || r->rank > 1)
        return status;
    if (r->rank == 1 && r->welcome && can_see(own, &r->leader))
        asx_deaths_add(r->deaths, r->leader.pid, 0);
    for (size_t i = 1; r->rank == 0 && i < r->size; i++)
        if (can_see(own, &r->member[i].hello))
            asx_deaths_add(r->deaths, r->member[i].hello.pid, i);
    return asx_deaths_begin(r->deaths, err);
}

asx_status asx_ranks_start(asx_ranks **out, asx_ranks_lost *lost, asx_error *err)
{
    asx_ranks *r = asx_array_new(1, sizeof *r);
    if (!r)
        return asx_fail(err, ASX_ENOMEM, "no memory for ranks");
    *r = (asx_ranks){.lost = lost, .sharing = 1, .counted_s = asx_ranks_now_s()};
    r->last = &r->inbox;
    pthread_mutexattr_t recursive; /* who is told of progress asks for figures */
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&r->lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    pthread_cond_init(&r->changed, NULL);
    asx_status status = asx_post_new(&r->post, arrived, r, err);
    if (status == ASX_OK) {
        r->rank = asx_post_rank(r->post);
        r->size = asx_post_size(r->post);
        r->member = asx_array_new(r->size, sizeof *r->member);
        if (!r->member)
            status = asx_fail(err, ASX_ENOMEM, "no memory for %zu ranks", r->size);
    }
    if (status == ASX_OK) {
        asx_post_open(r->post);
        const asx_ranks_hello own = hello_of_this();
        status = r->rank == 0 ? greet_all(r, &own, err) : be_greeted(r, &own, err);
        if (status == ASX_OK)
            status = watch(r, &own, err);
        r->threads = own.n_processors / r->sharing > 0 ? own.n_processors / r->sharing : 1;
    }
    if (status != ASX_OK)
        asx_ranks_end(r, true);
    else
        *out = r;
    return status;
}

size_t asx_ranks_number(const asx_ranks *ranks)
{
    return ranks->rank;
}

size_t asx_ranks_size(const asx_ranks *ranks)
{
    return ranks->size;
}

size_t asx_ranks_threads(const asx_ranks *ranks)
{
    return ranks->threads;
}

/* ---- proofs ---- */

static asx_status compare(const asx_ranks *r, size_t rank, const asx_ranks_proof *proof, size_t n,
                          asx_error *err)
{
    char name[ASX_RANKS_HOST_SIZE + 32];
    const asx_ranks_member *m = &r->member[rank];
    asx_ranks_name(name, r, rank);
    if (m->refusal)
        return asx_fail(err, ASX_EINVAL, "%s: %s", name, m->refusal);
    for (size_t i = 0; i < n; i++)
        if (i >= m->n_proofs || m->proof[i] != proof[i].hash)
            return asx_fail(err, ASX_EINVAL,
                            "%s: its %s is not that of rank 0 (hashes %016" PRIx64
                            " and %016" PRIx64 "): all ranks need the same",
                            name, proof[i].name, i < m->n_proofs ? m->proof[i] : 0, proof[i].hash);
    return ASX_OK;
}

asx_status asx_ranks_prove(asx_ranks *ranks, const asx_ranks_proof *proof, size_t n, asx_error *err)
{
    asx_ranks *r = ranks;
    asx_status status = ASX_OK;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 1; status == ASX_OK && i < r->size; i++) {
        while (status == ASX_OK && r->member[i].n_proofs == 0 && !r->member[i].refusal) {
            status = asx_ranks_check_alive(r, err);
            if (status == ASX_OK)
                asx_ranks_wait(r);
        }
        if (status == ASX_OK)
            status = compare(r, i, proof, n, err);
    }
    pthread_mutex_unlock(&r->lock);
    return status;
}

void asx_ranks_refuse(asx_ranks *ranks, const char *why)
{
    asx_ranks_send(ranks, 0, ASX_POST_REFUSAL, why, strlen(why));
}

const asx_crew *asx_ranks_crew(asx_ranks *ranks, const asx_crew_server *own)
{
    ranks->server = own;
    ranks->crew = (asx_crew){
        .n = ranks->size, .run = asx_ranks_run, .figures = asx_ranks_figures, .state = ranks};
    return &ranks->crew;
}

/* ---- parting ---- */

static bool all_gone(const asx_ranks *r)
{
    for (size_t i = 1; i < r->size; i++)
        if (!r->member[i].gone)
            return false;
    return true;
}

/* @return whether they ended */
static bool dismiss(asx_ranks *r, bool failed)
{
    enum { PATIENCE_S = 5 };
    const double start = asx_ranks_now_s();
    bool alive = true;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 1; i < r->size; i++)
        asx_ranks_send(r, i, ASX_POST_END, NULL, 0);
    while (alive && !all_gone(r)) {
        asx_ranks_wait(r);
        alive = !(failed && asx_ranks_now_s() - start > PATIENCE_S) &&
                asx_ranks_check_alive(r, NULL) == ASX_OK;
    }
    pthread_mutex_unlock(&r->lock);
    return alive;
}

/* Until rank 0 says so, or is silent. */
static bool wait_for_end(asx_ranks *r)
{
    pthread_mutex_lock(&r->lock);
    while (!r->end && asx_ranks_leader_there(r))
        asx_ranks_wait(r);
    const bool ended = r->end;
    pthread_mutex_unlock(&r->lock);
    if (ended)
        asx_ranks_send(r, 0, ASX_POST_BYE, NULL, 0);
    return ended;
}

void asx_ranks_end(asx_ranks *ranks, bool failed)
{
    asx_ranks *r = ranks;
    bool whole = true;
    if (!r)
        return;
    if (r->post && r->member)
        whole = r->rank == 0 ? dismiss(r, failed) : wait_for_end(r);
    asx_deaths_free(r->deaths);
    asx_post_free(r->post, whole ? 0 : 1);
    for (size_t i = 0; r->member && i < r->size; i++)
        free(r->member[i].refusal);
    while (r->inbox) {
        asx_ranks_letter *next = r->inbox->next;
        free(r->inbox->bytes);
        free(r->inbox);
        r->inbox = next;
    }
    free(r->member);
    free(r->work.weight);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->changed);
    free(r);
}
