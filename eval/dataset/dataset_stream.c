/* Files that may be compressed: gzip through zlib, xz through liblzma, everything else as it is. */
#include "dataset_stream.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lzma.h>
#include <zlib.h>

#include "dse/memory.h"
#include "unpacked.h"

enum { CHUNK = 1 << 16, KEPT_MIN = 1 << 20 /* less is unpacked in no time */ };
#define DATA_MAX (SIZE_MAX / 4 < (UINT64_C(1) << 32) ? SIZE_MAX / 4 : (size_t)(UINT64_C(1) << 32))
#define LZMA_CAP (UINT64_C(256) << 20) /* memory of the decoder; xz -9 needs 65 MiB */

typedef struct source {
    FILE *file;
    const char *path;
    unsigned char chunk[CHUNK];
    size_t n; /* bytes in `chunk`; 0: the end */
} source;

typedef struct sink {
    unsigned char *bytes;
    size_t n, capacity, max;
    asx_stream_bound bound; /* finds `max`; NULL: that is known */
} sink;

static asx_status source_fill(source *from, asx_error *err)
{
    errno = 0;
    from->n = fread(from->chunk, 1, CHUNK, from->file);
    if (ferror(from->file))
        return asx_fail(err, ASX_EIO, "cannot read '%s': %s", from->path, strerror(errno));
    return ASX_OK;
}

/* Room for at least one more byte, and one beyond the limit so that exceeding it is seen. */
static asx_status sink_room(sink *to, const char *path, asx_error *err)
{
    if (to->bound.most && to->n >= CHUNK) {
        size_t max = 0;
        const asx_status status =
            to->bound.most(to->bound.state, &max, to->bytes, to->n, path, err);
        if (status != ASX_OK)
            return status;
        to->max = max < DATA_MAX ? max : DATA_MAX;
        to->bound.most = NULL;
    }
    if (to->n > to->max)
        return asx_fail(err, ASX_EINVAL, "'%s' holds more than the %zu bytes allowed", path,
                        to->max);
    if (to->n == to->capacity) {
        unsigned char *bytes = asx_array_grow(to->bytes, &to->capacity, to->n + CHUNK, 1);
        if (!bytes)
            return asx_fail(err, ASX_ENOMEM, "no memory for '%s' after %zu bytes", path, to->n);
        to->bytes = bytes;
    }
    return ASX_OK;
}

static asx_status read_plain(sink *to, source *from, asx_error *err)
{
    asx_status status = ASX_OK;
    while (status == ASX_OK && from->n) {
        for (size_t done = 0; status == ASX_OK && done < from->n;) {
            if ((status = sink_room(to, from->path, err)) != ASX_OK)
                break;
            size_t room = to->capacity - to->n, left = from->n - done;
            size_t n = left < room ? left : room;
            memcpy(to->bytes + to->n, from->chunk + done, n);
            to->n += n;
            done += n;
        }
        if (status == ASX_OK)
            status = source_fill(from, err);
    }
    return status ? status : sink_room(to, from->path, err);
}

/* One call of inflate() on what is there. */
static asx_status inflate_some(sink *to, z_stream *z, bool *inside, const source *from,
                               asx_error *err)
{
    asx_status status = sink_room(to, from->path, err);
    if (status != ASX_OK)
        return status;
    size_t room = to->capacity - to->n;
    uInt avail = room < UINT_MAX / 2 ? (uInt)room : UINT_MAX / 2;
    z->next_out = to->bytes + to->n;
    z->avail_out = avail;
    int code = inflate(z, Z_NO_FLUSH);
    to->n += avail - z->avail_out;
    *inside = true;
    if (code == Z_STREAM_END) {
        *inside = false; /* another member may follow */
        code = inflateReset(z);
    }
    if (code == Z_MEM_ERROR)
        return asx_fail(err, ASX_ENOMEM, "no memory to decompress '%s'", from->path);
    if (code != Z_OK && code != Z_BUF_ERROR)
        return asx_fail(err, ASX_EPARSE, "'%s': damaged gzip stream at byte %zu of its content: %s",
                        from->path, to->n, z->msg ? z->msg : "bad data");
    return ASX_OK;
}

static asx_status read_gzip(sink *to, source *from, asx_error *err)
{
    z_stream z = {0};
    if (inflateInit2(&z, 15 + 16) != Z_OK) /* 16: gzip, not zlib */
        return asx_fail(err, ASX_ENOMEM, "no memory to decompress '%s'", from->path);
    asx_status status = ASX_OK;
    bool inside = true;
    while (status == ASX_OK && from->n) {
        z.next_in = from->chunk;
        z.avail_in = (uInt)from->n;
        do
            status = inflate_some(to, &z, &inside, from, err);
        while (status == ASX_OK && (z.avail_in || (inside && z.avail_out == 0)));
        if (status == ASX_OK)
            status = source_fill(from, err);
    }
    if (status == ASX_OK && inside)
        status =
            asx_fail(err, ASX_EPARSE, "'%s': gzip stream is cut after %zu bytes of its content",
                     from->path, to->n);
    inflateEnd(&z);
    return status ? status : sink_room(to, from->path, err);
}

static asx_status fail_xz(lzma_ret code, const char *path, size_t n, asx_error *err)
{
    if (code == LZMA_MEM_ERROR || code == LZMA_MEMLIMIT_ERROR)
        return asx_fail(err, ASX_ENOMEM, "no memory to decompress '%s'", path);
    if (code == LZMA_BUF_ERROR)
        return asx_fail(err, ASX_EPARSE, "'%s': xz stream is cut after %zu bytes of its content",
                        path, n);
    return asx_fail(err, ASX_EPARSE, "'%s': damaged xz stream at byte %zu of its content", path, n);
}

static asx_status read_xz(sink *to, source *from, asx_error *err)
{
    lzma_stream z = LZMA_STREAM_INIT;
    lzma_ret code = lzma_stream_decoder(&z, LZMA_CAP, LZMA_CONCATENATED);
    if (code != LZMA_OK)
        return fail_xz(code, from->path, 0, err);
    asx_status status = ASX_OK;
    z.next_in = from->chunk;
    z.avail_in = from->n;
    while (status == ASX_OK && code != LZMA_STREAM_END) {
        if (z.avail_in == 0 && from->n) {
            if ((status = source_fill(from, err)) != ASX_OK)
                break;
            z.next_in = from->chunk;
            z.avail_in = from->n;
        }
        if ((status = sink_room(to, from->path, err)) != ASX_OK)
            break;
        z.next_out = to->bytes + to->n;
        z.avail_out = to->capacity - to->n;
        code = lzma_code(&z, from->n ? LZMA_RUN : LZMA_FINISH);
        to->n = to->capacity - z.avail_out;
        if (code != LZMA_OK && code != LZMA_STREAM_END)
            status = fail_xz(code, from->path, to->n, err);
    }
    lzma_end(&z);
    return status ? status : sink_room(to, from->path, err);
}

static bool is_gzip(const source *from)
{
    return from->n >= 3 && memcmp(from->chunk, "\x1f\x8b\x08", 3) == 0;
}

static bool is_xz(const source *from)
{
    return from->n >= 6 && memcmp(from->chunk,
                                  "\xfd"
                                  "7zXZ\0",
                                  6) == 0;
}

/* What was kept has passed the limits of its format then; those of now may be others. */
static asx_status take_kept(bool *taken, sink *to, const source *from, const char *folder,
                            const asx_unpacked_source *now, asx_error *err)
{
    unsigned char *bytes = NULL;
    size_t n = 0, max = to->max;
    if (!asx_unpacked_read(&bytes, &n, folder, from->path, now, max))
        return ASX_OK;
    asx_status status = ASX_OK;
    if (to->bound.most && n > CHUNK)
        status = to->bound.most(to->bound.state, &max, bytes, n, from->path, err);
    if (status == ASX_OK && n <= max) {
        to->bytes = bytes;
        to->n = n;
        *taken = true;
    } else {
        free(bytes);
    }
    return status;
}

/* A compressed file, or what was kept of it. */
static asx_status read_packed(sink *to, source *from, const char *folder, asx_error *err)
{
    asx_unpacked_source before = {0}, after = {0};
    bool taken = false, settled = false, still = false;
    const bool keeps = folder && asx_unpacked_look(&before, &settled, fileno(from->file));
    asx_status status =
        keeps && settled ? take_kept(&taken, to, from, folder, &before, err) : ASX_OK;
    if (status != ASX_OK || taken)
        return status;
    status = is_xz(from) ? read_xz(to, from, err) : read_gzip(to, from, err);
    if (status == ASX_OK && keeps && settled && to->n >= KEPT_MIN &&
        asx_unpacked_look(&after, &still, fileno(from->file)) &&
        memcmp(&before, &after, sizeof before) == 0)
        asx_unpacked_keep(folder, from->path, &before, to->bytes, to->n);
    return status;
}

static asx_status read_any(sink *to, source *from, const char *folder, asx_error *err)
{
    const asx_status status = source_fill(from, err);
    if (status != ASX_OK)
        return status;
    return is_gzip(from) || is_xz(from) ? read_packed(to, from, folder, err)
                                        : read_plain(to, from, err);
}

static asx_status read_file(unsigned char **out, size_t *n, const char *path, const char *folder,
                            sink to, asx_error *err)
{
    source *from = asx_array_new(1, sizeof *from);
    if (!from)
        return asx_fail(err, ASX_ENOMEM, "no memory to read '%s'", path);
    from->path = path;
    from->file = fopen(path, "rb");
    asx_status status = from->file
                            ? read_any(&to, from, folder, err)
                            : asx_fail(err, ASX_EIO, "cannot open '%s': %s", path, strerror(errno));
    if (from->file)
        fclose(from->file);
    free(from);
    if (status != ASX_OK) {
        free(to.bytes);
        return status;
    }
    unsigned char *fit = realloc(to.bytes, to.n ? to.n : 1);
    *out = fit ? fit : to.bytes;
    *n = to.n;
    return ASX_OK;
}

asx_status asx_stream_read(unsigned char **out, size_t *n, const char *path, const char *folder,
                           size_t max, asx_error *err)
{
    return read_file(out, n, path, folder, (sink){.max = max}, err);
}

asx_status asx_stream_read_bounded(unsigned char **out, size_t *n, const char *path,
                                   const char *folder, asx_stream_bound bound, asx_error *err)
{
    return read_file(out, n, path, folder, (sink){.max = DATA_MAX, .bound = bound}, err);
}

asx_status asx_stream_read_data(unsigned char **out, size_t *n, const char *path,
                                const char *folder, asx_error *err)
{
    return asx_stream_read(out, n, path, folder, DATA_MAX, err);
}
