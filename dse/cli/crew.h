/* Whether this program was started as one of many by an MPI launcher, and what follows from that. Two
 * files implement it: crew_alone.c in 'asx', which has no MPI in it and hands over to 'asx-mpi' beside
 * it, and crew_ranks.c in 'asx-mpi'. */
#ifndef ASX_CLI_CREW_H
#define ASX_CLI_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/crew.h"
#include "explore/session.h"

enum { CREW_GO_ON = -1 };

/**
 * Called first. @param shared  the command can be worked on by many
 * @return CREW_GO_ON, or the exit code of a rank that has nothing to do
 */
int crew_enter(int argc, char **argv, bool shared);

/** Called last. @return `code` */
int crew_leave(int code);

/** Whether this process works for another one. It prints nothing until then. */
bool crew_works(void);

/** Of a process that works for another: why it cannot. Of others: nothing. */
void crew_refuse(const char *why);

/** Whether this was said already: a rank that died is told of at once. */
bool crew_has_said(const char *why);

/** Threads for this process where the user does not say; 0: all processors. */
size_t crew_threads(void);

/** Who else works; 1: nobody. */
size_t crew_size(void);

/**
 * A session to be shared. The leader waits until all have opened it and compares what they have; the
 * session has its crew then. Who works for another comes back when that one needs nothing more.
 * @param threads  0: crew_threads
 */
ASX_NODISCARD asx_status crew_share(asx_session *s, size_t threads, asx_error *err);

/** Ends what crew_share began, before the session is closed. NULL: nothing. */
void crew_part(asx_session *s);

/** Any work to be shared, instead of a session. @param server works here. @return NULL: alone */
const asx_crew *crew_any(const asx_crew_server *server, asx_error *err);

#endif
