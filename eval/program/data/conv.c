/* Sum of products of one output. */
static asx_sum asx_products(const asx_shape *s, const asx_weight *w, const asx_value *x, int row,
                            int column)
{
    const int depth = s->in[0] / s->groups, plane = s->in[1] * s->in[2];
    const int taps = s->kernel[0] * s->kernel[1];
    asx_sum sum = 0;
    for (int i = 0; i < s->kernel[0]; i++)
        for (int j = 0; j < s->kernel[1]; j++) {
            const int r = asx_tap(s, 0, row, i), c = asx_tap(s, 1, column, j);
            if (r < 0 || c < 0)
                continue;
            const asx_value *from = x + r * s->in[2] + c;
            const asx_weight *to = w + i * s->kernel[1] + j;
            for (int d = 0; d < depth; d++)
                sum += (asx_sum)to[d * taps] * from[d * plane];
        }
    return sum;
}

static void asx_conv(asx_value *y, asx_value *word, const asx_value *x, const asx_shape *s,
                     const asx_layer *l)
{
    const int depth = s->in[0] / s->groups, per_group = s->out[0] / s->groups;
    const int taps = s->kernel[0] * s->kernel[1], plane = s->in[1] * s->in[2];
    asx_words(word, x, s->in[0] * plane, l);
    for (int o = 0; o < s->out[0]; o++) {
        const asx_value *group = word + o / per_group * depth * plane;
        for (int r = 0; r < s->out[1]; r++)
            for (int c = 0; c < s->out[2]; c++) {
                const int64_t total =
                    l->bias[o] + asx_products(s, l->weight + o * depth * taps, group, r, c);
                *y++ = asx_cut(asx_scaled(total, l->factor[o]), s->low, s->high);
            }
    }
}
