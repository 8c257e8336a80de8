#include "rounded.h"

#include <stdlib.h>

#include "dse/memory.h"

asx_status asx_rounded_init(asx_rounded *out, const asx_node *node, asx_error *err)
{
    asx_rounded r = {.word = asx_array_new(node->n_weights, sizeof *r.word),
                     .scale = asx_array_new(node->n_biases, sizeof *r.scale),
                     .shift = asx_array_new(node->n_biases, sizeof *r.shift)};
    *out = r;
    if (r.word && r.scale && r.shift)
        return ASX_OK;
    asx_rounded_fini(out);
    return asx_fail(err, ASX_ENOMEM, "no memory for weights of layer '%s'", node->name);
}

void asx_rounded_fini(asx_rounded *r)
{
    if (!r)
        return;
    free(r->word);
    free(r->scale);
    free(r->shift);
    *r = (asx_rounded){0};
}
