/* Which files make a data set: a folder for each class, or a list with the class in each line. */
#include "listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "dse/text.h"

enum { LIST_BYTES_MAX = 1 << 26, LABEL_MAX = UINT16_MAX };

const char *const asx_listing_pictures[] = {".png", ".jpg", ".jpeg", NULL};
const char *const asx_listing_recordings[] = {".wav", NULL};

void asx_listing_fini(asx_listing *listing)
{
    if (!listing)
        return;
    for (size_t i = 0; i < listing->n; i++) {
        free(listing->item[i].path);
        free(listing->item[i].mask);
    }
    free(listing->item);
    *listing = (asx_listing){0};
}

/* Takes `path` over, after failure too. */
static asx_status add(asx_listing *to, char *path, unsigned label, asx_error *err)
{
    asx_listing_item *item = asx_array_grow(to->item, &to->capacity, to->n + 1, sizeof *item);
    if (item) {
        to->item = item;
        to->item[to->n++] = (asx_listing_item){path, label, NULL};
        return ASX_OK;
    }
    free(path);
    return asx_fail(err, ASX_ENOMEM, "no memory for a list of %zu files", to->n);
}

static asx_status join(char **out, const char *folder, size_t n_folder, const char *name, size_t n,
                       asx_error *err)
{
    asx_text path = {0};
    if (name[0] != '/')
        asx_text_add_bytes(&path, folder, n_folder);
    asx_text_add_bytes(&path, name, n);
    return asx_text_take(out, &path, err);
}

/* ---- folders ---- */

static bool has_ending(const char *name, const char *const *endings)
{
    const size_t n = strlen(name);
    for (; *endings; endings++) {
        const size_t m = strlen(*endings);
        if (n > m && strcasecmp(name + n - m, *endings) == 0)
            return true;
    }
    return false;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const asx_listing_item *)a)->path, ((const asx_listing_item *)b)->path);
}

/* Names of a folder, sorted: of its folders, or of its files with one of the endings. */
static asx_status read_folder(asx_listing *out, const char *folder, const char *const *endings,
                              asx_error *err)
{
    DIR *files = opendir(folder);
    asx_status status = ASX_OK;
    if (!files)
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", folder, strerror(errno));
    for (struct dirent *e; status == ASX_OK && (e = readdir(files));) {
        struct stat is;
        char *path;
        if (e->d_name[0] == '.' || (endings && !has_ending(e->d_name, endings)))
            continue;
        asx_text text = {0};
        asx_text_add(&text, "%s/%s", folder, e->d_name);
        status = asx_text_take(&path, &text, err);
        if (status != ASX_OK)
            break;
        if (stat(path, &is) == 0 && (endings ? S_ISREG(is.st_mode) : S_ISDIR(is.st_mode)))
            status = add(out, path, 0, err);
        else
            free(path);
    }
    closedir(files);
    if (status == ASX_OK && out->n > 0)
        qsort(out->item, out->n, sizeof *out->item, compare_paths);
    return status;
}

/* The first item of every class, the second of every class, ... */
static asx_status deal_out(asx_listing *out, asx_listing *class, size_t n_classes, asx_error *err)
{
    asx_status status = ASX_OK;
    bool more = true;
    for (size_t round = 0; status == ASX_OK && more; round++) {
        more = false;
        for (size_t c = 0; status == ASX_OK && c < n_classes; c++) {
            if (round >= class[c].n)
                continue;
            char *path = class[c].item[round].path;
            class[c].item[round].path = NULL;
            status = add(out, path, (unsigned)c, err);
            more = true;
        }
    }
    return status;
}

static asx_status read_classes(asx_listing *out, const char *path, const char *const *endings,
                               asx_error *err)
{
    asx_listing folders = {0}, *class = NULL;
    asx_status status = read_folder(&folders, path, NULL, err);
    if (status == ASX_OK && folders.n == 0)
        status = asx_fail(err, ASX_EINVAL,
                          "'%s' holds no folders: a folder for each class is wanted, or a list of "
                          "files with their classes",
                          path);
    if (status == ASX_OK && folders.n > LABEL_MAX)
        status = asx_fail(err, ASX_EINVAL, "'%s' holds %zu folders, more than %d classes", path,
                          folders.n, LABEL_MAX);
    if (status == ASX_OK && !(class = asx_array_new(folders.n, sizeof *class)))
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu classes", folders.n);
    for (size_t c = 0; status == ASX_OK && c < folders.n; c++) {
        status = read_folder(&class[c], folders.item[c].path, endings, err);
        if (status == ASX_OK && class[c].n == 0)
            status = asx_fail(err, ASX_EINVAL, "class '%s' has no file that ends in %s or its like",
                              folders.item[c].path, endings[0]);
    }
    if (status == ASX_OK)
        status = deal_out(out, class, folders.n, err);
    for (size_t c = 0; class && c < folders.n; c++)
        asx_listing_fini(&class[c]);
    free(class);
    asx_listing_fini(&folders);
    return status;
}

/* ---- lists ---- */

/* A line: what it lists, and behind a blank, a tab or a comma its class or mask. */
typedef struct listed {
    const char *path, *last;
    size_t n_path, n_last;
} listed;

static listed split(const char *line, size_t n, bool masks)
{
    /* paths may have blanks, and between two of them a tab or a comma tells more */
    const char *between = !masks                  ? " \t,"
                          : memchr(line, '\t', n) ? "\t"
                          : memchr(line, ',', n)  ? ","
                                                  : " ";
    size_t end = n, begin;
    while (end && !strchr(between, line[end - 1]))
        end--;
    for (begin = end; begin < n && strchr(" \t", line[begin]);)
        begin++;
    listed l = {line, line + begin, 0, n - begin};
    while (end && strchr(" \t,", line[end - 1]))
        end--;
    l.n_path = end;
    return l;
}

static bool read_class(unsigned *out, const listed *l)
{
    char text[16] = "";
    double value;
    if (l->n_last >= sizeof text)
        return false;
    memcpy(text, l->last, l->n_last);
    if (asx_number_parse(&value, text, 0, LABEL_MAX, "", &(asx_error){0}) != ASX_OK ||
        value != (double)(unsigned)value)
        return false;
    *out = (unsigned)value;
    return true;
}

static asx_status add_line(asx_listing *out, const char *path, const listed *l, unsigned label,
                           bool masks, asx_error *err)
{
    const char *slash = strrchr(path, '/');
    const size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    char *file = NULL, *mask = NULL;
    asx_status status = join(&file, path, folder, l->path, l->n_path, err);
    if (status == ASX_OK && masks)
        status = join(&mask, path, folder, l->last, l->n_last, err);
    if (status == ASX_OK) {
        status = add(out, file, label, err);
        file = NULL;
    }
    if (status == ASX_OK) {
        out->item[out->n - 1].mask = mask;
        mask = NULL;
    }
    free(file);
    free(mask);
    return status;
}

static asx_status read_line(asx_listing *out, const char *path, size_t number, const char *line,
                            size_t n, bool masks, asx_error *err)
{
    unsigned label = 0;
    while (n && strchr(" \t\r", line[n - 1]))
        n--;
    if (n == 0 || line[0] == '#')
        return ASX_OK;
    const listed l = split(line, n, masks);
    const int shown = n < 64 ? (int)n : 64;
    const bool is_class = read_class(&label, &l);
    if (l.n_path > 0 && is_class != masks)
        return add_line(out, path, &l, label, masks, err);
    return masks ? asx_fail(err, ASX_EPARSE,
                            "%s:%zu: '%.*s' is no path of a picture with one of its mask", path,
                            number, shown, line)
                 : asx_fail(err, ASX_EPARSE, "%s:%zu: '%.*s' is no path with a class 0 .. %d", path,
                            number, shown, line, LABEL_MAX);
}

static asx_status read_list(asx_listing *out, const char *path, bool masks, asx_error *err)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf"; /* as some editors begin a file */
    char *text;
    size_t n, line = 1;
    asx_status status = asx_file_read(&text, &n, path, LIST_BYTES_MAX, err);
    if (status != ASX_OK)
        return status;
    if (memchr(text, 0, n))
        status = asx_fail(err, ASX_EPARSE, "'%s' is no list of files: it holds a NUL byte", path);
    const bool marked = n >= 3 && memcmp(text, byte_order_mark, 3) == 0;
    for (const char *at = text + (marked ? 3 : 0); status == ASX_OK && at < text + n; line++) {
        const char *end = memchr(at, '\n', (size_t)(text + n - at));
        const size_t length = (size_t)((end ? end : text + n) - at);
        status = read_line(out, path, line, at, length, masks, err);
        at += length + 1;
    }
    if (status == ASX_OK && out->n == 0)
        status = asx_fail(err, ASX_EPARSE, "'%s' lists no files", path);
    free(text);
    return status;
}

asx_status asx_listing_read(asx_listing *out, const char *path, const char *const *endings,
                            bool masks, asx_error *err)
{
    asx_listing made = {0};
    struct stat is;
    if (stat(path, &is) != 0)
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", path, strerror(errno));
    if (S_ISDIR(is.st_mode) && masks)
        return asx_fail(
            err, ASX_EINVAL,
            "'%s' is a folder: masks are named by a list, a file with a line 'PICTURE MASK' for each "
            "picture, paths as seen from the list",
            path);
    asx_status status = S_ISDIR(is.st_mode) ? read_classes(&made, path, endings, err)
                                            : read_list(&made, path, masks, err);
    if (status != ASX_OK)
        asx_listing_fini(&made);
    else
        *out = made;
    return status;
}
