#include "calibration_parts.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "infer.h"
#include "means.h"
#include "sample.h"

enum { LOOKUP_BYTES = 64 << 20 };

/* What observe needs. */
typedef struct watch {
    asx_calibration *calibration;
    size_t first; /* calibration image number 0 */
} watch;

/* Values of an image are one row; of a layer of several steps, that of all of them. */
static asx_status sample(asx_sample *out, const asx_node *node, size_t n_steps, size_t image,
                         size_t n, const float *x, size_t n_images, asx_error *err)
{
    asx_status status = ASX_OK;
    if (n_steps == 1)
        return asx_sample_add(out, image * n, x, n_images * n, err);
    for (size_t i = 0; status == ASX_OK && i < n_images; i++)
        status = asx_sample_add(out, ((image + i) * n_steps + node->repeat) * n, x + i * n, n, err);
    return status;
}

static asx_status observe(void *state, const asx_node *node, size_t first_image, const float *x,
                          size_t n_images, asx_error *err)
{
    const watch *w = state;
    asx_calibration *c = w->calibration;
    const size_t layer = (size_t)node->layer, n = asx_plan_layer_inputs(c->plan, layer);
    asx_status status = sample(&c->sample[layer], node, c->plan->n_steps[layer],
                               first_image - w->first, n, x, n_images, err);
    if (status == ASX_OK && c->options.bias_correction && asx_node_has_weights(node))
        status = asx_means_add(&c->means, layer, first_image - w->first, x, n_images, err);
    return status ? asx_fail_context(err, status, "input of layer '%s'", node->name) : ASX_OK;
}

static asx_status observe_second(void *state, const asx_node *node, size_t first_image,
                                 const float *x, size_t n_images, asx_error *err)
{
    const watch *w = state;
    asx_calibration *c = w->calibration;
    const size_t layer = (size_t)node->layer, n = asx_plan_second_inputs(c->plan, layer);
    const asx_status status =
        sample(&c->second[layer], node, 1, first_image - w->first, n, x, n_images, err);
    return status ? asx_fail_context(err, status, "second operand of layer '%s'", node->name)
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

static asx_status make_samples(asx_calibration *c, size_t n_images, asx_error *err)
{
    const size_t n_layers = c->plan->network->work.n_layers;
    c->sample = asx_array_new(n_layers, sizeof *c->sample);
    c->second = asx_array_new(n_layers, sizeof *c->second);
    c->peak = asx_array_new(c->plan->network->n_values, sizeof *c->peak);
    if (!c->sample || !c->second || !c->peak)
        return asx_fail(err, ASX_ENOMEM, "no memory for samples of activations");
    for (size_t i = 0; i < n_layers; i++) {
        const size_t n = asx_plan_layer_inputs(c->plan, i) * c->plan->n_steps[i] * n_images;
        asx_status status = asx_sample_init(&c->sample[i], i, n, err);
        if (status == ASX_OK && !asx_node_has_weights(c->plan->node[i]))
            status = asx_sample_init(&c->second[i], n_layers + i,
                                     asx_plan_second_inputs(c->plan, i) * n_images, err);
        if (status != ASX_OK)
            return status;
        const asx_layer *layer = &c->plan->network->work.layer[i];
        if (c->plan->node[i]->op == ASX_OP_CONV) { /* channels are innermost */
            c->sample[i].width = layer->in_w * layer->in_c;
            c->sample[i].stride = layer->stride_w * layer->in_c;
        }
    }
    return c->options.bias_correction ? asx_means_init(&c->means, c->plan, n_images, err) : ASX_OK;
}

static asx_status sample_inputs(asx_calibration *c, const asx_dataset *data, asx_range images,
                                asx_error *err)
{
    asx_status status = make_samples(c, images.end - images.first, err);
    if (status != ASX_OK)
        return status;
    watch w = {c, images.first};
    const asx_inference job = {
        .plan = c->plan,
        .data = data,
        .images = images,
        .run = {.observe = observe, .observe_second = observe_second, .see = see, .watcher = &w}};
    status = asx_infer(&job, err);
    if (status == ASX_OK && c->options.bias_correction)
        asx_means_end(&c->means);
    return status;
}

asx_status asx_calibration_new(asx_calibration **out, const asx_network *network,
                               const asx_dataset *data, asx_range images,
                               const asx_calibration_options *options, asx_error *err)
{
    asx_calibration_options o = options ? *options : asx_calibration_options_default();
    asx_status status = asx_calibration_options_check(&o, err);
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
    c->reconstruction =
        (asx_reconstruction){c->plan, data, images, o.rounding, c->means.mean, NULL, NULL, NULL};
    if (status == ASX_OK)
        status = asx_reconstruction_init(&c->reconstruction, err);
    if (status == ASX_OK)
        status = asx_projections_new(&c->projections, c->plan, asx_reconstruction_shared,
                                     &c->reconstruction, o.cache_bytes, err);
    if (status != ASX_OK) {
        asx_calibration_free(c);
        return status;
    }
    *out = c;
    return ASX_OK;
}

void asx_calibration_free(asx_calibration *calibration)
{
    if (!calibration)
        return;
    for (size_t i = 0; i < calibration->n_words; i++)
        asx_input_word_free(calibration->word[i]);
    free(calibration->word);
    if (calibration->sample)
        for (size_t i = 0; i < calibration->plan->network->work.n_layers; i++)
            asx_sample_fini(&calibration->sample[i]);
    if (calibration->second)
        for (size_t i = 0; i < calibration->plan->network->work.n_layers; i++)
            asx_sample_fini(&calibration->second[i]);
    free(calibration->sample);
    free(calibration->second);
    asx_means_fini(&calibration->means);
    free(calibration->peak);
    asx_groups_fini(&calibration->groups);
    asx_projections_free(calibration->projections);
    asx_lookups_free(calibration->lookups);
    asx_reconstruction_fini(&calibration->reconstruction);
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

void asx_calibration_watch(asx_calibration *calibration, const asx_work_watch *by)
{
    calibration->watch = by;
}

const asx_work_watch *asx_calibration_watcher(const asx_calibration *calibration)
{
    static const asx_work_watch nobody = {.state = NULL};
    return calibration->watch ? calibration->watch : &nobody;
}

asx_status asx_calibration_go_on(const asx_calibration *calibration, asx_error *err)
{
    const asx_work_watch *w = asx_calibration_watcher(calibration);
    return w->stop && w->stop(w->state) ? asx_fail(err, ASX_EINTERRUPTED, "stopped") : ASX_OK;
}

uint64_t asx_calibration_fingerprint(const asx_calibration *c)
{
    const size_t n_layers = c->plan->network->work.n_layers;
    uint64_t hash = asx_hash(c->peak, c->plan->network->n_values * sizeof *c->peak, 0);
    for (size_t i = 0; i < n_layers; i++)
        hash = asx_sample_hash(&c->sample[i], hash);
    for (size_t i = 0; i < n_layers; i++)
        if (!asx_node_has_weights(c->plan->node[i]))
            hash = asx_sample_hash(&c->second[i], hash);
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

const asx_reconstruction *asx_calibration_reconstruction(const asx_calibration *calibration)
{
    return &calibration->reconstruction;
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

void asx_calibration_set_faults(asx_calibration *calibration, const asx_faults *faults)
{
    calibration->options.faults = *faults;
}

const asx_faults *asx_calibration_faults(const asx_calibration *calibration)
{
    const asx_faults *faults = &calibration->options.faults;
    return asx_faults_any(faults) ? faults : NULL;
}

size_t asx_calibration_share(const asx_calibration *calibration)
{
    return calibration->options.share_bytes;
}

const asx_sample *asx_calibration_sample(const asx_calibration *calibration, size_t layer)
{
    return &calibration->sample[layer];
}

const asx_sample *asx_calibration_second_sample(const asx_calibration *calibration, size_t layer)
{
    return &calibration->second[layer];
}

double asx_calibration_peak(const asx_calibration *calibration, size_t group)
{
    return calibration->peak[group];
}
