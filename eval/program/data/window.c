/* Where tap k of a window lies along an axis; negative: outside. */
static int asx_tap(const asx_shape *s, int axis, int at, int k)
{
    const int i = at * s->stride[axis] + k * s->dilation[axis] - s->before[axis];
    return i < s->in[axis + 1] ? i : -1;
}
