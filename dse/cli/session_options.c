/* What options choose of a campaign, and what is meant where they are not given. */
#include "session_options.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/number.h"
#include "look.h"
#include "results/front.h"

asx_status session_open(asx_session *out, const char *path, asx_error *err)
{
    asx_campaign *campaign = NULL;
    const asx_status status = asx_campaign_load(&campaign, path, getenv, err);
    return status == ASX_OK ? asx_session_open(out, campaign, err) : status;
}

asx_status session_open_kept(asx_session *out, asx_campaign *campaign, const char *database,
                             bool make, asx_error *err)
{
    const asx_status status = asx_campaign_keep_data(campaign, database, make, err);
    if (status == ASX_OK)
        return asx_session_open(out, campaign, err);
    asx_campaign_free(campaign);
    return status;
}

asx_status session_load(asx_campaign **out, asx_text *database, const char *path,
                        const char *option, asx_error *err)
{
    asx_campaign *campaign = NULL;
    asx_status status = asx_campaign_load(&campaign, path, getenv, err);
    if (status == ASX_OK)
        status = session_database(database, campaign, option, err);
    if (status == ASX_OK)
        *out = campaign;
    else
        asx_campaign_free(campaign);
    return status;
}

asx_status session_images(asx_range *out, asx_session *s, const char *option, asx_error *err)
{
    asx_error inner;
    asx_range range;
    asx_status status = asx_session_need_data(s, err);
    if (status != ASX_OK)
        return status;
    range = s->subset[ASX_SUBSET_SELECT];
    if (option)
        status = asx_range_parse(&range, option, asx_dataset_size(s->data), &inner);
    if (status != ASX_OK)
        return asx_fail(err, status, "option '--images': %s", inner.message);
    *out = range;
    return ASX_OK;
}

asx_status session_database(asx_text *out, const asx_campaign *c, const char *option,
                            asx_error *err)
{
    if (option && !*option)
        return asx_fail(err, ASX_EINVAL, "option '--db': the file's name is empty");
    if (option)
        asx_text_add(out, "%s", option);
    else
        asx_text_add(out, "%s.db", c->spec->name);
    return out->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path") : ASX_OK;
}

asx_status external_open(asx_external **out, const char *path, const char *option, asx_error *err)
{
    asx_campaign *campaign = NULL;
    asx_text database = {0};
    asx_status status = asx_campaign_load(&campaign, path, getenv, err);
    if (status == ASX_OK)
        status = session_database(&database, campaign, option, err);
    if (status == ASX_OK)
        status = asx_external_open(out, campaign, database.s, err);
    else
        asx_campaign_free(campaign);
    asx_text_fini(&database);
    return status;
}

void session_remark(const asx_session *s, bool chosen)
{
    char *text = NULL;
    asx_error err = {0};
    if (asx_session_remarks(&text, s, chosen, &err) == ASX_OK)
        for (char *line = text; *line;) {
            const size_t n = strcspn(line, "\n");
            look_say("%.*s", (int)n, line);
            line += n + (line[n] == '\n');
        }
    free(text);
}

asx_status front_row_text(char **out, asx_store *store, const char *campaign, const char *number,
                          asx_error *err)
{
    asx_front f = {0};
    long long n = 0;
    const asx_front_options options = {.campaign = campaign, .streamed = true};
    asx_status status = asx_front_load(&f, store, &options, err);
    if (status == ASX_OK && f.n == 0)
        status = asx_fail(err, ASX_ENOTFOUND, "the front has no row %s: nothing was evaluated yet",
                          number);
    if (status == ASX_OK)
        status = asx_integer_parse(&n, number, 1, (long long)f.n, "row of the front", err);
    if (status == ASX_OK) {
        *out = asx_string_copy(asx_front_row(&f, (size_t)n - 1)->design);
        if (!*out)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    }
    asx_front_fini(&f);
    return status;
}

asx_status session_of_row(asx_session *out, char **design, const char *database, const char *number,
                          asx_error *err)
{
    asx_store *store = NULL;
    asx_campaign *campaign = NULL;
    asx_record record = {0};
    char *text = NULL;
    int64_t id = 0;
    asx_status status = asx_store_open(&store, database, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = front_row_text(&text, store, NULL, number, err);
    if (status == ASX_OK)
        status = asx_record_find(&id, store, NULL, err);
    if (status == ASX_OK)
        status = asx_record_read(&record, NULL, store, id, err);
    if (status == ASX_OK) /* named as the database: paths are relative to its folder */
        status =
            asx_campaign_parse(&campaign, database, record.text, strlen(record.text), getenv, err);
    if (status == ASX_OK)
        status = session_open_kept(out, campaign, database, false, err);
    asx_record_fini(&record);
    asx_store_free(store);
    if (status != ASX_OK)
        free(text);
    else
        *design = text;
    return status;
}

asx_status session_on(asx_range *out, asx_session *s, const char *option, asx_error *err)
{
    asx_subset subset = ASX_SUBSET_SELECT;
    asx_status status = asx_session_need_data(s, err);
    if (status == ASX_OK && option)
        status = asx_subset_parse(&subset, option, err);
    if (status == ASX_OK && subset != ASX_SUBSET_SELECT && !s->has_subset[subset])
        status =
            asx_fail(err, ASX_EINVAL, "option '--on': the campaign has no '%s' images", option);
    if (status == ASX_OK)
        *out = s->subset[subset];
    return status;
}
