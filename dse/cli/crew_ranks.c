/* The program as one rank of an MPI job. */
#include <fcntl.h>
#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "crew.h"
#include "dse/file.h"
#include "explore/worker.h"
#include "ranks.h"

/* One process is one rank. */
static struct {
    asx_ranks *ranks;
    asx_worker *worker;
    asx_crew_server server;
    bool met;                 /* the others know what this one has to say */
    char lost[ASX_ERROR_MAX]; /* what was said of a rank that died */
    int said; /* where standard error was before a rank that works became silent; -1: it is not */
} here = {.said = -1};

/* What a rank that works would print, rank 0 prints too. */
static void be_silent(void)
{
    const int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere < 0)
        return;
    here.said = dup(STDERR_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
}

/* From here on only sanitizers and the system's last words speak. */
static void speak(void)
{
    if (here.said < 0)
        return;
    dup2(here.said, STDERR_FILENO);
    close(here.said);
    here.said = -1;
}

/* In one piece, and at once: the launcher may be about to end this process. */
static void say_lost(const char *message)
{
    char line[sizeof here.lost + 16];
    const int n = snprintf(line, sizeof line, "\nasx: %s\n", message);
    snprintf(here.lost, sizeof here.lost, "%s", message);
    /* a line of progress may be there, on a terminal alone */
    const size_t skip = isatty(STDERR_FILENO) ? 0 : 1;
    const ssize_t done =
        write(here.said < 0 ? STDERR_FILENO : here.said, line + skip, (size_t)n - skip);
    (void)done; /* nobody is left to be told */
}

bool crew_has_said(const char *why)
{
    return here.lost[0] && strcmp(why, here.lost) == 0;
}

int crew_enter(int argc, char **argv, bool shared)
{
    asx_error err = {0};
    (void)argc;
    (void)argv;
    if (!shared)
        return CREW_GO_ON;
    const asx_status status = asx_ranks_start(&here.ranks, say_lost, &err);
    if (status != ASX_OK) {
        fprintf(stderr, "asx: %s\n", err.message);
        return CMD_FAILURE;
    }
    if (asx_ranks_number(here.ranks) == 0)
        return CREW_GO_ON;
    be_silent();
    /* rank 0 hears what is to end, and ends the others */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    return CREW_GO_ON;
}

int crew_leave(int code)
{
    const bool works = crew_works();
    if (!here.ranks)
        return code;
    if (works)
        crew_refuse("it ended before it had begun");
    asx_ranks_end(here.ranks, code == CMD_FAILURE);
    here.ranks = NULL;
    return works ? CMD_OK : code;
}

bool crew_works(void)
{
    return here.ranks && asx_ranks_number(here.ranks) > 0;
}

void crew_refuse(const char *why)
{
    if (crew_works() && !here.met)
        asx_ranks_refuse(here.ranks, why);
    here.met = true;
}

size_t crew_threads(void)
{
    return here.ranks ? asx_ranks_threads(here.ranks) : 0;
}

size_t crew_size(void)
{
    return here.ranks ? asx_ranks_size(here.ranks) : 1;
}

/* The program as it lies on the disk, besides what it says of itself. */
static uint64_t hash_program(uint64_t seed)
{
    enum { MOST = 1 << 30 };
    char *bytes = NULL;
    size_t n = 0;
    uint64_t hash = seed;
    if (asx_file_read(&bytes, &n, "/proc/self/exe", MOST, NULL) == ASX_OK)
        hash = asx_hash(bytes, n, seed);
    free(bytes);
    return hash;
}

enum { N_PROOFS = 4 };

static asx_status prove(asx_ranks_proof proof[N_PROOFS], asx_session *s, asx_error *err)
{
    asx_worker_inputs in;
    const asx_status status = asx_worker_know_inputs(&in, s, err);
    if (status != ASX_OK)
        return status;
    proof[0] = (asx_ranks_proof){"program", hash_program(in.program)};
    proof[1] = (asx_ranks_proof){"network", in.network};
    proof[2] = (asx_ranks_proof){"data", in.data};
    proof[3] = (asx_ranks_proof){"campaign (images, calibration or training)", in.rules};
    return ASX_OK;
}

static asx_status lead(asx_session *s, const asx_ranks_proof *proof, asx_error *err)
{
    const asx_status status = asx_ranks_prove(here.ranks, proof, N_PROOFS, err);
    if (status == ASX_OK)
        asx_session_join(s, asx_ranks_crew(here.ranks, &here.server));
    return status;
}

asx_status crew_share(asx_session *s, size_t threads, asx_error *err)
{
    asx_ranks_proof proof[N_PROOFS];
    if (!here.ranks)
        return ASX_OK;
    omp_set_num_threads((int)(threads ? threads : asx_ranks_threads(here.ranks)));
    asx_status status = prove(proof, s, err);
    if (status == ASX_OK)
        status = asx_worker_new(&here.worker, s, err);
    here.server = (asx_crew_server){asx_worker_serve, here.worker};
    if (status == ASX_OK && !crew_works())
        return lead(s, proof, err);
    if (!crew_works())
        return status;
    if (status != ASX_OK)
        return status;
    here.met = true;
    speak();
    return asx_ranks_serve(here.ranks, proof, N_PROOFS, &here.server, err);
}

void crew_part(asx_session *s)
{
    asx_session_join(s, NULL);
    asx_worker_free(here.worker);
    here.worker = NULL;
}

const asx_crew *crew_any(const asx_crew_server *server, asx_error *err)
{
    const asx_ranks_proof proof = {"program", hash_program(0)};
    asx_status status = ASX_OK;
    if (!here.ranks)
        return NULL;
    here.met = true;
    status = crew_works() ? asx_ranks_serve(here.ranks, &proof, 1, server, err)
                          : asx_ranks_prove(here.ranks, &proof, 1, err);
    return status == ASX_OK && !crew_works() ? asx_ranks_crew(here.ranks, server) : NULL;
}
