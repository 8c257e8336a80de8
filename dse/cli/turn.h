/* Runs on one database take turns: two of them would propose the same designs at the same time, and
 * each would evaluate all of them. */
#ifndef ASX_CLI_TURN_H
#define ASX_CLI_TURN_H

#include <stdbool.h>

#include "dse/error.h"

enum { TURN_NONE = -1 };

/**
 * Waits until no other run works on a database, which a message on stderr tells. However this
 * process ends, its turn ends too. A file system that knows no locks gives the turn at once.
 *
 * @param turn  turn_end it, after all stores of this database are closed: closing any descriptor of
 *              a file drops the process's locks on it, SQLite's as well
 * @param stop  polled while waiting
 * @return ASX_OK; ASX_EINTERRUPTED if `stop` said so; ASX_EIO
 */
ASX_NODISCARD asx_status turn_take(int *turn, const char *database, bool (*stop)(void *state),
                                   asx_error *err);
void turn_end(int turn);

#endif
