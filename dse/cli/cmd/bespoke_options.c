#include "bespoke_options.h"

#include <string.h>

#include "hwmodel/adders.h"

asx_bespoke_build bespoke_build(const bespoke_options *o)
{
    asx_bespoke_build how = {.effort = ASX_ADDERS_EFFORT / 10};
    if (strcmp(o->sharing, "columns") == 0 || o->as_published)
        how.sharing = ASX_BESPOKE_COLUMNS;
    else if (strcmp(o->sharing, "shared") == 0)
        how.sharing = ASX_BESPOKE_SHARED;
    how.carry = o->as_published ? ASX_BESPOKE_AND_OR : ASX_BESPOKE_NAND;
    return how;
}

asx_status bespoke_circuit(asx_bespoke_circuit **out, const asx_bespoke *network,
                           const asx_cell_library *library, const bespoke_options *o,
                           asx_error *err)
{
    const asx_bespoke_build how = bespoke_build(o);
    return asx_bespoke_circuit_new(out, network, library, &how, err);
}
