/* SQLite's memory, from lists of its own: it asks for so many small pieces that the sanitizer's allocator would take
 * most of the time. What is free is poisoned and handed out again as late as possible, so that it is still found who
 * reads a row's text behind its end or behind its step. */
#ifndef ASX_TESTS_SQLITE_MEMORY_H
#define ASX_TESTS_SQLITE_MEMORY_H

/** Before SQLite is used; of one thread. @return SQLite's code */
int fuzz_sqlite_memory(void);

#endif
