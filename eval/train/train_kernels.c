/* The kernels of a training step alone, for benchmarks: what the rest of the step is held against.
 */
#include "trainer.h"

static asx_status run_part(asx_trainer *t, const asx_tape_part *p, asx_error *err)
{
    const asx_tape *tape = t->tape;
    const asx_tape_worker *worker = &t->worker[0];
    const size_t in = p->node->input[0];
    const float *x = worker->room + tape->value[in];
    const float *dy = worker->room + tape->gradient[p->node->output];
    float *y = worker->room + tape->turned, *dx = worker->room + tape->rounded;
    void *scratch = worker->room + tape->scratch;
    const char *packed = (const char *)t->packed + p->packed;
    return asx_dnn_layer_kernels(p->kernel, y, tape->wanted[in] ? dx : NULL,
                                 t->piece_gradient + p->bias, x, dy, packed, t->used + p->bias,
                                 scratch, err);
}

asx_status asx_trainer_kernels(asx_trainer *trainer, asx_error *err)
{
    for (size_t piece = 0; piece < trainer->n_pieces; piece++)
        for (size_t i = 0; i < trainer->tape->n_parts; i++) {
            const asx_tape_part *p = &trainer->tape->part[i];
            const asx_status status = p->kernel ? run_part(trainer, p, err) : ASX_OK;
            if (status != ASX_OK)
                return status;
        }
    return ASX_OK;
}
