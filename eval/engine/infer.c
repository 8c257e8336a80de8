#include "infer.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "outcome.h"

/* Sides of one are the same to all: [2, 1, 12] are two rows of twelve as [1, 2, 12] are. */
static bool same_images(const size_t *a, const size_t *b)
{
    for (size_t i = 0, j = 0; i < 3 || j < 3; i++, j++) {
        while (i < 3 && a[i] == 1)
            i++;
        while (j < 3 && b[j] == 1)
            j++;
        if ((i < 3 ? a[i] : 0) != (j < 3 ? b[j] : 0))
            return false;
    }
    return true;
}

asx_status asx_infer_check(const asx_network *network, const asx_dataset *data, asx_range images,
                           asx_error *err)
{
    const size_t *want = asx_network_input_shape(network), *have = asx_dataset_shape(data);
    const size_t size = asx_dataset_size(data);
    const asx_status status = asx_network_check_weights(network, err);
    if (status != ASX_OK)
        return status;
    if (!same_images(want, have))
        return asx_fail(err, ASX_EINVAL,
                        "images of shape [%zu, %zu, %zu] do not fit network '%s', which wants "
                        "[%zu, %zu, %zu]",
                        have[0], have[1], have[2], network->name, want[0], want[1], want[2]);
    if (images.first >= images.end || images.end > size)
        return asx_fail(err, ASX_EINVAL, "image range '%zu:%zu' is empty or outside 0:%zu",
                        images.first, images.end, size);
    return ASX_OK;
}

asx_status asx_infer_check_labels(const asx_network *network, const asx_dataset *data,
                                  asx_range images, asx_error *err)
{
    const size_t n_classes = asx_network_n_classes(network);
    const asx_status status = asx_network_check_classes(network, err);
    if (status != ASX_OK)
        return status;
    const asx_score *score = asx_dataset_score(data);
    if (asx_score_labels(score) != ASX_LABEL_CLASS)
        return asx_fail(
            err, ASX_EUNSUPPORTED,
            "training is for labels that are classes of images, not for numbers or maps");
    if (score->top >= n_classes)
        return asx_fail(err, ASX_EINVAL, "top%zu of %zu classes: all images would be right",
                        score->top, n_classes);
    for (size_t i = images.first; i < images.end; i++)
        if (asx_dataset_label(data, i) >= n_classes)
            return asx_fail(err, ASX_EINVAL,
                            "image %zu has label %u, but the network has classes 0 .. %zu", i,
                            asx_dataset_label(data, i), n_classes - 1);
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

bool asx_infer_right(const float *logits, size_t n_classes, size_t label, size_t top)
{
    size_t before = 0;
    if (top == 1)
        return asx_infer_class(logits, n_classes) == label;
    for (size_t i = 0; i < n_classes; i++)
        before += i < label ? logits[i] >= logits[label] : logits[i] > logits[label];
    return before < top && !isnan(logits[label]);
}

/* What one thread works in. */
typedef struct worker {
    float *workspace, *images, *logits;
} worker;

static asx_status worker_init(worker *w, const asx_plan *plan, asx_error *err)
{
    const asx_network *net = plan->network;
    w->workspace = asx_plan_workspace(plan);
    w->images = asx_array_new(plan->batch * asx_value_n_elements(&net->value[net->input]),
                              sizeof *w->images);
    w->logits = asx_array_new(plan->batch * asx_value_n_elements(&net->value[net->output]),
                              sizeof *w->logits);
    if (!w->workspace || !w->images || !w->logits)
        return asx_fail(err, ASX_ENOMEM, "no memory for buffers for %zu images", plan->batch);
    return ASX_OK;
}

static void worker_fini(worker *w)
{
    free(w->workspace);
    free(w->images);
    free(w->logits);
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

/* At most a batch. */
static asx_status run_batch(part *p, size_t first, size_t n, worker *w, asx_error *err)
{
    const asx_inference *job = p->job;
    if (job->stop && job->stop(job->stop_state))
        return asx_fail(err, ASX_EINTERRUPTED, "stopped");
    asx_dataset_images(w->images, job->data, first, n);
    if (job->designs) {
        const asx_frame frame = {job->plan, &job->run, w->workspace, first, n};
        const asx_lineage_taker taker = {take_part, p};
        const asx_lineage some = asx_lineage_part(job->designs, p->first, p->n);
        return asx_lineage_run(&some, &frame, w->images, w->logits, &taker, err);
    }
    asx_status status =
        asx_plan_run(job->plan, w->logits, w->images, first, n, &job->run, w->workspace, err);
    if (status == ASX_OK && job->take)
        job->take(job->state, 0, first, n, w->logits);
    return status;
}

/* A block's batches in their order, for who adds up what is observed; else blocks are batches. */
static size_t block_of(const asx_inference *job)
{
    return job->run.observe ? asx_plan_block(job->plan) : job->plan->batch;
}

static asx_status run_block(part *p, size_t block, worker *w, asx_error *err)
{
    const size_t size = block_of(p->job), batch = p->job->plan->batch;
    const size_t first = p->job->images.first + block * size, left = p->job->images.end - first;
    const size_t n = left < size ? left : size;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i += batch)
        status = run_batch(p, first + i, n - i < batch ? n - i : batch, w, err);
    return status;
}

static size_t count_parts(const asx_inference *job, size_t n_blocks)
{
    enum { TASKS_PER_THREAD = 4 };
    const size_t want = TASKS_PER_THREAD * (size_t)omp_get_max_threads();
    const size_t n = job->designs ? job->designs->n_designs : 1;
    const size_t n_parts = omp_in_parallel() ? 1 : (want + n_blocks - 1) / n_blocks;
    return n_parts < n ? n_parts : n;
}

asx_status asx_infer(const asx_inference *job, asx_error *err)
{
    const size_t n_images = job->images.end - job->images.first;
    const size_t n_blocks = (n_images + block_of(job) - 1) / block_of(job);
    const size_t n_parts = count_parts(job, n_blocks), n_tasks = n_parts * n_blocks;
    asx_outcome failed = {.status = ASX_OK};
#pragma omp parallel
    {
        asx_error local = {.status = ASX_OK};
        worker w = {0};
        const asx_status ready = worker_init(&w, job->plan, &local);
#pragma omp for schedule(dynamic)
        for (size_t t = 0; t < n_tasks; t++) {
            part p = part_of(job, t % n_parts, n_parts);
            asx_status status = ready ? ready : run_block(&p, t / n_parts, &w, &local);
            if (status != ASX_OK)
                asx_outcome_note(&failed, t, status, &local);
        }
        worker_fini(&w);
    }
    return asx_outcome_end(&failed, err);
}
