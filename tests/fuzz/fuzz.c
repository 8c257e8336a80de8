#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *fuzz_file(int slot, const char *ending, const uint8_t *data, size_t size)
{
    static char name[2][64];
    static int file[2] = {-1, -1};
    if (file[slot] < 0) {
        snprintf(name[slot], sizeof name[slot], "/dev/shm/asx-fuzz-%ld-%d%s", (long)getpid(), slot,
                 ending);
        file[slot] = open(name[slot], O_RDWR | O_CREAT | O_TRUNC, 0600);
    }
    if (file[slot] < 0 || ftruncate(file[slot], 0) != 0 ||
        pwrite(file[slot], data, size, 0) != (ssize_t)size) {
        perror("fuzz");
        exit(2);
    }
    return name[slot];
}
