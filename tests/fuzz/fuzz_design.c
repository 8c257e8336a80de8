/* Designs: one that is understood prints as a text that is understood, and prints the same. */
#include <stdlib.h>
#include <string.h>

#include "dse/design.h"
#include "dse/text.h"
#include "fuzz.h"

static asx_workload *layers(void)
{
    static asx_workload work;
    static char conv[] = "conv1", dense[] = "fc";
    asx_layer layer = {.name = conv,
                       .kind = ASX_LAYER_CONV,
                       .in_c = 3,
                       .in_h = 8,
                       .in_w = 8,
                       .out_c = 4,
                       .out_h = 8,
                       .out_w = 8,
                       .kernel_h = 3,
                       .kernel_w = 3,
                       .stride_h = 1,
                       .stride_w = 1,
                       .groups = 1};
    if (work.n_layers > 0)
        return &work;
    if (asx_workload_init(&work, "net", NULL) != ASX_OK ||
        asx_workload_add(&work, &layer, NULL) != ASX_OK)
        exit(2);
    layer.name = dense;
    layer.kind = ASX_LAYER_DENSE;
    if (asx_workload_add(&work, &layer, NULL) != ASX_OK)
        exit(2);
    return &work;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    asx_error err = {0};
    asx_design design = {0}, again = {0};
    asx_text first = {0}, second = {0};
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (asx_design_parse(&design, text, layers(), &err) == ASX_OK) {
        asx_design_print(&first, &design, layers());
        if (asx_design_parse(&again, first.s, layers(), &err) != ASX_OK)
            abort();
        asx_design_print(&second, &again, layers());
        if (strcmp(first.s, second.s) != 0)
            abort();
    } else if (!err.message[0]) {
        abort();
    }
    asx_text_fini(&first);
    asx_text_fini(&second);
    asx_design_fini(&design);
    asx_design_fini(&again);
    free(text);
    return 0;
}
