#include "infer.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "outcome.h"

asx_status asx_infer_check(const asx_network *network, const asx_dataset *data, asx_range images,
                           asx_error *err)
{
    const size_t *want = asx_network_input_shape(network), *have = asx_dataset_shape(data);
    const size_t size = asx_dataset_size(data);
    if (memcmp(want, have, 3 * sizeof *want) != 0)
        return asx_fail(err, ASX_EINVAL,
                        "images of shape [%zu, %zu, %zu] do not fit network '%s', which wants "
                        "[%zu, %zu, %zu]",
                        have[0], have[1], have[2], network->name, want[0], want[1], want[2]);
    if (images.first >= images.end || images.end > size)
        return asx_fail(err, ASX_EINVAL, "image range '%zu:%zu' is empty or outside 0:%zu",
                        images.first, images.end, size);
    return ASX_OK;
}

size_t asx_infer_class(const float *logits, size_t n_classes)
{
    size_t best = 0;
    for (size_t i = 1; i < n_classes; i++)
        if (logits[i] > logits[best])
            best = i;
    return best;
}

/* What one thread needs. */
typedef struct desk {
    float *workspace, *images, *logits;
} desk;

static asx_status desk_init(desk *d, const asx_plan *plan, asx_error *err)
{
    const asx_network *net = plan->network;
    d->workspace = asx_plan_workspace(plan);
    d->images = asx_array_new(plan->batch * asx_value_n_elements(&net->value[net->input]),
                              sizeof *d->images);
    d->logits = asx_array_new(plan->batch * asx_value_n_elements(&net->value[net->output]),
                              sizeof *d->logits);
    if (!d->workspace || !d->images || !d->logits)
        return asx_fail(err, ASX_ENOMEM, "buffers for %zu images: out of memory", plan->batch);
    return ASX_OK;
}

static void desk_fini(desk *d)
{
    free(d->workspace);
    free(d->images);
    free(d->logits);
}

/* Some of the designs: they are few enough batches for the threads, so that the designs are cut
 * into parts too. A part's first design shares nothing. */
typedef struct part {
    const asx_inference *job;
    size_t first, n; /* designs */
} part;

static void take_part(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const part *p = state;
    p->job->take(p->job->state, p->first + design, first, n, logits);
}

static part part_of(const asx_inference *job, size_t number, size_t n_parts)
{
    const size_t n = job->designs ? job->designs->n_designs : 1;
    const size_t first = number * n / n_parts;
    return (part){job, first, (number + 1) * n / n_parts - first};
}

static asx_status run_batch(part *p, size_t batch, desk *d, asx_error *err)
{
    const asx_inference *job = p->job;
    const size_t first = job->images.first + batch * job->plan->batch;
    const size_t left = job->images.end - first;
    const size_t n = left < job->plan->batch ? left : job->plan->batch;
    asx_dataset_images(d->images, job->data, first, n);
    if (job->designs) {
        const asx_frame frame = {job->plan, &job->run, d->workspace, first, n};
        const asx_lineage_taker taker = {take_part, p};
        const asx_lineage some = asx_lineage_part(job->designs, p->first, p->n);
        return asx_lineage_run(&some, &frame, d->images, d->logits, &taker, err);
    }
    asx_status status =
        asx_plan_run(job->plan, d->logits, d->images, first, n, &job->run, d->workspace, err);
    if (!status && job->take)
        job->take(job->state, 0, first, n, d->logits);
    return status;
}

static size_t count_parts(const asx_inference *job, size_t n_batches)
{
    enum { TASKS_PER_THREAD = 4 };
    const size_t want = TASKS_PER_THREAD * (size_t)omp_get_max_threads();
    const size_t n = job->designs ? job->designs->n_designs : 1;
    const size_t n_parts = omp_in_parallel() ? 1 : (want + n_batches - 1) / n_batches;
    return n_parts < n ? n_parts : n;
}

asx_status asx_infer(const asx_inference *job, asx_error *err)
{
    const size_t n_images = job->images.end - job->images.first;
    const size_t n_batches = (n_images + job->plan->batch - 1) / job->plan->batch;
    const size_t n_parts = count_parts(job, n_batches), n_tasks = n_parts * n_batches;
    asx_outcome failed = {.status = ASX_OK};
#pragma omp parallel
    {
        asx_error local = {.status = ASX_OK};
        desk d = {0};
        const asx_status ready = desk_init(&d, job->plan, &local);
#pragma omp for schedule(dynamic)
        for (size_t t = 0; t < n_tasks; t++) {
            part p = part_of(job, t % n_parts, n_parts);
            asx_status status = ready ? ready : run_batch(&p, t / n_parts, &d, &local);
            if (status)
                asx_outcome_note(&failed, t, status, &local);
        }
        desk_fini(&d);
    }
    return asx_outcome_end(&failed, err);
}
