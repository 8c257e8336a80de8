/* Published architectures, as graphs. */
#include <math.h>
#include <stdio.h>

#include "drawing.h"

/* Channels under a width multiplier: a multiple of 8, as vectors like it. */
static size_t scaled(const asx_drawing *d, size_t channels)
{
    const double n = round((double)channels * asx_draw_number(d, "width") / 8) * 8;
    return n < 8 ? 8 : (size_t)n;
}

/* Howard et al., arXiv 1704.04861, for images of about 32 x 32: the first layer keeps their size,
 * and what would come after 512 channels is left out. */
void asx_draw_mobilenet(asx_drawing *d)
{
    static const struct {
        size_t channels, stride;
    } block[] = {{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {256, 1}, {512, 2}, {512, 1}};
    char name[48];
    size_t v = asx_draw_relu(d, asx_draw_conv(d, d->net->input, "conv", scaled(d, 32), 3, 1, 1));
    for (size_t i = 0; i < sizeof block / sizeof *block; i++) {
        const size_t in = asx_draw_dims(d, v)[0];
        snprintf(name, sizeof name, "block%zu.depthwise", i + 1);
        v = asx_draw_relu(d, asx_draw_conv(d, v, name, in, 3, block[i].stride, in));
        snprintf(name, sizeof name, "block%zu.pointwise", i + 1);
        v = asx_draw_relu(d, asx_draw_conv(d, v, name, scaled(d, block[i].channels), 1, 1, 1));
    }
    asx_draw_classify(d, v);
}

/* He et al., arXiv 1512.03385, section 4.2, with projections where the shape changes. */
void asx_draw_resnet(asx_drawing *d)
{
    const size_t depth = (size_t)asx_draw_number(d, "depth"), blocks = (depth - 2) / 6;
    char name[48];
    if (depth % 6 != 2) {
        d->status = asx_fail(d->err, ASX_EINVAL, "depth %zu is not 6 n + 2", depth);
        return;
    }
    size_t v = asx_draw_relu(d, asx_draw_conv(d, d->net->input, "conv1", scaled(d, 16), 3, 1, 1));
    for (size_t stage = 0; stage < 3; stage++)
        for (size_t i = 0; i < blocks; i++) {
            const size_t channels = scaled(d, (size_t)16 << stage);
            const size_t stride = stage > 0 && i == 0 ? 2 : 1;
            size_t skip = v;
            snprintf(name, sizeof name, "layer%zu.%zu.conv1", stage + 1, i);
            v = asx_draw_relu(d, asx_draw_conv(d, v, name, channels, 3, stride, 1));
            snprintf(name, sizeof name, "layer%zu.%zu.conv2", stage + 1, i);
            v = asx_draw_conv(d, v, name, channels, 3, 1, 1);
            snprintf(name, sizeof name, "layer%zu.%zu.shortcut", stage + 1, i);
            if (stride > 1)
                skip = asx_draw_conv(d, skip, name, channels, 1, stride, 1);
            v = asx_draw_relu(d, asx_draw_add(d, v, skip));
        }
    asx_draw_classify(d, v);
}

/* The second half of a block: a branch of three convolutions, the middle one depthwise. */
static size_t branch(asx_drawing *d, size_t in, const char *name, size_t channels, size_t stride)
{
    char part[64];
    snprintf(part, sizeof part, "%s.conv1", name);
    size_t v = asx_draw_relu(d, asx_draw_conv(d, in, part, channels, 1, 1, 1));
    snprintf(part, sizeof part, "%s.depthwise", name);
    v = asx_draw_conv(d, v, part, channels, 3, stride, channels);
    snprintf(part, sizeof part, "%s.conv2", name);
    return asx_draw_relu(d, asx_draw_conv(d, v, part, channels, 1, 1, 1));
}

/* The other half where the size shrinks; where it does not, that half stays as it is. */
static size_t shortcut(asx_drawing *d, size_t in, const char *name, size_t channels)
{
    char part[64];
    snprintf(part, sizeof part, "%s.skip.depthwise", name);
    const size_t v =
        asx_draw_conv(d, in, part, asx_draw_dims(d, in)[0], 3, 2, asx_draw_dims(d, in)[0]);
    snprintf(part, sizeof part, "%s.skip.conv", name);
    return asx_draw_relu(d, asx_draw_conv(d, v, part, channels, 1, 1, 1));
}

/* Ma et al., ShuffleNet V2, arXiv 1807.11164, for images of about 32 x 32: the first layer keeps
 * their size. Width 0.5 has the channels of the paper's 0.5 x. */
void asx_draw_shufflenet(asx_drawing *d)
{
    static const size_t n_blocks[] = {4, 8, 4}, channels[] = {48, 96, 192};
    char name[48];
    size_t v = asx_draw_relu(d, asx_draw_conv(d, d->net->input, "conv1", 24, 3, 1, 1));
    for (size_t stage = 0; stage < 3; stage++)
        for (size_t i = 0; i < n_blocks[stage]; i++) {
            const size_t half = scaled(d, channels[stage]);
            snprintf(name, sizeof name, "stage%zu.%zu", stage + 2, i);
            const size_t kept =
                i == 0 ? shortcut(d, v, name, half) : asx_draw_channels(d, v, 0, half);
            const size_t rest = i == 0 ? v : asx_draw_channels(d, v, half, half);
            v = asx_draw_interleaved(d, kept, branch(d, rest, name, half, i == 0 ? 2 : 1));
        }
    v = asx_draw_relu(d, asx_draw_conv(d, v, "conv5", 1024, 1, 1, 1));
    asx_draw_classify(d, v);
}

/* Named as the importer names layers that have no names of a framework's. */
void asx_draw_mlp(asx_drawing *d)
{
    const size_t second = (size_t)asx_draw_number(d, "second");
    size_t v = asx_draw_flat(d, d->net->input);
    v = asx_draw_dense(d, v, "fc1", (size_t)asx_draw_number(d, "hidden"));
    v = asx_draw_relu(d, v);
    if (second > 0)
        v = asx_draw_relu(d, asx_draw_dense(d, v, "fc2", second));
    (void)asx_draw_dense(d, v, "fc", (size_t)asx_draw_number(d, "classes"));
}
