#include "limits_text.h"

#include <math.h>

void limits_add(asx_text *out, const asx_limits *limits)
{
    const size_t n = out->n;
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        if (limits->max[o] < INFINITY)
            asx_text_add(out, "%s%s=%.10g", out->n > n ? " " : "",
                         asx_objective_text((asx_objective)o), limits->max[o]);
}
