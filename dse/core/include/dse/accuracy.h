/* How well a network classifies under a design, and how that is known. */
#ifndef ASX_DSE_ACCURACY_H
#define ASX_DSE_ACCURACY_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The fidelity ladder, cheapest first. */
#define ASX_TIER_LIST(X)                                                                           \
    X(ASX_TIER_PROXY, "proxy", "predicted from a table of damage per layer and format")            \
    X(ASX_TIER_MEASURED, "measured", "the quantised network itself on labelled images")            \
    X(ASX_TIER_TRAINED, "trained", "measured after alphabet-aware training")                       \
    X(ASX_TIER_FLOAT, "float", "the network in floating point: the reference")                     \
    X(ASX_TIER_COSTS, "costs", "costs alone: what designs do to accuracy is not known")

typedef enum asx_tier {
#define ASX_ENUM(name, text, help) name,
    ASX_TIER_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_TIERS
} asx_tier;

ASX_API const char *asx_tier_text(asx_tier tier);
ASX_API ASX_NODISCARD asx_status asx_tier_parse(asx_tier *out, const char *text, asx_error *err);

/* Which of a campaign's images: the search sees one part, what it found is checked and changed on a
 * second, and judged on a third. */
#define ASX_SUBSET_LIST(X)                                                                         \
    X(ASX_SUBSET_SELECT, "select", "what searches see")                                            \
    X(ASX_SUBSET_CONFIRM, "confirm", "what answers are checked and changed on")                    \
    X(ASX_SUBSET_REPORT, "report", "what nobody chooses by: the numbers to quote")

typedef enum asx_subset {
#define ASX_ENUM(name, text, help) name,
    ASX_SUBSET_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_SUBSETS
} asx_subset;

/** "select", "confirm" or "report", as campaign files, databases and tables say it. */
ASX_API const char *asx_subset_text(asx_subset subset);
ASX_API ASX_NODISCARD asx_status asx_subset_parse(asx_subset *out, const char *text,
                                                  asx_error *err);

/* `correct` where the measure is no count of images (dse/score.h). */
#define ASX_NOT_COUNTED SIZE_MAX

/* `drop` is float accuracy minus accuracy on the same images, in points; negative = better than
 * float. The intervals cover 95 %. For predictions `images` is 0 and both intervals shrink to the
 * value. Of another measure than top-k (dse/score.h) `accuracy` is its value, and `drop` how much worse
 * that is than the float network's, both in the measure's unit. */
typedef struct asx_accuracy {
    asx_tier tier;
    size_t images, correct;
    double accuracy, accuracy_low, accuracy_high; /* percent; top-1 unless said */
    double drop, drop_low, drop_high;             /* points */
} asx_accuracy;

/** Of designs that are priced and no more: tier ASX_TIER_COSTS, accuracy and drop are NAN. */
ASX_API asx_accuracy asx_accuracy_unknown(void);

/**
 * Accuracy and drop from counts on one set of images.
 *
 * @param both        images that design and float network both classify correctly
 * @param only_float  correct in float only
 * @param only_design correct under the design only
 * The accuracy's interval is Wilson's (1927); the drop's is Agresti and Min's adjusted Wald
 * interval for matched pairs (Stat. in Medicine 24, 2005), much narrower than two separate ones.
 */
ASX_API asx_accuracy asx_accuracy_from_counts(asx_tier tier, size_t images, size_t both,
                                              size_t only_float, size_t only_design);

/**
 * Accuracy and drop on two sets of images together, from what each gave: what asx_accuracy_from_counts says of both.
 * The counts of pairs are taken back from the drops' intervals, exactly.
 *
 * @param a, b  of asx_accuracy_from_counts, of the same tier and design, on images that the other is not of
 */
ASX_API asx_accuracy asx_accuracy_join(const asx_accuracy *a, const asx_accuracy *b);

/**
 * Accuracy and drop that were told as percentages, of some images or of nobody knows how many.
 *
 * @param accuracy, drop  percent and points, both known
 * @param images          0: not told, and the intervals shrink to the values
 * The accuracy's interval is Wilson's, of the nearest count of images, and holds the value. Which
 * images the float network gets right was not told, so its accuracy counts as exact, and the drop's
 * interval is as wide.
 */
ASX_API asx_accuracy asx_accuracy_from_percent(asx_tier tier, double accuracy, double drop,
                                               size_t images);

#ifdef __cplusplus
}
#endif

#endif
