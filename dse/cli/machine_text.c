#include "machine_text.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "hwmodel/machine.h"

static const char operands_name[] = "operands";

void machine_text_print(asx_text *out, const asx_params *params, const asx_workload *work)
{
    bool known = false;
    asx_params_print(out, params);
    for (size_t i = 0; i < work->n_layers; i++)
        known = known || work->layer[i].operands.weight_sigma > 0;
    for (size_t i = 0; known && i < work->n_layers; i++) {
        const asx_layer_operands *o = &work->layer[i].operands;
        if (i == 0)
            asx_text_add(out, " %s=", operands_name);
        asx_text_add(out, "%s%.9g:%.9g:%.9g", i > 0 ? "," : "", o->weight_sigma,
                     o->activation_sigma, o->zero_activations);
    }
}

/* "weights:activations:zeros,..." */
static asx_status parse_operands(asx_workload *work, const char *text, asx_error *err)
{
    for (size_t i = 0; i < work->n_layers; i++) {
        asx_layer_operands *o = &work->layer[i].operands;
        double *const number[] = {&o->weight_sigma, &o->activation_sigma, &o->zero_activations};
        for (int k = 0; k < 3; k++) {
            const bool last = k == 2 && i + 1 == work->n_layers;
            const char *const after = k < 2 ? ":" : last ? "" : ",";
            char *end;
            *number[k] = strtod(text, &end);
            if (end == text || *end != *after)
                return asx_fail(err, ASX_EDB, "operands of layer '%s' are not three numbers: '%s'",
                                work->layer[i].name, text);
            text = end + !last;
        }
    }
    return ASX_OK;
}

asx_status machine_text_parse(asx_params *out, asx_workload *work, const char *text, asx_error *err)
{
    char *copy = asx_string_copy(text), *save = NULL;
    asx_status st = copy ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for parameters");
    asx_params_init(out, asx_machine_params);
    for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word && st == ASX_OK;
         word = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(word, '=');
        if (!equals) {
            st = asx_fail(err, ASX_EDB, "machine parameter '%s' is not of the form name=value",
                          word);
            break;
        }
        *equals = '\0';
        st = strcmp(word, operands_name) == 0 ? parse_operands(work, equals + 1, err)
                                              : asx_params_set(out, word, equals + 1, err);
    }
    free(copy);
    return st;
}
