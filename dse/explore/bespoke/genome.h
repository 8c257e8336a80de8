/* Private: bespoke classifiers as vectors of genes: which of a list of constants each weight is, what is wired of each
 * input, what is left out of sums, activations and comparisons. */
#ifndef ASX_EXPLORE_BESPOKE_GENOME_H
#define ASX_EXPLORE_BESPOKE_GENOME_H

#include <stdint.h>

#include "dse/bespoke.h"
#include "eval/bespoke_mlp.h"
#include "search/evolution.h"

enum {
    GENOME_CODE_MAX = 128,     /* the greatest weight */
    GENOME_HIDDEN_BITS = 8,    /* of a hidden neuron's output, at most */
    GENOME_OUTPUT_BITS = 12,   /* of a saturating output */
    GENOME_DROPS = 16,         /* bits of a sum that may be dropped: 0 .. 15 */
    GENOME_CUTS = 12,          /* columns that may be cut: 0 .. 11 */
    GENOME_BIAS_ZERO = 1 << 15 /* the gene of a bias of 0 */
};

/* Where the genes of a layer are. */
typedef struct genome_layer {
    size_t inputs, outputs;
    size_t first; /* of neuron 0: weights, masks, bias, cut; `stride` genes a neuron */
    size_t stride;
    size_t form; /* drop, bits of the output, and of the last layer: whether it saturates */
    unsigned
        bias_unit; /* a step of a bias gene is 2^bias_unit of the sum as it is where nothing is dropped before */
} genome_layer;

/* Genes 0 .. features - 1: how many of a feature's bits are kept, from the top. */
typedef struct genome {
    unsigned bits; /* of features */
    size_t n_layers;
    genome_layer layer[ASX_BESPOKE_MLP_LAYERS];
    size_t compare; /* of each comparison: the lowest bit that is compared, of saturating outputs */
    size_t n_genes;
    asx_trait *trait;
    int32_t code[2 * GENOME_CODE_MAX + 1]; /* ascending */
    unsigned char digits[2 * GENOME_CODE_MAX + 1];
    size_t n_codes;
} genome;

/** @param digits  the most signed digits that a weight has: 1 .. 4 @return ASX_OK; ASX_ENOMEM; genome_fini it */
ASX_NODISCARD asx_status genome_init(genome *out, const asx_bespoke_mlp *mlp, unsigned bits,
                                     unsigned digits, asx_error *err);
void genome_fini(genome *g);

/** A network with room for what genomes say. asx_bespoke_free */
ASX_NODISCARD asx_status genome_network(asx_bespoke **out, const genome *g, asx_error *err);

/** Writes into a network of genome_network. */
void genome_decode(asx_bespoke *to, const genome *g, const asx_gene *point);

/** Takes out what has no effect: products all of whose copies are cut, hidden neurons that nobody reads, bits of features
 *  that are not wired. No answer changes. */
void genome_tidy(asx_bespoke *network);

/** The gene of the code nearest to a number, of those of at most `digits` digits. */
asx_gene genome_nearest(const genome *g, double weight, unsigned digits);

#endif
