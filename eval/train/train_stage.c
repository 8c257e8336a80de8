/* Progressive quantisation (B. Zhuang et al., arXiv 1711.00205): which design's grids a training works
 * on, one, or a denser one first. */
#include <stdlib.h>

#include "dse/memory.h"
#include "trainer.h"

const asx_design *asx_trainer_design(const asx_trainer *t, size_t step)
{
    return step < t->switch_step ? &t->via : &t->design;
}

static asx_status make_rounders(asx_rounder **rounder, const asx_trainer *t,
                                const asx_design *design, asx_error *err)
{
    for (size_t i = 0; i < design->n_layers; i++) {
        const asx_layer *layer = &t->network->work.layer[i];
        const asx_word word = asx_format_activation(&design->format[i], layer->input_non_negative);
        const asx_status status = asx_rounder_new(&rounder[i], &word, err);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "layer '%s'", layer->name);
    }
    return ASX_OK;
}

void asx_trainer_leave(asx_trainer *t)
{
    for (size_t i = 0; t->rounder && i < t->network->work.n_layers; i++)
        asx_rounder_free(t->rounder[i]);
    free(t->rounder);
    asx_train_weights_free(t->weights);
    t->rounder = NULL;
    t->weights = NULL;
}

asx_status asx_trainer_enter(asx_trainer *t, size_t step, asx_error *err)
{
    const asx_design *design = asx_trainer_design(t, step);
    asx_trainer next = {.network = t->network};
    asx_status status =
        asx_train_weights_new(&next.weights, t->tape, design->n_layers ? design : NULL,
                              t->options.surrogate, asx_trainer_number(t, "delta"), err);
    if (status == ASX_OK &&
        !(next.rounder = asx_array_new(t->network->work.n_layers + 1, sizeof(asx_rounder *))))
        status = asx_fail(err, ASX_ENOMEM, "no memory for a training");
    if (status == ASX_OK)
        status = make_rounders(next.rounder, t, design, err);
    if (status != ASX_OK) {
        asx_trainer_leave(&next);
        return status;
    }
    asx_trainer_leave(t);
    t->weights = next.weights;
    t->rounder = next.rounder;
    return ASX_OK;
}

asx_status asx_trainer_switch(asx_trainer *t, asx_error *err)
{
    const size_t first = t->tape->n_parameters, n = asx_train_weights_n(t->weights);
    double *clip = asx_array_new(t->design.n_layers, sizeof *clip);
    if (!clip)
        return asx_fail(err, ASX_ENOMEM, "no memory for a training");
    for (size_t i = 0; i < t->design.n_layers; i++)
        clip[i] = (double)t->x[first + i] * asx_rounder_high(t->rounder[i]);
    const asx_status status = asx_trainer_enter(t, t->step, err);
    if (status == ASX_OK) {
        for (size_t i = 0; i < t->design.n_layers; i++)
            t->x[first + i] = (float)(clip[i] / asx_rounder_high(t->rounder[i]));
        asx_train_weights_fit(t->x, t->weights);
        for (size_t i = first; i < n; i++) {
            t->unit[i] = t->x[i];
            t->stepper.mean[i] = t->stepper.square[i] = 0;
        }
        asx_train_weights_use(t->used, t->weights, t->x);
    }
    free(clip);
    return status;
}
