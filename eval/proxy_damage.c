/* Squared errors of words, added to a table of damage. */
#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "proxy_type.h"

/* The first failure among parallel pieces of work: the lowest number's. */
typedef struct outcome {
    size_t number;
    asx_status status;
    asx_error error;
} outcome;

static void note(outcome *o, size_t number, asx_status status, const asx_error *error)
{
#pragma omp critical(asx_proxy_outcome)
    if (status && (!o->status || number < o->number))
        *o = (outcome){number, status, *error};
}

static asx_status outcome_end(const outcome *o, asx_error *err)
{
    if (o->status && err)
        *err = o->error;
    return o->status;
}

/* Distinct words among the formats, and each format's number in the list. */
typedef struct words {
    asx_word *word;
    size_t n, *of_format;
} words;

static asx_status words_init(words *out, const asx_damage_job *job, bool weights, asx_error *err)
{
    words w = {.word = asx_array_new(job->n_formats, sizeof *w.word),
               .of_format = asx_array_new(job->n_formats, sizeof *w.of_format)};
    *out = w;
    if (!w.word || !w.of_format)
        return asx_fail(err, ASX_ENOMEM, "words of %zu formats: out of memory", job->n_formats);
    for (size_t f = 0; f < job->n_formats; f++) {
        const asx_word *word = weights ? &job->format[f].weight : &job->format[f].activation;
        size_t i = 0;
        while (i < w.n && !asx_word_equal(&w.word[i], word))
            i++;
        if (i == w.n)
            w.word[w.n++] = *word;
        w.of_format[f] = i;
    }
    *out = w;
    return ASX_OK;
}

static void words_fini(words *w)
{
    free(w->word);
    free(w->of_format);
}

static asx_status output_error(double *out, const asx_gram *gram, const asx_node *node,
                               const asx_word *word, asx_error *err)
{
    asx_rounder *rounder = NULL;
    asx_status status = asx_rounder_new(&rounder, word, err);
    if (status)
        return status;
    float *weight = asx_array_new(node->n_weights, sizeof *weight);
    double error = -1;
    if (weight) {
        (void)asx_project(weight, NULL, node, rounder);
        error = asx_gram_error(gram, node, weight);
    }
    asx_rounder_free(rounder);
    free(weight);
    if (error < 0)
        return asx_fail(err, ASX_ENOMEM, "errors of layer '%s': out of memory", node->name);
    *out = error;
    return ASX_OK;
}

asx_status asx_damage_word(double *out, asx_calibration *c, const asx_gram *gram, size_t layer,
                           const asx_word *word, bool weights, asx_error *err)
{
    if (weights && gram)
        return output_error(out, &gram[layer], asx_calibration_plan(c)->node[layer], word, err);
    if (weights)
        return asx_calibration_weight_error(out, c, layer, word, err);
    asx_word input = *word;
    input.non_negative = asx_calibration_network(c)->work.layer[layer].input_non_negative;
    return asx_calibration_activation_error(out, c, layer, &input, err);
}

asx_status asx_damage_add(const asx_damage_job *job, const asx_gram *gram, const double *share,
                          bool weights, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    outcome failed = {.status = ASX_OK};
    double *error = NULL;
    words w;
    asx_status status = words_init(&w, job, weights, err);
    if (status)
        goto done;
    error = asx_array_new(n_layers * w.n, sizeof *error);
    if (!error) {
        status = asx_fail(err, ASX_ENOMEM, "errors of %zu words: out of memory", w.n);
        goto done;
    }
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < n_layers * w.n; i++) {
        asx_error local;
        note(&failed, i,
             asx_damage_word(&error[i], job->calibration, gram, i / w.n, &w.word[i % w.n], weights,
                             &local),
             &local);
    }
    status = outcome_end(&failed, err);
    for (size_t l = 0; !status && l < n_layers; l++)
        for (size_t f = 0; f < job->n_formats; f++)
            job->damage[l * job->n_formats + f] +=
                (share ? share[l] : 1) * error[l * w.n + w.of_format[f]];
done:
    free(error);
    words_fini(&w);
    return status;
}
