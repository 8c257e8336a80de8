#include "explore/stored.h"

#include <string.h>

#include "machine_text.h"

asx_status asx_stored_read(asx_stored *s, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_params params;
    *s = (asx_stored){0};
    asx_status status = asx_record_read(&s->record, &s->work, store, campaign, err);
    if (status == ASX_OK)
        status = asx_machine_text_parse(&params, &s->work, s->record.machine, err);
    if (status == ASX_OK)
        status =
            asx_technology_parse(&s->technology, s->record.technology, s->record.technology_text,
                                 strlen(s->record.technology_text), err);
    if (status == ASX_OK)
        status = asx_machine_new(&s->machine, s->technology, &s->work, &params, err);
    return status == ASX_OK ? status : asx_fail_context(err, status, "'%s'", asx_store_path(store));
}

void asx_stored_fini(asx_stored *s)
{
    if (!s)
        return;
    asx_machine_free(s->machine);
    asx_technology_free(s->technology);
    asx_workload_fini(&s->work);
    asx_record_fini(&s->record);
    *s = (asx_stored){0};
}
