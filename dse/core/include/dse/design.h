/* A design: a placement, and a format for every layer with weights; and its text.
 *
 *   design := placement ":" choice+   choice := [layer "="] (format | "file")   placement := vn|near|in
 *
 * Choices are separated by blanks; the unnamed one holds for all layers without one of their own.
 * "file" is the format in which the network's file holds a layer's operands already; "file" alone,
 * without a placement, is "near: file".
 */
#ifndef ASX_DSE_DESIGN_H
#define ASX_DSE_DESIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/format.h"
#include "dse/text.h"
#include "dse/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ASX_PLACEMENT_LIST(X)                                                                      \
    X(ASX_PLACEMENT_VN, "vn", "von Neumann: shared memory, bus, array of MAC units")               \
    X(ASX_PLACEMENT_NEAR, "near", "near memory: lanes at the edge of each sub-array")              \
    X(ASX_PLACEMENT_IN, "in", "in memory: products on the bit-lines, shift-add in the periphery")

typedef enum asx_placement {
#define ASX_ENUM(name, text, help) name,
    ASX_PLACEMENT_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_PLACEMENTS
} asx_placement;

ASX_API const char *asx_placement_text(asx_placement placement);
ASX_API const char *asx_placement_help(asx_placement placement);
ASX_API ASX_NODISCARD asx_status asx_placement_parse(asx_placement *out, const char *text,
                                                     asx_error *err);

typedef struct asx_design {
    asx_placement placement;
    asx_format *format; /* [n_layers], owned */
    size_t n_layers;
} asx_design;

/* The design that savings are quoted against: the von Neumann machine, plain words of eight bits in
 * every layer. Every campaign evaluates it, in its space or not. */
#define ASX_BASELINE "vn: " ASX_BASELINE_FORMAT

/** All layers plain w8a8 to begin with. */
ASX_API ASX_NODISCARD asx_status asx_design_init(asx_design *out, size_t n_layers, asx_error *err);
ASX_API void asx_design_fini(asx_design *design);
ASX_API ASX_NODISCARD asx_status asx_design_copy(asx_design *out, const asx_design *design,
                                                 asx_error *err);
ASX_API bool asx_design_equal(const asx_design *a, const asx_design *b);

/**
 * @return ASX_OK; ASX_EPARSE or ASX_EINVAL with the offending part, also for an unknown layer, a
 * layer named twice, or a layer that is left without a format (also by the file); `out` untouched on failure
 */
ASX_API ASX_NODISCARD asx_status asx_design_parse(asx_design *out, const char *text,
                                                  const asx_workload *work, asx_error *err);

/**
 * Whether a text can be a design of some network: its placement and formats; names of layers are any.
 * @return ASX_OK; ASX_EPARSE or ASX_EINVAL with the offending part, as asx_design_parse says it
 */
ASX_API ASX_NODISCARD asx_status asx_design_check(const char *text, asx_error *err);

/** The plain words in which the file holds a layer. @return ASX_OK; ASX_EINVAL if it holds weights or
 *  inputs as real numbers */
ASX_API ASX_NODISCARD asx_status asx_design_file_format(asx_format *out, const asx_layer *layer,
                                                        asx_error *err);

/**
 * Appends the canonical text: the most common format first and unnamed (ties: the earliest
 * layer's), then the exceptions in layer order. parse(print(d)) equals d; print(parse(t)) = t for
 * canonical t.
 */
ASX_API void asx_design_print(asx_text *text, const asx_design *design, const asx_workload *work);

/** The same without the placement: accuracy depends on this part alone. */
ASX_API void asx_design_print_formats(asx_text *text, const asx_design *design,
                                      const asx_workload *work);

/** Every layer's weights have an alphabet set. */
ASX_API bool asx_design_is_asm(const asx_design *design);

/** The union of all layers' weight alphabets: what the one array must hold. */
ASX_API asx_alphabet_set asx_design_alphabets(const asx_design *design);

#ifdef __cplusplus
}
#endif

#endif
