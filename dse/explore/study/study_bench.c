#include "study_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/design.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"

enum { BLOCK = 16 }; /* designs measured before they are booked */

asx_status study_bench_open(study_bench *out, asx_session *s, const char *database, bool make,
                            asx_error *err)
{
    study_bench b = {.session = s};
    asx_status status = ASX_OK;
    if (database)
        status = asx_store_open(&b.store, database, make ? ASX_STORE_CREATE : ASX_STORE_WRITE, err);
    if (status == ASX_OK && database)
        status = asx_session_record(&b.campaign, b.store, s, err);
    if (status != ASX_OK) {
        study_bench_close(&b);
        return status;
    }
    *out = b;
    return ASX_OK;
}

void study_bench_close(study_bench *b)
{
    asx_store_free(b->store);
    *b = (study_bench){0};
}

/* Where accuracies on these images are kept; known from the second time on. */
static asx_status place_of(study_place **out, study_bench *b, asx_range images, asx_error *err)
{
    for (size_t i = 0; i < b->n_places; i++)
        if (b->place[i].images.first == images.first && b->place[i].images.end == images.end) {
            *out = &b->place[i];
            return ASX_OK;
        }
    if (b->n_places == STUDY_RANGES)
        return asx_fail(err, ASX_EINVAL, "a study of more than %d ranges of images",
                        (int)STUDY_RANGES);
    study_place *p = &b->place[b->n_places];
    *p = (study_place){.images = images, .inputs = asx_session_inputs_on(b->session, images)};
    const asx_status status =
        asx_store_ledger(&p->ledger, b->store, b->campaign, &p->inputs, BLOCK, err);
    if (status == ASX_OK) {
        b->n_places++;
        *out = p;
    }
    return status;
}

asx_status study_bench_inputs(asx_store_inputs *out, study_bench *b, asx_range images,
                              asx_error *err)
{
    study_place *p = NULL;
    const asx_status status = place_of(&p, b, images, err);
    if (status == ASX_OK)
        *out = p->inputs;
    return status;
}

asx_status study_bench_find(asx_accuracy *out, bool *found, study_bench *b, asx_range images,
                            const asx_design *design, asx_error *err)
{
    asx_text text = {0};
    study_place *p = NULL;
    *found = false;
    if (!b->store)
        return ASX_OK;
    asx_status status = place_of(&p, b, images, err);
    asx_design_print_formats(&text, design, asx_session_workload(b->session));
    if (status == ASX_OK)
        status = text.failed
                     ? asx_fail(err, ASX_ENOMEM, "no memory for a design")
                     : asx_store_find_accuracy(out, found, b->store, text.s, &p->inputs, err);
    asx_text_fini(&text);
    return status;
}

static asx_status book_one(const study_bench *b, const asx_ledger *ledger, const asx_accuracy *a,
                           const asx_design *design, asx_error *err)
{
    asx_evaluation e = {.accuracy = *a};
    asx_text text = {0};
    asx_status status = asx_machine_cost(&e.cost, NULL, b->session->machine, design, err);
    asx_design_print(&text, design, asx_session_workload(b->session));
    if (status == ASX_OK && text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    if (status == ASX_OK)
        status = ledger->book(ledger->state, text.s, design, &e, err);
    asx_text_fini(&text);
    return status;
}

asx_status study_bench_book(study_bench *b, asx_range images, const asx_accuracy *a,
                            const asx_design *const *design, size_t n, asx_error *err)
{
    study_place *p = NULL;
    if (!b->store || n == 0)
        return ASX_OK;
    asx_status status = place_of(&p, b, images, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = book_one(b, &p->ledger, &a[i], design[i], err);
    return status == ASX_OK ? asx_store_flush(b->store, err) : status;
}

/* What the draws depend on: formats, seed, network and data. */
static asx_status name_draws(char *out, size_t n, study_bench *b, asx_range images,
                             const asx_format *format, size_t n_formats, asx_error *err)
{
    asx_text text = {0};
    study_place *p = NULL;
    asx_status status = place_of(&p, b, images, err);
    for (size_t i = 0; i < n_formats; i++)
        asx_format_print(&text, &format[i]);
    asx_text_add(&text, "%llu", (unsigned long long)b->session->campaign->seed);
    if (status == ASX_OK && text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a list of formats");
    if (status == ASX_OK)
        snprintf(out, n, "drawn/%016llx",
                 (unsigned long long)asx_hash(text.s, text.n, p->inputs.accuracy_key));
    asx_text_fini(&text);
    return status;
}

asx_status study_bench_drawn(size_t *n, study_bench *b, asx_range images, const asx_format *format,
                             size_t n_formats, asx_error *err)
{
    char key[40];
    void *bytes = NULL;
    uint64_t before = 0, wanted = *n;
    size_t n_bytes = 0;
    if (!b->store)
        return ASX_OK;
    asx_status status = name_draws(key, sizeof key, b, images, format, n_formats, err);
    if (status == ASX_OK)
        status = asx_store_cache_get(&bytes, &n_bytes, b->store, key, err);
    if (status == ASX_OK && bytes && n_bytes == sizeof before)
        memcpy(&before, bytes, sizeof before);
    free(bytes);
    if (status == ASX_OK && wanted > before)
        status = asx_store_cache_put(b->store, key, &wanted, sizeof wanted, err);
    if (status == ASX_OK && !wanted)
        *n = (size_t)before;
    return status;
}

/* What is not known. @param index [n]: where each of them is among all */
static asx_status measure_lacking(asx_accuracy *out, study_bench *b, asx_range images,
                                  const asx_design *const *lacking, const size_t *index, size_t n,
                                  asx_error *err)
{
    const size_t block = b->store ? BLOCK : n;
    asx_measure *measure = NULL;
    asx_accuracy *a = asx_array_new(block, sizeof *a);
    asx_status status = asx_session_need_calibration(b->session, err);
    if (status == ASX_OK && !a)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    if (status == ASX_OK)
        status = asx_measure_new(&measure, b->session->calibration, b->session->data, images, err);
    for (size_t first = 0; status == ASX_OK && first < n; first += block) {
        const size_t count = n - first < block ? n - first : block;
        status = asx_measure_designs(a, measure, lacking + first, count, err);
        if (status == ASX_OK)
            status = study_bench_book(b, images, a, lacking + first, count, err);
        for (size_t i = 0; status == ASX_OK && i < count; i++)
            out[index[first + i]] = a[i];
    }
    asx_measure_free(measure);
    free(a);
    return status;
}

asx_status study_bench_measure(asx_accuracy *out, study_bench *b, asx_range images,
                               const asx_design *const *design, size_t n, asx_error *err)
{
    const asx_design **lacking = asx_array_new(n, sizeof(const asx_design *));
    size_t *index = asx_array_new(n, sizeof *index), n_lacking = 0;
    asx_status status =
        lacking && index ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        bool found = false;
        status = study_bench_find(&out[i], &found, b, images, design[i], err);
        if (status == ASX_OK && !found) {
            index[n_lacking] = i;
            lacking[n_lacking++] = design[i];
        }
    }
    b->n_known += n - n_lacking;
    b->n_measured += n_lacking;
    if (status == ASX_OK && n_lacking > 0)
        status = measure_lacking(out, b, images, lacking, index, n_lacking, err);
    free(lacking);
    free(index);
    return status;
}
