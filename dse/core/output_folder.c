#include "dse/output_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dse/memory.h"
#include "dse/output.h"
#include "dse/text.h"

enum { NAMES_MAX = 1000 };

struct asx_output_folder {
    char *path;   /* without slashes at its end */
    char *part;   /* where the files are made; NULL: nowhere any more */
    bool there;   /* `path` was a folder before: `part` lies in it */
    char **name;  /* [n] of files */
    char **under; /* [n_under] folders below */
    size_t n, room, n_under, room_under;
};

static asx_status fail(const char *path, asx_error *err)
{
    return asx_fail(err, ASX_EIO, "cannot write folder '%s': %s", path, strerror(errno));
}

/* "FOLDER/NAME" @return NULL without memory */
static char *join(const char *folder, const char *name)
{
    asx_text text = {0};
    char *out = NULL;
    asx_text_add(&text, "%s/%s", folder, name);
    return asx_text_take(&out, &text, NULL) == ASX_OK ? out : NULL; /* the caller says for what */
}

static asx_status no_memory(const asx_output_folder *f, asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for folder '%s'", f->path);
}

static asx_status make_part(asx_output_folder *f, asx_error *err)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        asx_text text = {0};
        asx_text_add(&text, "%s%s.%ld-%d.part", f->path, f->there ? "/" : "", (long)getpid(), i);
        char *part = NULL;
        asx_status status = asx_text_take(&part, &text, err);
        if (status != ASX_OK)
            return status;
        if (mkdir(part, 0777) == 0) {
            f->part = part;
            return ASX_OK;
        }
        free(part);
        if (errno != EEXIST)
            return fail(f->path, err);
    }
    errno = EEXIST;
    return fail(f->path, err);
}

asx_status asx_output_folder_open(asx_output_folder **out, const char *path, asx_error *err)
{
    struct stat info;
    asx_status status = ASX_OK;
    asx_output_folder *f = asx_array_new(1, sizeof *f);
    if (!*path)
        status = asx_fail(err, ASX_EINVAL, "cannot write folder '': it needs a name");
    else if (!f || !(f->path = asx_string_copy(path)))
        status = asx_fail(err, ASX_ENOMEM, "no memory for folder '%s'", path);
    else {
        for (size_t n = strlen(f->path); n > 1 && f->path[n - 1] == '/'; n--)
            f->path[n - 1] = '\0';
        f->there = stat(f->path, &info) == 0;
        errno = ENOTDIR;
        status = f->there && !S_ISDIR(info.st_mode) ? fail(path, err) : make_part(f, err);
    }
    if (status != ASX_OK) {
        asx_output_folder_free(f);
        return status;
    }
    *out = f;
    return ASX_OK;
}

static asx_status keep(char ***list, size_t *n, size_t *room, const char *name, size_t length)
{
    char **grown = asx_array_grow(*list, room, *n + 1, sizeof *grown);
    char *copy = grown ? asx_array_new(length + 1, 1) : NULL;
    if (grown)
        *list = grown;
    if (!copy)
        return ASX_ENOMEM;
    memcpy(copy, name, length);
    (*list)[(*n)++] = copy;
    return ASX_OK;
}

static asx_status make_under(const char *folder, const char *name, asx_error *err)
{
    char *path = join(folder, name);
    asx_status status = ASX_OK;
    if (!path)
        status = asx_fail(err, ASX_ENOMEM, "no memory for folder '%s'", folder);
    else if (mkdir(path, 0777) != 0 && errno != EEXIST)
        status = fail(path, err);
    free(path);
    return status;
}

/* The folder of "FOLDER/NAME", once. */
static asx_status need_under(asx_output_folder *f, const char *name, asx_error *err)
{
    const char *slash = strchr(name, '/');
    const size_t n = slash ? (size_t)(slash - name) : 0;
    for (size_t i = 0; i < f->n_under; i++)
        if (strlen(f->under[i]) == n && strncmp(f->under[i], name, n) == 0)
            return ASX_OK;
    if (n == 0)
        return ASX_OK;
    if (keep(&f->under, &f->n_under, &f->room_under, name, n) != ASX_OK)
        return no_memory(f, err);
    return make_under(f->part, f->under[f->n_under - 1], err);
}

asx_status asx_output_folder_add(asx_output_folder *f, const char *name, const void *bytes,
                                 size_t n, bool executable, asx_error *err)
{
    asx_error inner = {0};
    asx_status status = need_under(f, name, err);
    if (status != ASX_OK)
        return status;
    if (keep(&f->name, &f->n, &f->room, name, strlen(name)) != ASX_OK)
        return no_memory(f, err);
    char *path = join(f->part, name);
    if (!path)
        return no_memory(f, err);
    status = asx_output_write(path, bytes, n, NULL, &inner);
    if (status != ASX_OK) { /* as the user knows it */
        const char *reason = strrchr(inner.message, ':');
        status =
            asx_fail(err, status, "cannot write '%s/%s'%s", f->path, name, reason ? reason : "");
    } else if (executable && chmod(path, 0755) != 0) {
        status = fail(path, err);
    }
    free(path);
    return status;
}

asx_status asx_output_folder_add_text(asx_output_folder *f, const char *name, asx_text *text,
                                      asx_error *err)
{
    const asx_status status = text->failed
                                  ? asx_fail(err, ASX_ENOMEM, "no memory for '%s'", name)
                                  : asx_output_folder_add(f, name, text->s, text->n, false, err);
    asx_text_fini(text);
    return status;
}

/* Moves a file over the one that is there. */
static asx_status move(const asx_output_folder *f, const char *name, asx_error *err)
{
    char *from = join(f->part, name), *to = join(f->path, name);
    asx_status status = ASX_OK;
    if (!from || !to)
        status = no_memory(f, err);
    else if (rename(from, to) != 0)
        status = fail(to, err);
    free(from);
    free(to);
    return status;
}

asx_status asx_output_folder_commit(asx_output_folder *f, asx_error *err)
{
    asx_status status = ASX_OK;
    if (!f->there) {
        if (rename(f->part, f->path) != 0)
            return fail(f->path, err);
        free(f->part);
        f->part = NULL;
        return ASX_OK;
    }
    for (size_t i = 0; i < f->n_under && status == ASX_OK; i++)
        status = make_under(f->path, f->under[i], err);
    for (size_t i = 0; i < f->n && status == ASX_OK; i++)
        status = move(f, f->name[i], err);
    return status;
}

/* Removes what is left in the making, whatever of it is there. */
static void clear(const asx_output_folder *f)
{
    for (size_t i = 0; i < f->n; i++) {
        char *path = join(f->part, f->name[i]);
        if (path)
            unlink(path);
        free(path);
    }
    for (size_t i = 0; i < f->n_under; i++) {
        char *path = join(f->part, f->under[i]);
        if (path)
            rmdir(path);
        free(path);
    }
    rmdir(f->part);
}

void asx_output_folder_free(asx_output_folder *f)
{
    if (!f)
        return;
    if (f->part)
        clear(f);
    for (size_t i = 0; i < f->n; i++)
        free(f->name[i]);
    for (size_t i = 0; i < f->n_under; i++)
        free(f->under[i]);
    free(f->name);
    free(f->under);
    free(f->part);
    free(f->path);
    free(f);
}
