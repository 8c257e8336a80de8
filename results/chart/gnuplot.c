/* Running gnuplot. Script, output and messages go through temporary files, so that no pipe can fill
 * up or break, whatever the program does. */
#include "gnuplot.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dse/memory.h"
#include "dse/tame.h"

extern char **environ;

enum { LINE_MAX_SHOWN = 300, TIME_LIMIT_S = 120, NO_PROGRAM = 127 };

/* The last line that says something: gnuplot puts empty ones and a copy of the input in front. */
static void last_line(char *out, size_t size, FILE *f)
{
    char line[LINE_MAX_SHOWN];
    out[0] = '\0';
    rewind(f);
    while (fgets(line, sizeof line, f)) {
        char *begin = line + strspn(line, " \t\r\n");
        begin[strcspn(begin, "\r\n")] = '\0';
        if (*begin && *begin != '^')
            snprintf(out, size, "%s", begin);
    }
}

static void append_file(asx_text *out, FILE *f)
{
    char buffer[4096];
    size_t n;
    rewind(f);
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
        asx_text_add_bytes(out, buffer, n);
}

/* What changes a picture is left out: gnuplot's own settings, the locale, a home folder's fonts. */
static bool is_kept(const char *variable)
{
    static const char *const dropped[] = {"GNUTERM", "GNUPLOT", "GNUHELP", "FIT_", "GDFONTPATH",
                                          "HOME=",   "XDG_",    "LC_",     "LANG"};
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (strncmp(variable, dropped[i], strlen(dropped[i])) == 0)
            return false;
    return true;
}

/* @return NULL without memory; the strings are `environ`'s or constants, free() the list only */
static char **plain_environment(void)
{
    static char locale[] = "LC_ALL=C.UTF-8", home[] = "HOME=/nonexistent";
    size_t n = 0, kept = 0;
    while (environ[n])
        n++;
    char **list = asx_array_new(n + 3, sizeof *list);
    if (!list)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (is_kept(environ[i]))
            list[kept++] = environ[i];
    list[kept++] = locale;
    list[kept] = home;
    return list;
}

/* The child: our files are its standard streams; it ends when we do. Only async-signal-safe calls, for other threads
 * may hold any lock. */
static _Noreturn void become(const char *program, const int stream[3], char **environment,
                             pid_t parent)
{
    /* "/dev/stdin": as a file it is read in blocks; as "-", character by character */
    char name[] = "gnuplot", plain[] = "--default-settings", script[] = "/dev/stdin";
    char *argv[] = {name, plain, script, NULL};
    for (int i = 0; i < 3; i++)
        if (dup2(stream[i], i) < 0)
            _exit(NO_PROGRAM);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(NO_PROGRAM);
    environ = environment;
    execvp(program, argv);
    _exit(NO_PROGRAM);
}

/* Waits for the child for TIME_LIMIT_S at most. @return false if it had to be killed */
static bool await(pid_t pid, int *code)
{
    const struct timespec nap = {0, 5000000};
    struct timespec begin, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (;;) {
        const pid_t got = waitpid(pid, code, WNOHANG);
        if (got == pid || (got < 0 && errno != EINTR))
            return true;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - begin.tv_sec >= TIME_LIMIT_S)
            break;
        nanosleep(&nap, NULL);
    }
    kill(pid, SIGKILL);
    while (waitpid(pid, code, 0) < 0 && errno == EINTR)
        continue;
    return false;
}

static asx_status run(const char *program, const int stream[3], FILE *messages, asx_error *err)
{
    char **environment = plain_environment();
    if (!environment)
        return asx_fail(err, ASX_ENOMEM, "no memory for an environment");
    const pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(program, stream, environment, parent);
    const int reason = errno;
    int code = 0;
    const bool ended = pid < 0 || await(pid, &code);
    free(environment);
    if (pid < 0 || (WIFEXITED(code) && WEXITSTATUS(code) == NO_PROGRAM))
        return asx_fail(err, ASX_EIO,
                        "cannot run '%s': %s; plots need gnuplot (Debian: gnuplot-nox)", program,
                        strerror(pid < 0 ? reason : ENOENT));
    if (!ended)
        return asx_fail(err, ASX_EIO, "'%s' did not end within %d s, and was killed", program,
                        TIME_LIMIT_S);
    if (code == 0)
        return ASX_OK;
    char line[LINE_MAX_SHOWN];
    last_line(line, sizeof line, messages);
    return asx_fail(err, ASX_EIO, "'%s' failed: %s", program, line[0] ? line : "no message");
}

asx_status asx_gnuplot_run(const char *program, const char *script, asx_text *output,
                           asx_error *err)
{
    asx_status status = ASX_OK;
    FILE *in = tmpfile(), *out = tmpfile(), *messages = tmpfile();
    if (!in || !out || !messages || fputs(script, in) == EOF || fflush(in) != 0) {
        status = asx_fail(err, ASX_EIO, "cannot write a temporary file: %s", strerror(errno));
        goto done;
    }
    rewind(in);
    const int stream[3] = {fileno(in), fileno(out), fileno(messages)};
    status = run(program, stream, messages, err);
    if (status == ASX_OK)
        append_file(output, out);
done:
    if (in)
        fclose(in);
    if (out)
        fclose(out);
    if (messages)
        fclose(messages);
    return status;
}

/* Bytes of the character at `s`; 0 if it is no UTF-8 or none that XML 1.0 knows. */
static size_t character(const unsigned char *s)
{
    const size_t n = s[0] < 0x80                   ? 1
                     : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
                     : (s[0] & 0xf0) == 0xe0       ? 3
                     : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                                   : 0;
    if (n <= 1)
        return n;
    uint32_t code = s[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    return code < least[n] || code > 0x10ffff || surrogate || (code & 0xfffe) == 0xfffe ? 0 : n;
}

/* One character, or '?' for those that a terminal must not see: pictures of letters are shown there. */
static void add_tame(asx_text *script, const char *s, size_t n)
{
    char one[8];
    memcpy(one, s, n);
    one[n] = '\0';
    asx_text_tame(one);
    asx_text_add(script, "%s", one);
}

void asx_gnuplot_quote(asx_text *script, const char *text)
{
    asx_text_add(script, "'");
    for (const char *s = text ? text : ""; *s;) {
        const size_t n = character((const unsigned char *)s);
        if (*s == '\'')
            asx_text_add(script, "''");
        else if (n == 0)
            asx_text_add(script, "?");
        else if (n == 1 && ((unsigned char)*s < ' ' || *s == 127))
            asx_text_add(script, " ");
        else
            add_tame(script, s, n);
        if (strncmp(s, "]]>", 3) == 0)
            asx_text_add(script, " ");
        s += n ? n : 1;
    }
    asx_text_add(script, "'");
}
