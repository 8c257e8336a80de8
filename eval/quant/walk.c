#include "walk.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "lineage.h"
#include "outcome.h"
#include "patch.h"

static const uint64_t PLACE_SEED = 0x77616c6b; /* any constant will do */
static const size_t KEPT_BYTES_MAX = (size_t)512 << 20;

enum { FLOATS, INTEGERS, NETWORKS };

static size_t count_batches(const asx_walk *w)
{
    return (w->images.end - w->images.first + w->plan->batch - 1) / w->plan->batch;
}

static size_t batches_of_block(const asx_walk *w)
{
    return asx_plan_block(w->plan) / w->plan->batch;
}

asx_status asx_walk_init(asx_walk *out, const asx_plan *plan, const asx_dataset *data,
                         asx_range images, const asx_run *run, asx_error *err)
{
    asx_walk w = {.plan = plan, .data = data, .images = images};
    if (run) {
        w.design = run->design;
        w.numerics = run->numerics;
    }
    for (size_t k = 0; k < NETWORKS; k++)
        w.kept[k] = asx_array_new(count_batches(&w), sizeof *w.kept[k]);
    *out = w;
    if (w.kept[FLOATS] && w.kept[INTEGERS])
        return ASX_OK;
    asx_walk_fini(out);
    return asx_fail(err, ASX_ENOMEM, "no memory for calibration images on their way");
}

static void forget(asx_walk *w, size_t batch)
{
    for (size_t k = 0; k < NETWORKS; k++) {
        free(w->kept[k][batch]);
        w->kept[k][batch] = NULL;
    }
}

void asx_walk_fini(asx_walk *w)
{
    if (!w)
        return;
    for (size_t b = 0; w->kept[FLOATS] && w->kept[INTEGERS] && b < count_batches(w); b++)
        forget(w, b);
    free(w->kept[FLOATS]);
    free(w->kept[INTEGERS]);
    *w = (asx_walk){0};
}

/* What is looked at before a layer. */
typedef struct view {
    asx_walk *walk;
    const asx_node *node;
    size_t index; /* of the node */
    int beside;   /* the value that the output is added to, if that is all that becomes of it; -1 */
    size_t places, width; /* places taken of an image, floats of a patch */
} view;

/* The other operand of an Add that alone reads a value, if it is known before a node. */
static int find_beside(const asx_network *net, size_t node)
{
    const size_t value = net->node[node].output;
    const asx_node *reader = NULL;
    size_t n = value == net->output, other = 0;
    for (size_t i = node + 1; i < net->n_nodes; i++)
        for (size_t k = 0; k < net->node[i].n_inputs; k++)
            if (net->node[i].input[k] == value) {
                reader = &net->node[i];
                other = reader->input[reader->n_inputs - 1 - k];
                n++;
            }
    if (n != 1 || !reader || reader->op != ASX_OP_ADD || other == value)
        return -1;
    bool known = other == net->input;
    for (size_t i = 0; i < node; i++)
        known = known || net->node[i].output == other;
    return known ? (int)other : -1;
}

/* A thread's room, for a block of images (asx_plan_block). */
typedef struct room {
    float *workspace, *images;
    float *x, *rounded, *y, *other; /* patches: [places][width] twice, [places][channels] twice */
    size_t row;                     /* first one of the present batch */
    asx_moments_part part;
} room;

static void room_fini(room *r)
{
    free(r->workspace);
    free(r->images);
    free(r->x);
    free(r->rounded);
    free(r->y);
    free(r->other);
    asx_moments_part_fini(&r->part);
}

static asx_status room_init(room *r, const view *v, const asx_moments *m, asx_error *err)
{
    const asx_plan *plan = v->walk->plan;
    const asx_network *net = plan->network;
    const size_t rows = asx_plan_block(plan) * v->places;
    *r = (room){.workspace = asx_plan_workspace(plan),
                .images = asx_array_new(plan->batch * asx_value_n_elements(&net->value[net->input]),
                                        sizeof(float)),
                .x = asx_array_new(rows, v->width * sizeof *r->x),
                .rounded = asx_array_new(rows, v->width * sizeof *r->rounded),
                .y = asx_array_new(rows, m->channels * sizeof *r->y),
                .other = asx_array_new(rows, m->channels * sizeof *r->other)};
    if (!r->workspace || !r->images || !r->x || !r->rounded || !r->y || !r->other)
        return asx_fail(err, ASX_ENOMEM, "no memory for patches of layer '%s'", v->node->name);
    return asx_moments_part_init(&r->part, m, err);
}

static size_t place_of(const view *v, size_t image, size_t k)
{
    const size_t n = asx_patch_n_places(v->walk->plan, v->node);
    return v->places == n ? k
                          : (size_t)asx_seed_below(PLACE_SEED, (uint64_t)v->node->layer,
                                                   image * ASX_WALK_PLACES + k, n);
}

/* Numbers of all channels at the places of a batch, of a value that has the output's shape. */
static void cut_outputs(float *out, const view *v, const float *value, size_t first, size_t n)
{
    const asx_value *to = &v->walk->plan->network->value[v->node->output];
    const size_t channels = v->node->n_biases, size = asx_value_n_elements(to);
    const bool rows = v->node->op == ASX_OP_CONV || asx_tensor_is_logical(to);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < v->places; k++) {
            const size_t at = place_of(v, first - v->walk->images.first + i, k);
            const float *image = value + i * size;
            for (size_t c = 0; c < channels; c++)
                *out++ =
                    rows ? image[at * channels + c]
                         : image[(at % to->dim[1] * channels + c) * to->dim[0] + at / to->dim[1]];
        }
}

static void cut_inputs(float *out, const view *v, const float *value, size_t first, size_t n)
{
    const size_t size = asx_plan_layer_inputs(v->walk->plan, (size_t)v->node->layer);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < v->places; k++, out += v->width)
            asx_patch_cut(out, v->walk->plan, v->node, value + i * size,
                          place_of(v, first - v->walk->images.first + i, k));
}

static const float *value_at(const asx_frame *f, size_t value)
{
    const asx_values values = asx_frame_values(f);
    return asx_values_at(&values, value).data;
}

/* Brings a batch before the node. */
static asx_status go(const asx_frame *f, const view *v, float **kept, const float *images,
                     asx_error *err)
{
    size_t at = 0;
    if (*kept) {
        at = v->walk->at;
        (void)asx_frame_alive(f, at, *kept, true);
        free(*kept);
        *kept = NULL;
    } else {
        asx_plan_load(f, images);
    }
    asx_status status = asx_plan_steps(f, at, v->index, err);
    const size_t n = status == ASX_OK ? asx_frame_alive(f, v->index, NULL, false) : 0;
    if (!n || n * sizeof(float) > KEPT_BYTES_MAX / NETWORKS / count_batches(v->walk))
        return status;
    *kept = asx_array_new(n, sizeof **kept);
    if (!*kept)
        return asx_fail(err, ASX_ENOMEM, "no memory for calibration images on their way");
    (void)asx_frame_alive(f, v->index, *kept, false);
    return ASX_OK;
}

/* The output as it is in floats; with what it is added to there. */
static asx_status look_at_floats(room *r, const view *v, asx_frame *f, size_t batch, asx_error *err)
{
    const asx_run floats = {0};
    f->run = &floats;
    asx_status status = go(f, v, &v->walk->kept[FLOATS][batch], r->images, err);
    if (status != ASX_OK)
        return status;
    float *x = r->x + r->row * v->width, *y = r->y + r->row * v->node->n_biases;
    if (!v->walk->design)
        cut_inputs(x, v, value_at(f, v->node->input[0]), f->first_image, f->n_images);
    if (v->beside >= 0 && v->walk->design)
        cut_outputs(r->other, v, value_at(f, (size_t)v->beside), f->first_image, f->n_images);
    status = asx_plan_steps(f, v->index, v->index + 1, err);
    if (status == ASX_OK)
        cut_outputs(y, v, value_at(f, v->node->output), f->first_image, f->n_images);
    return status;
}

static void add_scaled(float *sum, const float *x, double scale, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += (float)(scale * (double)x[i]);
}

/* The input as the design's words have it. */
static asx_status look_at_integers(room *r, const view *v, asx_frame *f, size_t batch,
                                   asx_error *err)
{
    const asx_integer *s = v->walk->design;
    const asx_integer_layer *l = &s->layer[v->node->layer];
    const size_t rows = f->n_images * v->places, n_out = rows * v->node->n_biases;
    const asx_run run = {.numerics = v->walk->numerics, .design = s};
    float *x = r->x + r->row * v->width, *y = r->y + r->row * v->node->n_biases;
    f->run = &run;
    asx_status status = go(f, v, &v->walk->kept[INTEGERS][batch], r->images, err);
    if (status != ASX_OK)
        return status;
    cut_inputs(r->rounded, v, value_at(f, v->node->input[0]), f->first_image, f->n_images);
    asx_rounder_requantise(x, r->rounded, rows * v->width, l->rounder, l->factor);
    for (size_t i = 0; i < rows * v->width; i++)
        x[i] *= (float)l->input_scale;
    if (v->beside >= 0) {
        add_scaled(y, r->other, 1, n_out);
        cut_outputs(r->other, v, value_at(f, (size_t)v->beside), f->first_image, f->n_images);
        add_scaled(y, r->other, -s->scale[v->beside], n_out);
    }
    return ASX_OK;
}

/* Batch `batch` of the walk, from the room's row on. */
static asx_status look(room *r, const view *v, size_t batch, asx_error *err)
{
    const asx_walk *w = v->walk;
    const size_t first = w->images.first + batch * w->plan->batch, left = w->images.end - first;
    const size_t n = left < w->plan->batch ? left : w->plan->batch;
    asx_frame frame = {
        .plan = w->plan, .workspace = r->workspace, .first_image = first, .n_images = n};
    asx_dataset_images(r->images, w->data, first, n);
    asx_status status = look_at_floats(r, v, &frame, batch, err);
    if (status == ASX_OK && w->design)
        status = look_at_integers(r, v, &frame, batch, err);
    r->row += n * v->places;
    return status;
}

/* A block's batches in one sum of floats, which therefore does not depend on how many they are. */
static asx_status look_at_block(room *r, const view *v, const asx_moments *m, size_t block,
                                asx_error *err)
{
    const size_t n = batches_of_block(v->walk), end = count_batches(v->walk);
    asx_status status = ASX_OK;
    r->row = 0;
    for (size_t b = block * n; status == ASX_OK && b < (block + 1) * n && b < end; b++)
        status = look(r, v, b, err);
    return status == ASX_OK ? asx_moments_take(&r->part, m, r->x, r->y, r->row, err) : status;
}

asx_status asx_walk_to(asx_moments *inout, asx_walk *w, size_t node, asx_error *err)
{
    const asx_network *net = w->plan->network;
    const size_t places = asx_patch_n_places(w->plan, &net->node[node]);
    const view v = {.walk = w,
                    .node = &net->node[node],
                    .index = node,
                    .beside = find_beside(net, node),
                    .places = places < ASX_WALK_PLACES ? places : ASX_WALK_PLACES,
                    .width = asx_patch_size(&net->node[node])};
    const size_t n_blocks = (count_batches(w) + batches_of_block(w) - 1) / batches_of_block(w);
    asx_outcome failed = {.status = ASX_OK};
#pragma omp parallel
    {
        asx_error local = {.status = ASX_OK};
        room r = {0};
        const asx_status ready = room_init(&r, &v, inout, &local);
#pragma omp for ordered schedule(static, 1)
        for (size_t b = 0; b < n_blocks; b++) {
            const asx_status status = ready ? ready : look_at_block(&r, &v, inout, b, &local);
            if (status != ASX_OK)
                asx_outcome_note(&failed, b, status, &local);
#pragma omp ordered
            if (status == ASX_OK) /* in the order of images: sums of floats */
                asx_moments_add(inout, &r.part);
        }
        room_fini(&r);
    }
    w->at = node;
    return asx_outcome_end(&failed, err);
}
