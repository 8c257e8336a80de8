#include "kept.h"

#include <stdlib.h>
#include <unistd.h>

#include "explore/stored.h"

asx_status kept_by_database(const char *output, const char *database, asx_error *err)
{
    asx_kept kept = {0};
    asx_status status = ASX_OK;
    if (output)
        status = asx_stored_files(&kept, database, output, getenv, err);
    if (status == ASX_OK && output)
        status = asx_output_check(output, kept.file, err);
    asx_kept_fini(&kept);
    return status;
}

asx_status kept_by_session(const char *output, const asx_session *s, asx_error *err)
{
    asx_kept kept = {0};
    asx_status status = asx_campaign_files(&kept, s->campaign, output, err);
    if (status == ASX_OK)
        status = asx_output_check(output, kept.file, err);
    asx_kept_fini(&kept);
    return status;
}
