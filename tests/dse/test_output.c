/* Files that appear whole or not at all. */
#include "dse/output.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "dse/file.h"

static char folder[64];

static int enter(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/asx_output_XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    DIR *d = opendir(".");
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            unlink(e->d_name);
    if (d)
        closedir(d);
    return chdir("/") == 0 ? rmdir(folder) : -1;
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void expect(const char *path, const char *text)
{
    char *got = NULL;
    size_t n = 0;
    asx_error err;
    assert_int_equal(asx_file_read(&got, &n, path, 1 << 20, &err), ASX_OK);
    assert_string_equal(got, text);
    free(got);
}

static size_t n_files(void)
{
    size_t n = 0;
    DIR *d = opendir(".");
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void a_new_file_appears_at_commit_with_the_usual_mode(void **state)
{
    (void)state;
    asx_error err;
    asx_output *o = NULL;
    const mode_t mask = umask(022);
    assert_int_equal(asx_output_open(&o, "new", NULL, &err), ASX_OK);
    fputs("text", asx_output_stream(o));
    assert_int_equal(n_files(), 0);
    assert_int_equal(asx_output_commit(o, &err), ASX_OK);
    asx_output_free(o);
    umask(mask);
    expect("new", "text");
    struct stat info;
    assert_int_equal(stat("new", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0644);
    assert_int_equal(n_files(), 1);
}

static void what_is_not_committed_changes_nothing(void **state)
{
    (void)state;
    asx_error err;
    asx_output *o = NULL;
    put("old", "old");
    assert_int_equal(asx_output_open(&o, "old", NULL, &err), ASX_OK);
    fputs("new", asx_output_stream(o));
    asx_output_free(o);
    expect("old", "old");
    assert_int_equal(n_files(), 1);
}

static void mode_and_links_are_kept(void **state)
{
    (void)state;
    asx_error err;
    put("file", "old");
    assert_int_equal(chmod("file", 0640), 0);
    assert_int_equal(symlink("file", "link"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(asx_output_write("link", "new", 3, NULL, &err), ASX_OK);
    assert_int_equal(asx_output_write("dangling", "made", 4, NULL, &err), ASX_OK);
    struct stat info;
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat("file", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    expect("file", "new");
    expect("nowhere", "made");
}

static void links_in_a_circle_are_refused(void **state)
{
    (void)state;
    asx_error err;
    assert_int_equal(symlink("b", "a"), 0);
    assert_int_equal(symlink("a", "b"), 0);
    assert_int_equal(asx_output_write("a", "x", 1, NULL, &err), ASX_EIO);
    assert_string_equal(err.message, "cannot write 'a': Too many levels of symbolic links");
}

static void inputs_are_left_alone_by_whatever_name(void **state)
{
    (void)state;
    asx_error err;
    put("c.db", "database");
    assert_int_equal(symlink("c.db", "link"), 0);
    assert_int_equal(link("c.db", "hard"), 0);
    const asx_kept_file keep[] = {{"the network", "not there"}, {"the database", "c.db"}, {0}};
    const char *names[] = {"c.db", "./c.db", "link", "hard"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(asx_output_write(names[i], "x", 1, keep, &err), ASX_EINVAL);
        assert_non_null(strstr(err.message, "would overwrite the database, 'c.db'"));
    }
    expect("c.db", "database");
    assert_int_equal(asx_output_check("hard", keep, &err), ASX_EINVAL);
    assert_int_equal(asx_output_check("./not there", keep, &err), ASX_EINVAL);
    assert_int_equal(asx_output_check("other", keep, &err), ASX_OK);
    assert_int_equal(asx_output_write("other", "x", 1, keep, &err), ASX_OK);
}

static void a_database_is_nobodys_output(void **state)
{
    (void)state;
    asx_error err;
    put("x.db", "SQLite format 3");
    FILE *f = fopen("x.db", "ab");
    assert_int_equal(fputc(0, f), 0);
    fclose(f);
    assert_int_equal(asx_output_write("x.db", "x", 1, NULL, &err), ASX_EINVAL);
    assert_string_equal(err.message, "output 'x.db' would overwrite a database");
    expect("x.db", "SQLite format 3");
}

static void lists_of_kept_files_grow(void **state)
{
    (void)state;
    asx_error err;
    asx_kept kept = {0};
    assert_int_equal(asx_output_check("12", kept.file, &err), ASX_OK);
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        assert_int_equal(asx_kept_add(&kept, "a file", name, &err), ASX_OK);
    }
    assert_int_equal(kept.n, 20);
    assert_int_equal(asx_output_check("12", kept.file, &err), ASX_EINVAL);
    assert_int_equal(asx_output_check("20", kept.file, &err), ASX_OK);
    asx_kept_fini(&kept);
}

static void a_pipe_stays_a_pipe(void **state)
{
    (void)state;
    asx_error err;
    char got[8] = {0};
    assert_int_equal(mkfifo("pipe", 0600), 0);
    const int fd = open("pipe", O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(asx_output_write("pipe", "text", 4, NULL, &err), ASX_OK);
    assert_int_equal(read(fd, got, 4), 4);
    close(fd);
    assert_string_equal(got, "text");
    struct stat info;
    assert_int_equal(stat("pipe", &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
}

static void a_full_device_is_an_error(void **state)
{
    (void)state;
    asx_error err;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(asx_output_write("/dev/full", "text", 4, NULL, &err), ASX_EIO);
    assert_string_equal(err.message, "cannot write '/dev/full': No space left on device");
}

/* In a child: a limit of the file's size holds for the whole process. */
static void a_file_that_becomes_too_large_leaves_the_old_one(void **state)
{
    (void)state;
    put("file", "old");
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        static char bytes[1 << 16];
        asx_error err;
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){1024, 1024});
        _exit(asx_output_write("file", bytes, sizeof bytes, NULL, &err) == ASX_EIO ? 0 : 1);
    }
    int code = 1;
    assert_int_equal(waitpid(pid, &code, 0), pid);
    assert_int_equal(code, 0);
    expect("file", "old");
    assert_int_equal(n_files(), 1);
}

static void places_that_cannot_be_written_are_named(void **state)
{
    (void)state;
    asx_error err;
    assert_int_equal(asx_output_write("", "x", 1, NULL, &err), ASX_EINVAL);
    assert_int_equal(asx_output_write(".", "x", 1, NULL, &err), ASX_EIO);
    assert_string_equal(err.message, "cannot write '.': Is a directory");
    assert_int_equal(asx_output_write("no/where", "x", 1, NULL, &err), ASX_EIO);
    assert_string_equal(err.message, "cannot write 'no/where': No such file or directory");
    assert_int_equal(asx_output_check("no/where", NULL, &err), ASX_EIO);
    assert_string_equal(err.message, "cannot write 'no/where': No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_file_appears_at_commit_with_the_usual_mode, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(what_is_not_committed_changes_nothing, enter, leave),
        cmocka_unit_test_setup_teardown(mode_and_links_are_kept, enter, leave),
        cmocka_unit_test_setup_teardown(links_in_a_circle_are_refused, enter, leave),
        cmocka_unit_test_setup_teardown(inputs_are_left_alone_by_whatever_name, enter, leave),
        cmocka_unit_test_setup_teardown(a_database_is_nobodys_output, enter, leave),
        cmocka_unit_test_setup_teardown(lists_of_kept_files_grow, enter, leave),
        cmocka_unit_test_setup_teardown(a_pipe_stays_a_pipe, enter, leave),
        cmocka_unit_test_setup_teardown(a_full_device_is_an_error, enter, leave),
        cmocka_unit_test_setup_teardown(a_file_that_becomes_too_large_leaves_the_old_one, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(places_that_cannot_be_written_are_named, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
