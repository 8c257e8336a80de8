/* A file that is written appears whole or not at all. It is made without a name in the folder of its place (O_TMPFILE),
 * so that a program that is killed leaves nothing behind; where a file system has no such files, under a name of its
 * own. Linking cannot replace a file, renaming can: so it gets a name for a moment, and is renamed. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "dse/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dse/memory.h"
#include "dse/text.h"

enum { LINKS_MAX = 40, NAMES_MAX = 1000 };

struct asx_output {
    FILE *stream;
    char *path;   /* as the caller calls it */
    char *target; /* links followed; NULL: written in place */
    char *folder; /* of the target */
    char *part;   /* the name of the file in the making; NULL while it has none */
};

static asx_status cannot_write(const char *path, int reason, asx_error *err)
{
    return asx_fail(err, ASX_EIO, "cannot write '%s': %s", path, strerror(reason));
}

/* The folder of a path, as a path. @return NULL without memory */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const size_t n = slash ? (size_t)(slash - path) : 0;
    char *folder = asx_array_new(n + 2, 1);
    if (!folder)
        return NULL;
    if (n > 0)
        memcpy(folder, path, n);
    else
        folder[0] = slash ? '/' : '.';
    return folder;
}

static bool is_file(const char *path, const struct stat *which)
{
    struct stat is;
    return stat(path, &is) == 0 && is.st_dev == which->st_dev && is.st_ino == which->st_ino;
}

static bool is_same(const char *a, const char *b)
{
    struct stat is;
    return stat(a, &is) == 0 && is_file(b, &is);
}

/* Two names of a file that is not there: a log of the database may come any time. */
static bool is_same_place(const char *a, const char *b)
{
    const char *a_name = strrchr(a, '/'), *b_name = strrchr(b, '/');
    if (strcmp(a_name ? a_name + 1 : a, b_name ? b_name + 1 : b) != 0)
        return false;
    char *x = folder_of(a), *y = folder_of(b);
    const bool same = !x || !y || is_same(x, y); /* without memory: better none of them */
    free(x);
    free(y);
    return same;
}

/* @param old  of `path`; NULL: it is not there */
static asx_status check_kept(const char *path, const struct stat *old, const asx_kept_file *keep,
                             asx_error *err)
{
    for (; keep && keep->path; keep++)
        if ((old && is_file(keep->path, old)) || is_same_place(path, keep->path))
            return asx_fail(err, ASX_EINVAL, "output '%s' would overwrite %s, '%s'", path,
                            keep->what, keep->path);
    return ASX_OK;
}

/* Nobody means to write over a database, whether or not it is the one that is read. */
static bool is_database(const char *path)
{
    char head[16] = "";
    FILE *f = fopen(path, "rb");
    const bool is = f && fread(head, 1, sizeof head, f) == sizeof head &&
                    memcmp(head, "SQLite format 3", sizeof head) == 0;
    if (f)
        fclose(f);
    return is;
}

static asx_status check_place(struct stat *old, bool *there, const char *path,
                              const asx_kept_file *keep, asx_error *err)
{
    if (!*path)
        return asx_fail(err, ASX_EINVAL, "cannot write '': a file needs a name");
    *there = stat(path, old) == 0;
    if (!*there && errno != ENOENT)
        return cannot_write(path, errno, err);
    if (*there && S_ISDIR(old->st_mode))
        return cannot_write(path, EISDIR, err);
    const asx_status status = check_kept(path, *there ? old : NULL, keep, err);
    if (status == ASX_OK && *there && S_ISREG(old->st_mode) && is_database(path))
        return asx_fail(err, ASX_EINVAL, "output '%s' would overwrite a database", path);
    return status;
}

/* Replaces *path by what the link there names. */
static asx_status follow(char **path, const char *shown, asx_error *err)
{
    char to[PATH_MAX];
    const ssize_t n = readlink(*path, to, sizeof to - 1);
    if (n < 0)
        return cannot_write(shown, errno, err);
    to[n] = '\0';
    asx_text text = {0};
    if (to[0] != '/' && strrchr(*path, '/'))
        asx_text_add(&text, "%.*s/", (int)(strrchr(*path, '/') - *path), *path);
    asx_text_add(&text, "%s", to);
    char *next = NULL;
    asx_status status = asx_text_take(&next, &text, err);
    if (status != ASX_OK)
        return status;
    free(*path);
    *path = next;
    return ASX_OK;
}

static asx_status resolve(char **out, const char *path, asx_error *err)
{
    char *at = strdup(path);
    asx_status status = at ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    struct stat info;
    for (int links = 0; status == ASX_OK && lstat(at, &info) == 0 && S_ISLNK(info.st_mode); links++)
        status = links < LINKS_MAX ? follow(&at, path, err) : cannot_write(path, ELOOP, err);
    if (status != ASX_OK) {
        free(at);
        return status;
    }
    *out = at;
    return ASX_OK;
}

/* /dev/stdout is a link to a file that somebody else has opened: that file must not get a new inode. */
static bool is_descriptor(const char *path)
{
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
}

static asx_status open_in_place(asx_output *o, asx_error *err)
{
    const int fd = open(o->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    o->stream = fd < 0 ? NULL : fdopen(fd, "wb");
    if (o->stream)
        return ASX_OK;
    const int reason = errno;
    if (fd >= 0)
        close(fd);
    return cannot_write(o->path, reason, err);
}

/* Gives the file in the making a name that nobody has, by whichever way `take` takes it. */
static asx_status take_name(asx_output *o, int (*take)(const char *name, void *state), void *state,
                            asx_error *err)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        asx_text name = {0};
        asx_text_add(&name, "%s.%ld-%d.part", o->target, (long)getpid(), i);
        char *part = NULL;
        asx_status status = asx_text_take(&part, &name, err);
        if (status != ASX_OK)
            return status;
        if (take(part, state) == 0) {
            o->part = part;
            return ASX_OK;
        }
        const int reason = errno;
        free(part);
        if (reason != EEXIST)
            return cannot_write(o->path, reason, err);
    }
    return cannot_write(o->path, EEXIST, err);
}

static int take_by_open(const char *name, void *state)
{
    int *fd = state;
    *fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return *fd < 0 ? -1 : 0;
}

static int take_by_link(const char *name, void *state)
{
    char from[64];
    snprintf(from, sizeof from, "/proc/self/fd/%d", *(int *)state);
    return linkat(AT_FDCWD, from, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

static asx_status open_beside(asx_output *o, const struct stat *old, asx_error *err)
{
    o->folder = folder_of(o->target);
    if (!o->folder)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", o->path);
    int fd = open(o->folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOSYS)) {
        asx_status status = take_name(o, take_by_open, &fd, err);
        if (status != ASX_OK)
            return status;
    }
    if (fd < 0)
        return cannot_write(o->path, errno, err);
    if (old && fchmod(fd, old->st_mode & 07777) != 0) { /* a foreign file system without modes */
    }
    o->stream = fdopen(fd, "wb");
    if (o->stream)
        return ASX_OK;
    const int reason = errno;
    close(fd);
    return cannot_write(o->path, reason, err);
}

static asx_status open_at(asx_output *o, const asx_kept_file *keep, asx_error *err)
{
    struct stat old;
    bool there = false;
    asx_status status = check_place(&old, &there, o->path, keep, err);
    if (status != ASX_OK)
        return status;
    if (there && (!S_ISREG(old.st_mode) || is_descriptor(o->path)))
        return open_in_place(o, err);
    status = resolve(&o->target, o->path, err);
    return status == ASX_OK ? open_beside(o, there ? &old : NULL, err) : status;
}

asx_status asx_output_open(asx_output **out, const char *path, const asx_kept_file *keep,
                           asx_error *err)
{
    asx_output *o = asx_array_new(1, sizeof *o);
    if (!o)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    o->path = strdup(path);
    asx_status status =
        o->path ? open_at(o, keep, err) : asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    if (status != ASX_OK) {
        asx_output_free(o);
        return status;
    }
    *out = o;
    return ASX_OK;
}

asx_status asx_output_check(const char *path, const asx_kept_file *keep, asx_error *err)
{
    struct stat old;
    bool there = false;
    asx_status status = check_place(&old, &there, path, keep, err);
    if (status != ASX_OK)
        return status;
    if (there && (!S_ISREG(old.st_mode) || is_descriptor(path)))
        return access(path, W_OK) == 0 ? ASX_OK : cannot_write(path, errno, err);
    char *target = NULL;
    status = resolve(&target, path, err);
    if (status != ASX_OK)
        return status;
    char *folder = folder_of(target);
    if (!folder)
        status = asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    else if (access(folder, W_OK | X_OK) != 0)
        status = cannot_write(path, errno, err);
    free(folder);
    free(target);
    return status;
}

FILE *asx_output_stream(asx_output *output)
{
    return output->stream;
}

/* The rename itself is on the disk when its folder is. */
static void sync_folder(const char *folder)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fsync(fd) != 0) { /* a file system that syncs no folders has done what it can */
    }
    close(fd);
}

asx_status asx_output_commit(asx_output *o, asx_error *err)
{
    if (ferror(o->stream) || fflush(o->stream) != 0)
        return cannot_write(o->path, errno ? errno : EIO, err);
    int fd = fileno(o->stream);
    if (o->target && fsync(fd) != 0)
        return cannot_write(o->path, errno, err);
    if (o->target && !o->part) {
        asx_status status = take_name(o, take_by_link, &fd, err);
        if (status != ASX_OK)
            return status;
    }
    FILE *stream = o->stream;
    o->stream = NULL;
    if (fclose(stream) != 0)
        return cannot_write(o->path, errno, err);
    if (!o->target)
        return ASX_OK;
    if (rename(o->part, o->target) != 0)
        return cannot_write(o->path, errno, err);
    free(o->part);
    o->part = NULL;
    sync_folder(o->folder);
    return ASX_OK;
}

void asx_output_free(asx_output *o)
{
    if (!o)
        return;
    if (o->stream)
        fclose(o->stream);
    if (o->part)
        unlink(o->part);
    free(o->part);
    free(o->folder);
    free(o->target);
    free(o->path);
    free(o);
}

asx_status asx_output_write(const char *path, const void *bytes, size_t n,
                            const asx_kept_file *keep, asx_error *err)
{
    asx_output *output = NULL;
    asx_status status = asx_output_open(&output, path, keep, err);
    if (status != ASX_OK)
        return status;
    /* a short write leaves the stream's error, which commit reports */
    if (n > 0 && fwrite(bytes, 1, n, output->stream) != n && !ferror(output->stream))
        status = cannot_write(path, EIO, err);
    if (status == ASX_OK)
        status = asx_output_commit(output, err);
    asx_output_free(output);
    return status;
}
