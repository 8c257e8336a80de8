/* How circuits are built, as people say it. */
#include <stdlib.h>
#include <string.h>

#include "hwmodel/adders.h"
#include "hwmodel/bespoke.h"

const char *asx_bespoke_sharing_text(asx_bespoke_sharing sharing)
{
    static const char *const text[] = {
#define ASX_TEXT(name, word, help) word,
        ASX_BESPOKE_SHARING_LIST(ASX_TEXT)
#undef ASX_TEXT
    };
    return (unsigned)sharing < ASX_N_BESPOKE_SHARINGS ? text[sharing] : "?";
}

asx_status asx_bespoke_pipeline_parse(unsigned *out, const char *text, asx_error *err)
{
    char *end = NULL;
    const long n = strtol(text, &end, 10);
    if (strcmp(text, "none") == 0)
        *out = ASX_BESPOKE_UNPIPED;
    else if (strcmp(text, "layers") == 0)
        *out = ASX_BESPOKE_PIPED_LAYERS;
    else if (*text >= '0' && *text <= '9' && !*end && n >= 1 && n <= ASX_BESPOKE_PIPED_MAX)
        *out = (unsigned)n;
    else
        return asx_fail(err, ASX_EINVAL,
                        "'%s' is not none, layers or a number of adders from 1 to %d", text,
                        ASX_BESPOKE_PIPED_MAX);
    return ASX_OK;
}

void asx_bespoke_pipeline_print(asx_text *text, unsigned pipeline)
{
    if (pipeline == ASX_BESPOKE_UNPIPED || pipeline == ASX_BESPOKE_PIPED_LAYERS)
        asx_text_add(text, pipeline == ASX_BESPOKE_UNPIPED ? "none" : "layers");
    else
        asx_text_add(text, "%u", pipeline);
}

asx_status asx_bespoke_build_of(asx_bespoke_build *out, const char *sharing, bool as_published,
                                asx_error *err)
{
    int found = as_published ? ASX_BESPOKE_COLUMNS : ASX_BESPOKE_SMALLER;
    if (sharing) {
        for (found = 0; found < ASX_N_BESPOKE_SHARINGS; found++)
            if (strcmp(asx_bespoke_sharing_text((asx_bespoke_sharing)found), sharing) == 0)
                break;
        if (found == ASX_N_BESPOKE_SHARINGS)
            return asx_fail(err, ASX_ENOTFOUND, "'%s' is not one of smaller, columns, shared",
                            sharing);
    }
    if (as_published && found != ASX_BESPOKE_COLUMNS)
        return asx_fail(err, ASX_EINVAL,
                        "'%s': circuits as published have no shared adders; 'columns' or nothing "
                        "goes with them",
                        sharing);
    *out = (asx_bespoke_build){.sharing = (asx_bespoke_sharing)found,
                               .carry = as_published ? ASX_BESPOKE_AND_OR : ASX_BESPOKE_NAND,
                               .effort = ASX_ADDERS_EFFORT / 10};
    return ASX_OK;
}
