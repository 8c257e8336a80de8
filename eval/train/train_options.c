/* The options of training: one table gives names, defaults, ranges and help. */
#include "dse/name.h"
#include "eval/train.h"

const asx_param_spec asx_train_params[] = {
    {"epochs", true, 3, 1, 10000, "", "times every image is seen"},
    {"batch", true, 64, 1, 4096, "images", "images per step"},
    {"rate", false, 0.002, 1e-9, 10, "",
     "step of a weight, in units of its channel's typical size"},
    {"warmup", false, 0.02, 0, 1, "", "part of the steps in which the rate grows from nothing"},
    {"momentum", false, 0.9, 0, 0.9999, "", "of the gradient's running mean"},
    {"decay", false, 0.0001, 0, 1, "", "weight decay, relative to the rate"},
    {"clip_gradient", false, 0, 0, 1e9, "", "largest norm of a step's gradient; 0: any"},
    {"smoothing", false, 0, 0, 0.5, "", "label smoothing: probability spread over all classes"},
    {"distil", false, 0, 0, 1, "", "part of the loss taken from the float network's answers"},
    {"temperature", false, 2, 0.1, 100, "", "of distillation"},
    {"shift", true, 0, 0, 64, "pixels", "augmentation: images are moved by up to this much"},
    {"flip", false, 0, 0, 1, "", "augmentation: probability that an image is mirrored"},
    {"scale_rate", false, 0.1, 0, 10, "", "rate of learned weight scales, relative to 'rate'"},
    {"clip_rate", false, 0.1, 0, 10, "",
     "rate of learned clips of layers' inputs, relative to 'rate'; 0: calibrated every epoch"},
    {"fresh", true, 0, 0, 1, "", "1: begin with random weights instead of the network's own"},
    {"via_part", false, 0.5, 0.01, 0.99, "", "part of the steps for the design trained first"},
    {"bf16", true, 1, 0, 1, "",
     "1: multiply in bfloat16 where the processor has it; 0: always in float"},
    {"delta", false, 0.2, 0, 1, "", "strength of surrogate ewgs"},
    {0}};

asx_train_options asx_train_options_default(void)
{
    asx_train_options o = {.seed = 1, .faults = asx_faults_none(), .designs_per_step = 4};
    asx_params_init(&o.number, asx_train_params);
    return o;
}

#define ASX_TEXT(name, text, help) text,

asx_status asx_optimiser_parse(asx_optimiser *out, const char *text, asx_error *err)
{
    static const char *const names[] = {ASX_OPTIMISER_LIST(ASX_TEXT) NULL};
    size_t i = 0;
    const asx_status status = asx_name_find(&i, "optimiser", text, names, err);
    if (status == ASX_OK)
        *out = (asx_optimiser)i;
    return status;
}

asx_status asx_schedule_parse(asx_schedule *out, const char *text, asx_error *err)
{
    static const char *const names[] = {ASX_SCHEDULE_LIST(ASX_TEXT) NULL};
    size_t i = 0;
    const asx_status status = asx_name_find(&i, "schedule", text, names, err);
    if (status == ASX_OK)
        *out = (asx_schedule)i;
    return status;
}

asx_status asx_surrogate_parse(asx_surrogate *out, const char *text, asx_error *err)
{
    static const char *const names[] = {ASX_SURROGATE_LIST(ASX_TEXT) NULL};
    size_t i = 0;
    const asx_status status = asx_name_find(&i, "surrogate", text, names, err);
    if (status == ASX_OK)
        *out = (asx_surrogate)i;
    return status;
}
