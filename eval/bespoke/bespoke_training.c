/* Training of small perceptrons, by the trainer that all networks have. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "eval/architecture.h"
#include "eval/bespoke_mlp.h"
#include "eval/train.h"
#include "graph.h"

static asx_status check(const asx_bespoke_training *o, const asx_bespoke_table *t, asx_error *err)
{
    if (o->hidden[0] < 1 || o->hidden[0] > ASX_BESPOKE_WIDTH_MAX ||
        o->hidden[1] > ASX_BESPOKE_WIDTH_MAX)
        return asx_fail(err, ASX_EINVAL, "hidden layers of %zu and %zu neurons, not 1 to %d",
                        o->hidden[0], o->hidden[1], (int)ASX_BESPOKE_WIDTH_MAX);
    if (o->restarts < 1)
        return asx_fail(err, ASX_EINVAL, "no training at all: restarts 0");
    return o->batch > asx_bespoke_table_size(t, ASX_BESPOKE_TRAIN)
               ? asx_fail(err, ASX_EINVAL,
                          "batches of %zu rows, but %zu to learn from: set batch=%zu or less",
                          o->batch, asx_bespoke_table_size(t, ASX_BESPOKE_TRAIN),
                          asx_bespoke_table_size(t, ASX_BESPOKE_TRAIN))
               : ASX_OK;
}

static asx_status make_data(asx_dataset **out, const asx_bespoke_table *t, asx_error *err)
{
    const size_t n = asx_bespoke_table_size(t, ASX_BESPOKE_TRAIN);
    unsigned char *byte = asx_array_new(n, t->features);
    if (!byte)
        return asx_fail(err, ASX_ENOMEM, "no memory for rows to learn from");
    for (size_t i = 0; i < n; i++)
        for (size_t f = 0; f < t->features; f++)
            byte[i * t->features + f] = (unsigned char)t->value[f * t->n + i];
    const double scale = 1 / (double)((1u << t->bits) - 1);
    const asx_status status = asx_dataset_new(out, byte, t->label, n, t->features, scale, err);
    free(byte);
    return status;
}

/* Names are in the tables, and values in their ranges: texts cannot fail but by a mistake of ours. */
static asx_status set(asx_params *params, const char *name, double value, asx_error *err)
{
    char text[32];
    snprintf(text, sizeof text, "%.17g", value);
    return asx_params_set(params, name, text, err);
}

static asx_status make_network(asx_network **out, const asx_bespoke_table *t,
                               const asx_bespoke_training *o, uint64_t seed, asx_error *err)
{
    const asx_architecture_type *type = NULL;
    asx_params params;
    for (size_t i = 0; i < asx_architecture_n_types(); i++)
        if (strcmp(asx_architecture_at(i)->name, "mlp") == 0)
            type = asx_architecture_at(i);
    asx_params_init(&params, type->params);
    asx_status status = set(&params, "features", (double)t->features, err);
    if (status == ASX_OK)
        status = set(&params, "hidden", (double)o->hidden[0], err);
    if (status == ASX_OK)
        status = set(&params, "second", (double)o->hidden[1], err);
    if (status == ASX_OK)
        status = set(&params, "classes", (double)t->classes, err);
    return status == ASX_OK ? asx_architecture_new(out, type, &params, seed, err) : status;
}

static asx_status take_layers(asx_bespoke_mlp *out, const asx_network *net, asx_error *err)
{
    asx_bespoke_mlp mlp = {0};
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        if (node->op != ASX_OP_DENSE)
            continue;
        asx_bespoke_dense *l = &mlp.layer[mlp.n_layers++];
        l->outputs = node->n_biases;
        l->inputs = node->n_weights / node->n_biases;
        l->weight = asx_array_copy(node->weight, node->n_weights, sizeof *l->weight);
        l->bias = asx_array_copy(node->bias, node->n_biases, sizeof *l->bias);
        if (!l->weight || !l->bias) {
            asx_bespoke_mlp_fini(&mlp);
            return asx_fail(err, ASX_ENOMEM, "no memory for a trained network");
        }
    }
    *out = mlp;
    return ASX_OK;
}

static asx_status train_steps(asx_trainer *trainer, const asx_bespoke_training *o, asx_error *err)
{
    asx_train_progress p = asx_trainer_progress(trainer);
    asx_status status = ASX_OK;
    for (size_t i = p.step; status == ASX_OK && i < p.n_steps; i++)
        status = o->stop && o->stop(o->stop_state)
                     ? asx_fail(err, ASX_EINTERRUPTED, "stopped in the float training")
                     : asx_trainer_step(trainer, err);
    return status;
}

static asx_status train_once(asx_bespoke_mlp *out, const asx_bespoke_table *t,
                             const asx_dataset *data, const asx_bespoke_training *o, uint64_t seed,
                             asx_error *err)
{
    asx_network *net = NULL, *trained = NULL;
    asx_trainer *trainer = NULL;
    asx_train_options options = asx_train_options_default();
    options.seed = seed;
    asx_status status = make_network(&net, t, o, seed, err);
    if (status == ASX_OK)
        status = set(&options.number, "epochs", (double)o->epochs, err);
    if (status == ASX_OK)
        status = set(&options.number, "batch", (double)o->batch, err);
    if (status == ASX_OK)
        status = set(&options.number, "rate", o->rate, err);
    if (status == ASX_OK) /* the same numbers from every processor */
        status = set(&options.number, "bf16", 0, err);
    if (status == ASX_OK)
        status = asx_trainer_new(&trainer, net, data, (asx_range){0, asx_dataset_size(data)}, NULL,
                                 &options, err);
    if (status == ASX_OK)
        status = train_steps(trainer, o, err);
    if (status == ASX_OK)
        status = asx_trainer_network(&trained, trainer, err);
    if (status == ASX_OK)
        status = take_layers(out, trained, err);
    asx_trainer_free(trainer);
    asx_network_free(net);
    asx_network_free(trained);
    return status;
}

static asx_status count(size_t *out, const asx_bespoke_mlp *mlp, const asx_bespoke_table *t,
                        asx_error *err)
{
    size_t learned = 0, chosen = 0;
    asx_status status = asx_bespoke_mlp_count(&learned, mlp, t, ASX_BESPOKE_TRAIN, err);
    if (status == ASX_OK)
        status = asx_bespoke_mlp_count(&chosen, mlp, t, ASX_BESPOKE_CHOOSE, err);
    *out = learned + chosen;
    return status;
}

/* Keeps the better of two. */
static asx_status compete(asx_bespoke_mlp *best, size_t *best_count, asx_bespoke_mlp *mlp,
                          const asx_bespoke_table *t, asx_error *err)
{
    size_t n = 0;
    const asx_status status = count(&n, mlp, t, err);
    if (status == ASX_OK && (best->n_layers == 0 || n > *best_count)) {
        asx_bespoke_mlp_fini(best);
        *best = *mlp;
        *best_count = n;
        *mlp = (asx_bespoke_mlp){0};
    }
    asx_bespoke_mlp_fini(mlp);
    return status;
}

asx_status asx_bespoke_mlp_train(asx_bespoke_mlp *out, const asx_bespoke_table *t,
                                 const asx_bespoke_training *o, asx_error *err)
{
    asx_dataset *data = NULL;
    asx_bespoke_mlp best = {0};
    size_t best_count = 0;
    const int threads = omp_get_max_threads();
    asx_status status = check(o, t, err);
    if (status == ASX_OK)
        status = make_data(&data, t, err);
    omp_set_num_threads(1); /* steps of some microseconds: threads would wait for each other */
    for (size_t i = 0; status == ASX_OK && i < o->restarts; i++) {
        asx_bespoke_mlp mlp = {0};
        status = train_once(&mlp, t, data, o, o->seed * 1000 + i, err);
        if (status == ASX_OK)
            status = compete(&best, &best_count, &mlp, t, err);
    }
    omp_set_num_threads(threads);
    asx_dataset_free(data);
    if (status != ASX_OK)
        asx_bespoke_mlp_fini(&best);
    else
        *out = best;
    return status;
}
