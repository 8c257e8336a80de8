#include "proxy_away.h"

#include <stdlib.h>
#include <string.h>

#include "away.h"
#include "dse/memory.h"
#include "eval/serve.h"
#include "parts.h"

/* Items that went out together: places first .. end - 1 of the order. */
typedef struct piece {
    asx_range place;
    size_t worker;
} piece;

/* Work on numbered items, whose answers are arrays of `size` bytes an item. */
typedef struct sharing {
    asx_status (*write)(asx_text *job, const struct sharing *s, size_t first, size_t n);
    const asx_damage_job *job;
    char *out;
    size_t size, n;
    const size_t *owner; /* [n] who is to have an item if possible; NULL: whoever asks */
    size_t *finder;      /* [n] who had it; NULL: nobody wants to know */
    size_t *order;       /* [n] items, those of an owner together; NULL: in their own order */
    asx_range *left;     /* [n_owners] places that are still to be handed out */
    size_t n_owners, n_left;
    piece *piece; /* [n_pieces] that went out */
    size_t n_pieces, capacity;
    asx_away_portion portion;
    /* of changes */
    asx_range images;
    const asx_design *base, *design;
    /* of errors */
    size_t first; /* of the table's */
    const asx_words *words;
    bool of_outputs;
} sharing;

static size_t item_at(const sharing *s, size_t place)
{
    return s->order ? s->order[place] : place;
}

/* Its own from the front; when it has none, from the end of who has most. */
static asx_range take_places(sharing *s, size_t worker, size_t n)
{
    size_t k = s->owner ? worker : 0;
    const bool own = s->left[k].end > s->left[k].first;
    for (size_t i = 0; !own && i < s->n_owners; i++)
        if (s->left[i].end - s->left[i].first > s->left[k].end - s->left[k].first)
            k = i;
    asx_range *left = &s->left[k];
    n = left->end - left->first < n ? left->end - left->first : n;
    s->n_left -= n;
    if (own) {
        left->first += n;
        return (asx_range){left->first - n, left->first};
    }
    left->end -= n;
    return (asx_range){left->end, left->end + n};
}

static asx_status next(void *state, asx_crew_job *job, asx_error *err)
{
    sharing *s = state;
    if (s->n_left == 0)
        return ASX_OK;
    const size_t n = asx_away_portion_next(&s->portion, s->n_left);
    piece *list = asx_array_grow(s->piece, &s->capacity, s->n_pieces + 1, sizeof *list);
    if (!list)
        return asx_fail(err, ASX_ENOMEM, "no memory to hand out %zu rows", n);
    s->piece = list;
    const asx_range p = take_places(s, job->worker, n);
    const asx_status status = s->write(&job->bytes, s, p.first, p.end - p.first);
    if (status != ASX_OK || job->bytes.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory to hand out %zu rows", n);
    job->number = s->n_pieces;
    job->weight = p.end - p.first;
    s->piece[s->n_pieces++] = (piece){p, job->worker};
    return ASX_OK;
}

static asx_status take(void *state, size_t number, const asx_crew_answer *answer, asx_error *err)
{
    sharing *s = state;
    const piece *p = &s->piece[number];
    const size_t n = p->place.end - p->place.first;
    if (answer->status != ASX_OK)
        return asx_fail(err, answer->status, "%s", answer->message);
    if (answer->n != n * s->size)
        return asx_fail(err, ASX_EPARSE, "an answer of %zu bytes, not %zu", answer->n, n * s->size);
    for (size_t i = 0; i < n; i++) {
        const size_t item = item_at(s, p->place.first + i);
        memcpy(s->out + item * s->size, answer->bytes + i * s->size, s->size);
        if (s->finder)
            s->finder[item] = p->worker;
    }
    asx_away_portion_learn(&s->portion, n, answer->seconds);
    return ASX_OK;
}

/* Those of an owner together, in their own order. */
static asx_status put_in_order(sharing *s, size_t n_workers, asx_error *err)
{
    s->n_owners = s->owner ? n_workers : 1;
    s->n_left = s->n;
    s->left = asx_array_new(s->n_owners, sizeof *s->left);
    s->order = s->owner ? asx_array_new(s->n, sizeof *s->order) : NULL;
    if (!s->left || (s->owner && !s->order))
        return asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu rows", s->n);
    s->left[0].end = s->n;
    for (size_t k = 0, at = 0; s->owner && k < n_workers; k++) {
        s->left[k].first = at;
        for (size_t i = 0; i < s->n; i++)
            if (s->owner[i] == k)
                s->order[at++] = i;
        s->left[k].end = at;
    }
    return ASX_OK;
}

static bool stop(void *state)
{
    const sharing *s = state;
    return asx_calibration_go_on(s->job->calibration, NULL) != ASX_OK;
}

static asx_status share(sharing *s, const asx_crew *crew, asx_error *err)
{
    const asx_crew_task task = {next, take, NULL, stop, s};
    s->portion.n_workers = crew->n;
    asx_status status = put_in_order(s, crew->n, err);
    if (status == ASX_OK)
        status = crew->run(crew->state, &task, err);
    if (status == ASX_OK) /* told to stop, the crew left work undone */
        status = asx_calibration_go_on(s->job->calibration, err);
    free(s->piece);
    free(s->order);
    free(s->left);
    return status;
}

static void put(asx_text *to, const void *bytes, size_t n)
{
    asx_text_add_bytes(to, bytes, n);
}

/* ---- changes of answers ---- */

/* A job's designs share what they have in common. */
enum { CHANGES_MAX = 128, CHANGES_LEAST = 32 };

static asx_status write_changes(asx_text *job, const sharing *s, size_t first, size_t n)
{
    asx_away_begin(job, ASX_CREW_CHANGE, s->job->calibration, s->images);
    asx_away_put_formats(job, s->base);
    for (size_t i = 0; i < n; i++)
        asx_away_put_formats(job, &s->design[item_at(s, first + i)]);
    return ASX_OK;
}

asx_status asx_table_changes(asx_change *out, const asx_damage_job *job, asx_range images,
                             const asx_design *base, const asx_design *design, const size_t *owner,
                             size_t n, asx_error *err)
{
    const asx_crew *crew = asx_calibration_crew(job->calibration, job->data);
    sharing s = {.write = write_changes,
                 .job = job,
                 .out = (char *)out,
                 .size = sizeof *out,
                 .n = n,
                 .owner = owner,
                 .portion = {.job_s = 1, .most = CHANGES_MAX, .least = CHANGES_LEAST},
                 .images = images,
                 .base = base,
                 .design = design};
    return crew ? share(&s, crew, err)
                : asx_divergence(out, job->calibration, job->data, images, base, design, n, err);
}

/* ---- errors of words ---- */

enum { ERRORS_MAX = 1024, ERRORS_BLOCK = 1024 };

typedef struct errors_head {
    bool weights, of_outputs;
    size_t n_words, first, n; /* entries of [layers][words] */
} errors_head;

static asx_status write_errors(asx_text *job, const sharing *s, size_t first, size_t n)
{
    const errors_head h = {s->words->weights, s->of_outputs, s->words->n, s->first + first, n};
    asx_away_begin(job, ASX_CREW_ERRORS, s->job->calibration, s->job->images);
    put(job, &h, sizeof h);
    put(job, s->words->word, s->words->n * sizeof *s->words->word);
    return ASX_OK;
}

asx_status asx_table_grams(asx_gram **out, const asx_damage_job *job, asx_error *err)
{
    return asx_calibration_crew(job->calibration, job->data)
               ? ASX_OK
               : asx_grams_new(out, job->calibration, job->data, job->images, err);
}

/* What errors are of, for pieces of the list. */
typedef struct table_errors {
    const asx_damage_job *job;
    const asx_gram *gram;
    const asx_words *words;
    bool of_outputs;
    double *out;
    size_t *finder;
} table_errors;

static asx_status find_errors(void *state, size_t first, size_t n, asx_error *err)
{
    const table_errors *t = state;
    const asx_crew *crew = asx_calibration_crew(t->job->calibration, t->job->data);
    sharing s = {.write = write_errors,
                 .job = t->job,
                 .out = (char *)(t->out + first),
                 .size = sizeof *t->out,
                 .n = n,
                 .first = first,
                 .finder = t->finder ? t->finder + first : NULL,
                 .portion = {.job_s = 0.5, .most = ERRORS_MAX},
                 .words = t->words,
                 .of_outputs = t->of_outputs};
    return crew ? share(&s, crew, err)
                : asx_words_some_errors(t->out + first, t->job->calibration, t->gram, t->words,
                                        first, n, err);
}

asx_status asx_table_errors(double *out, size_t *finder, const asx_damage_job *job,
                            const asx_gram *gram, bool of_outputs, const asx_words *words,
                            asx_error *err)
{
    const asx_crew *crew = asx_calibration_crew(job->calibration, job->data);
    table_errors t = {job, gram, words, of_outputs, out, finder};
    const asx_parts parts = {.calibration = job->calibration,
                             .what = words->weights ? "errors of weights" : "errors of inputs",
                             .of = of_outputs,
                             .out = (char *)out,
                             .size = sizeof *out,
                             .n = asx_calibration_network(job->calibration)->work.n_layers *
                                  words->n,
                             .block = ERRORS_BLOCK * (crew ? crew->n : 1),
                             .make = find_errors,
                             .state = &t};
    return asx_parts_make(&parts, err);
}

/* ---- the other side ---- */

struct asx_proxy_server {
    asx_calibration *calibration;
    const asx_dataset *data;
    size_t n_layers;
    asx_gram *gram; /* of these images; NULL: of none yet */
    asx_range gram_images;
    asx_answers answers; /* of the design whose formats these are; without logits: of none yet */
    asx_format *base;    /* [n_layers] */
};

asx_status asx_proxy_server_new(asx_proxy_server **out, asx_calibration *calibration,
                                const asx_dataset *data, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(calibration)->work.n_layers;
    asx_proxy_server *server = asx_array_new(1, sizeof *server);
    asx_format *base = asx_array_new(n_layers, sizeof *base);
    if (!server || !base) {
        free(server);
        free(base);
        return asx_fail(err, ASX_ENOMEM, "no memory to work for others");
    }
    *server = (asx_proxy_server){
        .calibration = calibration, .data = data, .n_layers = n_layers, .base = base};
    *out = server;
    return ASX_OK;
}

void asx_proxy_server_free(asx_proxy_server *server)
{
    if (!server)
        return;
    asx_grams_free(server->gram, server->n_layers);
    asx_answers_fini(&server->answers);
    free(server->base);
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
    if (status == ASX_OK && h.of_outputs)
        status = need_gram(server, images, err);
    const asx_words words = {.weights = h.weights, .word = word, .n = h.n_words};
    if (status == ASX_OK)
        status =
            asx_words_some_errors(error, server->calibration, h.of_outputs ? server->gram : NULL,
                                  &words, h.first, h.n, err);
    if (status == ASX_OK)
        put(answer, error, h.n * sizeof *error);
    free(error);
    free(word);
    return status;
}

/* Jobs of a table have one base. */
static asx_status need_answers(asx_proxy_server *server, asx_range images, const asx_design *base,
                               asx_error *err)
{
    const asx_range have = server->answers.images;
    const size_t size = server->n_layers * sizeof *server->base;
    if (server->answers.logit && have.first == images.first && have.end == images.end &&
        memcmp(server->base, base->format, size) == 0)
        return ASX_OK;
    asx_answers_fini(&server->answers);
    memcpy(server->base, base->format, size);
    return asx_answers_init(&server->answers, server->calibration, server->data, images, base, err);
}

static asx_status serve_changes(asx_text *answer, asx_proxy_server *server, asx_range images,
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
        status = need_answers(server, images, design, err);
    if (status == ASX_OK)
        status = asx_divergence_from(change, server->calibration, server->data, &server->answers,
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
