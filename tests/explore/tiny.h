/* A campaign of seconds: the embedded network on a few generated images. */
#ifndef ASX_TESTS_EXPLORE_TINY_H
#define ASX_TESTS_EXPLORE_TINY_H

#include <unistd.h>

#include "check.h"
#include "explore/session.h"

/* {vn, near} x {w4, w4{1}, w8, w8{1}}: eight designs, the baseline one of them. */
static const char *const tiny_placement[] = {"vn", "near"}, *const tiny_bits[] = {"4", "8"};

static const asx_campaign_space tiny_space = {
    .scope = "network",
    .placement = tiny_placement,
    .placement_count = 2,
    .weights = {.bits = tiny_bits, .bits_count = 2, .alphabets = "none {1}"}};

static const asx_campaign_data tiny_data = {.format = "glyphs",
                                            .scale = "0.00392156862745098",
                                            .count = "200",
                                            .calibrate = "0:32",
                                            .select = "0:100",
                                            .report = "100:200"};

/* What is NULL in `change` is as above. */
static inline asx_campaign *tiny_campaign(const asx_campaign_spec *change)
{
    asx_error err;
    asx_campaign *c = NULL;
    asx_campaign_spec spec = *change;
    spec.name = spec.name ? spec.name : "tiny";
    spec.network = spec.network ? spec.network : "builtin:glyphs.onnx";
    spec.data = spec.data ? spec.data : &tiny_data;
    spec.space = spec.space ? spec.space : &tiny_space;
    CHECK_OK(asx_campaign_new(&c, &spec, &err), err);
    return c;
}

static inline asx_session tiny_session(const asx_campaign_spec *change)
{
    asx_error err;
    asx_session s;
    CHECK_OK(asx_session_open(&s, tiny_campaign(change), &err), err);
    return s;
}

/* A database of this name in a fresh folder of the system's. */
static inline const char *tiny_database(char *path, size_t n)
{
    char folder[] = "/tmp/asx_explore_XXXXXX";
    assert_non_null(mkdtemp(folder));
    snprintf(path, n, "%s/tiny.db", folder);
    return path;
}

/* Removes it and what lies beside it. */
static inline void tiny_remove(const char *database)
{
    char command[300];
    snprintf(command, sizeof command, "rm -r \"$(dirname '%s')\"", database);
    assert_int_equal(system(command), 0);
}

#endif
