/* Inside of a design space, for space.c and space_build.c alone. */
#ifndef ASX_DSE_SPACE_PRIVATE_H
#define ASX_DSE_SPACE_PRIVATE_H

#include "dse/space.h"

struct asx_space {
    asx_placement placement[ASX_N_PLACEMENTS];
    size_t n_placements;
    asx_format *format;        /* [n_formats] in the caller's order: a gene is an index into it */
    const asx_format **sorted; /* [n_formats] the same in the order of asx_format_compare */
    size_t n_formats;
    char **layer_name;
    size_t *layer_gene; /* [n_layers] ASX_GENE_PINNED for pinned layers */
    asx_format *pinned; /* [n_layers] of the pinned layers */
    size_t n_layers;
    char **gene_name; /* [n_genes] */
    size_t n_genes;
};

#endif
