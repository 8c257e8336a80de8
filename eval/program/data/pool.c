/* How many taps along an axis lie inside map and padding. */
static int asx_padded(const asx_shape *s, int axis, int at)
{
    int n = 0;
    for (int k = 0; k < s->kernel[axis]; k++)
        n += at * s->stride[axis] + k * s->dilation[axis] <
             s->before[axis] + s->in[axis + 1] + s->after[axis];
    return n;
}

/* The largest of a window, or (share: 1 / n by n) its mean. */
static int64_t asx_pooled(const asx_shape *s, const asx_value *x, int row, int column,
                          const asx_factor *share, int count_padding)
{
    int64_t sum = 0, top = INT64_MIN;
    int n = 0;
    for (int i = 0; i < s->kernel[0]; i++)
        for (int j = 0; j < s->kernel[1]; j++) {
            const int r = asx_tap(s, 0, row, i), c = asx_tap(s, 1, column, j);
            if (r < 0 || c < 0)
                continue;
            const int64_t v = x[r * s->in[2] + c];
            sum += v;
            top = v > top ? v : top;
            n++;
        }
    if (count_padding)
        n = asx_padded(s, 0, row) * asx_padded(s, 1, column);
    return share ? asx_scaled(sum, share[n]) : top;
}

static void asx_pool(asx_value *y, const asx_value *x, const asx_shape *s, const asx_factor *share,
                     int count_padding)
{
    for (int o = 0; o < s->out[0]; o++)
        for (int r = 0; r < s->out[1]; r++)
            for (int c = 0; c < s->out[2]; c++)
                *y++ =
                    asx_cut(asx_pooled(s, x + o * s->in[1] * s->in[2], r, c, share, count_padding),
                            s->low, s->high);
}
