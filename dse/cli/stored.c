#include "stored.h"

#include <string.h>

#include "machine_text.h"

asx_status stored_read(stored *s, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_params params;
    *s = (stored){0};
    asx_status st = asx_campaign_read(&s->record, &s->work, store, campaign, err);
    if (st == ASX_OK)
        st = machine_text_parse(&params, &s->work, s->record.machine, err);
    if (st == ASX_OK)
        st = asx_technology_parse(&s->technology, s->record.technology, s->record.technology_text,
                                  strlen(s->record.technology_text), err);
    if (st == ASX_OK)
        st = asx_machine_new(&s->machine, s->technology, &s->work, &params, err);
    return st == ASX_OK ? st : asx_fail_context(err, st, "'%s'", asx_store_path(store));
}

void stored_fini(stored *s)
{
    asx_machine_free(s->machine);
    asx_technology_free(s->technology);
    asx_workload_fini(&s->work);
    asx_campaign_record_fini(&s->record);
    *s = (stored){0};
}
