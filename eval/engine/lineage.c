#include "lineage.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

asx_status asx_lineage_init(asx_lineage *out, const asx_numerics *numerics,
                            const void *const *design, size_t n_designs, size_t max_bytes,
                            asx_error *err)
{
    size_t *common = asx_array_new(n_designs, sizeof *common);
    if (!common)
        return asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu designs", n_designs);
    for (size_t i = 1; i < n_designs && numerics->common; i++)
        common[i] = numerics->common(design[i - 1], design[i]);
    *out = (asx_lineage){numerics, design, n_designs, common, max_bytes};
    return ASX_OK;
}

asx_lineage asx_lineage_part(const asx_lineage *lineage, size_t first, size_t n)
{
    asx_lineage part = *lineage;
    part.design += first;
    part.common += first;
    part.n_designs = n;
    return part;
}

void asx_lineage_fini(asx_lineage *lineage)
{
    if (!lineage)
        return;
    free(lineage->common);
    *lineage = (asx_lineage){0};
}

/* All values that are alive before a node. */
typedef struct checkpoint {
    size_t node, bytes;
    float *values;
} checkpoint;

/* A thread's way through the designs: checkpoints on the path of the present one, in order. */
typedef struct walk {
    const asx_frame *frame;
    checkpoint *stack;
    size_t *mark; /* nodes to keep a checkpoint of, last first */
    size_t n, bytes, n_marks;
} walk;

static bool is_alive(const asx_plan *plan, size_t value, size_t node)
{
    return plan->life[value].first <= node && plan->life[value].last > node;
}

size_t asx_frame_alive(const asx_frame *f, size_t node, float *saved, bool back)
{
    const asx_network *net = f->plan->network;
    size_t at = 0;
    for (size_t v = 0; v < net->n_values; v++) {
        const size_t n = f->plan->batch * asx_value_n_elements(&net->value[v]);
        if (!is_alive(f->plan, v, node))
            continue;
        float *value = f->workspace + f->plan->offset[v];
        if (saved)
            memcpy(back ? value : saved + at, back ? saved + at : value, n * sizeof *value);
        at += n;
    }
    return at;
}

static void pop(walk *w)
{
    w->n--;
    w->bytes -= w->stack[w->n].bytes;
    free(w->stack[w->n].values);
}

/* Where memory or the bound lacks there is no checkpoint, and designs go on from an earlier one. */
static void push(walk *w, size_t node, size_t max_bytes)
{
    const size_t n = asx_frame_alive(w->frame, node, NULL, false), bytes = n * sizeof(float);
    if (bytes > max_bytes || w->bytes > max_bytes - bytes)
        return;
    float *values = asx_array_new(n, sizeof *values);
    if (!values)
        return;
    (void)asx_frame_alive(w->frame, node, values, false);
    w->stack[w->n++] = (checkpoint){node, bytes, values};
    w->bytes += bytes;
}

/* Later designs branch off from this one's path where `common` falls below all before. */
static void find_marks(walk *w, const asx_lineage *l, size_t design, size_t start)
{
    size_t least = SIZE_MAX;
    w->n_marks = 0;
    for (size_t k = design + 1; k < l->n_designs && least > start; k++)
        if (l->common[k] < least) {
            least = l->common[k];
            if (least > start)
                w->mark[w->n_marks++] = least;
        }
}

static asx_status run_design(walk *w, const asx_lineage *l, size_t design, const float *images,
                             asx_error *err)
{
    const asx_run run = {.numerics = l->numerics, .design = l->design[design]};
    asx_frame frame = *w->frame;
    size_t at = 0;
    frame.run = &run;
    while (w->n && w->stack[w->n - 1].node > l->common[design])
        pop(w);
    if (w->n) {
        at = w->stack[w->n - 1].node;
        (void)asx_frame_alive(&frame, at, w->stack[w->n - 1].values, true);
    } else {
        asx_plan_load(&frame, images);
    }
    asx_status status = ASX_OK;
    find_marks(w, l, design, at);
    while (status == ASX_OK && w->n_marks) {
        const size_t next = w->mark[--w->n_marks];
        status = asx_plan_steps(&frame, at, next, err);
        at = next;
        if (status == ASX_OK)
            push(w, at, l->max_bytes);
    }
    if (status == ASX_OK)
        status = asx_plan_steps(&frame, at, frame.plan->network->n_nodes, err);
    return status;
}

asx_status asx_lineage_run(const asx_lineage *lineage, const asx_frame *frame, const float *images,
                           float *logits, const asx_lineage_taker *taker, asx_error *err)
{
    const size_t n_nodes = frame->plan->network->n_nodes;
    walk w = {.frame = frame,
              .stack = asx_array_new(n_nodes + 1, sizeof *w.stack),
              .mark = asx_array_new(n_nodes + 1, sizeof *w.mark)};
    asx_status status = ASX_OK;
    if (!w.stack || !w.mark)
        status = asx_fail(err, ASX_ENOMEM, "no memory for the order of designs");
    for (size_t i = 0; status == ASX_OK && i < lineage->n_designs; i++) {
        const asx_run run = {.numerics = lineage->numerics, .design = lineage->design[i]};
        asx_frame local = *frame;
        status = run_design(&w, lineage, i, images, err);
        local.run = &run;
        if (status == ASX_OK) {
            asx_plan_logits(&local, logits);
            taker->take(taker->state, i, frame->first_image, frame->n_images, logits);
        }
    }
    while (w.n)
        pop(&w);
    free(w.stack);
    free(w.mark);
    return status;
}
