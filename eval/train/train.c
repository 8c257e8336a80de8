/* Trainers: made and unmade. */
#include "eval/train.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "infer.h"
#include "network_copy.h"
#include "train_share.h"
#include "trainer.h"

static asx_status check(const asx_network *network, const asx_dataset *data, asx_range images,
                        const asx_design *design, const asx_train_options *o, asx_error *err)
{
    asx_status status = asx_infer_check(network, data, images, err);
    if (status != ASX_OK)
        return status;
    if (asx_network_has_steps(network))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "network '%s' has recurrent layers, which are not trained", network->name);
    if (design && design->n_layers != network->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a network of %zu",
                        design->n_layers, network->work.n_layers);
    if (o->via && (!design || o->via->n_layers != design->n_layers))
        return asx_fail(err, ASX_EINVAL, "a design to train first, but %s",
                        design ? "of another network" : "none to train then");
    if ((unsigned)o->optimiser >= ASX_N_OPTIMISERS || (unsigned)o->schedule >= ASX_N_SCHEDULES ||
        (unsigned)o->surrogate >= ASX_N_SURROGATES || o->number.spec != asx_train_params)
        return asx_fail(err, ASX_EINVAL, "options of training are not well-formed");
    if (o->space && (design || asx_params_get(&o->number, "fresh") > 0))
        return asx_fail(err, ASX_EINVAL, "training for a space has no %s",
                        design ? "design of its own"
                               : "option 'fresh': it begins with a float network");
    if (o->space && o->designs_per_step == 0)
        return asx_fail(err, ASX_EINVAL, "training for a space takes a design a step or more");
    if (o->space && asx_space_n_layers(o->space) != network->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "space of %zu layers for a network of %zu",
                        asx_space_n_layers(o->space), network->work.n_layers);
    const size_t n = images.end - images.first, batch = (size_t)asx_params_get(&o->number, "batch");
    if (batch > n)
        return asx_fail(err, ASX_EINVAL, "a batch of %zu images out of %zu", batch, n);
    if (asx_params_get(&o->number, "fresh") > 0 && asx_params_get(&o->number, "distil") > 0)
        return asx_fail(err, ASX_EINVAL,
                        "options 'fresh' and 'distil': random weights teach nothing");
    if (n > UINT32_MAX)
        return asx_fail(err, ASX_EINVAL, "more than 2^32 images");
    return asx_infer_check_labels(network, data, images, err);
}

/* Pieces as large as the caches like, of equal size. */
static size_t piece_of(size_t batch)
{
    enum { PIECE_MAX = 16 };
    size_t piece = batch < PIECE_MAX ? batch : PIECE_MAX;
    while (batch % piece)
        piece--;
    return piece;
}

static asx_status identify(asx_trainer *t, const asx_network *network, asx_error *err)
{
    asx_text text = {0};
    const bool half = asx_trainer_number(t, "bf16") > 0 && asx_dnn_has_half();
    asx_text_add(&text, "%llx %llx %zu:%zu %d %d %d %d %llu ", (unsigned long long)network->hash,
                 (unsigned long long)asx_dataset_hash(t->data), t->images.first, t->images.end,
                 half, (int)t->options.optimiser, (int)t->options.schedule,
                 (int)t->options.surrogate, (unsigned long long)t->options.seed);
    asx_params_print(&text, &t->options.number);
    if (t->share)
        asx_train_share_print(&text, t->share);
    else if (t->design.n_layers)
        asx_design_print_formats(&text, &t->design, &network->work);
    if (t->via.n_layers)
        asx_design_print_formats(&text, &t->via, &network->work);
    if (asx_trainer_errs(t))
        asx_faults_print(&text, &t->options.faults);
    if (text.failed) {
        asx_text_fini(&text);
        return asx_fail(err, ASX_ENOMEM, "no memory for the identity of a training");
    }
    t->identity = asx_hash(text.s, text.n, 0);
    asx_text_fini(&text);
    return ASX_OK;
}

static void *aligned_bytes(size_t n)
{
    return aligned_alloc(64, (n + 64) / 64 * 64);
}

static asx_status make_arrays(asx_trainer *t, asx_error *err)
{
    const size_t n = asx_train_weights_n(t->weights), used = t->tape->n_parameters;
    const asx_network *net = t->network;
    const size_t pixels = asx_value_n_elements(&net->value[net->input]);
    const size_t classes = asx_network_n_classes(net), layers = net->work.n_layers;
    const bool distils = t->loss.distil > 0;
    t->x = asx_array_new(n, sizeof *t->x);
    t->unit = asx_array_new(n, sizeof *t->unit);
    t->rate = asx_array_new(n, sizeof *t->rate);
    t->gradient = asx_array_new(n, sizeof *t->gradient);
    t->decays = asx_array_new(n, 1);
    t->sum = t->share ? asx_array_new(used, sizeof *t->sum) : NULL;
    t->used = asx_array_new(used, sizeof *t->used);
    t->read = asx_trainer_errs(t) ? asx_array_new(used, sizeof *t->read) : NULL;
    t->packed = aligned_bytes(t->tape->packed_bytes);
    t->piece_gradient =
        asx_array_new(t->n_pieces * t->tape->n_gradients, sizeof *t->piece_gradient);
    t->piece_statistic =
        asx_array_new(t->n_pieces * t->tape->n_statistics + 1, sizeof *t->piece_statistic);
    t->moment = asx_array_new(t->tape->n_statistics + 1, sizeof *t->moment);
    t->scale = asx_array_new(layers, sizeof *t->scale);
    t->teacher = distils ? asx_array_new(used, sizeof *t->teacher) : NULL;
    t->teacher_packed = distils ? aligned_bytes(t->tape->packed_bytes) : NULL;
    t->worker = asx_array_new(t->n_workers, sizeof *t->worker);
    t->image = asx_array_new(t->n_workers * 2 * t->piece * pixels, sizeof *t->image);
    t->logits = asx_array_new(t->n_workers * 2 * t->piece * classes, sizeof *t->logits);
    t->piece_loss = asx_array_new(t->n_pieces, sizeof *t->piece_loss);
    t->piece_right = asx_array_new(t->n_pieces, sizeof *t->piece_right);
    t->order = asx_array_new(t->images.end - t->images.first, sizeof *t->order);
    if (!t->x || !t->unit || !t->rate || !t->gradient || !t->decays || !t->used || !t->packed ||
        !t->piece_gradient || !t->piece_statistic || !t->moment || !t->scale || !t->worker ||
        !t->image || !t->logits || !t->piece_loss || !t->piece_right || !t->order ||
        (t->share && !t->sum) || (distils && (!t->teacher || !t->teacher_packed)) ||
        (asx_trainer_errs(t) && !t->read))
        return asx_fail(err, ASX_ENOMEM, "no memory for a training of %zu parameters", used);
    for (size_t i = 0; i < t->n_workers; i++) {
        const asx_status status = asx_tape_worker_init(&t->worker[i], t->tape, err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}

static asx_status make_teacher(asx_trainer *t, asx_error *err)
{
    for (size_t i = 0; i < t->tape->n_parts; i++) {
        const asx_tape_part *p = &t->tape->part[i];
        memcpy(t->teacher + p->weight, p->node->weight, p->node->n_weights * sizeof *t->teacher);
        memcpy(t->teacher + p->bias, p->node->bias, p->node->n_biases * sizeof *t->teacher);
    }
    return asx_tape_pack(t->tape, t->teacher_packed, t->teacher, err);
}

/* Alphabets are trained on folded weights: what lies on the grid is what the hardware multiplies
 * by. */
static asx_tape_choice tape_choice(const asx_trainer *t)
{
    return (asx_tape_choice){.batch = t->piece,
                             .half = asx_trainer_number(t, "bf16") > 0,
                             .normalises =
                                 asx_trainer_number(t, "fresh") > 0 && !t->design.n_layers};
}

/* Clips begin where the measured tier would put them. */
static asx_status start_clips(asx_trainer *t, asx_error *err)
{
    const asx_status status = asx_trainer_calibrate(t, err);
    for (size_t i = 0; i < t->design.n_layers && status == ASX_OK; i++) {
        const size_t at = t->tape->n_parameters + i;
        t->x[at] = t->unit[at] = (float)t->scale[i];
        t->rate[at] = (float)asx_trainer_number(t, "clip_rate");
    }
    t->learns_clips = asx_trainer_number(t, "clip_rate") > 0;
    return status;
}

/* Everything behind the copies of what the caller gave. */
static asx_status make(asx_trainer *t, asx_error *err)
{
    asx_status status = asx_tape_new(&t->tape, t->network, tape_choice(t), err);
    if (status == ASX_OK)
        status = asx_trainer_enter(t, 0, err);
    if (status == ASX_OK)
        status = asx_stepper_init(
            &t->stepper, t->options.optimiser, asx_train_weights_n(t->weights),
            asx_trainer_number(t, "momentum"), asx_trainer_number(t, "decay"), err);
    if (status == ASX_OK)
        status = make_arrays(t, err);
    if (status == ASX_OK && t->teacher)
        status = make_teacher(t, err);
    if (status != ASX_OK)
        return status;
    asx_train_weights_start(t->x, t->weights);
    asx_train_weights_units(t->unit, t->rate, t->decays, t->weights, t->x,
                            t->share ? 0 : asx_trainer_number(t, "scale_rate"));
    asx_train_weights_use(t->used, t->weights, t->x);
    if (t->read) /* words that cannot err so are refused before the first step */
        status = asx_train_weights_read(t->read, t->weights, t->x, &t->options.faults, 0, err);
    if (status == ASX_OK && t->share) {
        memcpy(t->used, t->x, t->tape->n_parameters * sizeof *t->used);
        return asx_train_share_settle(t, err);
    }
    return status == ASX_OK && t->design.n_layers ? start_clips(t, err) : status;
}

static void set_sizes(asx_trainer *t)
{
    t->batch = (size_t)asx_trainer_number(t, "batch");
    t->piece = piece_of(t->batch);
    t->n_pieces = t->batch / t->piece;
    const size_t threads = (size_t)omp_get_max_threads();
    t->n_workers = threads < t->n_pieces ? threads : t->n_pieces;
    t->steps_per_epoch = (t->images.end - t->images.first) / t->batch;
    t->n_steps = t->steps_per_epoch * (size_t)asx_trainer_number(t, "epochs");
    t->epoch = SIZE_MAX;
    t->loss = (asx_loss){asx_trainer_number(t, "smoothing"), asx_trainer_number(t, "distil"),
                         asx_trainer_number(t, "temperature")};
}

/* The first design says how large things are. */
static asx_status begin_sharing(asx_trainer *t, const asx_space *space, asx_error *err)
{
    const asx_status status =
        asx_train_share_new(&t->share, space, t->options.designs_per_step, err);
    return status ? status : asx_space_decode(&t->design, space, t->share->largest, err);
}

asx_status asx_trainer_new(asx_trainer **out, const asx_network *network, const asx_dataset *data,
                           asx_range images, const asx_design *design,
                           const asx_train_options *options, asx_error *err)
{
    const asx_train_options o = options ? *options : asx_train_options_default();
    asx_status status = check(network, data, images, design, &o, err);
    if (status != ASX_OK)
        return status;
    asx_trainer *t = asx_array_new(1, sizeof *t);
    if (!t)
        return asx_fail(err, ASX_ENOMEM, "no memory for a training");
    t->options = o;
    t->data = data;
    t->images = images;
    set_sizes(t);
    status = asx_network_copy(&t->network, network, err);
    if (status == ASX_OK && asx_trainer_number(t, "fresh") > 0)
        asx_network_randomise(t->network, o.seed);
    if (status == ASX_OK && design)
        status = asx_design_copy(&t->design, design, err);
    if (status == ASX_OK && o.via) {
        const double part = asx_trainer_number(t, "via_part");
        status = asx_design_copy(&t->via, o.via, err);
        t->switch_step = 1 + (size_t)(part * (double)(t->n_steps - 1));
    }
    t->options.via = NULL;
    if (status == ASX_OK && o.space)
        status = begin_sharing(t, o.space, err);
    if (status == ASX_OK)
        status = identify(t, network, err);
    if (status == ASX_OK)
        status = make(t, err);
    if (status != ASX_OK) {
        asx_trainer_free(t);
        return status;
    }
    *out = t;
    return ASX_OK;
}

void asx_trainer_free(asx_trainer *trainer)
{
    asx_trainer *t = trainer;
    if (!t)
        return;
    asx_trainer_leave(t);
    for (size_t i = 0; t->worker && i < t->n_workers; i++)
        asx_tape_worker_fini(&t->worker[i]);
    void *const owned[] = {t->x,      t->unit,   t->rate,   t->gradient,       t->decays,
                           t->used,   t->read,   t->packed, t->piece_gradient, t->piece_statistic,
                           t->sum,    t->moment, t->scale,  t->teacher,        t->teacher_packed,
                           t->worker, t->image,  t->logits, t->piece_loss,     t->piece_right,
                           t->order};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    asx_train_share_free(t->share);
    asx_stepper_fini(&t->stepper);
    asx_tape_free(t->tape);
    asx_design_fini(&t->design);
    asx_design_fini(&t->via);
    asx_network_free(t->network);
    free(t);
}
