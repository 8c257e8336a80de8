/* Whole files, and the hash that recognises their content (XXH3 of the xxHash library). */
#include "dse/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "dse/memory.h"

static asx_status too_large(const char *path, size_t max, asx_error *err)
{
    return asx_fail(err, ASX_EINVAL, "cannot read '%s': larger than %zu bytes", path, max);
}

static asx_status system_reason(const char *path, asx_error *err)
{
    return asx_fail(err, ASX_EIO, "cannot read '%s': %s", path, strerror(errno));
}

/* Reads to the end: files of /proc and files that grow tell no true size beforehand. */
static asx_status read_all(char **out, size_t *n, int fd, size_t hint, const char *path, size_t max,
                           asx_error *err)
{
    size_t used = 0, capacity = 0;
    char *buffer = asx_array_grow(NULL, &capacity, hint + 1, 1);
    while (buffer) {
        ssize_t got = read(fd, buffer + used, capacity - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            asx_status status = system_reason(path, err);
            free(buffer);
            return status;
        }
        used += (size_t)got;
        if (used > max) {
            free(buffer);
            return too_large(path, max, err);
        }
        if (got == 0)
            break;
        char *bigger = asx_array_grow(buffer, &capacity, used + 1, 1);
        if (!bigger)
            free(buffer);
        buffer = bigger;
    }
    if (!buffer)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    buffer[used] = '\0'; /* the last read had room for at least one byte, and got none */
    *out = buffer;
    *n = used;
    return ASX_OK;
}

asx_status asx_file_read(char **out, size_t *n, const char *path, size_t max, asx_error *err)
{
    /* O_NONBLOCK: a pipe without a writer must be refused, not waited for */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return system_reason(path, err);
    struct stat info;
    asx_status status;
    if (fstat(fd, &info) != 0)
        status = system_reason(path, err);
    else if (S_ISDIR(info.st_mode))
        status = asx_fail(err, ASX_EIO, "cannot read '%s': it is a directory", path);
    else if (!S_ISREG(info.st_mode))
        status = asx_fail(err, ASX_EIO, "cannot read '%s': it is not a regular file", path);
    else if ((uintmax_t)info.st_size > max)
        status = too_large(path, max, err);
    else
        status = read_all(out, n, fd, (size_t)info.st_size, path, max, err);
    close(fd);
    return status;
}

uint64_t asx_hash(const void *data, size_t n, uint64_t seed)
{
    return XXH3_64bits_withSeed(data, n, seed);
}

bool asx_is_path(const char *word, const char *ending)
{
    const size_t n = strlen(word), tail = strlen(ending);
    return strchr(word, '/') || (n > tail && strcmp(word + n - tail, ending) == 0);
}
