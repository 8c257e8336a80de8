/* The integers of images after every step, from the engine. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "program_parts.h"

size_t asx_program_trace_size(const asx_program *program)
{
    size_t n = 0;
    for (size_t v = 0; v < program->n_values; v++)
        n += program->value[v].n;
    return n;
}

/* Who writes values down as they come. */
typedef struct tracer {
    const asx_program *program;
    const asx_plan *plan;
    int32_t *out;   /* of the frame's first image */
    float *logical; /* room for a batch of any value */
    size_t size, n_images;
} tracer;

static void see(void *watcher, size_t value, const float *x, size_t n)
{
    const tracer *t = watcher;
    const asx_program_value *v = t->program->value;
    size_t at = 0;
    (void)n;
    if (v[value].place < 0)
        return;
    for (size_t i = 0; i < value; i++)
        at += v[i].n;
    /* the engine's orders are read, not written */
    const asx_tensor stored = {&t->plan->network->value[value], (float *)(uintptr_t)x};
    asx_tensor_to_logical(t->logical, stored, t->n_images);
    for (size_t i = 0; i < t->n_images; i++)
        for (size_t k = 0; k < v[value].n; k++)
            t->out[i * t->size + at + k] = (int32_t)t->logical[i * v[value].n + k];
}

static asx_status trace_batch(tracer *t, const float *images, float *workspace, asx_error *err)
{
    const asx_run run = {
        .numerics = &asx_integers, .design = &t->program->parts->engine, .see = see, .watcher = t};
    const asx_frame frame = {
        .plan = t->plan, .run = &run, .workspace = workspace, .n_images = t->n_images};
    const asx_network *net = t->plan->network;
    const asx_values values = asx_frame_values(&frame);
    asx_plan_load(&frame, images);
    see(t, net->input, asx_values_at(&values, net->input).data, 0); /* after the images' scaling */
    return asx_plan_steps(&frame, 0, net->n_nodes, err);
}

asx_status asx_program_trace(int32_t *out, const asx_program *program, const float *images,
                             size_t n, asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(program->parts->calibration);
    tracer t = {.program = program, .plan = plan, .size = asx_program_trace_size(program)};
    const size_t image = program->value[program->input].n;
    float *workspace = asx_plan_workspace(plan);
    asx_status status = ASX_OK;
    t.logical = asx_array_new(plan->batch * t.size, sizeof *t.logical);
    if (!workspace || !t.logical)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a trace of %zu images", n);
    else
        memset(out, 0, n * t.size * sizeof *out);
    for (size_t i = 0; status == ASX_OK && i < n; i += plan->batch) {
        t.n_images = n - i < plan->batch ? n - i : plan->batch;
        t.out = out + i * t.size;
        status = trace_batch(&t, images + i * image, workspace, err);
    }
    free(t.logical);
    free(workspace);
    return status;
}
