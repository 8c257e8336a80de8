/* Before version 6 certificates, reference points, rounds, refits and promotions were texts in the
 * cache, "name=value ...", under keys "kind/campaign/rest". This reads them for the last time. */
#include "facts_move.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/number.h"
#include "results/certificate.h"
#include "results/promotion.h"
#include "results/reference_point.h"
#include "results/round.h"

/* An entry of the cache, taken apart: its key is "kind/campaign" or "kind/campaign/rest". */
typedef struct fact {
    char *key;
    char *value; /* [n], and a NUL behind */
    size_t n;
    int64_t campaign;
    const char *rest; /* "" if there is none */
} fact;

static void fact_fini(fact *f)
{
    free(f->key);
    free(f->value);
    *f = (fact){0};
}

/* ---- words of a text ---- */

/* The value of "name=value" in a line of such; `*n` letters. NULL if it is not there. */
static const char *find(size_t *n, const char *line, const char *name)
{
    const size_t length = strlen(name);
    for (const char *s = line; (s = strstr(s, name)); s += length)
        if ((s == line || s[-1] == ' ') && s[length] == '=') {
            *n = strcspn(s + length + 1, " ");
            return s + length + 1;
        }
    return NULL;
}

static bool take_number(double *out, const char *line, const char *name)
{
    char word[64], *end = NULL;
    size_t n = 0;
    const char *value = find(&n, line, name);
    if (!value || n == 0 || n >= sizeof word)
        return false;
    memcpy(word, value, n);
    word[n] = '\0';
    *out = strtod(word, &end);
    return *end == '\0';
}

static bool take_count(size_t *out, const char *line, const char *name)
{
    double value = 0;
    if (!take_number(&value, line, name) || !(value >= 0 && value < 1e15) || value != floor(value))
        return false;
    *out = (size_t)value;
    return true;
}

static bool take_key(uint64_t *out, const char *text, size_t n)
{
    char *end = NULL;
    if (n != 16 || strspn(text, "0123456789abcdef") < n)
        return false;
    char digits[17];
    memcpy(digits, text, n);
    digits[n] = '\0';
    *out = strtoull(digits, &end, 16);
    return *end == '\0';
}

/* ---- one kind each; `*moved` stays false where the text is not understood ---- */

static asx_status move_certificate(bool *moved, asx_store *store, const fact *f, asx_error *err)
{
    const asx_certificate c = {asx_certificate_factor(f->value), f->value};
    *moved = true;
    return asx_certificate_keep(store, f->campaign, &c, err);
}

/* "drop=20 energy_pj=663816" */
static bool read_reference(asx_reference_point *out, const char *text)
{
    asx_reference_point r = {0};
    for (const char *s = text; *s; s += *s == ' ') {
        char name[40];
        const size_t n = strcspn(s, "= "), end = strcspn(s, " ");
        if (r.n == ASX_N_OBJECTIVES || n >= sizeof name || s[n] != '=')
            return false;
        memcpy(name, s, n);
        name[n] = '\0';
        if (asx_objective_parse(&r.objective[r.n], name, NULL) != ASX_OK ||
            !take_number(&r.value[r.n], s, name))
            return false;
        r.n++;
        s += end;
    }
    *out = r;
    return r.n > 0;
}

static asx_status move_reference(bool *moved, asx_store *store, const fact *f, asx_error *err)
{
    asx_reference_point r;
    *moved = read_reference(&r, f->value);
    return *moved ? asx_reference_point_keep(store, f->campaign, &r, err) : ASX_OK;
}

static asx_status move_round(bool *moved, asx_store *store, const fact *f, asx_error *err)
{
    asx_round r;
    const char *s = f->value;
    *moved = take_count(&r.number, s, "round") && take_count(&r.front, s, "front") &&
             take_number(&r.hypervolume, s, "hypervolume") &&
             take_count(&r.measured, s, "measured") && take_number(&r.mean_gap, s, "mean_gap") &&
             take_number(&r.worst_gap, s, "worst_gap") && take_number(&r.tau, s, "tau");
    return *moved ? asx_round_keep(store, f->campaign, &r, err) : ASX_OK;
}

static asx_status move_refit(bool *moved, asx_store *store, const fact *f, asx_error *err)
{
    uint64_t key = 0;
    *moved = take_key(&key, f->rest, strlen(f->rest));
    return *moved ? asx_refit_keep(store, f->campaign, key, f->value, f->n, err) : ASX_OK;
}

/* "epochs=3 of=4 stopped_after=2 start=near: w4{1}a8"; the start is the rest of the text */
static asx_status move_plan(bool *moved, asx_store *store, const fact *f, asx_error *err)
{
    static const char from[] = " start=";
    asx_promotion_plan plan = {0};
    uint64_t training = 0;
    const size_t n = strcspn(f->rest, "/");
    const char *start = strstr(f->value, from);
    *moved = f->rest[n] == '/' && take_key(&training, f->rest, n) && start &&
             take_count(&plan.epochs, f->value, "epochs") &&
             take_count(&plan.asked, f->value, "of");
    if (!*moved)
        return ASX_OK;
    take_count(&plan.stopped_after, f->value, "stopped_after");
    start += sizeof from - 1;
    if (strcmp(start, "network") != 0 && !(plan.start = asx_string_copy(start)))
        return asx_fail(err, ASX_ENOMEM, "no memory for a design's training");
    const asx_status status =
        asx_promotion_plan_keep(store, f->campaign, training, f->rest + n + 1, &plan, err);
    asx_promotion_plan_fini(&plan);
    return status;
}

static asx_status move_training(bool *moved, asx_store *store, const fact *f, asx_error *err)
{
    double spent_s = 0;
    if (strcmp(f->rest, "spent_s") != 0)
        return move_plan(moved, store, f, err);
    *moved = asx_number_parse(&spent_s, f->value, 0, INFINITY, "seconds", NULL) == ASX_OK;
    return *moved ? asx_promotion_spent_add(store, f->campaign, spent_s, err) : ASX_OK;
}

static const struct kind {
    const char *name;
    asx_status (*move)(bool *moved, asx_store *store, const fact *f, asx_error *err);
} kinds[] = {{"certificate", move_certificate},
             {"reference", move_reference},
             {"round", move_round},
             {"refit", move_refit},
             {"train", move_training}};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

/* ---- all of them ---- */

/* A fact of the statement's row: key, value, campaign. */
static asx_status read_fact(fact *out, sqlite3_stmt *stmt, asx_error *err)
{
    fact f = {.n = (size_t)sqlite3_column_bytes(stmt, 1),
              .campaign = sqlite3_column_int64(stmt, 2)};
    f.key = asx_string_copy(asx_db_text(stmt, 0));
    f.value = asx_array_new(f.n + 1, 1);
    if (!f.key || !f.value) {
        fact_fini(&f);
        return asx_fail(err, ASX_ENOMEM, "no memory for a fact of the cache");
    }
    if (f.n)
        memcpy(f.value, sqlite3_column_blob(stmt, 1), f.n);
    f.rest = strchr(strchr(f.key, '/') + 1, '/');
    f.rest = f.rest ? f.rest + 1 : "";
    *out = f;
    return ASX_OK;
}

static asx_status take_out(asx_store *store, const char *key, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store, "DELETE FROM cache WHERE key = ?", "migrate", err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, key);
    status = asx_db_finish(store, stmt, "migrate", err);
    sqlite3_finalize(stmt);
    return status;
}

/* Keys of one kind, in their order, after one that was looked at. */
static asx_status next_fact(fact *out, bool *found, asx_store *store, const char *kind,
                            const char *after, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "SELECT k.key, k.value, c.id FROM cache AS k JOIN campaign AS c ON k.key = ?1 || '/' || "
        "c.id OR substr(k.key, 1, length(?1 || c.id) + 2) = ?1 || '/' || c.id || '/' "
        "WHERE k.key > ?2 AND k.key > ?1 || '/' AND k.key < ?1 || '0' ORDER BY k.key LIMIT 1",
        "migrate", err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, kind);
    asx_db_bind_text(stmt, 2, after);
    const int rc = sqlite3_step(stmt);
    *found = rc == SQLITE_ROW;
    if (*found)
        status = read_fact(out, stmt, err);
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, "migrate");
    sqlite3_finalize(stmt);
    return status;
}

static asx_status move_kind(asx_store *store, const struct kind *kind, asx_error *err)
{
    fact last = {0};
    bool found = true;
    asx_status status = ASX_OK;
    while (status == ASX_OK && found) {
        fact f = {0};
        bool moved = false;
        status = next_fact(&f, &found, store, kind->name, last.key ? last.key : "", err);
        if (status == ASX_OK && found)
            status = kind->move(&moved, store, &f, err);
        if (status == ASX_OK && moved)
            status = take_out(store, f.key, err);
        fact_fini(&last);
        last = f;
    }
    fact_fini(&last);
    return status;
}

asx_status asx_facts_move(asx_store *store, asx_error *err)
{
    asx_status status = ASX_OK;
    for (int i = 0; i < N_KINDS && status == ASX_OK; i++)
        status = move_kind(store, &kinds[i], err);
    return status;
}
