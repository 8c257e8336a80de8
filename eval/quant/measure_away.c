/* Measuring with the help of others. They answer with a bit per image and design, right or wrong, or with what else is noted
 * of an image (scoring.h), and need nothing of the float network but its calibration; what follows from that is worked out
 * here, by the code that works it out without them. */
#include "measure_private.h"

#include <stdlib.h>
#include <string.h>

#include "away.h"
#include "dse/memory.h"
#include "eval/serve.h"
#include "infer.h"

enum { JOB_MAX = 64 }; /* designs */

/* Entries first .. end - 1 went out together: units of entries of the same formats. */
typedef struct portion {
    size_t first, end, n_units;
} portion;

typedef struct measuring {
    const asx_measure *m;
    asx_measure_entry *entry; /* [n], sorted */
    size_t n, next, n_units_left;
    portion *out; /* [n_out] */
    size_t n_out, capacity;
    asx_away_portion size;
    unsigned char *note; /* [images][size], of one design */
    const asx_evaluation *known;
    const asx_evaluator_sink *sink;
    size_t *culprit;
} measuring;

static size_t unit_end(const measuring *w, size_t first)
{
    size_t end = first + 1;
    while (end < w->n && asx_measure_alike(&w->entry[first], &w->entry[end]))
        end++;
    return end;
}

static asx_status next(void *state, asx_crew_job *job, asx_error *err)
{
    measuring *w = state;
    portion p = {.first = w->next, .end = w->next};
    if (w->next == w->n)
        return ASX_OK;
    const size_t want = asx_away_portion_next(&w->size, w->n_units_left);
    portion *list = asx_array_grow(w->out, &w->capacity, w->n_out + 1, sizeof *list);
    if (!list)
        return asx_fail(err, ASX_ENOMEM, "no memory to hand out designs");
    w->out = list;
    asx_away_begin(&job->bytes, ASX_CREW_MEASURE, w->m->calibration, w->m->images);
    for (; p.end < w->n && p.n_units < want; p.n_units++) {
        asx_away_put_formats(&job->bytes, w->entry[p.end].design);
        p.end = unit_end(w, p.end);
    }
    if (job->bytes.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory to hand out designs");
    job->number = w->n_out;
    job->weight = p.n_units;
    w->next = p.end;
    w->n_units_left -= p.n_units;
    w->out[w->n_out++] = p;
    return ASX_OK;
}

/* All designs of a unit have its accuracy; the time is the first one's. */
static asx_status hand_over(measuring *w, size_t first, size_t end, const asx_accuracy *accuracy,
                            double seconds, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = first; status == ASX_OK && i < end; i++) {
        const size_t number = w->entry[i].number;
        asx_evaluation e = w->known[number];
        e.accuracy = *accuracy;
        status = w->sink->take(w->sink->state, number, &e, i == first ? seconds : 0, err);
    }
    return status;
}

/* A failure that comes of a design comes here as well, and then it is known which. */
static asx_status find_culprit(measuring *w, const portion *p, const asx_crew_answer *answer,
                               asx_error *err)
{
    for (size_t i = p->first; i < p->end; i = unit_end(w, i)) {
        asx_measure_entry alone = {w->entry[i].design, 0};
        const asx_status status = asx_measure_answers(w->note, w->m, &alone, 1, err);
        if (status == ASX_OK)
            continue;
        *w->culprit = w->entry[i].number;
        return status;
    }
    return asx_fail(err, answer->status, "%s", answer->message);
}

/* Of a design, in an answer. */
static size_t bytes_of(const asx_measure *m)
{
    return asx_score_counts(&m->scoring.score) ? (asx_measure_row(m) + 7) / 8 : asx_measure_row(m);
}

static void unpack(unsigned char *note, const asx_measure *m, const char *bytes)
{
    const size_t n = asx_measure_row(m);
    if (!asx_score_counts(&m->scoring.score))
        memcpy(note, bytes, n);
    else
        for (size_t i = 0; i < n; i++)
            note[i] = (unsigned char)bytes[i / 8] >> i % 8 & 1;
}

static asx_status take(void *state, size_t number, const asx_crew_answer *answer, asx_error *err)
{
    measuring *w = state;
    const portion *p = &w->out[number];
    const size_t n_bytes = bytes_of(w->m);
    size_t first = p->first;
    asx_status status = ASX_OK;
    if (answer->status != ASX_OK)
        return find_culprit(w, p, answer, err);
    if (answer->n != p->n_units * n_bytes)
        return asx_fail(err, ASX_EPARSE, "an answer of %zu bytes, not %zu", answer->n,
                        p->n_units * n_bytes);
    asx_away_portion_learn(&w->size, p->n_units, answer->seconds);
    for (size_t u = 0; status == ASX_OK && u < p->n_units; u++) {
        const size_t end = unit_end(w, first);
        asx_accuracy a;
        unpack(w->note, w->m, answer->bytes + u * n_bytes);
        status =
            asx_scoring_sum(&a, &w->m->scoring, ASX_TIER_MEASURED, w->m->of_float, w->note, err);
        if (status == ASX_OK)
            status = hand_over(w, first, end, &a, answer->seconds / (double)p->n_units, err);
        first = end;
    }
    return status;
}

static bool stop(void *state)
{
    const measuring *w = state;
    return w->sink->stop && w->sink->stop(w->sink->state);
}

asx_status asx_measure_each_away(const asx_measure *m, const asx_design *const *design, size_t n,
                                 const asx_evaluation *known, const asx_evaluator_sink *sink,
                                 size_t *culprit, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(m->calibration)->work.n_layers;
    const asx_crew *crew = asx_calibration_crew(m->calibration, m->data);
    measuring w = {.m = m,
                   .entry = asx_measure_sort(design, n),
                   .n = n,
                   .size = {.job_s = 0.25, .n_workers = crew->n, .most = JOB_MAX},
                   .note = asx_array_new(asx_measure_row(m), 1),
                   .known = known,
                   .sink = sink,
                   .culprit = culprit};
    const asx_crew_task task = {next, take, NULL, stop, &w};
    asx_status status = w.entry && w.note
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        if (design[i]->n_layers != n_layers) {
            *culprit = i;
            status = asx_fail(err, ASX_EINVAL, "design of %zu layers for a network of %zu",
                              design[i]->n_layers, n_layers);
        }
    for (size_t i = 0; status == ASX_OK && i < n; i = unit_end(&w, i))
        w.n_units_left++;
    if (status == ASX_OK)
        status = crew->run(crew->state, &task, err);
    free(w.out);
    free(w.note);
    free(w.entry);
    return status;
}

/* ---- all at once ---- */

static asx_status keep(void *state, size_t i, const asx_evaluation *e, double seconds,
                       asx_error *err)
{
    asx_accuracy *out = state;
    (void)seconds;
    (void)err;
    out[i] = e->accuracy;
    return ASX_OK;
}

asx_status asx_measure_designs_away(asx_accuracy *out, const asx_measure *m,
                                    const asx_design *const *design, size_t n, asx_error *err)
{
    asx_evaluation *nothing = asx_array_new(n, sizeof *nothing);
    const asx_evaluator_sink sink = {keep, NULL, out};
    size_t culprit = n;
    if (!nothing)
        return asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    const asx_status status = asx_measure_each_away(m, design, n, nothing, &sink, &culprit, err);
    free(nothing);
    return status;
}

/* ---- the other side ---- */

static void pack(unsigned char *bytes, const asx_measure *m, const unsigned char *note)
{
    const size_t n = asx_measure_row(m);
    if (!asx_score_counts(&m->scoring.score))
        memcpy(bytes, note, n);
    else
        for (size_t k = 0; k < n; k++)
            bytes[k / 8] |= (unsigned char)(note[k] << k % 8);
}

static asx_status answer_with(asx_text *answer, const asx_measure *m, const asx_design *design,
                              size_t n, asx_error *err)
{
    const size_t row = asx_measure_row(m), n_bytes = bytes_of(m);
    asx_measure_entry *e = asx_array_new(n, sizeof *e);
    unsigned char *note = n <= SIZE_MAX / row ? asx_array_new(n * row, 1) : NULL;
    unsigned char *bytes = asx_array_new(n, n_bytes);
    asx_status status = e && note && bytes
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        e[i] = (asx_measure_entry){&design[i], i};
    if (status == ASX_OK)
        status = asx_measure_answers(note, m, e, n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        pack(bytes + i * n_bytes, m, note + i * row);
    if (status == ASX_OK)
        asx_text_add_bytes(answer, (const char *)bytes, n * n_bytes);
    free(bytes);
    free(note);
    free(e);
    return status;
}

asx_status asx_measure_serve(asx_text *answer, asx_calibration *calibration,
                             const asx_dataset *data, const char *job, size_t n_job, asx_error *err)
{
    asx_crew_reader r;
    const size_t n_layers = asx_calibration_network(calibration)->work.n_layers;
    asx_measure m = {.calibration = calibration, .data = data};
    asx_status status = asx_away_read(&r, &m.images, calibration, data, job, n_job, err);
    if (status != ASX_OK)
        return status;
    const size_t n = r.left / (n_layers * sizeof(asx_format));
    asx_design *design = asx_array_new(n, sizeof *design);
    if (!design)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    if (status == ASX_OK)
        status = asx_away_get_designs(design, n, n_layers, &r, err);
    if (status == ASX_OK)
        status = asx_crew_read_end(&r, err);
    if (status == ASX_OK)
        status =
            asx_scoring_init(&m.scoring, asx_calibration_network(calibration), data, m.images, err);
    if (status == ASX_OK)
        status = answer_with(answer, &m, design, n, err);
    asx_scoring_fini(&m.scoring);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(design);
    return status;
}
