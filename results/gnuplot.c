/* Running gnuplot. Script, output and messages go through temporary files, so that no pipe can fill
 * up or break, whatever the program does. */
#include "gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { LINE_MAX_SHOWN = 300 };

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

static int spawn(pid_t *pid, const char *program, FILE *in, FILE *out, FILE *messages)
{
    posix_spawn_file_actions_t actions;
    /* "/dev/stdin": as a file it is read in blocks; as "-", character by character */
    char name[] = "gnuplot", plain[] = "--default-settings", script[] = "/dev/stdin";
    char *argv[] = {name, plain, script, NULL};
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc != 0)
        return rc;
    rc = posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&actions, fileno(messages), STDERR_FILENO);
    if (rc == 0)
        rc = posix_spawnp(pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
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
    pid_t pid = 0;
    int rc = spawn(&pid, program, in, out, messages), code = 0;
    if (rc == 0)
        while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
            continue;
    if (rc != 0 || (WIFEXITED(code) && WEXITSTATUS(code) == 127)) {
        status =
            asx_fail(err, ASX_EIO, "cannot run '%s': %s; plots need gnuplot (Debian: gnuplot-nox)",
                     program, strerror(rc ? rc : ENOENT));
    } else if (code != 0) {
        char line[LINE_MAX_SHOWN];
        last_line(line, sizeof line, messages);
        status = asx_fail(err, ASX_EIO, "'%s' failed: %s", program, line[0] ? line : "no message");
    } else if (output) {
        append_file(output, out);
    }
done:
    if (in)
        fclose(in);
    if (out)
        fclose(out);
    if (messages)
        fclose(messages);
    return status;
}

void asx_gnuplot_quote(asx_text *script, const char *text)
{
    asx_text_add(script, "'");
    for (const char *s = text ? text : ""; *s; s++)
        if (*s == '\'')
            asx_text_add(script, "''");
        else
            asx_text_add(script, "%c", (unsigned char)*s < ' ' || *s == 127 ? ' ' : *s);
    asx_text_add(script, "'");
}

asx_status asx_part_name(char **out, const char *path, asx_error *err)
{
    asx_text name = {0};
    /* "./": gnuplot takes a leading '|' for a command and '~' for a home folder */
    asx_text_add(&name, "%s%s.part%ld", path[0] == '/' ? "" : "./", path, (long)getpid());
    return asx_text_take(out, &name, err);
}

asx_status asx_file_write_whole(const char *path, const char *bytes, size_t n, asx_error *err)
{
    char *part = NULL;
    asx_status status = asx_part_name(&part, path, err);
    if (status != ASX_OK)
        return status;
    FILE *f = fopen(part, "wb");
    bool written = f && fwrite(bytes, 1, n, f) == n;
    if (f && fclose(f) != 0)
        written = false;
    if (!written || rename(part, path) != 0) {
        status = asx_fail(err, ASX_EIO, "cannot write '%s': %s", path, strerror(errno));
        if (f)
            unlink(part);
    }
    free(part);
    return status;
}
