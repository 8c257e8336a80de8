#include "provenance.h"

#include <stdio.h>

#include "results/campaign.h"
#include "sql_table.h"

/* Fields of a campaign, in the order they are printed. */
#define FIELD_LIST(X)                                                                              \
    X(name)                                                                                        \
    X(created)                                                                                     \
    X(version)                                                                                     \
    X(seed)                                                                                        \
    X(objectives)                                                                                  \
    X(limits)                                                                                      \
    X(network)                                                                                     \
    X(network_hash)                                                                                \
    X(data)                                                                                        \
    X(data_hash)                                                                                   \
    X(technology)                                                                                  \
    X(machine)                                                                                     \
    X(baseline)                                                                                    \
    X(key)

#define WHAT(name) ", ('" #name "')"
#define WHEN(name) " WHEN '" #name "' THEN " #name

static const char sql[] = "WITH field (what) AS (VALUES ('')" FIELD_LIST(
    WHAT) "), numbered AS (SELECT what, row_number() OVER () AS place FROM field) "
          "SELECT id AS campaign, what, CASE what" FIELD_LIST(
              WHEN) " END AS value FROM (SELECT * FROM campaign CROSS JOIN numbered WHERE what "
                    "<> '' ORDER BY id, place) UNION ALL "
                    "SELECT campaign, 'run ' || id, started || ', asx ' || version || ' (' || "
                    "build || '), ' || processor || ', ' || CASE threads WHEN 0 THEN 'all' "
                    "ELSE threads END || ' threads, process ' || process || coalesce(', ' || "
                    "reason || ' after ' || round(elapsed_s, 1) || ' s', '') FROM run";

asx_status provenance_print(asx_store *store, const char *print, asx_error *err)
{
    size_t n = 0;
    return sql_table_print(&n, store, sql, print, err);
}

asx_status provenance_print_file(asx_store *store, asx_error *err)
{
    int64_t campaign = 0;
    asx_campaign_record record = {0};
    asx_status st = asx_campaign_find(&campaign, store, NULL, err);
    if (st == ASX_OK)
        st = asx_campaign_read(&record, NULL, store, campaign, err);
    if (st == ASX_OK)
        fputs(record.text, stdout);
    asx_campaign_record_fini(&record);
    return st;
}
