/* What a run ran on. */
#ifndef ASX_CLI_PROCESSOR_H
#define ASX_CLI_PROCESSOR_H

enum { PROCESSOR_SIZE = 128 };

/** The processor's name as the system knows it, else the machine's kind, e.g. "x86_64". */
void processor_name(char out[PROCESSOR_SIZE]);

#endif
