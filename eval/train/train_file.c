/* Checkpoints: a header, arrays as they lie in memory, and a hash of all of it. They are for going
 * on on the same machine; the result of a training is an ONNX file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/output.h"
#include "dse/text.h"
#include "train_share.h"
#include "trainer.h"

typedef struct header {
    char magic[8];
    uint64_t identity, n, n_layers, step;
    double mean_loss, mean_accuracy, mean_weight;
} header;

static const char magic[8] = {'a', 's', 'x', 't', 'r', 'a', 'i', '3'};

void asx_trainer_print(asx_text *out, const asx_trainer *trainer)
{
    const asx_trainer *t = trainer;
    const size_t n = asx_train_weights_n(t->weights);
    header h = {.identity = t->identity,
                .n = n,
                .n_layers = t->design.n_layers,
                .step = t->step,
                .mean_loss = t->mean_loss,
                .mean_accuracy = t->mean_accuracy,
                .mean_weight = t->mean_weight};
    memcpy(h.magic, magic, sizeof magic);
    asx_text bytes = {0};
    asx_text_add_bytes(&bytes, (const char *)&h, sizeof h);
    asx_text_add_bytes(&bytes, (const char *)t->x, n * sizeof *t->x);
    asx_text_add_bytes(&bytes, (const char *)t->unit, n * sizeof *t->unit);
    asx_text_add_bytes(&bytes, (const char *)t->stepper.mean, n * sizeof *t->stepper.mean);
    asx_text_add_bytes(&bytes, (const char *)t->stepper.square, n * sizeof *t->stepper.square);
    asx_text_add_bytes(&bytes, (const char *)t->scale, t->design.n_layers * sizeof *t->scale);
    asx_text_add_bytes(&bytes, (const char *)t->moment, t->tape->n_statistics * sizeof *t->moment);
    if (t->share)
        asx_train_share_keep(&bytes, t->share);
    const uint64_t hash = bytes.failed ? 0 : asx_hash(bytes.s, bytes.n, 0);
    asx_text_add_bytes(&bytes, (const char *)&hash, sizeof hash);
    if (bytes.failed)
        out->failed = true;
    else
        asx_text_add_bytes(out, bytes.s, bytes.n);
    asx_text_fini(&bytes);
}

asx_status asx_trainer_save(const asx_trainer *trainer, const char *path, asx_error *err)
{
    asx_text bytes = {0};
    asx_trainer_print(&bytes, trainer);
    const asx_status status =
        bytes.failed ? asx_fail(err, ASX_ENOMEM, "%s: no memory for a checkpoint", path)
                     : asx_output_write(path, bytes.s, bytes.n, NULL, err);
    asx_text_fini(&bytes);
    return status;
}

static void take(void *to, const char **from, size_t n)
{
    memcpy(to, *from, n);
    *from += n;
}

asx_status asx_trainer_parse(asx_trainer *trainer, const char *name, const char *bytes,
                             size_t n_bytes, asx_error *err)
{
    asx_trainer *t = trainer;
    const size_t n = asx_train_weights_n(t->weights), layers = t->design.n_layers;
    const size_t moments = t->tape->n_statistics;
    const size_t size = sizeof(header) + 4 * n * sizeof(float) +
                        (layers + moments) * sizeof(double) + asx_train_share_bytes(t->share);
    header h;
    uint64_t hash;
    if (n_bytes < sizeof h + sizeof hash || memcmp(bytes, magic, sizeof magic) != 0)
        return asx_fail(err, ASX_EPARSE, "%s: it is no checkpoint of a training", name);
    memcpy(&hash, bytes + n_bytes - sizeof hash, sizeof hash);
    if (asx_hash(bytes, n_bytes - sizeof hash, 0) != hash)
        return asx_fail(err, ASX_EPARSE, "%s: the checkpoint is damaged", name);
    const char *at = bytes;
    take(&h, &at, sizeof h);
    if (h.identity != t->identity || h.n != n || h.n_layers != layers ||
        n_bytes != size + sizeof hash || h.step > t->n_steps)
        return asx_fail(
            err, ASX_EINVAL,
            "%s: the checkpoint is of another network, design, data or options; without it "
            "the training begins anew",
            name);
    /* at the step of the change it is still to be made */
    const asx_status status =
        asx_trainer_enter(t, h.step > t->switch_step ? (size_t)h.step : 0, err);
    if (status != ASX_OK)
        return status;
    take(t->x, &at, n * sizeof *t->x);
    take(t->unit, &at, n * sizeof *t->unit);
    take(t->stepper.mean, &at, n * sizeof *t->stepper.mean);
    take(t->stepper.square, &at, n * sizeof *t->stepper.square);
    take(t->scale, &at, layers * sizeof *t->scale);
    take(t->moment, &at, moments * sizeof *t->moment);
    if (t->share)
        asx_train_share_take(t->share, at);
    t->step = (size_t)h.step;
    t->mean_loss = h.mean_loss;
    t->mean_accuracy = h.mean_accuracy;
    t->mean_weight = h.mean_weight;
    t->epoch = SIZE_MAX;
    if (t->share)
        memcpy(t->used, t->x, t->tape->n_parameters * sizeof *t->used);
    else
        asx_train_weights_use(t->used, t->weights, t->x);
    return ASX_OK;
}

asx_status asx_trainer_resume(asx_trainer *trainer, const char *path, asx_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    asx_status status = asx_file_read(&bytes, &n, path, (size_t)1 << 32, err);
    if (status == ASX_OK)
        status = asx_trainer_parse(trainer, path, bytes, n, err);
    free(bytes);
    return status;
}
