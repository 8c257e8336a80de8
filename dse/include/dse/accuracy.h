/* How well a network classifies under a design, and how that is known. */
#ifndef ASX_DSE_ACCURACY_H
#define ASX_DSE_ACCURACY_H

#include <stddef.h>

#include "dse/error.h"

/* The fidelity ladder, cheapest first. */
#define ASX_TIER_LIST(X)                                                                           \
    X(ASX_TIER_PROXY, "proxy", "predicted from a table of damage per layer and format")            \
    X(ASX_TIER_MEASURED, "measured", "the quantised network itself on labelled images")            \
    X(ASX_TIER_TRAINED, "trained", "measured after alphabet-aware training")                       \
    X(ASX_TIER_FLOAT, "float", "the network in floating point: the reference")

typedef enum asx_tier {
#define ASX_ENUM(name, text, help) name,
    ASX_TIER_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_TIERS
} asx_tier;

const char *asx_tier_text(asx_tier tier);
ASX_NODISCARD asx_status asx_tier_parse(asx_tier *out, const char *text, asx_error *err);

/* `drop` is float accuracy minus accuracy on the same images, in points; negative = better than
 * float. The intervals cover 95 %. For predictions `images` is 0 and both intervals shrink to the
 * value. */
typedef struct asx_accuracy {
    asx_tier tier;
    size_t images, correct;
    double accuracy, accuracy_low, accuracy_high; /* percent, top-1 */
    double drop, drop_low, drop_high;             /* points */
} asx_accuracy;

/**
 * Accuracy and drop from counts on one set of images.
 *
 * @param both        images that design and float network both classify correctly
 * @param only_float  correct in float only
 * @param only_design correct under the design only
 * The accuracy's interval is Wilson's (1927); the drop's is Agresti and Min's adjusted Wald
 * interval for matched pairs (Stat. in Medicine 24, 2005), much narrower than two separate ones.
 */
asx_accuracy asx_accuracy_from_counts(asx_tier tier, size_t images, size_t both, size_t only_float,
                                      size_t only_design);

#endif
