/* The program without MPI: alone, unless a launcher started many of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "crew.h"

/* What launchers tell the processes that they start: Open MPI's mpirun, MPICH's and Intel's (and srun
 * --mpi=pmi2), srun --mpi=pmix. A shell in a Slurm job has SLURM_NTASKS as well, so that alone says
 * nothing. */
typedef struct launch {
    const char *size, *rank;
} launch;

static const launch launches[] = {{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                  {"PMI_SIZE", "PMI_RANK"},
                                  {"SLURM_STEP_NUM_TASKS", "PMIX_RANK"}};

static long number(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : -1;
}

/* @return whether there are several */
static bool is_one_of_many(long *rank, long *size)
{
    for (size_t i = 0; i < sizeof launches / sizeof *launches; i++) {
        *rank = number(launches[i].rank);
        *size = number(launches[i].size);
        if (*rank >= 0 && *size > 1)
            return true;
    }
    return false;
}

/* This program's file with another ending. */
static bool find_sibling(char *out, size_t n)
{
    const ssize_t length = readlink("/proc/self/exe", out, n - 1);
    if (length < 0 || (size_t)length + sizeof "-mpi" > n)
        return false;
    strcpy(out + length, "-mpi");
    return access(out, X_OK) == 0;
}

int crew_enter(int argc, char **argv, bool shared)
{
    char path[4096];
    long rank = 0, size = 1;
    (void)argc;
    if (!is_one_of_many(&rank, &size))
        return CREW_GO_ON;
    if (!shared) /* one of them does what all were asked for */
        return rank == 0 ? CREW_GO_ON : CMD_OK;
    if (find_sibling(path, sizeof path))
        execv(path, argv);
    if (rank == 0)
        fprintf(stderr,
                "asx: started as one of %ld, but there is no 'asx-mpi' beside this program: build "
                "it where there is an MPI (libopenmpi-dev or libmpich-dev), or start asx alone\n",
                size);
    return CMD_FAILURE;
}

int crew_leave(int code)
{
    return code;
}

bool crew_works(void)
{
    return false;
}

void crew_refuse(const char *why)
{
    (void)why;
}

bool crew_has_said(const char *why)
{
    (void)why;
    return false;
}

size_t crew_threads(void)
{
    return 0;
}

size_t crew_size(void)
{
    return 1;
}

asx_status crew_share(asx_session *s, size_t threads, asx_error *err)
{
    (void)s;
    (void)threads;
    (void)err;
    return ASX_OK;
}

void crew_part(asx_session *s)
{
    (void)s;
}

const asx_crew *crew_any(const asx_crew_server *server, asx_error *err)
{
    (void)server;
    (void)err;
    return NULL;
}
