/* A sign of life of commands that take long and have nothing to say on the way: on a terminal, after two
 * seconds, one line with the time, gone when the command prints. */
#ifndef ASX_VIEW_BUSY_H
#define ASX_VIEW_BUSY_H

/** From now on. @param what  borrowed until busy_end, "asx eval" */
void busy_begin(const char *what);

/** Takes the line away; to be called before anything is printed, as often as one likes. */
void busy_end(void);

#endif
