/* Learned rounding of a design's weights: one layer after the other, as each sees what the words before it make of images. */
#include "dse/file.h"
#include "integer_private.h"
#include "walk.h"

/* A design on its way through its own network. */
typedef struct learner {
    asx_integer *integer;
    const asx_reconstruction *how;
    asx_walk walk;
    size_t node;   /* of the layer that is learned */
    uint64_t past; /* hash of all that is computed before it */
} learner;

static asx_status learn(asx_rounded *out, void *state, size_t layer, const asx_word *word,
                        asx_error *err)
{
    learner *l = state;
    const asx_node *node = l->how->plan->node[layer];
    asx_moments m = {0};
    asx_rounding_basis basis = {0};
    asx_status status = asx_moments_init(&m, node, err);
    if (status == ASX_OK)
        status = asx_walk_to(&m, &l->walk, l->node, err);
    if (status == ASX_OK) {
        asx_moments_end(&m, l->how->mean ? NULL : node->bias);
        status = asx_rounding_basis_init(&basis, &m, false, err);
    }
    if (status == ASX_OK)
        status = asx_rounding_solve(out, node, word, &basis, ASX_ROUNDING_LEARNED,
                                    l->how->mean != NULL, err);
    asx_rounding_basis_fini(&basis);
    asx_moments_fini(&m);
    return status;
}

static uint64_t hash_layer(uint64_t hash, const asx_integer *s, const asx_node *node)
{
    const asx_integer_layer *l = &s->layer[node->layer];
    if (!asx_node_has_weights(node)) {
        const double factor[] = {l->factor, l->second_factor, l->product_factor};
        return asx_hash(factor, sizeof factor, hash);
    }
    const asx_rounded *r = &asx_projection_integers(l->projection)->rounded;
    hash = asx_hash(&l->input_scale, sizeof l->input_scale, hash);
    hash = asx_hash(&l->factor, sizeof l->factor, hash);
    hash = asx_hash(r->word, node->n_weights * sizeof *r->word, hash);
    hash = asx_hash(l->multiplier, l->width * sizeof *l->multiplier, hash);
    return asx_hash(l->wide_bias, l->width * sizeof *l->wide_bias, hash);
}

static uint64_t hash_word(uint64_t hash, const asx_word *w)
{
    const uint64_t shape[] = {w->bits, asx_word_shape(w), w->non_negative};
    hash = asx_hash(shape, sizeof shape, hash);
    hash = asx_hash(w->list, sizeof w->list, hash);
    return asx_hash(&w->set, sizeof w->set, hash);
}

static asx_status learn_layer(learner *l, const asx_node *node, const asx_format *format,
                              asx_error *err)
{
    asx_integer *s = l->integer;
    const size_t layer = (size_t)node->layer;
    asx_integer_layer *to = &s->layer[layer];
    bool keeps = false;
    if (!asx_node_has_weights(node))
        return asx_integer_set_product(s, layer, format, err);
    asx_status status = asx_integer_set_input(s, layer, format, err);
    if (status == ASX_OK)
        status = asx_reconstruction_keeps(&keeps, l->how, layer, &format->weight, err);
    if (status != ASX_OK)
        return status;
    asx_projections *cache = asx_calibration_projections(s->calibration);
    asx_projection_key key = asx_integer_key(to, layer);
    if (!keeps) {
        key.past = asx_hash(&to->input_scale, sizeof to->input_scale, l->past);
        key.past = hash_word(key.past, &to->input_word);
    }
    status = keeps ? asx_projections_get(&to->projection, cache, &key, err)
                   : asx_projections_get_made(&to->projection, cache, &key, learn, l, err);
    return status == ASX_OK ? asx_integer_set_constants(to, s, node, err) : status;
}

asx_status asx_integer_learn(asx_integer *s, const asx_design *design, asx_error *err)
{
    const asx_network *net = asx_calibration_network(s->calibration);
    learner l = {.integer = s, .how = asx_calibration_reconstruction(s->calibration)};
    const asx_run run = {.numerics = &asx_integers, .design = s};
    asx_status status = asx_walk_init(&l.walk, l.how->plan, l.how->data, l.how->images, &run, err);
    l.past = asx_hash(&s->scale[net->input], sizeof *s->scale, 0);
    for (size_t i = 0; status == ASX_OK && i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        l.node = i;
        if (node->layer != ASX_NO_LAYER && node->repeat == 0) {
            status = learn_layer(&l, node, &design->format[node->layer], err);
            if (status == ASX_OK)
                l.past = hash_layer(l.past, s, node);
            else
                status =
                    asx_fail_context(err, status, "layer '%s'", net->work.layer[node->layer].name);
        }
        l.past = asx_hash(&s->scale[node->output], sizeof *s->scale, l.past);
    }
    asx_walk_fini(&l.walk);
    return status;
}
