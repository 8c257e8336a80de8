/* What a run ran on. */
#ifndef ASX_EXPLORE_PROCESSOR_H
#define ASX_EXPLORE_PROCESSOR_H

enum { ASX_PROCESSOR_SIZE = 128 };

/** The processor's name as the system knows it, else the machine's kind, e.g. "x86_64". */
void asx_processor_name(char out[ASX_PROCESSOR_SIZE]);

#endif
