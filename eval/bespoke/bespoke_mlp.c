#include "eval/bespoke_mlp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

void asx_bespoke_mlp_fini(asx_bespoke_mlp *mlp)
{
    for (size_t i = 0; mlp && i < ASX_BESPOKE_MLP_LAYERS; i++) {
        free(mlp->layer[i].weight);
        free(mlp->layer[i].bias);
    }
    if (mlp)
        *mlp = (asx_bespoke_mlp){0};
}

/* In double, in the order of the inputs. @param y  [outputs] */
static void apply(double *y, const asx_bespoke_dense *l, const double *x, bool rectify)
{
    for (size_t j = 0; j < l->outputs; j++) {
        double sum = l->bias[j];
        for (size_t i = 0; i < l->inputs; i++)
            sum += (double)l->weight[j * l->inputs + i] * x[i];
        y[j] = rectify && sum < 0 ? 0 : sum;
    }
}

static size_t widest(const asx_bespoke_mlp *mlp)
{
    size_t n = mlp->layer[0].inputs;
    for (size_t i = 0; i < mlp->n_layers; i++)
        n = mlp->layer[i].outputs > n ? mlp->layer[i].outputs : n;
    return n;
}

/* A row through all layers. @param room  2 width @param reach  of each layer raised to its outputs; may be NULL
 * @return the last layer's outputs, in `room` */
static const double *forward(const asx_bespoke_mlp *mlp, const asx_bespoke_table *t, size_t row,
                             double *room, size_t width, double *reach)
{
    const double top = (double)((1u << t->bits) - 1);
    double *x = room, *y = room + width;
    for (size_t f = 0; f < t->features; f++)
        x[f] = (double)t->value[f * t->n + row] / top;
    for (size_t i = 0; i < mlp->n_layers; i++) {
        apply(y, &mlp->layer[i], x, i + 1 < mlp->n_layers);
        for (size_t j = 0; reach && j < mlp->layer[i].outputs; j++)
            reach[i] = fmax(reach[i], y[j]);
        double *swap = x;
        x = y;
        y = swap;
    }
    return x;
}

static asx_status reserve(double **room, size_t width, asx_error *err)
{
    *room = asx_array_new(2 * width, sizeof **room);
    return *room ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to run a network");
}

asx_status asx_bespoke_mlp_count(size_t *correct, const asx_bespoke_mlp *mlp,
                                 const asx_bespoke_table *t, asx_bespoke_part_kind part,
                                 asx_error *err)
{
    const size_t width = widest(mlp), classes = mlp->layer[mlp->n_layers - 1].outputs;
    double *room = NULL;
    const asx_status status = reserve(&room, width, err);
    if (status != ASX_OK)
        return status;
    *correct = 0;
    for (size_t i = t->part[part].first; i < t->part[part].end; i++) {
        const double *y = forward(mlp, t, i, room, width, NULL);
        size_t best = 0;
        for (size_t k = 1; k < classes; k++)
            best = y[k] > y[best] ? k : best;
        *correct += best == t->label[i];
    }
    free(room);
    return ASX_OK;
}

asx_status asx_bespoke_mlp_reach(double *reach, const asx_bespoke_mlp *mlp,
                                 const asx_bespoke_table *t, asx_bespoke_part_kind part,
                                 asx_error *err)
{
    const size_t width = widest(mlp);
    double *room = NULL;
    const asx_status status = reserve(&room, width, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < mlp->n_layers; i++)
        reach[i] = 0;
    for (size_t i = t->part[part].first; i < t->part[part].end; i++)
        forward(mlp, t, i, room, width, reach);
    free(room);
    return ASX_OK;
}

/* ---- as bytes ---- */

void asx_bespoke_mlp_print(asx_text *out, const asx_bespoke_mlp *mlp)
{
    const uint64_t n = mlp->n_layers;
    asx_text_add_bytes(out, (const char *)&n, sizeof n);
    for (size_t i = 0; i < mlp->n_layers; i++) {
        const asx_bespoke_dense *l = &mlp->layer[i];
        const uint64_t size[] = {l->inputs, l->outputs};
        asx_text_add_bytes(out, (const char *)size, sizeof size);
        asx_text_add_bytes(out, (const char *)l->weight,
                           l->inputs * l->outputs * sizeof *l->weight);
        asx_text_add_bytes(out, (const char *)l->bias, l->outputs * sizeof *l->bias);
    }
}

/* What is left of the bytes. */
typedef struct cursor {
    const char *at;
    size_t n;
} cursor;

static bool take(void *out, cursor *c, size_t n)
{
    if (c->n < n)
        return false;
    memcpy(out, c->at, n);
    c->at += n;
    c->n -= n;
    return true;
}

static bool take_layer(asx_bespoke_dense *l, cursor *c)
{
    uint64_t size[2];
    if (!take(size, c, sizeof size) || size[0] < 1 || size[0] > ASX_BESPOKE_WIDTH_MAX ||
        size[1] < 1 || size[1] > ASX_BESPOKE_WIDTH_MAX)
        return false;
    l->inputs = (size_t)size[0];
    l->outputs = (size_t)size[1];
    l->weight = asx_array_new(l->inputs * l->outputs, sizeof *l->weight);
    l->bias = asx_array_new(l->outputs, sizeof *l->bias);
    return l->weight && l->bias && take(l->weight, c, l->inputs * l->outputs * sizeof *l->weight) &&
           take(l->bias, c, l->outputs * sizeof *l->bias);
}

asx_status asx_bespoke_mlp_parse(asx_bespoke_mlp *out, const char *bytes, size_t n, asx_error *err)
{
    cursor c = {bytes, n};
    asx_bespoke_mlp mlp = {0};
    uint64_t layers = 0;
    bool ok = take(&layers, &c, sizeof layers) && layers > 0 && layers <= ASX_BESPOKE_MLP_LAYERS;
    for (size_t i = 0; ok && i < layers; i++) {
        ok = take_layer(&mlp.layer[i], &c) &&
             (i == 0 || mlp.layer[i].inputs == mlp.layer[i - 1].outputs);
        mlp.n_layers++;
    }
    if (!ok || c.n > 0) {
        asx_bespoke_mlp_fini(&mlp);
        return asx_fail(err, ASX_EPARSE, "these are no bytes of a multilayer perceptron");
    }
    *out = mlp;
    return ASX_OK;
}

/* ---- in integers ---- */

double asx_bespoke_dense_largest(const asx_bespoke_dense *l)
{
    double most = 0;
    for (size_t i = 0; i < l->inputs * l->outputs; i++)
        most = fmax(most, fabs((double)l->weight[i]));
    return most;
}

/* @param unit  what 1 of the layer's inputs is in integers; in the end, of its outputs */
static asx_status project_layer(asx_bespoke_layer *to, const asx_bespoke_dense *from, double *unit,
                                unsigned bits, asx_error *err)
{
    const double most = asx_bespoke_dense_largest(from), top = (double)((1 << (bits - 1)) - 1);
    const double scale = most > 0 ? top / most : 1;
    for (size_t i = 0; i < from->inputs * from->outputs; i++)
        to->weight[i] = (int32_t)rint((double)from->weight[i] * scale);
    *unit *= scale;
    for (size_t j = 0; j < from->outputs; j++) {
        const double bias = rint((double)from->bias[j] * *unit);
        if (!(fabs(bias) <= (double)ASX_BESPOKE_BIAS_MAX))
            return asx_fail(err, ASX_EINVAL, "a bias of %g is too large for integers", bias);
        to->bias[j] = (int64_t)bias;
    }
    return ASX_OK;
}

asx_status asx_bespoke_mlp_project(asx_bespoke **out, const asx_bespoke_mlp *mlp,
                                   unsigned input_bits, unsigned weight_bits, asx_error *err)
{
    size_t width[ASX_BESPOKE_MLP_LAYERS + 1];
    double unit = (double)((1u << input_bits) - 1);
    asx_bespoke *b = NULL;
    if (weight_bits < 2 || weight_bits > 16)
        return asx_fail(err, ASX_EINVAL, "weights of %u bits, not 2 to 16", weight_bits);
    for (size_t i = 0; i < mlp->n_layers; i++)
        width[i] = mlp->layer[i].inputs;
    width[mlp->n_layers] = mlp->layer[mlp->n_layers - 1].outputs;
    asx_status status = asx_bespoke_new(&b, width, mlp->n_layers, err);
    for (size_t i = 0; status == ASX_OK && i < width[0]; i++)
        b->input_bits[i] = (unsigned char)input_bits;
    for (size_t i = 0; status == ASX_OK && i < mlp->n_layers; i++)
        status = project_layer(&b->layer[i], &mlp->layer[i], &unit, weight_bits, err);
    if (status == ASX_OK)
        status = asx_bespoke_check(b, err);
    if (status != ASX_OK)
        asx_bespoke_free(b);
    else
        *out = b;
    return status;
}
