/* A dense layer on rows: in[1] rows of in[0] to rows of out[0]. */
static void asx_dense(asx_value *y, asx_value *word, const asx_value *x, const asx_shape *s,
                      const asx_layer *l)
{
    asx_words(word, x, s->in[0] * s->in[1], l);
    for (int r = 0; r < s->in[1]; r++)
        for (int o = 0; o < s->out[0]; o++) {
            asx_sum sum = 0;
            for (int i = 0; i < s->in[0]; i++)
                sum += (asx_sum)l->weight[o * s->in[0] + i] * word[r * s->in[0] + i];
            *y++ = asx_cut(asx_scaled(l->bias[o] + sum, l->factor[o]), s->low, s->high);
        }
}
