/* The design space: what a campaign allows, as vectors of small integers ("points").
 *
 * Gene 0 chooses the placement; each further gene chooses, from the one list of formats, the format
 * of a group of layers: the whole network, a named group, or a single layer. Pinned layers have no
 * gene. */
#ifndef ASX_DSE_SPACE_H
#define ASX_DSE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/format.h"
#include "dse/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint16_t asx_gene;

enum { ASX_GENE_PINNED = 0xffff };

typedef struct asx_space_pin {
    const char *layer;
    asx_format format;
} asx_space_pin;

typedef struct asx_space_group {
    const char *name;
    const char *const *layer; /* names, or shell patterns such as "layer1.*" */
    size_t n_layers;
} asx_space_group;

/* All pointers are borrowed for the call of asx_space_new. */
typedef struct asx_space_spec {
    const asx_workload *work;
    const asx_placement *placement;
    size_t n_placements;
    const asx_format *format; /* see asx_format_list */
    size_t n_formats;
    bool per_layer; /* scope: layer; else network */
    const asx_space_group *group;
    size_t n_groups; /* layers that share a gene; the others follow `per_layer` */
    const asx_space_pin *pin;
    size_t n_pins;
} asx_space_spec;

typedef struct asx_space asx_space;

/**
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if a list is empty or has duplicates, a layer is in two
 *         groups or both pinned and grouped, a pattern matches nothing; ASX_ENOTFOUND for layers
 */
ASX_API ASX_NODISCARD asx_status asx_space_new(asx_space **out, const asx_space_spec *spec,
                                               asx_error *err);
ASX_API void asx_space_free(asx_space *space);

ASX_API size_t asx_space_n_genes(const asx_space *space);

/** Number of values of a gene; a point's gene g is in 0 .. choices(g) - 1. */
ASX_API size_t asx_space_choices(const asx_space *space, size_t gene);

/** Name of a gene: "placement", a group's or layer's name, or "network". */
ASX_API const char *asx_space_gene_name(const asx_space *space, size_t gene);

/** The gene that decides a layer's format, ASX_GENE_PINNED if it is pinned. */
ASX_API size_t asx_space_layer_gene(const asx_space *space, size_t layer);
ASX_API size_t asx_space_n_layers(const asx_space *space);

/** The formats genes choose from, and the placements gene 0 chooses from. Borrowed. */
ASX_API const asx_format *asx_space_formats(const asx_space *space, size_t *n);
ASX_API const asx_placement *asx_space_placements(const asx_space *space, size_t *n);

/** A pinned layer's format; NULL for others. */
ASX_API const asx_format *asx_space_pinned(const asx_space *space, size_t layer);

/** The exact number of designs, in decimal. @param out owned by the caller, free() */
ASX_API ASX_NODISCARD asx_status asx_space_size_text(char **out, const asx_space *space,
                                                     asx_error *err);

/** The number of designs, saturating at UINT64_MAX. */
ASX_API uint64_t asx_space_size(const asx_space *space);

/** Whether all genes are in range. */
ASX_API bool asx_space_contains(const asx_space *space, const asx_gene *point);

/** The design at a point; `out` is initialised by the call, asx_design_fini it. */
ASX_API ASX_NODISCARD asx_status asx_space_decode(asx_design *out, const asx_space *space,
                                                  const asx_gene *point, asx_error *err);

/** The point of a design. @return ASX_OK; ASX_EOUTSIDE if it has none, and why; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_space_encode(asx_gene *point, const asx_space *space,
                                                  const asx_design *design, asx_error *err);

/** Point number `index` < asx_space_size, last gene fastest. */
ASX_API void asx_space_at(asx_gene *point, const asx_space *space, uint64_t index);

#ifdef __cplusplus
}
#endif

#endif
