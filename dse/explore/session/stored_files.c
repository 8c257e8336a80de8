/* The files that a database and its campaigns are made of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/text.h"
#include "explore/stored.h"

static asx_status add_beside(asx_kept *out, const char *database, const char *ending,
                             asx_error *err)
{
    asx_text text = {0};
    asx_text_add(&text, "%s%s", database, ending);
    const asx_status status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path")
                                          : asx_kept_add(out, "the database", text.s, err);
    asx_text_fini(&text);
    return status;
}

/* The database knows what the campaign file says, not where it lies. */
static bool says(const char *path, const char *text)
{
    char *bytes = NULL;
    size_t n = 0;
    const size_t want = strlen(text);
    const bool same = asx_file_read(&bytes, &n, path, want, NULL) == ASX_OK && n == want &&
                      memcmp(bytes, text, n) == 0;
    free(bytes);
    return same && want > 0;
}

/* Paths are relative to the database's folder, as for whoever opens a campaign from its text. */
static asx_status add_campaign(asx_kept *out, asx_store *store, int64_t id, const char *output,
                               asx_campaign_lookup *lookup, asx_error *err)
{
    asx_record record = {0};
    asx_campaign *c = NULL;
    asx_status status = asx_record_read(&record, NULL, store, id, err);
    if (status != ASX_OK)
        return status;
    if (says(output, record.text))
        status = asx_kept_add(out, "the campaign", output, err);
    if (status == ASX_OK && asx_campaign_parse(&c, asx_store_path(store), record.text,
                                               strlen(record.text), lookup, NULL) == ASX_OK)
        status = asx_campaign_files(out, c, output, err);
    asx_campaign_free(c);
    asx_record_fini(&record);
    return status;
}

asx_status asx_stored_files(asx_kept *out, const char *database, const char *output,
                            asx_campaign_lookup *lookup, asx_error *err)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    asx_store *store = NULL;
    int64_t *id = NULL;
    size_t n = 0;
    asx_status status = ASX_OK;
    for (size_t i = 0; i < sizeof endings / sizeof *endings && status == ASX_OK; i++)
        status = add_beside(out, database, endings[i], err);
    if (status == ASX_OK)
        status = asx_store_open(&store, database, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_record_ids(&id, &n, store, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++)
        status = add_campaign(out, store, id[i], output, lookup, err);
    free(id);
    asx_store_free(store);
    return status;
}
