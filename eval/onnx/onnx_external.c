/* Weights beside the model, as PyTorch writes them since 2.9: a tensor names a file, relative to
 * the model's folder, an offset and a length. A model is somebody else's file, so what it names
 * must be a regular file in that folder or below, and no link may lead to it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "onnx_elements.h"

typedef struct place {
    const char *location; /* borrowed */
    uint64_t offset, length;
    bool has_length;
} place;

/* A number of bytes, in decimal digits. */
static bool read_bytes(uint64_t *out, const char *text)
{
    char *end;
    if (!text || *text < '0' || *text > '9')
        return false;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static asx_status read_place(place *out, const Onnx__TensorProto *t, asx_error *err)
{
    for (size_t i = 0; i < t->n_external_data; i++) {
        const Onnx__StringStringEntryProto *entry = t->external_data[i];
        const char *key = entry->key ? entry->key : "", *value = entry->value ? entry->value : "";
        bool good = true;
        if (strcmp(key, "location") == 0)
            out->location = value;
        else if (strcmp(key, "offset") == 0)
            good = read_bytes(&out->offset, value);
        else if (strcmp(key, "length") == 0)
            good = out->has_length = read_bytes(&out->length, value);
        else if (strcmp(key, "checksum") != 0) /* SHA-1 of the whole file: its size is checked */
            return asx_fail(err, ASX_EUNSUPPORTED, "external data have a '%s'", key);
        if (!good)
            return asx_fail(err, ASX_EPARSE, "%s '%s' of external data is no number", key, value);
    }
    if (!out->location || !*out->location)
        return asx_fail(err, ASX_EPARSE, "it is stored in another file, which is not named");
    return ASX_OK;
}

/* Relative, and no part of it is "..". */
static bool stays_below(const char *location)
{
    if (*location == '/')
        return false;
    for (const char *part = location; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return false;
    }
    return true;
}

/* Opens a part of a path, no link. */
static asx_status open_part(int *fd, int folder, const char *part, int flags, const char *location,
                            asx_error *err)
{
    *fd = openat(folder, part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags);
    if (*fd >= 0 || errno == ENOENT)
        return ASX_OK;
    if (errno == ELOOP || (errno == ENOTDIR && flags))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "its file '%s' is reached by a link: copy it into the model's folder",
                        location);
    return asx_fail(err, ASX_EIO, "its file '%s': %s", location, strerror(errno));
}

/* Opens the file for reading, part by part from the model's folder. `*fd` is -1, with ASX_OK, if it
 * is not there. */
static asx_status open_place(int *fd, const asx_onnx *in, const char *location, asx_error *err)
{
    char *path = asx_string_copy(location);
    int at = path ? open(in->folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY) : -1;
    asx_status status = ASX_OK;
    struct stat about;
    *fd = -1;
    if (!path)
        return asx_fail(err, ASX_ENOMEM, "no memory for the path of '%s'", location);
    for (char *part = path; status == ASX_OK && at >= 0 && part;) {
        char *slash = strchr(part, '/');
        int next = -1;
        if (slash)
            *slash = '\0';
        status = open_part(&next, at, *part ? part : ".", slash ? O_DIRECTORY : 0, location, err);
        close(at);
        at = next;
        part = slash ? slash + 1 : NULL;
    }
    if (status == ASX_OK && at >= 0 && (fstat(at, &about) != 0 || !S_ISREG(about.st_mode)))
        status = asx_fail(err, ASX_EIO, "its file '%s' is not a regular file", location);
    if (status == ASX_OK)
        *fd = at;
    else if (at >= 0)
        close(at);
    free(path);
    return status;
}

/* Weights of a file may be used as often as those of the model (asx_onnx_spend): each file that is
 * met raises the budget once. */
static asx_status raise_budget(asx_onnx *in, uint64_t size, const struct stat *about,
                               asx_error *err)
{
    const uint64_t id[] = {(uint64_t)about->st_dev, (uint64_t)about->st_ino};
    const uint64_t key = asx_hash(id, sizeof id, 0);
    for (size_t i = 0; i < in->n_beside; i++) {
        if (in->beside[i] == key)
            return ASX_OK;
    }
    uint64_t *grown =
        asx_array_grow(in->beside, &in->beside_capacity, in->n_beside + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of files");
    in->beside = grown;
    in->beside[in->n_beside++] = key;
    in->budget += 4 * (size_t)size;
    return ASX_OK;
}

static asx_status read_all(uint8_t *out, int fd, uint64_t offset, size_t n, asx_error *err)
{
    for (size_t done = 0; done < n;) {
        const ssize_t got = pread(fd, out + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return asx_fail(err, ASX_EIO, "reading its file: %s",
                            got < 0 ? strerror(errno) : "it became shorter");
        done += (size_t)got;
    }
    return ASX_OK;
}

asx_status asx_onnx_external_read(uint8_t **out, asx_onnx *in, const Onnx__TensorProto *tensor,
                                  size_t bytes, asx_error *err)
{
    place p = {0};
    int fd = -1;
    struct stat about;
    *out = NULL;
    asx_status status = read_place(&p, tensor, err);
    if (status == ASX_OK && !stays_below(p.location))
        status = asx_fail(err, ASX_EUNSUPPORTED, "its file '%s' is not in the model's folder",
                          p.location);
    if (status == ASX_OK && !p.has_length)
        p.length = bytes;
    if (status == ASX_OK && p.length != bytes)
        status = asx_fail(err, ASX_EPARSE, "it has %llu bytes in '%s' where its shape asks for %zu",
                          (unsigned long long)p.length, p.location, bytes);
    if (status == ASX_OK && in->folder)
        status = open_place(&fd, in, p.location, err);
    if (status != ASX_OK || fd < 0)
        return status;
    const uint64_t size = fstat(fd, &about) == 0 ? (uint64_t)about.st_size : 0;
    if (p.offset > size || bytes > size - p.offset)
        status =
            asx_fail(err, ASX_EPARSE, "its file '%s' ends at byte %llu, before %llu", p.location,
                     (unsigned long long)size, (unsigned long long)(p.offset + bytes));
    if (status == ASX_OK)
        status = raise_budget(in, size, &about, err);
    uint8_t *read = status == ASX_OK ? asx_array_new(bytes, 1) : NULL;
    if (status == ASX_OK && !read)
        status = asx_fail(err, ASX_ENOMEM, "no memory for its %zu bytes", bytes);
    if (status == ASX_OK)
        status = read_all(read, fd, p.offset, bytes, err);
    close(fd);
    if (status != ASX_OK) {
        free(read);
        return status;
    }
    in->net->hash = asx_hash(read, bytes, in->net->hash);
    *out = read;
    return ASX_OK;
}
