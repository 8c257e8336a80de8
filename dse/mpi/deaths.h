/* Who dies of the processes of this machine, at once and without a word from them (pidfd_open, Linux
 * 5.3): launchers name a rank that died in words of their own or not at all, and end the others
 * within milliseconds. Private. */
#ifndef ASX_RANKS_DEATHS_H
#define ASX_RANKS_DEATHS_H

#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"

typedef struct asx_deaths asx_deaths;

/** A process died. By a thread of its own. @param number  as given for it */
typedef void asx_deaths_told(void *state, size_t number);

/** @param n  at most so many are watched */
ASX_NODISCARD asx_status asx_deaths_new(asx_deaths **out, size_t n, asx_deaths_told *told,
                                        void *state, asx_error *err);

/** Before asx_deaths_begin. A process that cannot be watched is not, one that is not there is dead. */
void asx_deaths_add(asx_deaths *deaths, int64_t pid, size_t number);

ASX_NODISCARD asx_status asx_deaths_begin(asx_deaths *deaths, asx_error *err);
void asx_deaths_free(asx_deaths *deaths);

/** What tells apart the numbers of processes: those of containers are numbers of their own; 0 if it
 *  cannot be known. */
uint64_t asx_deaths_namespace(void);

#endif
