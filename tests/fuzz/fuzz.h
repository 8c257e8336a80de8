/* What the harnesses share: readers take names of files, fuzzers give bytes. */
#ifndef ASX_TESTS_FUZZ_H
#define ASX_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A file in memory with these bytes, by a name that the next call with the same `slot` (0 or 1) takes away. Aborts if
 * there is none to be had: that is no finding. */
const char *fuzz_file(int slot, const char *ending, const uint8_t *data, size_t size);

#endif
