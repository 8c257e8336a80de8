/* One step of stochastic gradient descent, data-parallel. The images of a step are a function of (seed, step) alone, and the pieces'
 * gradients are added in their order: the same weights come out whatever the number of threads, and
 * wherever a training was interrupted. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "eval/calibration.h"
#include "infer.h"
#include "train_augment.h"
#include "train_share.h"
#include "trainer.h"

enum { STREAM_ORDER = 1, STREAM_FAULTS = 1 << 19, STREAM_AUGMENT = 1 << 20 }; /* + epoch */

asx_status asx_trainer_calibrate(asx_trainer *t, asx_error *err)
{
    const asx_design *design = asx_trainer_design(t, t->step);
    if (!t->design.n_layers)
        return ASX_OK;
    asx_calibration *calibration = NULL;
    asx_status status = asx_trainer_ranges(&calibration, t, err);
    for (size_t i = 0; i < t->design.n_layers && status == ASX_OK; i++) {
        const bool positive = t->network->work.layer[i].input_non_negative;
        const asx_word word = asx_format_activation(&design->format[i], positive);
        status = asx_calibration_scale(&t->scale[i], calibration, i, &word, err);
    }
    asx_calibration_free(calibration);
    return status;
}

/* Fisher and Yates' shuffle. */
static void shuffle(asx_trainer *t, size_t epoch)
{
    const size_t n = t->images.end - t->images.first;
    for (size_t i = 0; i < n; i++)
        t->order[i] = (uint32_t)i;
    for (size_t i = n; i-- > 1;) {
        const size_t j =
            (size_t)asx_seed_below(t->options.seed, STREAM_ORDER + epoch, i, (uint64_t)i + 1);
        const uint32_t other = t->order[j];
        t->order[j] = t->order[i];
        t->order[i] = other;
    }
    t->epoch = epoch;
}

/* Fills a worker's images; labels are looked up by the caller in the same order. */
static void fetch(const asx_trainer *t, float *images, float *raw, size_t first)
{
    const size_t *shape = asx_network_input_shape(t->network);
    const size_t pixels = shape[0] * shape[1] * shape[2];
    const size_t shift = (size_t)asx_trainer_number(t, "shift");
    const double flip = asx_trainer_number(t, "flip");
    for (size_t i = 0; i < t->piece; i++) {
        const size_t image = t->images.first + t->order[first + i];
        asx_dataset_images(raw, t->data, image, 1);
        asx_augment(images + i * pixels, raw, shape, shift, flip, t->options.seed,
                    STREAM_AUGMENT + t->epoch, image);
    }
}

/* Forward, loss, backward of piece number `piece` of the step, by a worker. */
static asx_status run_piece(asx_trainer *t, size_t piece, size_t worker, asx_error *err)
{
    const size_t *shape = asx_network_input_shape(t->network);
    const size_t pixels = shape[0] * shape[1] * shape[2];
    const size_t classes = asx_network_n_classes(t->network);
    const size_t first = t->step % t->steps_per_epoch * t->batch + piece * t->piece;
    float *images = t->image + worker * 2 * t->piece * pixels;
    float *dlogits = t->logits + worker * 2 * t->piece * classes;
    float *teacher = dlogits + t->piece * classes;
    const asx_tape_run run = {t->read ? t->read : t->used, t->packed,
                              t->design.n_layers ? (const asx_rounder *const *)t->rounder : NULL,
                              t->scale};
    const asx_tape_run of_teacher = {t->teacher, t->teacher_packed, NULL, NULL};
    const float *logits = NULL;
    asx_status status = ASX_OK;

    fetch(t, images, images + t->piece * pixels, first);
    if (t->teacher) {
        status = asx_tape_forward(&logits, t->tape, &of_teacher, &t->worker[worker], images, err);
        if (status == ASX_OK)
            memcpy(teacher, logits, t->piece * classes * sizeof *teacher);
    }
    if (status == ASX_OK)
        status = asx_tape_forward(&logits, t->tape, &run, &t->worker[worker], images, err);
    if (status != ASX_OK)
        return status;
    t->piece_loss[piece] = 0;
    t->piece_right[piece] = 0;
    for (size_t i = 0; i < t->piece; i++) {
        const unsigned label = asx_dataset_label(t->data, t->images.first + t->order[first + i]);
        const float *l = logits + i * classes;
        t->piece_loss[piece] += asx_loss_image(dlogits + i * classes, &t->loss, l, classes, label,
                                               t->teacher ? teacher + i * classes : NULL);
        t->piece_right[piece] += asx_infer_class(l, classes) == label;
    }
    memcpy(t->piece_statistic + piece * t->tape->n_statistics,
           t->worker[worker].room + t->tape->statistics,
           t->tape->n_statistics * sizeof *t->piece_statistic);
    return asx_tape_backward(t->piece_gradient + piece * t->tape->n_gradients, t->tape, &run,
                             &t->worker[worker], dlogits, err);
}

static asx_status run_pieces(asx_trainer *t, asx_error *err)
{
    asx_status failed = ASX_OK;
#pragma omp parallel num_threads((int)t->n_workers)
    {
        const size_t worker = (size_t)omp_get_thread_num();
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < t->n_pieces; i++) {
            asx_error local = {.status = ASX_OK};
            const asx_status status = run_piece(t, i, worker, &local);
            if (status != ASX_OK) {
#pragma omp critical(asx_trainer_failure)
                {
                    failed = status;
                    if (err)
                        *err = local;
                }
            }
        }
    }
    return failed;
}

/* Mean gradient of the step's images by the used weights. */
static void add_pieces(asx_trainer *t)
{
    const size_t n = t->tape->n_gradients;
    const float share = 1.0f / (float)t->batch;
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (size_t p = 0; p < t->n_pieces; p++)
            sum += t->piece_gradient[p * n + i];
        t->gradient[i] = share * sum;
    }
}

enum { KEEP_PERCENT = 99 }; /* of running means, per step */

/* Running means of normalised layers' means, and of their second moments: the variance over all
 * images is more than the mean of the pieces' variances, as their means differ. */
static void note_statistics(asx_trainer *t)
{
    const size_t n = t->tape->n_statistics;
    const double keep = KEEP_PERCENT / 100.0, share = (1 - keep) / (double)t->n_pieces;
    for (size_t i = 0; i < n; i++)
        t->moment[i] *= keep;
    for (size_t i = 0; i < t->tape->n_parts; i++) {
        const asx_tape_part *part = &t->tape->part[i];
        const size_t channels = part->node->n_biases;
        for (size_t p = 0; part->normalised && p < t->n_pieces; p++) {
            const float *mean = t->piece_statistic + p * n + part->statistic;
            for (size_t c = 0; c < channels; c++) {
                const double m = (double)mean[c], v = (double)mean[channels + c];
                t->moment[part->statistic + c] += share * m;
                t->moment[part->statistic + channels + c] += share * (v + m * m);
            }
        }
    }
}

static asx_status note(asx_trainer *t, asx_error *err)
{
    const double keep = KEEP_PERCENT / 100.0;
    double loss = 0, right = 0;
    for (size_t i = 0; i < t->n_pieces; i++) {
        loss += t->piece_loss[i];
        right += (double)t->piece_right[i];
    }
    loss /= (double)t->batch;
    if (!isfinite(loss))
        return asx_fail(err, ASX_EINVAL,
                        "the loss is not finite in step %zu: the rate %g is too high", t->step,
                        asx_trainer_number(t, "rate"));
    t->mean_loss = keep * t->mean_loss + (1 - keep) * loss;
    t->mean_accuracy = keep * t->mean_accuracy + (1 - keep) * right / (double)t->batch;
    t->mean_weight = keep * t->mean_weight + (1 - keep);
    note_statistics(t);
    return ASX_OK;
}

/* A learned scale may shrink a lot, but not to nothing or below. */
static void keep_scales_positive(asx_trainer *t)
{
    for (size_t i = t->tape->n_parameters; i < asx_train_weights_n(t->weights); i++)
        t->x[i] = fmaxf(t->x[i], 0.05f * t->unit[i]);
}

/* The weights of this step's device. */
static asx_status read_weights(asx_trainer *t, asx_error *err)
{
    if (!t->read)
        return ASX_OK;
    const uint64_t device = asx_seed_bits(t->options.seed, STREAM_FAULTS, t->step);
    memcpy(t->read, t->used, t->tape->n_parameters * sizeof *t->read);
    return asx_train_weights_read(t->read, t->weights, t->x, &t->options.faults, device, err);
}

/* The gradient by the vector, for the design at work. */
static asx_status find_gradient(asx_trainer *t, asx_error *err)
{
    asx_status status = read_weights(t, err);
    if (status == ASX_OK)
        status = asx_tape_pack(t->tape, t->packed, t->read ? t->read : t->used, err);
    if (status == ASX_OK)
        status = run_pieces(t, err);
    if (status == ASX_OK)
        status = note(t, err);
    if (status != ASX_OK)
        return status;
    add_pieces(t);
    asx_train_weights_back(t->gradient, t->weights, t->x);
    return ASX_OK;
}

/* The mean gradient of several designs; scales stay as they were found. */
static asx_status find_shared_gradient(asx_trainer *t, asx_error *err)
{
    const size_t n = t->tape->n_parameters, passes = t->share->n_passes;
    asx_status status = t->step % t->share->interval == 0 ? asx_train_share_fit(t, err) : ASX_OK;
    memset(t->sum, 0, n * sizeof *t->sum);
    for (size_t pass = 0; pass < passes && status == ASX_OK; pass++) {
        status = asx_train_share_enter(t, pass, err);
        if (status == ASX_OK)
            status = find_gradient(t, err);
        for (size_t i = 0; i < n && status == ASX_OK; i++)
            t->sum[i] += t->gradient[i] / (float)passes;
    }
    memset(t->gradient, 0, asx_train_weights_n(t->weights) * sizeof *t->gradient);
    memcpy(t->gradient, t->sum, n * sizeof *t->sum);
    return status;
}

static void settle_weights(asx_trainer *t)
{
    keep_scales_positive(t);
    asx_train_weights_use(t->used, t->weights, t->x);
}

static void use_clips(asx_trainer *t)
{
    for (size_t i = 0; i < t->design.n_layers; i++)
        t->scale[i] = (double)t->x[t->tape->n_parameters + i];
}

/* Scales of inputs for a step on one design. */
static asx_status settle_inputs(asx_trainer *t, asx_error *err)
{
    if (!t->learns_clips && (t->step % t->steps_per_epoch == 0 || t->step == t->switch_step))
        return asx_trainer_calibrate(t, err);
    if (t->learns_clips)
        use_clips(t);
    return ASX_OK;
}

asx_status asx_trainer_step(asx_trainer *trainer, asx_error *err)
{
    asx_trainer *t = trainer;
    const size_t epoch = t->step / t->steps_per_epoch;
    const double most = asx_trainer_number(t, "clip_gradient");
    asx_status status = ASX_OK;
    if (t->epoch != epoch)
        shuffle(t, epoch);
    if (t->switch_step && t->step == t->switch_step)
        status = asx_trainer_switch(t, err);
    if (status == ASX_OK && !t->share)
        status = settle_inputs(t, err);
    if (status == ASX_OK)
        status = t->share ? find_shared_gradient(t, err) : find_gradient(t, err);
    if (status != ASX_OK)
        return status;
    if (most > 0)
        (void)asx_clip_norm(t->gradient, t->unit, asx_train_weights_n(t->weights), most);
    asx_stepper_step(&t->stepper, t->x, t->gradient, t->unit, t->rate, t->decays,
                     asx_trainer_progress(t).rate, t->step);
    if (t->share)
        memcpy(t->used, t->x, t->tape->n_parameters * sizeof *t->used); /* of no design */
    else
        settle_weights(t);
    t->step++;
    return ASX_OK;
}
