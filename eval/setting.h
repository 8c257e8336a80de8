/* A design as settings of a network's layers. Private. */
#ifndef ASX_EVAL_SETTING_H
#define ASX_EVAL_SETTING_H

#include "calibration.h"
#include "dse/format.h"

/* Projected weights (pinned in the cache) and input scales, per layer. */
typedef struct asx_settings {
    asx_calibration *calibration; /* borrowed */
    asx_layer_setting *layer;
    asx_projection **projection;
} asx_settings;

/**
 * @param format  one per layer; NULL leaves a layer in float
 * @return ASX_OK; ASX_ENOMEM; what asx_word_check says
 */
ASX_NODISCARD asx_status asx_settings_init(asx_settings *out, asx_calibration *calibration,
                                           const asx_format *const *format, asx_error *err);
void asx_settings_fini(asx_settings *settings);

#endif
