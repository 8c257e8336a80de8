#include "calibration_private.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/name.h"
#include "eval/dyadic.h"
#include "infer.h"
#include "means.h"
#include "sample.h"

/* A word some layer's input was asked in. */
typedef struct input_word {
    asx_word word;
    asx_rounder *rounder;
    asx_scale *scale; /* per layer; scale 0: not known yet */
} input_word;

struct asx_calibration {
    asx_calibration_options options;
    asx_plan *plan;
    asx_projections *projections;
    asx_sample *sample; /* per layer */
    asx_means means;    /* if biases are corrected */
    asx_groups groups;
    asx_lookups *lookups;
    double *peak;    /* per value; the largest of its group where it stands for one */
    omp_lock_t lock; /* of the list of words; its members stay where they are */
    input_word **word;
    size_t n_words, capacity;
    const asx_crew *crew; /* borrowed; NULL: nobody else works */
    const asx_dataset *shared;
};

static const char *const RANGINGS[] = {
#define ASX_TEXT(name, text, help) text,
    ASX_RANGING_LIST(ASX_TEXT)
#undef ASX_TEXT
        NULL};

const char *asx_ranging_text(asx_ranging ranging)
{
    return RANGINGS[ranging];
}

asx_status asx_ranging_parse(asx_ranging *out, const char *text, asx_error *err)
{
    size_t i = 0;
    const asx_status status = asx_name_find(&i, "ranging", text, RANGINGS, err);
    if (status == ASX_OK)
        *out = (asx_ranging)i;
    return status;
}

asx_calibration_options asx_calibration_options_default(void)
{
    return (asx_calibration_options){.ranging = ASX_RANGING_MSE,
                                     .percentile = 99.99,
                                     .bias_correction = true,
                                     .multiplier_bits = 16,
                                     .batch = 0,
                                     .share_bytes = (size_t)64 << 20,
                                     .cache_bytes = (size_t)128 << 20};
}

enum { BATCH_MAX = 4096, LOOKUP_BYTES = 64 << 20 };

static asx_status check_options(const asx_calibration_options *o, asx_error *err)
{
    if ((unsigned)o->ranging >= ASX_N_RANGINGS)
        return asx_fail(err, ASX_EINVAL, "ranging %d is unknown", (int)o->ranging);
    if (!(o->percentile >= 50 && o->percentile <= 100))
        return asx_fail(err, ASX_EINVAL, "percentile %g is outside 50 .. 100", o->percentile);
    if (o->batch > BATCH_MAX)
        return asx_fail(err, ASX_EINVAL, "batch of %zu images is outside 0 .. %d", o->batch,
                        BATCH_MAX);
    if (o->multiplier_bits < ASX_DYADIC_BITS_MIN || o->multiplier_bits > ASX_DYADIC_BITS_MAX)
        return asx_fail(err, ASX_EINVAL, "multipliers of %u bits are outside %d .. %d",
                        o->multiplier_bits, ASX_DYADIC_BITS_MIN, ASX_DYADIC_BITS_MAX);
    return ASX_OK;
}

/* What observe needs. */
typedef struct watch {
    asx_calibration *calibration;
    size_t first; /* calibration image number 0 */
} watch;

static asx_status observe(void *state, size_t layer, size_t first_image, const float *x,
                          size_t n_images, asx_error *err)
{
    const watch *w = state;
    asx_calibration *c = w->calibration;
    const size_t n = asx_plan_layer_inputs(c->plan, layer);
    asx_status status =
        asx_sample_add(&c->sample[layer], (first_image - w->first) * n, x, n_images * n, err);
    if (status == ASX_OK && c->options.bias_correction)
        status = asx_means_add(&c->means, layer, first_image - w->first, x, n_images, err);
    return status ? asx_fail_context(err, status, "input of layer '%s'", c->plan->node[layer]->name)
                  : ASX_OK;
}

static void see(void *state, size_t value, const float *x, size_t n)
{
    const watch *w = state;
    double *peak = &w->calibration->peak[w->calibration->groups.of_value[value]];
    float top = 0;
    for (size_t i = 0; i < n; i++) {
        const float magnitude = fabsf(x[i]);
        top = magnitude > top ? magnitude : top;
    }
#pragma omp critical(asx_calibration_peaks)
    *peak = fmax(*peak, (double)top);
}

static asx_status sample_inputs(asx_calibration *c, const asx_dataset *data, asx_range images,
                                asx_error *err)
{
    const size_t n_layers = c->plan->network->work.n_layers;
    c->sample = asx_array_new(n_layers, sizeof *c->sample);
    c->peak = asx_array_new(c->plan->network->n_values, sizeof *c->peak);
    if (!c->sample || !c->peak)
        return asx_fail(err, ASX_ENOMEM, "no memory for samples of activations");
    for (size_t i = 0; i < n_layers; i++) {
        const size_t n = asx_plan_layer_inputs(c->plan, i) * (images.end - images.first);
        asx_status status = asx_sample_init(&c->sample[i], i, n, err);
        if (status != ASX_OK)
            return status;
        const asx_layer *layer = &c->plan->network->work.layer[i];
        if (c->plan->node[i]->op == ASX_OP_CONV) { /* channels are innermost */
            c->sample[i].width = layer->in_w * layer->in_c;
            c->sample[i].stride = layer->stride_w * layer->in_c;
        }
    }
    if (c->options.bias_correction) {
        asx_status status = asx_means_init(&c->means, c->plan, images.end - images.first, err);
        if (status != ASX_OK)
            return status;
    }
    watch w = {c, images.first};
    const asx_inference job = {.plan = c->plan,
                               .data = data,
                               .images = images,
                               .run = {.observe = observe, .see = see, .watcher = &w}};
    asx_status status = asx_infer(&job, err);
    if (status == ASX_OK && c->options.bias_correction)
        asx_means_end(&c->means);
    return status;
}

asx_status asx_calibration_new(asx_calibration **out, const asx_network *network,
                               const asx_dataset *data, asx_range images,
                               const asx_calibration_options *options, asx_error *err)
{
    asx_calibration_options o = options ? *options : asx_calibration_options_default();
    asx_status status = check_options(&o, err);
    if (status == ASX_OK)
        status = asx_infer_check(network, data, images, err);
    if (status != ASX_OK)
        return status;
    asx_calibration *c = asx_array_new(1, sizeof *c);
    if (!c)
        return asx_fail(err, ASX_ENOMEM, "no memory for a calibration");
    c->options = o;
    omp_init_lock(&c->lock);
    status = asx_plan_new(&c->plan, network, o.batch ? o.batch : asx_plan_batch(network), err);
    if (status == ASX_OK)
        status = asx_groups_init(&c->groups, network, err);
    if (status == ASX_OK)
        status = asx_lookups_new(&c->lookups, LOOKUP_BYTES, err);
    if (status == ASX_OK)
        status = sample_inputs(c, data, images, err);
    if (status == ASX_OK)
        status = asx_projections_new(&c->projections, c->plan, c->means.mean, o.cache_bytes, err);
    if (status != ASX_OK) {
        asx_calibration_free(c);
        return status;
    }
    *out = c;
    return ASX_OK;
}

static void input_word_free(input_word *w)
{
    if (!w)
        return;
    asx_rounder_free(w->rounder);
    free(w->scale);
    free(w);
}

void asx_calibration_free(asx_calibration *calibration)
{
    if (!calibration)
        return;
    for (size_t i = 0; i < calibration->n_words; i++)
        input_word_free(calibration->word[i]);
    free(calibration->word);
    if (calibration->sample)
        for (size_t i = 0; i < calibration->plan->network->work.n_layers; i++)
            asx_sample_fini(&calibration->sample[i]);
    free(calibration->sample);
    asx_means_fini(&calibration->means);
    free(calibration->peak);
    asx_groups_fini(&calibration->groups);
    asx_projections_free(calibration->projections);
    asx_lookups_free(calibration->lookups);
    asx_plan_free(calibration->plan);
    omp_destroy_lock(&calibration->lock);
    free(calibration);
}

void asx_calibration_join(asx_calibration *calibration, const asx_crew *crew,
                          const asx_dataset *data)
{
    calibration->crew = crew && crew->n > 1 ? crew : NULL;
    calibration->shared = data;
}

const asx_crew *asx_calibration_crew(const asx_calibration *calibration, const asx_dataset *data)
{
    return data == calibration->shared ? calibration->crew : NULL;
}

uint64_t asx_calibration_fingerprint(const asx_calibration *c)
{
    const size_t n_layers = c->plan->network->work.n_layers;
    uint64_t hash = asx_hash(c->peak, c->plan->network->n_values * sizeof *c->peak, 0);
    for (size_t i = 0; i < n_layers; i++)
        hash = asx_sample_hash(&c->sample[i], hash);
    return hash;
}

const asx_network *asx_calibration_network(const asx_calibration *calibration)
{
    return calibration->plan->network;
}

const asx_plan *asx_calibration_plan(const asx_calibration *calibration)
{
    return calibration->plan;
}

asx_projections *asx_calibration_projections(const asx_calibration *calibration)
{
    return calibration->projections;
}

const asx_groups *asx_calibration_groups(const asx_calibration *calibration)
{
    return &calibration->groups;
}

asx_lookups *asx_calibration_lookups(const asx_calibration *calibration)
{
    return calibration->lookups;
}

unsigned asx_calibration_multiplier_bits(const asx_calibration *calibration)
{
    return calibration->options.multiplier_bits;
}

size_t asx_calibration_share(const asx_calibration *calibration)
{
    return calibration->options.share_bytes;
}

const asx_sample *asx_calibration_sample(const asx_calibration *calibration, size_t layer)
{
    return &calibration->sample[layer];
}

double asx_calibration_peak(const asx_calibration *calibration, size_t group)
{
    return calibration->peak[group];
}

/* The entry of a word, made if need be. Under the lock. */
static asx_status find_word(input_word **out, asx_calibration *c, const asx_word *word,
                            asx_error *err)
{
    for (size_t i = 0; i < c->n_words; i++)
        if (asx_word_equal(&c->word[i]->word, word)) {
            *out = c->word[i];
            return ASX_OK;
        }
    asx_rounder *rounder = NULL;
    asx_status status = asx_rounder_new(&rounder, word, err);
    if (status != ASX_OK)
        return status;
    input_word **list = asx_array_grow(c->word, &c->capacity, c->n_words + 1, sizeof(input_word *));
    if (list)
        c->word = list;
    input_word *w = asx_array_new(1, sizeof *w);
    asx_scale *scale = asx_array_new(c->plan->network->work.n_layers, sizeof *scale);
    if (!list || !w || !scale) {
        free(w);
        free(scale);
        asx_rounder_free(rounder);
        return asx_fail(err, ASX_ENOMEM, "no memory for scales of activations");
    }
    *w = (input_word){.word = *word, .rounder = rounder, .scale = scale};
    c->word[c->n_words++] = w;
    *out = w;
    return ASX_OK;
}

/* The scale of a layer's input that was learned, or that the file has for such words; 0: none. */
static double known_scale(const asx_node *layer, const asx_rounder *rounder)
{
    const asx_held *held = &layer->held;
    if (layer->clip > 0)
        return (double)layer->clip / asx_rounder_high(rounder);
    return held->input_bits > 0 && asx_rounder_plain_bits(rounder) == held->input_bits
               ? (double)held->input_scale
               : 0;
}

static asx_status find_scale(asx_scale *out, const asx_rounder **rounder, asx_calibration *c,
                             size_t layer, const asx_word *word, asx_error *err)
{
    const size_t n_layers = c->plan->network->work.n_layers;
    if (layer >= n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu is not one of the network's %zu", layer,
                        n_layers);
    input_word *w = NULL;
    asx_scale s = {.scale = 0};
    omp_set_lock(&c->lock);
    asx_status status = find_word(&w, c, word, err);
    if (status == ASX_OK)
        s = w->scale[layer];
    omp_unset_lock(&c->lock);
    if (status == ASX_OK &&
        !(s.scale > 0)) { /* outside the lock: at worst two threads find the same */
        status = asx_sample_scale(&s, &c->sample[layer], w->rounder, c->options.ranging,
                                  c->options.percentile,
                                  known_scale(c->plan->node[layer], w->rounder), err);
        if (status == ASX_OK) {
            omp_set_lock(&c->lock);
            w->scale[layer] = s;
            omp_unset_lock(&c->lock);
        }
    }
    if (status != ASX_OK)
        return status;
    *out = s;
    *rounder = w->rounder;
    return ASX_OK;
}

asx_status asx_calibration_input(double *scale, const asx_rounder **rounder,
                                 asx_calibration *calibration, size_t layer, const asx_word *word,
                                 asx_error *err)
{
    asx_scale s;
    asx_status status = find_scale(&s, rounder, calibration, layer, word, err);
    if (status == ASX_OK)
        *scale = s.scale;
    return status;
}

asx_status asx_calibration_scale(double *scale, asx_calibration *calibration, size_t layer,
                                 const asx_word *word, asx_error *err)
{
    const asx_rounder *rounder;
    return asx_calibration_input(scale, &rounder, calibration, layer, word, err);
}

asx_status asx_calibration_activation_error(double *error, asx_calibration *calibration,
                                            size_t layer, const asx_word *word, asx_error *err)
{
    asx_scale s;
    const asx_rounder *rounder;
    asx_status status = find_scale(&s, &rounder, calibration, layer, word, err);
    if (status == ASX_OK)
        *error = s.error;
    return status;
}

asx_status asx_calibration_weight_error(double *error, asx_calibration *calibration, size_t layer,
                                        const asx_word *word, asx_error *err)
{
    const size_t n_layers = calibration->plan->network->work.n_layers;
    if (layer >= n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu is not one of the network's %zu", layer,
                        n_layers);
    asx_rounder *rounder = NULL;
    asx_status status = asx_rounder_new(&rounder, word, err);
    if (status != ASX_OK)
        return status;
    *error = asx_project(NULL, NULL, calibration->plan->node[layer], rounder);
    asx_rounder_free(rounder);
    return ASX_OK;
}
