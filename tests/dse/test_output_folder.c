/* Folders that appear whole or not at all. */
#include "dse/output_folder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "dse/file.h"

static char home[64];

static int enter(void **state)
{
    (void)state;
    snprintf(home, sizeof home, "/tmp/asx_folder_XXXXXX");
    return mkdtemp(home) && chdir(home) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    return chdir("/") == 0 ? system(command) : -1;
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

/* "a" executable, and "b/c". */
static asx_output_folder *filled(const char *path, const char *text)
{
    asx_error err = {0};
    asx_output_folder *f = NULL;
    CHECK_OK(asx_output_folder_open(&f, path, &err), err);
    CHECK_OK(asx_output_folder_add(f, "a", text, strlen(text), true, &err), err);
    CHECK_OK(asx_output_folder_add(f, "b/c", text, strlen(text), false, &err), err);
    return f;
}

static void expect_alone(const char *listing)
{
    char got[400] = "";
    FILE *found = popen("find . -mindepth 1 | sort", "r");
    assert_non_null(found);
    got[fread(got, 1, sizeof got - 1, found)] = '\0';
    assert_int_equal(pclose(found), 0);
    assert_string_equal(got, listing);
}

static void a_new_folder_appears_at_commit(void **state)
{
    (void)state;
    asx_error err = {0};
    struct stat info;
    asx_output_folder *f = filled("new/", "x");
    assert_int_equal(access("new", F_OK), -1);
    CHECK_OK(asx_output_folder_commit(f, &err), err);
    asx_output_folder_free(f);
    expect("new/a", "x");
    assert_int_equal(stat("new/a", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0755);
    expect_alone("./new\n./new/a\n./new/b\n./new/b/c\n");
}

static void files_move_into_a_folder_that_is_there_and_leave_others_alone(void **state)
{
    (void)state;
    asx_error err = {0};
    assert_int_equal(system("mkdir old && echo mine >old/mine && echo old >old/a"), 0);
    asx_output_folder *f = filled("old", "x");
    expect("old/a", "old\n");
    CHECK_OK(asx_output_folder_commit(f, &err), err);
    asx_output_folder_free(f);
    expect("old/a", "x");
    expect("old/mine", "mine\n");
    expect_alone("./old\n./old/a\n./old/b\n./old/b/c\n./old/mine\n");
}

static void what_is_not_committed_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(mkdir("there", 0777), 0);
    asx_output_folder_free(filled("new", "x"));
    asx_output_folder_free(filled("there", "x"));
    expect_alone("./there\n");
    asx_output_folder_free(NULL);
}

static void a_file_in_the_way_is_told(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_output_folder *f = NULL;
    assert_int_equal(system("echo x >file"), 0);
    assert_int_equal(asx_output_folder_open(&f, "file", &err), ASX_EIO);
    assert_string_equal(err.message, "cannot write folder 'file': Not a directory");
    assert_int_equal(asx_output_folder_open(&f, "no/where", &err), ASX_EIO);
    assert_non_null(strstr(err.message, "No such file"));
    assert_int_equal(asx_output_folder_open(&f, "", &err), ASX_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_folder_appears_at_commit, enter, leave),
        cmocka_unit_test_setup_teardown(
            files_move_into_a_folder_that_is_there_and_leave_others_alone, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_not_committed_leaves_nothing, enter, leave),
        cmocka_unit_test_setup_teardown(a_file_in_the_way_is_told, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
