/* Jobs of crews as bytes. */
#include "dse/crew.h"

#include <string.h>

void asx_crew_begin(asx_text *job, asx_crew_kind kind)
{
    asx_text_add_bytes(job, (const char *)&kind, sizeof kind);
}

asx_crew_kind asx_crew_kind_of(const char *job, size_t n)
{
    asx_crew_kind kind;
    if (n < sizeof kind)
        return ASX_CREW_N_KINDS;
    memcpy(&kind, job, sizeof kind);
    return kind < ASX_CREW_N_KINDS ? kind : ASX_CREW_N_KINDS;
}

asx_crew_reader asx_crew_read(const char *job, size_t n)
{
    asx_crew_reader r = {job, n, false};
    (void)asx_crew_at(&r, sizeof(asx_crew_kind));
    return r;
}

const char *asx_crew_at(asx_crew_reader *from, size_t n)
{
    if (from->failed || n > from->left) {
        from->failed = true;
        return NULL;
    }
    const char *at = from->at;
    from->at += n;
    from->left -= n;
    return at;
}

void asx_crew_get(void *to, asx_crew_reader *from, size_t n)
{
    const char *at = asx_crew_at(from, n);
    if (at && n > 0)
        memcpy(to, at, n);
    else if (!at)
        memset(to, 0, n);
}

asx_status asx_crew_read_end(const asx_crew_reader *from, asx_error *err)
{
    return from->failed || from->left > 0
               ? asx_fail(err, ASX_EPARSE, "a job of the crew is not as long as it says")
               : ASX_OK;
}
