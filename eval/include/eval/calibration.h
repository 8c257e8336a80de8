/* A network made ready for low-precision evaluation: what unlabelled images tell about the range of
 * every layer's input, and the projected weights of the formats asked for so far. */
#ifndef ASX_EVAL_CALIBRATION_H
#define ASX_EVAL_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/crew.h"
#include "dse/error.h"
#include "dse/faults.h"
#include "dse/word.h"
#include "eval/dataset.h"
#include "eval/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the scale of an activation word is chosen: {enumerator, name, help}. */
#define ASX_RANGING_LIST(X)                                                                        \
    X(ASX_RANGING_MSE, "mse", "least squared error on the values the word can represent")          \
    X(ASX_RANGING_MINMAX, "minmax", "the largest value seen is the largest of the word")           \
    X(ASX_RANGING_PERCENTILE, "percentile", "that percentile of the magnitudes is the largest")

typedef enum asx_ranging {
#define ASX_ENUM(name, text, help) name,
    ASX_RANGING_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_RANGINGS
} asx_ranging;

ASX_API const char *asx_ranging_text(asx_ranging ranging);
ASX_API ASX_NODISCARD asx_status asx_ranging_parse(asx_ranging *out, const char *text,
                                                   asx_error *err);

/* How weights come onto the values that a word can represent: {enumerator, name, help}. */
#define ASX_ROUNDING_LIST(X)                                                                       \
    X(ASX_ROUNDING_NEAREST, "nearest", "each weight to the nearest value")                         \
    X(ASX_ROUNDING_GREEDY, "greedy", "one after the other, errors moved onto later weights")       \
    X(ASX_ROUNDING_LEARNED, "learned",                                                             \
      "so that layers' outputs stay, errors of earlier layers taken back")

typedef enum asx_rounding {
#define ASX_ENUM(name, text, help) name,
    ASX_ROUNDING_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_ROUNDINGS
} asx_rounding;

ASX_API const char *asx_rounding_text(asx_rounding rounding);
ASX_API ASX_NODISCARD asx_status asx_rounding_parse(asx_rounding *out, const char *text,
                                                    asx_error *err);

typedef struct asx_calibration_options {
    asx_ranging ranging;
    asx_rounding rounding;
    double percentile;        /* 50 .. 100, of the magnitudes; used by ASX_RANGING_PERCENTILE */
    bool bias_correction;     /* the mean change of outputs by projected weights is taken back */
    unsigned multiplier_bits; /* of the factors that outputs are scaled by: 8 .. 24 (dyadic.h) */
    asx_faults faults;        /* of the memories that designs are measured with */
    size_t batch;       /* images computed at a time by one thread: 1 .. 4096; 0: as fit a cache */
    size_t share_bytes; /* bound on the feature maps a thread keeps for designs that begin alike */
    size_t cache_bytes; /* bound on the projected weights kept for reuse; 0: none are kept */
} asx_calibration_options;

/** MSE, nearest, percentile 99.99, bias correction, multipliers of 16 bits, no faults, a batch that
 * fits a cache, 64 MiB, 128 MiB. */
ASX_API asx_calibration_options asx_calibration_options_default(void);

/* All functions that take one may be called from several threads at once. */
typedef struct asx_calibration asx_calibration;

/**
 * Runs the float network on images of `data` (their labels are never looked at) and keeps, per
 * layer, the extremes and a sample of at most 65536 values of its input.
 *
 * @param network  borrowed for the life of `*out`
 * @param data     borrowed for the call; if rounding is learned, for the life of `*out`
 * @param images   calibration images; a few hundred are plenty
 * @param options  NULL: the defaults
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if the images' shape is not the network's, the range is
 *         empty or outside the data, an option is out of range, or an activation is not finite
 *         (naming the layer); ASX_EUNSUPPORTED if oneDNN cannot run a layer
 * Cost: one float inference per image. Memory: batch x a few feature maps per thread.
 */
ASX_API ASX_NODISCARD asx_status asx_calibration_new(asx_calibration **out,
                                                     const asx_network *network,
                                                     const asx_dataset *data, asx_range images,
                                                     const asx_calibration_options *options,
                                                     asx_error *err);
ASX_API void asx_calibration_free(asx_calibration *calibration);

/**
 * Lets a crew share the work: measuring designs on these images, and proxies' tables of them. Results
 * do not depend on it.
 * @param crew  borrowed for the life of `calibration`; NULL: nobody
 * @param data  the images that the others have as well
 */
ASX_API void asx_calibration_join(asx_calibration *calibration, const asx_crew *crew,
                                  const asx_dataset *data);

/* Who watches work that takes long before a design can be measured: the float network on the images, a proxy's table. Any
 * function may be NULL. */
typedef struct asx_work_watch {
    /** Polled by several threads. True: the work ends with ASX_EINTERRUPTED, well within a second. */
    bool (*stop)(void *state);
    /** How many of how many pieces of what are done. Called by one thread at a time. */
    void (*progress)(void *state, const char *what, size_t done, size_t total);
    /** Keeps finished pieces, so that work that was ended goes on from them. Their names belong to this
     *  network, calibration, images and list of formats. By one thread at a time. */
    asx_status (*keep)(void *state, const char *name, const void *bytes, size_t n, asx_error *err);
    /** What was kept under a name. @param out to be freed by the caller; NULL: nothing */
    asx_status (*find)(void **out, size_t *n, void *state, const char *name, asx_error *err);
    void *state;
} asx_work_watch;

/** Has long work by way of this calibration watched. Results do not depend on it.
 *  @param by  borrowed until it is replaced; NULL: nobody */
ASX_API void asx_calibration_watch(asx_calibration *calibration, const asx_work_watch *by);

/** Other faults than the option says, for what is measured from now on: not while somebody measures. */
ASX_API void asx_calibration_set_faults(asx_calibration *calibration, const asx_faults *faults);

ASX_API const asx_network *asx_calibration_network(const asx_calibration *calibration);

/**
 * Scale of a layer's input in a word: x is rounded to scale * nearest(word, x / scale).
 * @param word  the layer's activation word, see asx_format_activation
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for a layer that is not there or an ill-formed word
 */
ASX_API ASX_NODISCARD asx_status asx_calibration_scale(double *scale, asx_calibration *calibration,
                                                       size_t layer, const asx_word *word,
                                                       asx_error *err);

/**
 * Squared error that a word does to a layer, relative to the sum of squares: of its input at the
 * calibrated scale (over the kept sample), and of its weights at their best scales per channel.
 * @return as asx_calibration_scale
 */
ASX_API ASX_NODISCARD asx_status asx_calibration_activation_error(double *error,
                                                                  asx_calibration *calibration,
                                                                  size_t layer,
                                                                  const asx_word *word,
                                                                  asx_error *err);
ASX_API ASX_NODISCARD asx_status asx_calibration_weight_error(double *error,
                                                              asx_calibration *calibration,
                                                              size_t layer, const asx_word *word,
                                                              asx_error *err);

/**
 * How a layer's operands are distributed as plain 8-bit words: its weights at their best scales per
 * channel, its input at the calibrated scale (over the kept sample).
 * @param histogram  quantiles and the likeness of neighbours, too
 * @return as asx_calibration_scale
 */
ASX_API ASX_NODISCARD asx_status asx_calibration_operands(asx_layer_operands *out,
                                                          asx_calibration *calibration,
                                                          size_t layer, bool histogram,
                                                          asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
