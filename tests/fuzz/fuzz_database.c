/* Databases: checked, and looked at as commands do. A mutated page is damage that no test thought of. */
#include <stdlib.h>

#include "fuzz.h"
#include "results/certificate.h"
#include "results/check.h"
#include "results/front.h"
#include "results/overview.h"
#include "results/query.h"
#include "results/record.h"
#include "results/store.h"

static asx_status ignore(void *state, const char *what, int64_t n_wrong, const char *example,
                         asx_error *err)
{
    (void)state, (void)what, (void)n_wrong, (void)example, (void)err;
    return ASX_OK;
}

static void look(asx_store *store)
{
    asx_error err;
    asx_front front = {0};
    asx_record record = {0};
    asx_workload work = {0};
    asx_rows rows = {0};
    asx_certificate certificate = {0};
    int64_t campaign = 0;
    const asx_front_options options = {0};
    (void)!asx_store_check(store, ignore, NULL, &err);
    if (asx_front_load(&front, store, &options, &err) == ASX_OK)
        asx_front_fini(&front);
    if (asx_record_find(&campaign, store, NULL, &err) != ASX_OK)
        return;
    if (asx_record_read(&record, &work, store, campaign, &err) == ASX_OK) {
        asx_record_fini(&record);
        asx_workload_fini(&work);
    }
    const asx_query query = {.campaign = campaign, .parts = true};
    if (asx_query_rows(&rows, store, &query, &err) == ASX_OK)
        asx_rows_fini(&rows);
    if (asx_certificate_read(&certificate, store, campaign, &err) == ASX_OK)
        asx_certificate_fini(&certificate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    asx_error err = {0};
    asx_store *store = NULL;
    if (asx_store_open(&store, fuzz_file(0, ".db", data, size), ASX_STORE_CHECK, &err) != ASX_OK) {
        if (!err.message[0])
            abort();
        return 0;
    }
    look(store);
    asx_store_free(store);
    return 0;
}
