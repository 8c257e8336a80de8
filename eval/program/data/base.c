/* The factor multiplier / 2^shift. */
typedef struct asx_factor {
    int64_t multiplier;
    int shift;
} asx_factor;

/* v times f, rounded once, half to even. No product here reaches 2^62. */
static int64_t asx_scaled(int64_t v, asx_factor f)
{
    const int64_t product = v * f.multiplier;
    if (f.shift <= 0)
        return product * ((int64_t)1 << -f.shift);
    if (f.shift > 62)
        return 0;
    const int64_t unit = (int64_t)1 << f.shift;
    int64_t down = product / unit, rest = product % unit;
    if (rest < 0) {
        rest += unit;
        down--;
    }
    return down + (rest > unit / 2 || (rest == unit / 2 && down % 2 != 0));
}

static asx_value asx_cut(int64_t v, int64_t low, int64_t high)
{
    return (asx_value)(v < low ? low : v > high ? high : v);
}

/* Sizes of a step with a window: channels, height, width of input and output. */
typedef struct asx_shape {
    int in[3], out[3], groups, kernel[2], stride[2], dilation[2], before[2], after[2];
    int64_t low, high; /* what outputs are cut to */
} asx_shape;
