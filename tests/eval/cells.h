/* Recurrent layers: their equations in doubles, and files of them as PyTorch exports such. */
#ifndef ASX_TESTS_CELLS_H
#define ASX_TESTS_CELLS_H

#include <math.h>
#include <string.h>

#include "toy_data.h"
#undef SHAPE /* both helpers have one */
#include "onnx_case.h"

enum { N = 3, T = 4, I = 3, H = 2, GATES_MAX = 4, DIRECTIONS_MAX = 2 };

typedef struct config {
    const char *op;
    size_t gates, directions;
    bool reverse, batch_first, before_reset, forget, peepholes, states, last;
    float clip;
    int64_t used; /* steps; 0: all, not said */
    const char *activations[3];
} config;

static struct {
    float w[DIRECTIONS_MAX * GATES_MAX * H * I], r[DIRECTIONS_MAX * GATES_MAX * H * H];
    float b[DIRECTIONS_MAX * 2 * GATES_MAX * H], p[DIRECTIONS_MAX * 3 * H];
    float state[DIRECTIONS_MAX * H], cell[DIRECTIONS_MAX * H];
} p;

static inline void cells_make_numbers(void)
{
    float *all = (float *)&p;
    for (size_t i = 0; i < sizeof p / sizeof *all; i++)
        all[i] = ((float)asx_seed_below(9, 1, i, 2001) - 1000) / 1000;
}

/* ---- the equations ---- */

static inline double act(const char *name, double x, double clip)
{
    if (clip > 0)
        x = fmax(-clip, fmin(x, clip));
    if (strcmp(name, "Sigmoid") == 0)
        return 1 / (1 + exp(-x));
    if (strcmp(name, "Relu") == 0)
        return fmax(x, 0);
    if (strcmp(name, "HardSigmoid") == 0)
        return fmax(0, fmin(0.2 * x + 0.5, 1));
    if (strcmp(name, "ScaledTanh") == 0)
        return 1.5 * tanh(0.5 * x);
    assert_string_equal(name, "Tanh");
    return tanh(x);
}

/* One step of direction d: h and c become the next ones. */
static inline void step(double *h, double *c, const float *x, const config *k, size_t d)
{
    const size_t g = k->gates;
    const float *w = p.w + d * g * H * I, *r = p.r + d * g * H * H, *b = p.b + d * 2 * g * H;
    const float *peep = p.p + d * 3 * H;
    double in[GATES_MAX * H], of[GATES_MAX * H], next[H];
    for (size_t j = 0; j < g * H; j++) {
        in[j] = (double)b[j];
        of[j] = (double)b[g * H + j];
        for (size_t i = 0; i < I; i++)
            in[j] += (double)w[j * I + i] * (double)x[i];
        for (size_t i = 0; i < H; i++)
            of[j] += (double)r[j * H + i] * h[i];
    }
    const char *const *a = k->activations;
    const double clip = (double)k->clip;
    for (size_t j = 0; j < H; j++) {
        if (g == 1) {
            next[j] = act(a[0], in[j] + of[j], clip);
        } else if (g == 3) {
            const double z = act(a[0], in[j] + of[j], clip);
            double sum = of[2 * H + j];
            if (!k->before_reset) { /* r multiplies the state instead */
                sum = (double)b[g * H + 2 * H + j];
                for (size_t i = 0; i < H; i++)
                    sum += (double)r[(2 * H + j) * H + i] * h[i] *
                           act(a[0], in[H + i] + of[H + i], clip);
            } else {
                sum *= act(a[0], in[H + j] + of[H + j], clip);
            }
            next[j] = (1 - z) * act(a[1], in[2 * H + j] + sum, clip) + z * h[j];
        } else {
            const double pi = k->peepholes ? (double)peep[j] : 0,
                         po = k->peepholes ? (double)peep[H + j] : 0,
                         pf = k->peepholes ? (double)peep[2 * H + j] : 0;
            const double i = act(a[0], in[j] + of[j] + pi * c[j], clip);
            const double f =
                k->forget ? 1 - i : act(a[0], in[2 * H + j] + of[2 * H + j] + pf * c[j], clip);
            c[j] = f * c[j] + i * act(a[1], in[3 * H + j] + of[3 * H + j], clip);
            next[j] = act(a[0], in[H + j] + of[H + j] + po * c[j], clip) * act(a[2], c[j], clip);
        }
    }
    memcpy(h, next, sizeof next);
}

/* y: [T][directions][H] of an image [T][I]; last: [directions][H] */
static inline void cells_reference(double *y, double *last, const float *x, const config *k)
{
    const size_t used = k->used > 0 ? (size_t)k->used : T;
    memset(y, 0, T * k->directions * H * sizeof *y);
    for (size_t d = 0; d < k->directions; d++) {
        const bool back = d == 1 || k->reverse;
        double h[H] = {0}, c[H] = {0};
        for (size_t j = 0; k->states && j < H; j++) {
            h[j] = (double)p.state[d * H + j];
            c[j] = k->gates == 4 ? (double)p.cell[d * H + j] : 0;
        }
        for (size_t s = 0; s < used; s++) {
            const size_t t = back ? used - 1 - s : s;
            step(h, c, x + t * I, k, d);
            memcpy(y + (t * k->directions + d) * H, h, sizeof h);
        }
        memcpy(last + d * H, h, sizeof h);
    }
}

/* ---- the file ---- */

static inline void put_strings(onnx_bytes *attributes, const char *name, const char *const *text,
                               size_t n, size_t times)
{
    onnx_bytes a = {0};
    for (size_t i = 0; i < n * times; i++)
        onnx_put_text(&a, 9, text[i % n]);
    onnx_put_text(&a, 1, name);
    onnx_put_int(&a, 20, 8);
    onnx_put_message(attributes, 5, &a);
}

static inline void put_floats(onnx_bytes *attributes, const char *name, const float *value,
                              size_t n)
{
    onnx_bytes a = {0};
    for (size_t i = 0; i < n; i++)
        onnx_put_float(&a, 7, value[i]);
    onnx_put_text(&a, 1, name);
    onnx_put_int(&a, 20, 6);
    onnx_put_message(attributes, 5, &a);
}

static inline void put_attributes(onnx_bytes *a, const config *k)
{
    /* HardSigmoid's, then ScaledTanh's, of each direction */
    static const float alpha[] = {0.2F, 1.5F, 0.2F, 1.5F}, beta[] = {0.5F, 0.5F, 0.5F, 0.5F};
    const size_t n = k->gates == 1 ? 1 : k->gates == 3 ? 2 : 3;
    onnx_attribute_int(a, "hidden_size", H);
    onnx_attribute_text(a, "direction",
                        k->directions == 2 ? "bidirectional"
                        : k->reverse       ? "reverse"
                                           : "forward");
    if (k->batch_first)
        onnx_attribute_int(a, "layout", 1);
    if (k->before_reset)
        onnx_attribute_int(a, "linear_before_reset", 1);
    if (k->forget)
        onnx_attribute_int(a, "input_forget", 1);
    if (k->clip > 0)
        onnx_attribute_float(a, "clip", k->clip);
    put_strings(a, "activations", k->activations, n, k->directions);
    if (strcmp(k->activations[1] ? k->activations[1] : "", "ScaledTanh") == 0) {
        put_floats(a, "activation_alpha", alpha, 2 * k->directions);
        put_floats(a, "activation_beta", beta, 2 * k->directions);
    }
}

static inline void put_layer(onnx_writer *w, const config *k, const char *x)
{
    const int64_t d = (int64_t)k->directions, g = (int64_t)k->gates * H;
    const int64_t *state = k->batch_first ? (int64_t[]){1, d, H} : (int64_t[]){d, 1, H};
    onnx_bytes a = {0};
    char inputs[96];
    const int64_t used = k->used;
    snprintf(inputs, sizeof inputs, "%s W R B %s %s %s %s", x, used > 0 ? "lens" : "-",
             k->states ? "h0" : "-", k->states && k->gates == 4 ? "c0" : "-",
             k->peepholes ? "P" : "-");
    if (k->gates != 4)
        inputs[strlen(inputs) - 4] = '\0'; /* two inputs fewer */
    onnx_floats(w, "W", DIMS(d, g, I), p.w);
    onnx_floats(w, "R", DIMS(d, g, H), p.r);
    onnx_floats(w, "B", DIMS(d, 2 * g), p.b);
    onnx_floats(w, "P", DIMS(d, 3 * H), p.p);
    onnx_floats(w, "h0", 3, state, p.state);
    onnx_floats(w, "c0", 3, state, p.cell);
    onnx_bytes lens = onnx_tensor("lens", 7, 1, (int64_t[]){1}, &used, sizeof used);
    onnx_put_message(&w->graph, 5, &lens);
    put_attributes(&a, k);
    onnx_node(w, k->op, "cell", inputs, k->last ? "- last" : "all", &a);
}

static inline void put_transpose(onnx_writer *w, const char *in, const char *out,
                                 const int64_t *perm, size_t n)
{
    onnx_bytes a = {0};
    onnx_attribute_ints(&a, "perm", n, perm);
    onnx_node(w, "Transpose", "", in, out, &a);
}

/* As PyTorch exports it: turned before, and back behind. */
static inline void put_network(onnx_writer *w, const config *k)
{
    onnx_bytes end = onnx_tensor("end", 7, 0, NULL, (int64_t[]){-1}, 8);
    if (k->batch_first) {
        put_layer(w, k, "x");
        onnx_node(w, "Identity", "", k->last ? "last" : "all", "y", NULL);
        onnx_bytes_free(&end);
        return;
    }
    put_transpose(w, "x", "xt", (int64_t[]){1, 0, 2}, 3);
    put_layer(w, k, "xt");
    onnx_put_message(&w->graph, 5, &end);
    if (k->last) {
        onnx_node(w, "Gather", "", "last end", "y", NULL);
        return;
    }
    if (k->directions == 1) {
        onnx_int64s(w, "one", 1, (int64_t[]){1});
        onnx_node(w, "Squeeze", "", "all one", "rows", NULL);
    } else {
        onnx_int64s(w, "joined", 3, (int64_t[]){0, 0, -1});
        put_transpose(w, "all", "turned", (int64_t[]){0, 2, 1, 3}, 4);
        onnx_node(w, "Reshape", "", "turned joined", "rows", NULL);
    }
    put_transpose(w, "rows", "y", (int64_t[]){1, 0, 2}, 3);
}

static inline asx_network *cells_network(const config *k)
{
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_writer w = case_start(DIMS(-1, T, I));
    w.opset = 14;
    put_network(&w, k);
    onnx_output(&w, "y");
    onnx_bytes file = onnx_finish(&w);
    CHECK_OK(asx_network_parse(&net, "cell.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

#endif
