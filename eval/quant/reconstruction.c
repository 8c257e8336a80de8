#include "reconstruction.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "walk.h"

static const size_t SCALES_BYTES = (size_t)1 << 27;

/* Too many weights for one output, or a layer of several steps, whose inputs are of all of them. */
static bool is_left(const asx_plan *plan, const asx_node *node)
{
    return node->n_weights / node->n_biases > ASX_ROUNDING_DEPTH_MAX ||
           plan->n_steps[node->layer] > 1;
}

static asx_status find_moments(asx_reconstruction *r, asx_walk *walk, asx_error *err)
{
    const asx_network *net = r->plan->network;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        if (!asx_node_has_weights(node) || is_left(r->plan, node))
            continue;
        asx_moments *m = &r->moments[node->layer];
        status = asx_moments_init(m, node, err);
        if (status == ASX_OK)
            status = asx_walk_to(m, walk, i, err);
        if (status == ASX_OK) {
            asx_moments_end(m, r->mean ? NULL : node->bias);
            status = asx_rounding_basis_init(&r->basis[node->layer], m, true, err);
        }
        free(m->square); /* the basis has it, in its order */
        m->square = NULL;
    }
    return status;
}

asx_status asx_reconstruction_init(asx_reconstruction *inout, asx_error *err)
{
    asx_walk walk = {0};
    asx_status status = asx_scales_new(&inout->scales, SCALES_BYTES, err);
    if (status != ASX_OK || inout->rounding == ASX_ROUNDING_NEAREST)
        return status;
    inout->moments = asx_array_new(inout->plan->network->work.n_layers, sizeof *inout->moments);
    inout->basis = asx_array_new(inout->plan->network->work.n_layers, sizeof *inout->basis);
    if (!inout->moments || !inout->basis)
        status = asx_fail(err, ASX_ENOMEM, "no memory for moments of layers");
    if (status == ASX_OK)
        status = asx_walk_init(&walk, inout->plan, inout->data, inout->images, NULL, err);
    if (status == ASX_OK)
        status = find_moments(inout, &walk, err);
    asx_walk_fini(&walk);
    if (status != ASX_OK)
        asx_reconstruction_fini(inout);
    return status;
}

void asx_reconstruction_fini(asx_reconstruction *r)
{
    if (!r)
        return;
    for (size_t i = 0; r->moments && r->basis && i < r->plan->network->work.n_layers; i++) {
        asx_moments_fini(&r->moments[i]);
        asx_rounding_basis_fini(&r->basis[i]);
    }
    asx_scales_free(r->scales);
    r->scales = NULL;
    free(r->moments);
    free(r->basis);
    r->moments = NULL;
    r->basis = NULL;
}

asx_status asx_reconstruction_keeps(bool *out, const asx_reconstruction *r, size_t layer,
                                    const asx_word *word, asx_error *err)
{
    const asx_node *node = r->plan->node[layer];
    const size_t depth = node->n_weights / node->n_biases;
    asx_rounder *rounder = NULL;
    const asx_status status = asx_rounder_new(&rounder, word, err);
    if (status != ASX_OK)
        return status;
    bool exact = true;
    for (size_t c = 0; exact && c < node->n_biases; c++)
        exact = asx_rounder_exact_scale(node->weight + c * depth, depth, rounder) > 0;
    *out = exact || is_left(r->plan, node) ||
           (node->held.weight_bits && asx_rounder_plain_bits(rounder) == node->held.weight_bits);
    asx_rounder_free(rounder);
    return ASX_OK;
}

asx_status asx_reconstruction_shared(asx_rounded *out, void *state, size_t layer,
                                     const asx_word *word, asx_error *err)
{
    const asx_reconstruction *r = state;
    const asx_node *node = r->plan->node[layer];
    bool keeps = r->rounding == ASX_ROUNDING_NEAREST;
    const asx_status status =
        keeps ? ASX_OK : asx_reconstruction_keeps(&keeps, r, layer, word, err);
    if (status != ASX_OK)
        return status;
    return keeps ? asx_rounding_nearest(out, node, word, r->mean ? r->mean[layer] : NULL, r->scales,
                                        err)
                 : asx_rounding_solve(out, node, word, &r->basis[layer], ASX_ROUNDING_GREEDY,
                                      r->mean != NULL, err);
}
