/* Damage from plain errors, and from errors scaled by the sensitivity of the answers to them:
 *
 *   weight    e_w(l, f) + e_x(l, f)           relative squared errors of weights and input
 *   output    e_y(l, f) + e_x(l, f)           e_y: of the output, by the weights' error (gram.h)
 *   scaled    s_w[l] e_y(l, f) + s_x[l] e_x(l, f)
 *
 * s: how much the answers of the network diverge (divergence.h) when this layer alone leaves the
 * plain 8-bit network, per unit of error: the geometric mean over three words for weights, one for
 * inputs. */
#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "proxy_away.h"
#include "proxy_scaled.h"

/* Words that a layer is probed in. */
static const char *const PROBE[] = {"w4a8", "w4{1}a8", "w3a8", "w8a4"};
enum { N_PROBES = 4, N_OF_WEIGHTS = 3, PROBE_IMAGES = 128 };

asx_status asx_plain_design(asx_design *out, size_t n_layers, asx_error *err)
{
    asx_status status = asx_design_init(out, n_layers, err);
    for (size_t l = 0; status == ASX_OK && l < n_layers; l++)
        status = asx_format_parse(&out->format[l], ASX_BASELINE_FORMAT, err);
    return status;
}

static asx_status make_probes(asx_design *probe, size_t n_layers, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n_layers * N_PROBES; i++) {
        status = asx_plain_design(&probe[i], n_layers, err);
        if (status == ASX_OK)
            status = asx_format_parse(&probe[i].format[i / N_PROBES], PROBE[i % N_PROBES], err);
    }
    return status;
}

/* Divergence per unit of error; errors of nothing say nothing. */
static asx_status share_of(double *weights, double *input, const asx_damage_job *job,
                           const asx_gram *gram, size_t layer, const asx_design *probe,
                           const asx_change *change, asx_error *err)
{
    double logs = 0, n = 0;
    *input = 0;
    for (size_t i = 0; i < N_PROBES; i++) {
        const asx_format *f = &probe[i].format[layer];
        const bool of_weights = i < N_OF_WEIGHTS;
        double error = 0;
        asx_status status =
            asx_word_error(&error, job->calibration, gram, layer,
                           of_weights ? &f->weight : &f->activation, of_weights, err);
        if (status != ASX_OK)
            return status;
        if (!(error > 0 && change[i].divergence > 0))
            continue;
        if (of_weights) {
            logs += log(change[i].divergence / error);
            n++;
        } else {
            *input = change[i].divergence / error;
        }
    }
    *weights = n > 0 ? exp(logs / n) : 0;
    return ASX_OK;
}

static asx_status find_shares(double *weights, double *input, const asx_damage_job *job,
                              const asx_gram *gram, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    asx_design plain = {0};
    asx_design *probe = asx_array_new(n_layers * N_PROBES, sizeof *probe);
    asx_change *change = asx_array_new(n_layers * N_PROBES, sizeof *change);
    asx_status status = ASX_OK;
    if (!probe || !change)
        status = asx_fail(err, ASX_ENOMEM, "no memory for probes of %zu layers", n_layers);
    if (status == ASX_OK)
        status = asx_plain_design(&plain, n_layers, err);
    if (status == ASX_OK)
        status = make_probes(probe, n_layers, err);
    if (status == ASX_OK)
        status = asx_table_changes(change, job, asx_range_first(job->images, PROBE_IMAGES), &plain,
                                   probe, NULL, n_layers * N_PROBES, err);
    for (size_t l = 0; status == ASX_OK && l < n_layers; l++)
        status = share_of(&weights[l], &input[l], job, gram, l, probe + l * N_PROBES,
                          change + l * N_PROBES, err);
    for (size_t i = 0; probe && i < n_layers * N_PROBES; i++)
        asx_design_fini(&probe[i]);
    asx_design_fini(&plain);
    free(probe);
    free(change);
    return status;
}

static asx_status fill_weight(const asx_damage_job *job, asx_error *err)
{
    asx_status status = asx_damage_add_errors(job, NULL, NULL, true, err);
    return status ? status : asx_damage_add_errors(job, NULL, NULL, false, err);
}

static asx_status fill_output(const asx_damage_job *job, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    asx_gram *gram = NULL;
    asx_status status = asx_grams_new(&gram, job->calibration, job->data, job->images, err);
    if (status == ASX_OK)
        status = asx_damage_add_errors(job, gram, NULL, true, err);
    if (status == ASX_OK)
        status = asx_damage_add_errors(job, NULL, NULL, false, err);
    asx_grams_free(gram, n_layers);
    return status;
}

static asx_status fill_scaled(const asx_damage_job *job, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    double *share = asx_array_new(2 * n_layers, sizeof *share);
    asx_gram *gram = NULL;
    asx_status status = share ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for shares");
    if (status == ASX_OK)
        status = asx_grams_new(&gram, job->calibration, job->data, job->images, err);
    if (status == ASX_OK)
        status = find_shares(share, share + n_layers, job, gram, err);
    if (status == ASX_OK)
        status = asx_damage_add_errors(job, gram, share, true, err);
    if (status == ASX_OK)
        status = asx_damage_add_errors(job, NULL, share + n_layers, false, err);
    asx_grams_free(gram, n_layers);
    free(share);
    return status;
}

const asx_proxy_type asx_proxy_weight = {"weight", "error of weights and inputs", fill_weight,
                                         false};
const asx_proxy_type asx_proxy_output = {"output", "error of the layers' outputs", fill_output,
                                         false};
const asx_proxy_type asx_proxy_scaled = {
    "scaled", "error of the layers' outputs, scaled by how far the answers diverge", fill_scaled,
    false};
