/* Errors of words, added to a table of damage. */
#include <stdlib.h>

#include "dse/memory.h"
#include "proxy_away.h"

void asx_damage_add(const asx_damage_job *job, const asx_words *words, const double *of_word,
                    const double *share)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    for (size_t l = 0; l < n_layers; l++)
        for (size_t f = 0; f < job->n_formats; f++)
            job->damage[l * job->n_formats + f] +=
                (share ? share[l] : 1) * of_word[l * words->n + words->of_format[f]];
}

asx_status asx_damage_add_errors(const asx_damage_job *job, const asx_gram *gram,
                                 const double *share, bool weights, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    double *error = NULL;
    asx_words words = {0};
    asx_status status = asx_words_init(&words, job->format, job->n_formats, weights, err);
    if (status != ASX_OK)
        return status;
    error = asx_array_new(n_layers * words.n, sizeof *error);
    if (!error)
        status = asx_fail(err, ASX_ENOMEM, "no memory for errors of %zu words", words.n);
    if (status == ASX_OK)
        status = asx_table_errors(error, NULL, job, gram, gram != NULL, &words, err);
    if (status == ASX_OK)
        asx_damage_add(job, &words, error, share);
    free(error);
    asx_words_fini(&words);
    return status;
}
