/* To be preloaded: one allocation of the program fails, the FAIL_AT-th of those that its own code asks for; where
 * FAIL_LIBRARIES is a part of a library's name, of those that this library asks for. FAIL_COUNT names a file for the number
 * of allocations when it ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_long count;
static long fail_at;
static bool ready;
static uintptr_t first, last; /* where the code lies whose allocations fail */

/* getenv may not be called this early */
static const char *setting(const char *name)
{
    const size_t n = strlen(name);
    for (char **e = environ; e && *e; e++)
        if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
            return *e + n + 1;
    return NULL;
}

/* The first mapping of the process with a file's name, the program's without one, and those that follow it at once. */
static void find_code(const char *library)
{
    static char maps[1 << 17], name[4096];
    size_t n = 0;
    ssize_t got;
    const int fd = open("/proc/self/maps", O_RDONLY);
    const ssize_t length = library ? snprintf(name, sizeof name, "%s", library)
                                   : readlink("/proc/self/exe", name, sizeof name - 1);
    while (fd >= 0 && n < sizeof maps - 1 && (got = read(fd, maps + n, sizeof maps - 1 - n)) > 0)
        n += (size_t)got;
    if (fd >= 0)
        close(fd);
    for (char *line = maps, *end; length > 0 && line && *line; line = end ? end + 1 : NULL) {
        char *rest = NULL;
        if ((end = strchr(line, '\n')))
            *end = '\0';
        if (!strstr(line, name)) {
            if (first)
                break;
            continue;
        }
        const uintptr_t from = (uintptr_t)strtoull(line, &rest, 16);
        last = (uintptr_t)strtoull(rest + 1, NULL, 16);
        first = first ? first : from;
    }
}

static bool fails(const void *caller)
{
    if (!ready) {
        ready = true;
        const char *at = setting("FAIL_AT");
        fail_at = at ? atol(at) : 0;
        find_code(setting("FAIL_LIBRARIES"));
    }
    if ((uintptr_t)caller < first || (uintptr_t)caller >= last)
        return false;
    if (atomic_fetch_add(&count, 1) + 1 != fail_at)
        return false;
    errno = ENOMEM;
    return true;
}

/* libc names the parameters of these by words that are its own. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
void *malloc(size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = fails(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
    if (!memory)
        return ENOMEM;
    *out = memory;
    return 0;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

__attribute__((destructor)) static void say_count(void)
{
    char text[32];
    const char *file = setting("FAIL_COUNT");
    const int fd = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    const int n = snprintf(text, sizeof text, "%ld\n", (long)count);
    if (fd >= 0 && write(fd, text, (size_t)n) == n)
        close(fd);
}
