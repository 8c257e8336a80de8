/* Runs text cases of the command line. A file holds cases of the form
 *
 *   ## name
 *   $ command                 given to sh; "> " continues it on further lines
 *   expected output           both streams, line by line; '*' and '?' are wildcards, "..." stands
 * for any number of lines
 *   => exit code              0 if left out
 *
 * A case may have several commands; all of a case run in one fresh folder. Of a Markdown file
 * (*.md) the blocks fenced by "```console" are cases, and all of them share one folder, so that a
 * reader can follow.
 *
 * Commands find asx and the scripts beside this file in their PATH.
 *
 * usage: run_cases FOLDER_OF_ASX SOURCE_FOLDER FILE...         exit code 1 if a case fails */
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"

typedef struct lines {
    char **line;
    size_t n, capacity;
} lines;

static void die(const char *what)
{
    fprintf(stderr, "run_cases: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* Cuts `text` in place. */
static lines cut_lines(char *text)
{
    lines out = {0};
    for (char *p = text; *p;) {
        char *end = p + strcspn(p, "\n");
        const bool last = *end == '\0';
        *end = '\0';
        out.line = asx_array_grow(out.line, &out.capacity, out.n + 1, sizeof *out.line);
        if (!out.line)
            die("memory");
        out.line[out.n++] = p;
        p = last ? end : end + 1;
    }
    return out;
}

/* A line matches literally or as a pattern, so that brackets in plain output need no escape. */
static bool line_matches(const char *pattern, const char *line)
{
    return strcmp(pattern, line) == 0 || fnmatch(pattern, line, 0) == 0;
}

static bool output_matches(char *const *want, size_t n_want, char *const *got, size_t n_got)
{
    if (n_want == 0)
        return n_got == 0;
    if (strcmp(want[0], "...") == 0) {
        for (size_t skip = 0; skip <= n_got; skip++)
            if (output_matches(want + 1, n_want - 1, got + skip, n_got - skip))
                return true;
        return false;
    }
    return n_got > 0 && line_matches(want[0], got[0]) &&
           output_matches(want + 1, n_want - 1, got + 1, n_got - 1);
}

static char *run(const char *command, int *exit_code)
{
    asx_text output = {0}, wrapped = {0};
    char buffer[4096];
    char *taken = NULL;
    asx_text_add(&wrapped, "{ %s\n} 2>&1 </dev/null", command);
    FILE *pipe = popen(wrapped.s, "r");
    if (!pipe)
        die("popen");
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        asx_text_add_bytes(&output, buffer, n);
    const int status = pclose(pipe);
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    asx_text_fini(&wrapped);
    if (asx_text_take(&taken, &output, NULL) < 0)
        die("memory");
    return taken;
}

/* One command with its expectation, starting at line `*i`; moves behind it. */
static bool check_command(const char *file, const lines *all, size_t *i, bool markdown)
{
    asx_text command = {0};
    const size_t at = *i;
    int want_code = 0, code = 0;
    asx_text_add(&command, "%s", all->line[*i] + 2);
    for (++*i; *i < all->n && strncmp(all->line[*i], "> ", 2) == 0; ++*i)
        asx_text_add(&command, "\n%s", all->line[*i] + 2);
    const size_t first = *i;
    size_t n_want = 0;
    for (; *i < all->n; ++*i, n_want++) {
        const char *line = all->line[*i];
        if (strncmp(line, "$ ", 2) == 0 || strncmp(line, "## ", 3) == 0 ||
            strncmp(line, "=> ", 3) == 0 || (markdown && strncmp(line, "```", 3) == 0))
            break;
    }
    if (*i < all->n && strncmp(all->line[*i], "=> ", 3) == 0)
        want_code = atoi(all->line[(*i)++] + 3);
    while (!markdown && n_want > 0 && all->line[first + n_want - 1][0] == '\0')
        n_want--; /* blank lines between cases */
    char *output = run(command.s, &code);
    char *shown = asx_string_copy(output);
    lines got = cut_lines(output);
    const bool ok = code == want_code && output_matches(all->line + first, n_want, got.line, got.n);
    if (!ok)
        printf("%s:%zu: failed: %s\nexit code %d, expected %d; output:\n%s\n", file, at + 1,
               command.s, code, want_code, shown ? shown : "");
    free(shown);
    free(got.line);
    free(output);
    asx_text_fini(&command);
    return ok;
}

static void fresh_folder(void)
{
    char name[] = "/tmp/asx_cases_XXXXXX";
    if (!mkdtemp(name) || chdir(name) != 0)
        die("folder");
}

static void drop_folder(void)
{
    char name[4096];
    if (!getcwd(name, sizeof name) || strncmp(name, "/tmp/asx_cases_", 15) != 0 || chdir("/") != 0)
        return;
    char command[4200];
    snprintf(command, sizeof command, "rm -rf '%s'", name);
    if (system(command) != 0)
        fprintf(stderr, "run_cases: cannot remove %s\n", name);
}

static void run_file(const char *file, size_t *passed, size_t *failed)
{
    char *text = NULL;
    size_t size = 0;
    asx_error err;
    if (asx_file_read(&text, &size, file, 1 << 24, &err) < 0) {
        fprintf(stderr, "run_cases: %s\n", err.message);
        exit(2);
    }
    const size_t n = strlen(file);
    const bool markdown = n > 3 && strcmp(file + n - 3, ".md") == 0;
    bool active = !markdown;
    lines all = cut_lines(text);
    fresh_folder();
    for (size_t i = 0; i < all.n;) {
        const char *line = all.line[i];
        if (markdown && strncmp(line, "```", 3) == 0)
            active = strcmp(line, "```console") == 0;
        if (active && strncmp(line, "$ ", 2) == 0) {
            *(check_command(file, &all, &i, markdown) ? passed : failed) += 1;
            continue;
        }
        if (!markdown && strncmp(line, "## ", 3) == 0) {
            drop_folder();
            fresh_folder();
        }
        i++;
    }
    drop_folder();
    free(all.line);
    free(text);
}

int main(int argc, char **argv)
{
    size_t passed = 0, failed = 0;
    char path[4096];
    if (argc < 4) {
        fprintf(stderr, "usage: run_cases FOLDER_OF_ASX SOURCE_FOLDER FILE...\n");
        return 2;
    }
    snprintf(path, sizeof path, "%s:%s/tests/cli:%s", argv[1], argv[2],
             getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    setenv("PATH", path, 1);
    setenv("ASX_SOURCE", argv[2], 1);
    setenv("LC_ALL", "C", 1);
    for (int i = 3; i < argc; i++)
        run_file(argv[i], &passed, &failed);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed > 0;
}
