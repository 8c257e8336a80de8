/* The statements of ledgers: prepared on first use, kept until the store is closed. */
#include "seal.h"

#define NAMED(name, text, group, help) ", ? AS " text "_pj, ? AS " text "_um2"
static const char *const statement_sql[ASX_DB_N_STATEMENTS] = {
    [ASX_DB_FIND] = "SELECT e.id, e.campaign, " ASX_DB_EVALUATION ASX_DB_BREAKDOWN
                    " FROM evaluation AS e JOIN breakdown AS b "
                    "ON b.evaluation = e.id WHERE e.inputs = ?1 AND e.design = ?2",
    [ASX_DB_FIND_ACCURACY] =
        "SELECT " ASX_DB_EVALUATION " FROM inputs AS i CROSS JOIN evaluation AS e "
        "ON e.inputs = i.id WHERE e.design = ?1 AND i.tier = ?2 AND i.accuracy_key = ?3 "
        "ORDER BY e.id LIMIT 1",
    [ASX_DB_NEW_DESIGNS] = "SELECT id, formats, placement FROM design WHERE id > ? ORDER BY id",
    [ASX_DB_SAME_DESIGN] = "SELECT formats = ?2 AND placement = ?3 FROM design WHERE id = ?1",
    [ASX_DB_ADD_DESIGN] = "INSERT INTO design (formats, placement) VALUES (?, ?)",
    [ASX_DB_ADD_EVALUATION] = "INSERT INTO evaluation (design, inputs, campaign, " ASX_DB_EVALUATION
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
                              "?, ?, ?, ?, ?, ?, ?) ON CONFLICT (inputs, design) DO NOTHING",
    [ASX_DB_ADD_BREAKDOWN] =
        "INSERT INTO breakdown (evaluation" ASX_DB_BREAKDOWN ", seal) SELECT id" ASX_DB_BREAKDOWN
        ", " ASX_SEAL_OF_EVALUATION " FROM (SELECT ? AS id" ASX_COMPONENT_LIST(
            NAMED) ", ? AS formats, ? AS placement, ? AS "
                   "inputs, ? AS campaign, ? AS images, ? AS correct, ? AS accuracy, ? AS accuracy_low, ? AS "
                   "accuracy_high, ? AS \"drop\", ? AS drop_low, ? AS drop_high, ? AS energy_pj, ? AS "
                   "latency_ns, ? AS cycles, ? AS area_um2, ? AS weight_bits)",
    [ASX_DB_RECALL] = "INSERT OR IGNORE INTO recalled (campaign, evaluation) VALUES (?, ?)",
    [ASX_DB_RECALL_DESIGN] =
        ("INSERT OR IGNORE INTO recalled (campaign, evaluation) SELECT ?3, id FROM evaluation "
         "WHERE design = ?1 AND inputs = ?2 AND campaign <> ?3"),
};

asx_status asx_db_kept(sqlite3_stmt **out, asx_store *store, asx_db_statement which, asx_error *err)
{
    if (!store->kept[which]) {
        int rc = sqlite3_prepare_v3(store->db, statement_sql[which], -1, SQLITE_PREPARE_PERSISTENT,
                                    &store->kept[which], NULL);
        if (rc != SQLITE_OK)
            return asx_db_fail(store, err, "prepare a statement");
    }
    *out = store->kept[which];
    return ASX_OK;
}
