/* A layer: words of its inputs, weights [out][in / groups][height][width], and its constants. */
typedef struct asx_layer {
    asx_factor input;
    int32_t word_low, word_high;
    const asx_value *nearest; /* by word - word_low; none: every word can be represented */
    const asx_weight *weight;
    const int64_t *bias;
    const asx_factor *factor;
} asx_layer;

static void asx_words(asx_value *word, const asx_value *x, int n, const asx_layer *l)
{
    for (int i = 0; i < n; i++) {
        word[i] = asx_cut(asx_scaled(x[i], l->input), l->word_low, l->word_high);
        if (l->nearest)
            word[i] = l->nearest[word[i] - l->word_low];
    }
}
