/* Transposed convolutions against their definition, a scatter; movements of elements against loops;
 * and both once more after being written and read. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/seed.h"
#include "onnx_case.h"
#include "onnx_write.h"

static asx_network *import(onnx_writer *w)
{
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_output(w, "y");
    onnx_bytes file = onnx_finish(w);
    CHECK_OK(asx_network_parse(&net, "move.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

/* Two images through the network, and through what is written of it. */
static void check(asx_network *net, const float *x, const float *want, size_t n)
{
    asx_error err;
    asx_network *again = NULL;
    void *bytes = NULL;
    size_t size = 0;
    CHECK_OK(asx_onnx_write(&bytes, &size, net, &err), err);
    CHECK_OK(asx_network_parse(&again, "again", bytes, size, &err), err);
    const asx_network *both[] = {net, again};
    for (size_t k = 0; k < 2; k++) {
        float *y = case_run(both[k], x, 2);
        assert_int_equal(asx_network_n_classes(both[k]), n);
        for (size_t i = 0; i < 2 * n; i++)
            if (!(fabsf(y[i] - want[i]) <= 1e-5F * (1 + fabsf(want[i]))))
                fail_msg("element %zu is %g, not %g", i, (double)y[i], (double)want[i]);
        free(y);
    }
    free(bytes);
    asx_network_free(again);
    asx_network_free(net);
}

static float number(uint64_t stream, size_t i)
{
    return ((float)asx_seed_below(9, stream, i, 200) - 100) / 64;
}

enum { MOST = 4096 };

/* c_in, h, w; c_out per group, groups, kernel, stride, dilation, pads, output padding: [0] height */
typedef struct unconv {
    size_t c, in[2], out_c, groups, kernel[2], stride[2], dilation[2], before[2], after[2], more[2];
    bool line; /* one-dimensional: no height in the file */
} unconv;

static size_t length(const unconv *u, size_t i)
{
    return (u->in[i] - 1) * u->stride[i] + (u->kernel[i] - 1) * u->dilation[i] + 1 + u->more[i] -
           u->before[i] - u->after[i];
}

static void put_ints(onnx_bytes *a, const unconv *u, const char *name, const size_t *value)
{
    const int64_t both[] = {(int64_t)value[0], (int64_t)value[1]};
    onnx_attribute_ints(a, name, u->line ? 1 : 2, both + (u->line ? 1 : 0));
}

static asx_network *file(const unconv *u, const float *weight, const float *bias)
{
    const int64_t x[] = {-1, (int64_t)u->c, (int64_t)u->in[0], (int64_t)u->in[1]};
    const int64_t w_dim[] = {(int64_t)u->c, (int64_t)u->out_c, (int64_t)u->kernel[0],
                             (int64_t)u->kernel[1]};
    const int64_t pads[] = {(int64_t)u->before[0], (int64_t)u->before[1], (int64_t)u->after[0],
                            (int64_t)u->after[1]};
    const int64_t line_x[] = {x[0], x[1], x[3]}, line_w[] = {w_dim[0], w_dim[1], w_dim[3]};
    const int64_t line_pads[] = {pads[1], pads[3]};
    onnx_writer w = u->line ? case_start(3, line_x) : case_start(4, x);
    onnx_bytes a = {0};
    onnx_floats(&w, "up.weight", u->line ? 3 : 4, u->line ? line_w : w_dim, weight);
    onnx_floats(&w, "up.bias", DIMS((int64_t)(u->out_c * u->groups)), bias);
    onnx_attribute_int(&a, "group", (int64_t)u->groups);
    onnx_attribute_ints(&a, "pads", u->line ? 2 : 4, u->line ? line_pads : pads);
    put_ints(&a, u, "strides", u->stride);
    put_ints(&a, u, "dilations", u->dilation);
    put_ints(&a, u, "output_padding", u->more);
    onnx_node(&w, "ConvTranspose", "", "x up.weight up.bias", "y", &a);
    return import(&w);
}

/* Every input adds its kernel's image to the output. */
static void scatter(float *y, const unconv *u, const float *x, const float *weight,
                    const float *bias)
{
    const size_t h = length(u, 0), w = length(u, 1), per = u->c / u->groups;
    for (size_t i = 0; i < u->out_c * u->groups * h * w; i++)
        y[i] = bias[i / (h * w)];
    for (size_t i = 0; i < u->c * u->in[0] * u->in[1]; i++) {
        const size_t c = i / (u->in[0] * u->in[1]), row = i / u->in[1] % u->in[0],
                     column = i % u->in[1];
        for (size_t k = 0; k < u->out_c * u->kernel[0] * u->kernel[1]; k++) {
            const size_t o = k / (u->kernel[0] * u->kernel[1]);
            const size_t to_row =
                row * u->stride[0] + k / u->kernel[1] % u->kernel[0] * u->dilation[0];
            const size_t to_column = column * u->stride[1] + k % u->kernel[1] * u->dilation[1];
            if (to_row < u->before[0] || to_column < u->before[1] || to_row - u->before[0] >= h ||
                to_column - u->before[1] >= w)
                continue;
            y[((c / per * u->out_c + o) * h + to_row - u->before[0]) * w + to_column -
              u->before[1]] += x[i] * weight[c * u->out_c * u->kernel[0] * u->kernel[1] + k];
        }
    }
}

static void transposed_convolutions(void **state)
{
    (void)state;
    static const unconv all[] = {
        {2, {3, 4}, 3, 1, {2, 2}, {2, 2}, {1, 1}, {0, 0}, {0, 0}, {0, 0}, false}, /* U-Net's */
        {2, {3, 4}, 2, 1, {3, 4}, {1, 2}, {1, 1}, {1, 1}, {1, 2}, {0, 0}, false},
        {4, {3, 3}, 2, 2, {3, 3}, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, false},
        {3, {2, 3}, 1, 3, {2, 3}, {3, 1}, {2, 1}, {0, 1}, {0, 0}, {0, 0}, false},
        {2, {1, 6}, 3, 1, {1, 4}, {1, 2}, {1, 1}, {0, 1}, {0, 1}, {0, 1}, true},
    };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        const unconv *u = &all[k];
        static float x[MOST], weight[MOST], bias[MOST], want[MOST];
        for (size_t i = 0; i < MOST; i++) {
            x[i] = number(1, i);
            weight[i] = number(2, i);
            bias[i] = number(3, i);
        }
        const size_t n = u->out_c * u->groups * length(u, 0) * length(u, 1);
        for (size_t i = 0; i < 2; i++)
            scatter(want + i * n, u, x + i * u->c * u->in[0] * u->in[1], weight, bias);
        check(file(u, weight, bias), x, want, n);
    }
}

/* Each is put behind a convolution that changes nothing, for there must be a layer. */
static onnx_writer start(int64_t c, int64_t h, int64_t v)
{
    static float eye[64 * 64];
    onnx_writer w = case_start(4, (int64_t[]){-1, c, h, v});
    for (int64_t i = 0; i < c * c; i++)
        eye[i] = i % (c + 1) == 0;
    onnx_floats(&w, "eye", DIMS(c, c, 1, 1), eye);
    onnx_node(&w, "Conv", "", "x eye", "z", NULL);
    return w;
}

/* Four channels of 2 x 3 to one of 4 x 6: row 2 i + a, column 2 j + b is from channel 2 a + b. */
static void depth_to_space(void **state)
{
    (void)state;
    float x[48], want[48];
    for (size_t i = 0; i < 48; i++) {
        x[i] = number(4, i);
    }
    for (size_t i = 0; i < 48; i++) {
        const size_t image = i / 24, row = i / 6 % 4, column = i % 6;
        want[i] = x[((image * 4 + row % 2 * 2 + column % 2) * 2 + row / 2) * 3 + column / 2];
    }
    onnx_writer w = start(4, 2, 3);
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "blocksize", 2);
    onnx_node(&w, "DepthToSpace", "", "z", "y", &a);
    check(import(&w), x, want, 24);
    /* and back */
    w = start(1, 4, 6);
    onnx_attribute_int(&a, "blocksize", 2);
    onnx_node(&w, "SpaceToDepth", "", "z", "y", &a);
    check(import(&w), want, x, 24);
}

static void triangles_and_tiles(void **state)
{
    (void)state;
    float x[12], lower[12], tiled[48];
    for (size_t i = 0; i < 12; i++) {
        x[i] = number(5, i);
        lower[i] = i % 3 <= i / 3 % 2 ? x[i] : 0;
    }
    for (size_t i = 0; i < 48; i++) {
        const size_t image = i / 24, row = i / 6 % 4, column = i % 6;
        tiled[i] = x[image * 6 + row % 2 * 3 + column % 3];
    }
    onnx_writer w = start(1, 2, 3);
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "upper", 0);
    onnx_node(&w, "Trilu", "", "z", "y", &a);
    check(import(&w), x, lower, 6);
    w = start(1, 2, 3);
    onnx_int64s(&w, "times", 4, (int64_t[]){1, 1, 2, 2});
    onnx_node(&w, "Tile", "", "z times", "y", NULL);
    check(import(&w), x, tiled, 24);
}

/* What would mix images is refused. */
static void refusals(void **state)
{
    (void)state;
    onnx_writer w = start(1, 2, 3);
    onnx_int64s(&w, "times", 4, (int64_t[]){2, 1, 1, 1});
    onnx_node(&w, "Tile", "", "z times", "y", NULL);
    case_fails(&w, 12, ASX_EUNSUPPORTED, "it moves elements between images");
    w = start(3, 2, 3);
    onnx_bytes a = {0};
    onnx_attribute_int(&a, "blocksize", 2);
    onnx_node(&w, "DepthToSpace", "", "z", "y", &a);
    case_fails(&w, 18, ASX_EINVAL, "blocks of 2 do not fit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transposed_convolutions), cmocka_unit_test(depth_to_space),
        cmocka_unit_test(triangles_and_tiles), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
