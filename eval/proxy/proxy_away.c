#include "proxy_away.h"

#include <stdlib.h>
#include <string.h>

#include "away.h"
#include "dse/memory.h"
#include "eval/serve.h"

/* Work on numbered items, whose answers are arrays of `size` bytes an item. */
typedef struct sharing {
    asx_status (*write)(asx_text *job, const struct sharing *s, size_t first, size_t n);
    const asx_damage_job *job;
    char *out;
    size_t size, n, next;
    asx_range *piece; /* [n_pieces] that went out */
    size_t n_pieces, capacity;
    asx_away_portion portion;
    /* of changes */
    asx_range images;
    const asx_design *base, *design;
    /* of errors */
    const asx_words *words;
    bool with_gram;
} sharing;

static asx_status next(void *state, asx_crew_job *job, asx_error *err)
{
    sharing *s = state;
    const size_t left = s->n - s->next;
    if (left == 0)
        return ASX_OK;
    const size_t n = asx_away_portion_next(&s->portion, left);
    asx_range *list = asx_array_grow(s->piece, &s->capacity, s->n_pieces + 1, sizeof *list);
    if (list)
        s->piece = list;
    asx_status status = list ? s->write(&job->bytes, s, s->next, n) : ASX_ENOMEM;
    if (status != ASX_OK || job->bytes.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory to hand out %zu rows", n);
    job->number = s->n_pieces;
    job->weight = n;
    s->piece[s->n_pieces++] = (asx_range){s->next, s->next + n};
    s->next += n;
    return ASX_OK;
}

static asx_status take(void *state, size_t number, const asx_crew_answer *answer, asx_error *err)
{
    sharing *s = state;
    const asx_range p = s->piece[number];
    const size_t n = p.end - p.first;
    if (answer->status != ASX_OK)
        return asx_fail(err, answer->status, "%s", answer->message);
    if (answer->n != n * s->size)
        return asx_fail(err, ASX_EPARSE, "an answer of %zu bytes, not %zu", answer->n, n * s->size);
    memcpy(s->out + p.first * s->size, answer->bytes, answer->n);
    asx_away_portion_learn(&s->portion, n, answer->seconds);
    return ASX_OK;
}

static asx_status share(sharing *s, const asx_crew *crew, asx_error *err)
{
    const asx_crew_task task = {.next = next, .take = take, .state = s};
    s->portion.n_workers = crew->n;
    const asx_status status = crew->run(crew->state, &task, err);
    free(s->piece);
    return status;
}

static void put(asx_text *to, const void *bytes, size_t n)
{
    asx_text_add_bytes(to, bytes, n);
}

/* ---- changes of answers ---- */

/* A base costs as much as a design; a block shares what its designs have in common. */
enum { CHANGES_MAX = 128, CHANGES_LEAST = 32 };

static asx_status write_changes(asx_text *job, const sharing *s, size_t first, size_t n)
{
    asx_away_begin(job, ASX_CREW_CHANGE, s->job->calibration, s->images);
    asx_away_put_formats(job, s->base);
    for (size_t i = 0; i < n; i++)
        asx_away_put_formats(job, &s->design[first + i]);
    return ASX_OK;
}

asx_status asx_table_changes(asx_change *out, const asx_damage_job *job, asx_range images,
                             const asx_design *base, const asx_design *design, size_t n,
                             asx_error *err)
{
    const asx_crew *crew = asx_calibration_crew(job->calibration, job->data);
    sharing s = {.write = write_changes,
                 .job = job,
                 .out = (char *)out,
                 .size = sizeof *out,
                 .n = n,
                 .portion = {.job_s = 1, .most = CHANGES_MAX, .least = CHANGES_LEAST},
                 .images = images,
                 .base = base,
                 .design = design};
    return crew ? share(&s, crew, err)
                : asx_divergence(out, job->calibration, job->data, images, base, design, n, err);
}

/* ---- errors of words ---- */

enum { ERRORS_MAX = 1024 };

typedef struct errors_head {
    bool weights, with_gram;
    size_t n_words, first, n; /* entries of [layers][words] */
} errors_head;

static asx_status write_errors(asx_text *job, const sharing *s, size_t first, size_t n)
{
    const errors_head h = {s->words->weights, s->with_gram, s->words->n, first, n};
    asx_away_begin(job, ASX_CREW_ERRORS, s->job->calibration, s->job->images);
    put(job, &h, sizeof h);
    put(job, s->words->word, s->words->n * sizeof *s->words->word);
    return ASX_OK;
}

asx_status asx_table_errors(double *out, const asx_damage_job *job, const asx_gram *gram,
                            const asx_words *words, asx_error *err)
{
    const asx_crew *crew = asx_calibration_crew(job->calibration, job->data);
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    sharing s = {.write = write_errors,
                 .job = job,
                 .out = (char *)out,
                 .size = sizeof *out,
                 .n = n_layers * words->n,
                 .portion = {.job_s = 0.5, .most = ERRORS_MAX},
                 .words = words,
                 .with_gram = gram != NULL};
    return crew ? share(&s, crew, err) : asx_words_errors(out, job->calibration, gram, words, err);
}

/* ---- the other side ---- */

struct asx_proxy_server {
    asx_calibration *calibration;
    const asx_dataset *data;
    size_t n_layers;
    asx_gram *gram; /* of these images; NULL: of none yet */
    asx_range gram_images;
};

asx_status asx_proxy_server_new(asx_proxy_server **out, asx_calibration *calibration,
                                const asx_dataset *data, asx_error *err)
{
    asx_proxy_server *server = asx_array_new(1, sizeof *server);
    if (!server)
        return asx_fail(err, ASX_ENOMEM, "no memory to work for others");
    *server = (asx_proxy_server){.calibration = calibration,
                                 .data = data,
                                 .n_layers = asx_calibration_network(calibration)->work.n_layers};
    *out = server;
    return ASX_OK;
}

void asx_proxy_server_free(asx_proxy_server *server)
{
    if (!server)
        return;
    asx_grams_free(server->gram, server->n_layers);
    free(server);
}

static asx_status need_gram(asx_proxy_server *server, asx_range images, asx_error *err)
{
    const asx_range have = server->gram_images;
    if (server->gram && have.first == images.first && have.end == images.end)
        return ASX_OK;
    asx_grams_free(server->gram, server->n_layers);
    server->gram = NULL;
    server->gram_images = images;
    return asx_grams_new(&server->gram, server->calibration, server->data, images, err);
}

static asx_status serve_errors(asx_text *answer, asx_proxy_server *server, asx_range images,
                               asx_crew_reader *r, asx_error *err)
{
    errors_head h;
    asx_crew_get(&h, r, sizeof h);
    const char *bytes = asx_crew_at(r, h.n_words * sizeof(asx_word));
    asx_status status = asx_crew_read_end(r, err);
    asx_word *word = bytes ? asx_array_copy(bytes, h.n_words, sizeof *word) : NULL;
    double *error = status == ASX_OK ? asx_array_new(h.n, sizeof *error) : NULL;
    if (status == ASX_OK && (!word || !error))
        status = asx_fail(err, ASX_ENOMEM, "no memory for errors of %zu words", h.n_words);
    if (status == ASX_OK && h.with_gram)
        status = need_gram(server, images, err);
    const asx_words words = {.weights = h.weights, .word = word, .n = h.n_words};
    if (status == ASX_OK)
        status =
            asx_words_some_errors(error, server->calibration, h.with_gram ? server->gram : NULL,
                                  &words, h.first, h.n, err);
    if (status == ASX_OK)
        put(answer, error, h.n * sizeof *error);
    free(error);
    free(word);
    return status;
}

static asx_status serve_changes(asx_text *answer, const asx_proxy_server *server, asx_range images,
                                asx_crew_reader *r, asx_error *err)
{
    const size_t n = r->left / (server->n_layers * sizeof(asx_format));
    asx_design *design = asx_array_new(n + 1, sizeof *design);
    asx_change *change = asx_array_new(n + 1, sizeof *change);
    asx_status status = design && change && n > 1
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    if (status == ASX_OK)
        status = asx_away_get_designs(design, n, server->n_layers, r, err);
    if (status == ASX_OK)
        status = asx_crew_read_end(r, err);
    if (status == ASX_OK)
        status = asx_divergence(change, server->calibration, server->data, images, design,
                                design + 1, n - 1, err);
    if (status == ASX_OK)
        put(answer, change, (n - 1) * sizeof *change);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(change);
    free(design);
    return status;
}

asx_status asx_proxy_serve(asx_text *answer, asx_proxy_server *server, const char *job,
                           size_t n_job, asx_error *err)
{
    asx_crew_reader r;
    asx_range images;
    const asx_status status =
        asx_away_read(&r, &images, server->calibration, server->data, job, n_job, err);
    if (status != ASX_OK)
        return status;
    return asx_crew_kind_of(job, n_job) == ASX_CREW_ERRORS
               ? serve_errors(answer, server, images, &r, err)
               : serve_changes(answer, server, images, &r, err);
}
