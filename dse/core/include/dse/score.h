/* What a network's answers are measured by: classes named right, or how far numbers are off. */
#ifndef ASX_DSE_SCORE_H
#define ASX_DSE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the labels of a measure are. */
typedef enum asx_label_kind {
    ASX_LABEL_CLASS,   /* a class per image */
    ASX_LABEL_NUMBERS, /* as many numbers per image as the network gives */
    ASX_LABEL_MAP      /* a class per pixel */
} asx_label_kind;

enum {
    ASX_LABEL_UNJUDGED = 255
}; /* what label maps of the field call a pixel that nobody judges */

/* Measures: {enumerator, name, unit of the value, unit of a drop, labels, 1 if larger is better, help}. */
#define ASX_SCORE_LIST(X)                                                                          \
    X(ASX_SCORE_TOP, "top", "%", "points", ASX_LABEL_CLASS, 1,                                     \
      "images whose class is among the first answers: top1, top5 and their like")                  \
    X(ASX_SCORE_AUC, "auc", "%", "points", ASX_LABEL_CLASS, 1,                                     \
      "area under the ROC curve of two classes")                                                   \
    X(ASX_SCORE_PIXEL, "pixel", "%", "points", ASX_LABEL_MAP, 1, "pixels of the right class")      \
    X(ASX_SCORE_MIOU, "miou", "%", "points", ASX_LABEL_MAP, 1,                                     \
      "intersection over union of pixels, mean over classes")                                      \
    X(ASX_SCORE_R2, "r2", "", "", ASX_LABEL_NUMBERS, 1,                                            \
      "coefficient of determination, mean over outputs")                                           \
    X(ASX_SCORE_PSNR, "psnr", "dB", "dB", ASX_LABEL_NUMBERS, 1,                                    \
      "peak signal to noise, mean over images")                                                    \
    X(ASX_SCORE_MSE, "mse", "", "", ASX_LABEL_NUMBERS, 0, "mean squared error")                    \
    X(ASX_SCORE_MAE, "mae", "", "", ASX_LABEL_NUMBERS, 0, "mean absolute error")

typedef enum asx_score_kind {
#define ASX_ENUM(name, text, unit, drop, labels, up, help) name,
    ASX_SCORE_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_SCORES
} asx_score_kind;

/* A measure. Zeroed it is none; asx_score_top1 is what nothing said otherwise means. */
typedef struct asx_score {
    asx_score_kind kind;
    size_t top; /* of ASX_SCORE_TOP: how many first answers count; else 0 */
    double
        point; /* as much of a drop as counts like a percentage point of accuracy where nothing else is
                     said: 1 point; 0.01 of r2; 0.1 dB; of mse and mae a hundredth of the error of who
                     always says the mean, the median */
} asx_score;

/** What is measured where nothing else is asked for: the share of images whose largest output is their class. */
ASX_API asx_score asx_score_top1(void);

/**
 * "top1", "top5", "mse", ... The point of mse and mae is NAN until labels are known.
 * @return ASX_OK; ASX_EINVAL lists what there is
 */
ASX_API ASX_NODISCARD asx_status asx_score_parse(asx_score *out, const char *text, asx_error *err);

/** Appends its name, as asx_score_parse reads it. */
ASX_API void asx_score_print(asx_text *out, const asx_score *score);

/** The labels that it needs. */
ASX_API asx_label_kind asx_score_labels(const asx_score *score);

/** False where a smaller value is the better one: mse, mae. */
ASX_API bool asx_score_grows(const asx_score *score);

/** Whether the value is a share of images, so that counts of images say all about it. */
ASX_API bool asx_score_counts(const asx_score *score);

/** Whether the value on some images is the mean of those on its parts, weighted by their images. */
ASX_API bool asx_score_adds_up(const asx_score *score);

/** "%", "dB", or "" for numbers in units of the labels and for pure ones. */
ASX_API const char *asx_score_unit(const asx_score *score);

/** "points", "dB", or "". */
ASX_API const char *asx_score_drop_unit(const asx_score *score);

/** What a drop is, as an axis says it: "accuracy lost against the float network". */
ASX_API const char *asx_score_drop_help(const asx_score *score);

/** Largest and smallest value there can be; INFINITY where there is no bound. */
ASX_API double asx_score_most(const asx_score *score);
ASX_API double asx_score_least(const asx_score *score);

/** Appends "91.8 %", "31.20 dB", "0.0123": percentages with one decimal, others with asx_score_decimals. */
ASX_API void asx_score_print_number(asx_text *out, const asx_score *score, double value);

/** Appends "91.8 % [89.1, 93.9]". */
ASX_API void asx_score_print_interval(asx_text *out, const asx_score *score, double value,
                                      double low, double high);

/** Decimals that tell a hundredth of a point from none: 2 where a point is 1. At most 12. */
ASX_API int asx_score_decimals(const asx_score *score);

/** How much worse than the float network's value a design's is: in the unit of the value, positive = worse. */
ASX_API double asx_score_drop(const asx_score *score, double of_float, double of_design);

#ifdef __cplusplus
}
#endif

#endif
