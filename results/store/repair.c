/* Taking out of a database what is not sound, so that the next run computes it again. */
#include "candidates.h"
#include "page_hash.h"
#include "results/check.h"
#include "sound.h"

/* What is not as it was stored, and what depends on it: tables of ids. A campaign whose row or layers changed is lost, but
 * its evaluations are not, since their inputs say what they are of. Rounds and contenders decide what is evaluated next:
 * where one changed, the campaign's next run goes the whole way again. */
static const struct {
    const char *name, *table, *column;
} changed[] = {
    {"lost", "campaign", "id"},
    {"lost", "layer", "campaign"},
    {"lost_inputs", "inputs", "id"},
    {"lost_way", "round", "campaign"},
    {"lost_way", "refit", "campaign"},
    {"lost_way", "contender", "campaign"},
    {"lost_answers", "confirmation", "id"},
    {"lost_answers", "confirmation_step", "confirmation"},
    {"lost_answers", "confirmation_score", "confirmation"},
};

static asx_status find_changed(asx_store *store, asx_error *err)
{
    asx_text sql = {0};
    asx_status status = ASX_OK;
    for (size_t i = 0; i < sizeof changed / sizeof *changed && status == ASX_OK; i++) {
        asx_text_add(&sql, "CREATE TEMP TABLE IF NOT EXISTS %s (id INTEGER); INSERT INTO %s ",
                     changed[i].name, changed[i].name);
        status = asx_seal_wrong(&sql, store, changed[i].table, changed[i].column, err);
        asx_text_add(&sql, "; ");
    }
    if (status == ASX_OK && sql.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory to repair");
    if (status == ASX_OK)
        status = asx_db_run(store, sql.s, "repair", err);
    asx_text_fini(&sql);
    return status;
}

#define OF_NO_CAMPAIGN                                                                             \
    " WHERE campaign NOT IN (SELECT id FROM campaign WHERE id NOT IN (SELECT id FROM lost))"
#define OF_NO_CONFIRMATION " WHERE confirmation NOT IN (SELECT id FROM confirmation)"

/* Designs that are there twice become the first of them; evaluations without a design, inputs or
 * campaign, without a breakdown or with one that does not add up, or that changed, go. Fronts are looked for
 * anew: triggers see to that, and the last steps where nothing was taken out. */
static const char *const repairs[] = {
    "CREATE TEMP TABLE twin AS SELECT id, first FROM (SELECT id, min(id) OVER (PARTITION BY "
    "formats, placement) AS first FROM design) WHERE id <> first",
    "CREATE TEMP TABLE wrong AS SELECT e.id FROM evaluation AS e WHERE " ASX_WITHOUT
    " UNION SELECT e.id FROM evaluation AS e JOIN design AS d ON d.id = e.design JOIN breakdown AS "
    "b ON b.evaluation = e.id WHERE " ASX_SEAL_BROKEN
    " UNION SELECT e.id FROM evaluation AS e JOIN breakdown AS b ON b.evaluation = e.id "
    "WHERE " ASX_UNEVEN,
    "UPDATE OR IGNORE evaluation SET design = (SELECT first FROM twin WHERE twin.id = design) "
    "WHERE design IN (SELECT id FROM twin)",
    "INSERT INTO wrong SELECT id FROM evaluation WHERE (design IN (SELECT id FROM twin) OR "
    "design NOT IN (SELECT id FROM design) OR inputs NOT IN (SELECT id FROM inputs) OR inputs IN "
    "(SELECT id FROM lost_inputs) OR campaign NOT IN (SELECT id FROM campaign)) AND id NOT IN "
    "(SELECT id FROM wrong)",
    "INSERT INTO wrong SELECT id FROM evaluation WHERE campaign IN (SELECT id FROM lost_way) AND id "
    "NOT IN (SELECT id FROM wrong)",
    /* what rounds came to ends them for good: the next run repeats them, to measure again what is gone */
    "DELETE FROM refit WHERE EXISTS (SELECT 1 FROM wrong) OR EXISTS (SELECT 1 FROM breakdown WHERE "
    "evaluation NOT IN (SELECT id FROM evaluation))",
    "DELETE FROM recalled WHERE evaluation IN (SELECT id FROM wrong) OR evaluation NOT IN (SELECT "
    "id FROM evaluation) OR campaign NOT IN (SELECT id FROM campaign) OR campaign IN (SELECT id "
    "FROM lost UNION SELECT id FROM lost_way)",
    "DELETE FROM evaluation WHERE id IN (SELECT id FROM wrong)",
    "DELETE FROM breakdown WHERE evaluation NOT IN (SELECT id FROM evaluation)",
    "DELETE FROM design WHERE id IN (SELECT id FROM twin)",
    "DELETE FROM inputs WHERE id IN (SELECT id FROM lost_inputs)",
    "DELETE FROM run" OF_NO_CAMPAIGN,
    "DELETE FROM moment WHERE run NOT IN (SELECT id FROM run)",
    "DELETE FROM layer" OF_NO_CAMPAIGN,
    "DELETE FROM certificate" OF_NO_CAMPAIGN,
    "DELETE FROM reference" OF_NO_CAMPAIGN,
    "DELETE FROM float_network" OF_NO_CAMPAIGN,
    "DELETE FROM measure" OF_NO_CAMPAIGN,
    "DELETE FROM round" OF_NO_CAMPAIGN " OR campaign IN (SELECT id FROM lost_way)",
    "DELETE FROM refit" OF_NO_CAMPAIGN " OR campaign IN (SELECT id FROM lost_way)",
    "DELETE FROM promotion" OF_NO_CAMPAIGN,
    "DELETE FROM training" OF_NO_CAMPAIGN,
    "DELETE FROM lease" OF_NO_CAMPAIGN,
    "DELETE FROM contender" OF_NO_CAMPAIGN " OR campaign IN (SELECT id FROM lost_way)",
    "DELETE FROM confirmation" OF_NO_CAMPAIGN " OR campaign IN (SELECT id FROM lost_way) OR id IN "
    "(SELECT id FROM lost_answers)",
    "DELETE FROM confirmation_step" OF_NO_CONFIRMATION,
    "DELETE FROM confirmation_score" OF_NO_CONFIRMATION,
    "DELETE FROM front_row",
    "DELETE FROM booked" OF_NO_CAMPAIGN " OR inputs NOT IN (SELECT id FROM inputs)",
    "DELETE FROM campaign WHERE id IN (SELECT id FROM lost) AND id NOT IN (SELECT campaign FROM "
    "evaluation)",
    "UPDATE campaign SET key = '" ASX_LOST_PREFIX
    "' || id, name = '(damaged)', text = '', seed = '0', "
    "objectives = '', limits = '', network = '', network_hash = '', data = '', data_hash = '', "
    "technology = '', technology_text = '', machine = '', baseline = '' WHERE id IN (SELECT id "
    "FROM lost)",
    "UPDATE booked SET evaluation_upto = 0, recalled_upto = 0",
    "INSERT OR IGNORE INTO booked (campaign, inputs) " ASX_BOOKED_UNDER,
};

static asx_status repair(int64_t *n, asx_store *store, asx_error *err)
{
    asx_status status = asx_schema_renew(store, err);
    if (status == ASX_OK)
        status = find_changed(store, err);
    for (size_t i = 0; i < sizeof repairs / sizeof *repairs && status == ASX_OK; i++)
        status = asx_db_run(store, repairs[i], "repair", err);
    if (status == ASX_OK)
        status = asx_seal_take_out(store, err);
    if (status == ASX_OK)
        status = asx_db_run(store, "REINDEX", "repair", err);
    if (status == ASX_OK) /* twins have another design now */
        status = asx_seal_evaluations(store, err);
    if (status == ASX_OK)
        status = asx_seal_rows(store, err);
    if (status == ASX_OK)
        status = asx_db_integer(n, store, "SELECT count(*) FROM wrong", "repair", err);
    return status == ASX_OK
               ? asx_db_run(store,
                            "DROP TABLE wrong; DROP TABLE twin; DROP TABLE lost; DROP TABLE "
                            "lost_inputs; DROP TABLE lost_way; DROP TABLE lost_answers",
                            "repair", err)
               : status;
}

/* Pages that are not as they were written lie where no row does, by now; a file of before has no hashes. */
static asx_status renew_pages(asx_store *store, asx_error *err)
{
    int64_t n = 0, first = 0;
    bool made = false;
    const char *what = "write all pages anew", *settle = "PRAGMA wal_checkpoint(TRUNCATE)";
    asx_status status = asx_db_run(store, settle, what, err);
    if (status == ASX_OK)
        status = asx_page_check(&n, &first, &made, store, err);
    if (status != ASX_OK || (made && n == 0))
        return status;
    status = asx_db_run(store, "VACUUM", what, err);
    return status == ASX_OK ? asx_db_run(store, settle, what, err) : status;
}

/* Rows that a torn tree has twice are seen one by one: what a pass took out may uncover the next. */
static asx_status repair_until_sound(int64_t *n_removed, asx_store *store, asx_error *err)
{
    enum { PASSES = 5 };
    int64_t n = 1, total = 0;
    asx_status status = ASX_OK;
    for (int i = 0; i < PASSES && n > 0 && status == ASX_OK; i++) {
        status = asx_db_begin(store, err);
        if (status == ASX_OK)
            status = asx_db_end(store, repair(&n, store, err), err);
        asx_design_forget(store);
        total += status == ASX_OK ? n : 0;
    }
    *n_removed = total;
    return status;
}

asx_status asx_store_repair(asx_repaired *out, asx_store *store, asx_error *err)
{
    asx_repaired r = {0};
    /* what refers to nothing could not be touched with references enforced */
    asx_status status = asx_db_run(store, "PRAGMA foreign_keys = OFF", "repair", err);
    if (status == ASX_OK) /* may fail for rows that are there twice, which go first then */
        sqlite3_exec(store->db, "REINDEX", NULL, NULL, NULL);
    if (status == ASX_OK)
        status = repair_until_sound(&r.evaluations, store, err);
    if (status == ASX_OK)
        status = asx_db_run(store, "PRAGMA foreign_keys = ON", "repair", err);
    if (status == ASX_OK)
        status = asx_candidates_settle_all(store, err);
    if (status == ASX_OK)
        status = renew_pages(store, err);
    if (status == ASX_OK)
        status =
            asx_db_integer(&r.campaigns, store,
                           "SELECT count(*) FROM campaign WHERE NOT " ASX_NOT_LOST, "repair", err);
    if (status == ASX_OK)
        *out = r;
    return status;
}
