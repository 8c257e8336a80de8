/* The words of a program, with what its layers compute with beside them. */
#include "eval/emit.h"
#include "graph.h"
#include "program_parts.h"
#include "words_remark.h"

static const asx_step *step_of(const asx_program *p, size_t layer)
{
    const asx_dyadic *factor = p->parts->engine.layer[layer].output_factor;
    const asx_step *s = p->step;
    while (!s->n_weights || s->factor != factor)
        s++;
    return s;
}

static void add_factor(asx_text *t, asx_dyadic factor)
{
    asx_text_add(t, " %u/2^%d", (unsigned)factor.multiplier, factor.shift);
}

static void add_remark(asx_text *t, const void *of, size_t layer)
{
    const asx_program *p = of;
    const asx_step *s = step_of(p, layer);
    const asx_word *word = &s->input_word;
    const asx_format format = {s->weight_word, *word};
    asx_text_add(t, "// input");
    add_factor(t, s->input_factor);
    asx_text_add(t, " to %d .. %d, %s, scale %.17g, of ", (int)asx_word_min(word),
                 (int)asx_word_max(word), asx_word_is_plain(word) ? "all" : "nearest in the set",
                 p->value[s->input[0]].scale);
    asx_format_print(t, &format);
    asx_text_add(t, "\n// bias");
    for (size_t c = 0; c < s->n_biases; c++)
        asx_text_add(t, " %lld", (long long)s->bias[c]);
    asx_text_add(t, "\n// factor");
    for (size_t c = 0; c < s->n_biases; c++)
        add_factor(t, s->factor[c]);
    asx_text_add(t, "\n// output to %d .. %d, scale %.17g\n", (int)s->low, (int)s->high,
                 p->value[s->output].scale);
}

static const asx_rounded *rounded_of(const void *of, size_t layer)
{
    const asx_program *p = of;
    return &asx_projection_integers(p->parts->engine.layer[layer].projection)->rounded;
}

asx_status asx_emit_words(const asx_emit *what, const asx_design *design, const char *path,
                          const asx_kept_file *keep, asx_error *err)
{
    const asx_words_remark remark = {add_remark, rounded_of, what->program};
    return asx_words_write_with(asx_calibration_network(what->program->parts->calibration), design,
                                &remark, path, keep, err);
}
