/* Files of older schema versions, made by the programs of their time, and what is in them. */
#ifndef ASX_TESTS_OLD_FILES_H
#define ASX_TESTS_OLD_FILES_H

#include "sample.h"

#include <sqlite3.h>

#include "dse/file.h"
#include "dse/text.h"
#include "results/certificate.h"
#include "results/promotion.h"
#include "results/reference_point.h"
#include "results/round.h"

enum { NOW = 13 }; /* the present version */

/* All that a campaign's evaluations say, in an order that does not depend on where they stand. */
static const char rows_sql[] =
    "SELECT quote(campaign) || quote(campaign_name) || quote(design) || quote(placement) || "
    "quote(formats) || quote(tier) || quote(subset) || quote(images) || quote(correct) || "
    "quote(accuracy) || quote(accuracy_low) || quote(accuracy_high) || quote(\"drop\") || "
    "quote(drop_low) || quote(drop_high) || quote(energy_pj) || quote(latency_ns) || quote(cycles) "
    "|| quote(area_um2) || quote(weight_bits) || quote(evaluation) FROM result ORDER BY 1";
static const char parts_sql[] =
    "SELECT evaluation, multiply_pj, multiply_um2, precompute_pj, precompute_um2, select_pj, "
    "select_um2, shift_pj, shift_um2, add_pj, add_um2, accumulate_pj, accumulate_um2, decode_pj, "
    "decode_um2, weight_read_pj, weight_read_um2, activation_read_pj, activation_read_um2, "
    "activation_write_pj, activation_write_um2, partial_sum_pj, partial_sum_um2, wire_pj, wire_um2, "
    "off_chip_pj, off_chip_um2, leakage_pj, leakage_um2 FROM breakdown ORDER BY 1";
static const char rest_sql[] =
    "SELECT quote(id) || key || name || text || seed || objectives || limits || network || data || "
    "technology || machine || baseline || version || created FROM campaign UNION ALL "
    "SELECT campaign || position || name || kind || in_c || out_w || kernel_h || \"groups\" FROM "
    "layer UNION ALL SELECT campaign || version || started || quote(stopped) || reason || "
    "evaluated || front || elapsed_s FROM run UNION ALL SELECT key || quote(value) FROM cache "
    "UNION ALL SELECT campaign || ' ' || evaluation FROM recalled UNION ALL "
    "SELECT design || quote(proxy_drop) || quote(measured_drop) || quote(report_drop) FROM "
    "design_tiers ORDER BY 1";

static inline sqlite3 *open_sqlite(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    return db;
}

/* Every column of every row of a query, as one text; free() it. */
static inline char *listing(const char *path, const char *sql)
{
    asx_text all = {0};
    sqlite3 *db = open_sqlite(path);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++)
            asx_text_add(&all, "%s|", (const char *)sqlite3_column_text(stmt, i));
        asx_text_add(&all, "\n");
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    assert_non_null(all.s);
    return all.s;
}

static inline void same(const char *path, const char *sql, char *before)
{
    char *after = listing(path, sql);
    assert_string_equal(before, after);
    free(after);
    free(before);
}

static inline long long integer(const char *path, const char *sql)
{
    char *text = listing(path, sql);
    const long long n = atoll(text);
    free(text);
    return n;
}

/* A database of the text `name` of the tests' data. */
static inline void make(char *path, size_t size, const char *name)
{
    char *sql = NULL, *message = NULL, file[512];
    size_t n = 0;
    asx_error err = {0};
    sample_path(path, size, "old.db");
    snprintf(file, sizeof file, ASX_TEST_DATA "/%s", name);
    CHECK_OK(asx_file_read(&sql, &n, file, 1 << 20, &err), err);
    sqlite3 *db = open_sqlite(path);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    sqlite3_close(db);
    free(sql);
}

static inline void make_version_1(char *path, size_t size)
{
    make(path, size, "database_version_1.sql");
}

static inline void change(const char *path, const char *sql)
{
    char *message = NULL;
    sqlite3 *db = open_sqlite(path);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

static inline void check_rounds(asx_store *store)
{
    asx_error err = {0};
    asx_round *round = NULL;
    size_t n = 0;
    CHECK_OK(asx_round_read(&round, &n, store, 1, &err), err);
    assert_int_equal(n, 2);
    assert_int_equal(round[0].number, 1);
    assert_int_equal(round[0].front, 24);
    assert_int_equal(round[0].measured, 3);
    assert_true(round[0].hypervolume == 0.588385 && round[0].mean_gap == 2.8843);
    assert_true(round[0].worst_gap == 4.4826 && round[0].tau == 0.3333);
    assert_true(round[1].number == 2 && round[1].hypervolume == 0.587225 && round[1].tau == 1);
    free(round);
}

static inline void check_plan(asx_store *store, const char *design, size_t epochs, size_t asked,
                              size_t stopped_after, const char *start)
{
    asx_error err = {0};
    asx_promotion_plan plan = {0};
    CHECK_OK(asx_promotion_plan_read(&plan, store, 1, 0x61fbe5f1ccd1e067, design, &err), err);
    assert_int_equal(plan.epochs, epochs);
    assert_int_equal(plan.asked, asked);
    assert_int_equal(plan.stopped_after, stopped_after);
    if (start)
        assert_string_equal(plan.start, start);
    else
        assert_null(plan.start);
    asx_promotion_plan_fini(&plan);
}

static inline void check_facts(asx_store *store)
{
    asx_error err = {0};
    asx_certificate c = {0};
    asx_reference_point r = {0};
    void *refit = NULL;
    size_t n = 0;
    bool found = false;
    double spent_s = 0;
    CHECK_OK(asx_certificate_read(&c, store, 1, &err), err);
    assert_true(c.factor == 1);
    assert_string_equal(c.text,
                        "factor 1: proven front of all designs, for this proxy and hardware "
                        "model; 24 points, 10 nodes of branch and bound, 20 labels at most");
    asx_certificate_fini(&c);
    CHECK_OK(asx_reference_point_read(&r, &found, store, 1, &err), err);
    assert_true(found && r.n == 2 && r.objective[0] == ASX_DROP && r.objective[1] == ASX_ENERGY);
    assert_true(r.value[0] == 20 && r.value[1] == 436501);
    check_rounds(store);
    CHECK_OK(asx_refit_read(&refit, &n, store, 1, 0xd1ffbb45bc9fc73b, &err), err);
    assert_int_equal(n, 330);
    free(refit);
    check_plan(store, "near: w4{1}a8", 2, 2, 0, NULL);
    check_plan(store, "near: w4a8 conv3=w4{1}a8 depthwise2=w4{1}a8", 2, 2, 0, NULL);
    CHECK_OK(asx_promotion_spent_read(&spent_s, store, 1, &err), err);
    assert_true(spent_s == 0.4);
}

#endif
