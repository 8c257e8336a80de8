#define _GNU_SOURCE /* realpath */

/* A kept file is a head and the bytes. The head says of which file they are and has their hash, which is compared whenever
 * they are read: 30 MB take some milliseconds. */
#include "unpacked.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dse/file.h"
#include "dse/output.h"
#include "dse/text.h"

enum { SETTLED_S = 2 }; /* times of files may be that coarse */

static const char magic[8] = {'a', 's', 'x', 'd', 'a', 't', 'a', '1'};

typedef struct head {
    char magic[8];
    asx_unpacked_source source;
    uint64_t n, hash;
} head;

static bool is_before(struct timespec then, struct timespec now)
{
    const double s = (double)(now.tv_sec - then.tv_sec), ns = (double)(now.tv_nsec - then.tv_nsec);
    return s + 1e-9 * ns > SETTLED_S;
}

bool asx_unpacked_look(asx_unpacked_source *out, bool *settled, int file)
{
    struct stat s;
    struct timespec now;
    if (fstat(file, &s) != 0 || !S_ISREG(s.st_mode) || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return false;
    *out = (asx_unpacked_source){(uint64_t)s.st_dev,         (uint64_t)s.st_ino,
                                 (uint64_t)s.st_mode,        (uint64_t)s.st_size,
                                 (uint64_t)s.st_ctim.tv_sec, (uint64_t)s.st_ctim.tv_nsec,
                                 (uint64_t)s.st_mtim.tv_sec, (uint64_t)s.st_mtim.tv_nsec};
    *settled = is_before(s.st_ctim, now) && is_before(s.st_mtim, now);
    return true;
}

/* One file for each path, so that old states of a file do not pile up. */
static bool place_of(asx_text *out, const char *folder, const char *path)
{
    char *whole = realpath(path, NULL);
    if (whole)
        asx_text_add(out, "%s/%016llx", folder,
                     (unsigned long long)asx_hash(whole, strlen(whole), 0));
    free(whole);
    return whole && !out->failed;
}

static bool read_all(int file, void *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        const ssize_t some = read(file, (char *)bytes + done, n - done);
        if (some <= 0)
            return false;
        done += (size_t)some;
    }
    return true;
}

static bool is_of(const head *h, const asx_unpacked_source *source, size_t max, int file)
{
    struct stat s;
    return memcmp(h->magic, magic, sizeof magic) == 0 &&
           memcmp(&h->source, source, sizeof *source) == 0 && h->n <= max && fstat(file, &s) == 0 &&
           S_ISREG(s.st_mode) && (uint64_t)s.st_size == sizeof *h + h->n;
}

static bool read_kept(unsigned char **bytes, size_t *n, int file, const asx_unpacked_source *source,
                      size_t max)
{
    head h;
    if (!read_all(file, &h, sizeof h) || !is_of(&h, source, max, file))
        return false;
    unsigned char *kept = malloc(h.n ? h.n : 1);
    if (kept && read_all(file, kept, h.n) && asx_hash(kept, h.n, 0) == h.hash) {
        *bytes = kept;
        *n = h.n;
        return true;
    }
    free(kept);
    return false;
}

bool asx_unpacked_read(unsigned char **bytes, size_t *n, const char *folder, const char *path,
                       const asx_unpacked_source *source, size_t max)
{
    asx_text place = {0};
    bool found = false;
    if (place_of(&place, folder, path)) {
        const int file = open(place.s, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (file >= 0) {
            found = read_kept(bytes, n, file, source, max);
            close(file);
        }
    }
    asx_text_fini(&place);
    return found;
}

void asx_unpacked_keep(const char *folder, const char *path, const asx_unpacked_source *source,
                       const unsigned char *bytes, size_t n)
{
    head h = {.source = *source, .n = n, .hash = asx_hash(bytes, n, 0)};
    asx_text place = {0};
    asx_output *output = NULL;
    memcpy(h.magic, magic, sizeof magic);
    (void)!mkdir(folder, 0777);
    if (place_of(&place, folder, path) && asx_output_open(&output, place.s, NULL, NULL) == ASX_OK) {
        FILE *stream = asx_output_stream(output);
        /* whoever may not read the file may not read it here */
        if (fchmod(fileno(stream), (mode_t)source->mode & 0666) == 0 &&
            fwrite(&h, sizeof h, 1, stream) == 1 && fwrite(bytes, 1, n, stream) == n)
            (void)!asx_output_commit(output, NULL);
    }
    asx_output_free(output);
    asx_text_fini(&place);
}
