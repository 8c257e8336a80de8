#include "trainer.h"

#include <math.h>
#include <string.h>

#include "dse/file.h"
#include "held.h"
#include "network_copy.h"
#include "train_back.h"
#include "train_norm.h"

bool asx_trainer_errs(const asx_trainer *t)
{
    return t->design.n_layers > 0 &&
           (asx_cell_faults_any(&t->options.faults.weights) || t->options.faults.spread > 0);
}

double asx_trainer_number(const asx_trainer *t, const char *name)
{
    return asx_params_get(&t->options.number, name);
}

asx_train_progress asx_trainer_progress(const asx_trainer *trainer)
{
    const asx_trainer *t = trainer;
    const double weight = t->mean_weight > 0 ? t->mean_weight : 1;
    return (asx_train_progress){
        .step = t->step,
        .n_steps = t->n_steps,
        .epoch = t->step / t->steps_per_epoch,
        .n_epochs = t->n_steps / t->steps_per_epoch,
        .loss = t->mean_loss / weight,
        .accuracy = 100 * t->mean_accuracy / weight,
        .rate = asx_trainer_number(t, "rate") * asx_schedule_rate(t->options.schedule,
                                                                  asx_trainer_number(t, "warmup"),
                                                                  t->step, t->n_steps),
    };
}

/* Puts a normalisation by the running statistics into the weights; see train_norm.h. */
static void fold(asx_node *node, const asx_trainer *t, const asx_tape_part *p)
{
    const size_t channels = node->n_biases, depth = node->n_weights / channels;
    const double *mean = t->moment + p->statistic, *square = mean + channels;
    const double weight = t->mean_weight > 0 ? t->mean_weight : 1;
    for (size_t c = 0; c < channels; c++) {
        const double m = mean[c] / weight, v = fmax(square[c] / weight - m * m, 0);
        const double scale = (double)t->used[p->gamma + c] / sqrt(v + (double)ASX_NORM_EPSILON);
        for (size_t i = 0; i < depth; i++)
            node->weight[c * depth + i] = (float)(scale * (double)node->weight[c * depth + i]);
        node->bias[c] = (float)((double)node->bias[c] - scale * m);
    }
}

static float learned_clip(const asx_trainer *t, size_t layer)
{
    if (!t->design.n_layers)
        return 0;
    return (float)((double)t->x[t->tape->n_parameters + layer] *
                   asx_rounder_high(t->rounder[layer]));
}

void asx_trainer_put(asx_network *network, const asx_trainer *t)
{
    for (size_t i = 0; i < t->tape->n_nodes; i++) {
        asx_node *node = &network->node[i];
        if (!asx_tape_ops[node->op].learns)
            continue;
        const asx_tape_part *p = &t->tape->part[t->tape->part_of_node[i]];
        memcpy(node->weight, t->used + p->weight, node->n_weights * sizeof *node->weight);
        memcpy(node->bias, t->used + p->bias, node->n_biases * sizeof *node->bias);
        node->normalised = false; /* from now on */
        if (node->layer != ASX_NO_LAYER && (t->learns_clips || !t->design.n_layers))
            node->clip = learned_clip(t, (size_t)node->layer);
        if (p->normalised)
            fold(node, t, p);
    }
    network->hash = asx_hash(t->used, t->tape->n_parameters * sizeof *t->used, network->hash);
    if (t->learns_clips)
        network->hash = asx_hash(t->x + t->tape->n_parameters, t->design.n_layers * sizeof *t->x,
                                 network->hash);
}

asx_status asx_trainer_network(asx_network **out, const asx_trainer *trainer, asx_error *err)
{
    asx_status status = asx_network_copy(out, trainer->network, err);
    if (status == ASX_OK) {
        asx_trainer_put(*out, trainer);
        asx_network_settle_held(*out); /* weights may have left the file's grid */
    }
    return status;
}

asx_status asx_trainer_ranges(asx_calibration **out, asx_trainer *t, asx_error *err)
{
    enum { N_IMAGES = 256 };
    asx_range few = t->images;
    if (few.end - few.first > N_IMAGES)
        few.end = few.first + N_IMAGES;
    asx_trainer_put(t->network, t);
    return asx_calibration_new(out, t->network, t->data, few, NULL, err);
}
