/* A program as one file of plain C. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "asx_c_kernels.h"
#include "dse/grid.h"
#include "dse/output.h"
#include "dse/text.h"
#include "emit_c.h"
#include "emit_name.h"
#include "eval/emit.h"

static void add_kernel(asx_text *t, const char *name)
{
    const struct asx_embedded_file *f = asx_c_kernels;
    while (strcmp(f->name, name) != 0)
        f++;
    asx_text_add(t, "\n%.*s", (int)f->size, (const char *)f->bytes);
}

/* Whether a kind of steps occurs. */
static bool has(const asx_program *p, unsigned kinds)
{
    for (size_t i = 0; i < p->n_steps; i++)
        if (kinds >> p->step[i].kind & 1)
            return true;
    return false;
}

static bool fills(const asx_program *p, const asx_step *s)
{
    size_t n = 0;
    for (size_t i = 0; s->kind == ASX_STEP_MOVE && i < s->n_inputs; i++)
        n += s->move[i].dim[0] * s->move[i].dim[1] * s->move[i].dim[2] * s->move[i].dim[3];
    return s->kind == ASX_STEP_MOVE && n < p->value[s->output].n;
}

#define KIND(k) (1u << ASX_STEP_##k)

static void add_kernels(asx_text *t, const asx_program *p)
{
    bool filled = false;
    for (size_t i = 0; i < p->n_steps; i++)
        filled = filled || fills(p, &p->step[i]);
    add_kernel(t, "base.c");
    if (has(p, KIND(CONV) | KIND(DENSE)))
        add_kernel(t, "layer.c");
    if (has(p, KIND(CONV) | KIND(MAX_POOL) | KIND(MEAN)))
        add_kernel(t, "window.c");
    if (has(p, KIND(CONV)))
        add_kernel(t, "conv.c");
    if (has(p, KIND(DENSE)))
        add_kernel(t, "dense.c");
    if (has(p, KIND(MAX_POOL) | KIND(MEAN)))
        add_kernel(t, "pool.c");
    if (has(p, KIND(ADD) | KIND(SUB) | KIND(MUL) | KIND(MAX) | KIND(MIN) | KIND(CLIP)))
        add_kernel(t, "pair.c");
    if (has(p, KIND(MOVE)))
        add_kernel(t, "move.c");
    if (filled)
        add_kernel(t, "fill.c");
}

/* Types as wide as the program needs. */
static void add_types(asx_text *t, const asx_program *p)
{
    int32_t limit = 0, weight = 0;
    double sum = 0;
    for (size_t v = 0; v < p->n_values; v++)
        limit = p->value[v].limit > limit ? p->value[v].limit : limit;
    for (size_t i = 0; i < p->n_steps; i++) {
        const asx_step *s = &p->step[i];
        for (size_t k = 0; k < s->n_weights; k++)
            weight = abs(s->weight[k]) > weight ? abs(s->weight[k]) : weight;
        if (!s->n_weights)
            continue;
        const int32_t most = asx_word_max(&s->input_word);
        limit = most > limit ? most : limit;
        sum = fmax(sum, asx_step_largest_sum(s));
    }
    asx_text_add(t, "typedef %s asx_value; /* integers of values and words */\n",
                 limit > INT16_MAX ? "int32_t" : "int16_t");
    asx_text_add(t, "typedef %s asx_weight;\n",
                 weight > INT16_MAX  ? "int32_t"
                 : weight > INT8_MAX ? "int16_t"
                                     : "int8_t");
    asx_text_add(t, "typedef %s asx_sum; /* of products; none is larger */\n",
                 sum > INT32_MAX ? "int64_t" : "int32_t");
}

static size_t largest_input(const asx_program *p)
{
    size_t n = 1;
    for (size_t i = 0; i < p->n_steps; i++)
        if (p->step[i].n_weights && p->value[p->step[i].input[0]].n > n)
            n = p->value[p->step[i].input[0]].n;
    return n;
}

/* The bytes of stored images become integers by table, channel by channel. */
static void add_byte_entry(asx_text *t, const asx_program *p, const asx_dataset *data)
{
    const asx_program_value *in = &p->value[p->input];
    const size_t channels = asx_dataset_shape(data)[0];
    asx_text_add(t, "\nstatic const asx_value asx_of_byte[%zu][256] = {\n", channels);
    for (size_t c = 0; c < channels; c++) {
        const float *real = asx_dataset_of_bytes(data, c);
        asx_text_add(t, "    {");
        for (size_t b = 0; b < 256; b++)
            asx_text_add(t, "%s%d,", b % 16 ? " " : "\n     ",
                         (int)asx_program_image_integer(p, real[b]));
        asx_text_add(t, "},\n");
    }
    asx_text_add(t,
                 "};\n\n/* The same of an image as the data set stores it, [%zu][%zu][%zu] bytes. "
                 "*/\nint asx_net(const uint8_t *image, int32_t *logits)\n{\n"
                 "    static asx_value integers[%zu];\n    for (int i = 0; i < %zu; i++)\n"
                 "        integers[i] = asx_of_byte[i / %zu][image[i]];\n"
                 "    return asx_net_integers(integers, logits);\n}\n",
                 asx_dataset_shape(data)[0], asx_dataset_shape(data)[1], asx_dataset_shape(data)[2],
                 in->n, in->n, in->n / channels);
}

static void add_head(asx_text *t, const asx_program *p, const asx_emit *what)
{
    const asx_program_value *in = &p->value[p->input], *out = &p->value[p->output];
    asx_text_add(t, "/* ");
    asx_emit_name(t, what->network);
    asx_text_add(t, " as %s, in integers: what asx measures, in every bit.\n *\n", what->design);
    asx_text_add(t, " *   int asx_net_integers(const asx_value *image, int32_t *logits);\n");
    if (what->data)
        asx_text_add(t, " *   int asx_net(const uint8_t *image, int32_t *logits);\n");
    asx_text_add(
        t,
        " *\n * Each writes %zu logits (real = logit x %.9g) and returns the class. An image "
        "of integers has\n * real = integer x %.9g. Needs %zu bytes of memory of its own, "
        "and so one thread at a time. */\n#include <stdint.h>\n\n",
        out->n, out->scale, in->scale, 2 * (p->size + largest_input(p) + in->n));
    add_types(t, p);
    asx_text_add(t, "\nint asx_net_integers(const asx_value *image, int32_t *logits);\n");
    if (what->data)
        asx_text_add(t, "int asx_net(const uint8_t *image, int32_t *logits);\n");
}

static void add_main(asx_text *t, const asx_program *p)
{
    const asx_program_value *in = &p->value[p->input], *out = &p->value[p->output];
    asx_text_add(t,
                 "\nint asx_net_integers(const asx_value *image, int32_t *logits)\n{\n"
                 "    static asx_value m[%zu]",
                 p->size);
    if (has(p, KIND(CONV) | KIND(DENSE)))
        asx_text_add(t, ", word[%zu]", largest_input(p));
    asx_text_add(t,
                 ";\n    int top = 0;\n    for (int i = 0; i < %zu; i++)\n"
                 "        m[%td + i] = image[i];\n",
                 in->n, in->place);
    for (size_t i = 0; i < p->n_steps; i++) {
        if (fills(p, &p->step[i]))
            asx_text_add(t, "    asx_fill(m + %td, %zu, %d);\n", p->value[p->step[i].output].place,
                         p->value[p->step[i].output].n, (int)p->step[i].fill);
        asx_emit_c_call(t, p, i);
    }
    asx_text_add(t,
                 "    for (int i = 0; i < %zu; i++) {\n        logits[i] = m[%td + i];\n"
                 "        top = logits[i] > logits[top] ? i : top;\n    }\n    return top;\n}\n",
                 out->n, out->place);
}

asx_status asx_emit_c(const asx_emit *what, const char *path, const asx_kept_file *keep,
                      asx_error *err)
{
    const asx_program *p = what->program;
    asx_text t = {0};
    asx_status status = ASX_OK;
    add_head(&t, p, what);
    add_kernels(&t, p);
    for (size_t i = 0; i < p->n_steps && status == ASX_OK; i++)
        status = asx_emit_c_step(&t, p, i, err);
    add_main(&t, p);
    if (what->data)
        add_byte_entry(&t, p, what->data);
    if (status == ASX_OK)
        status = t.failed ? asx_fail(err, ASX_ENOMEM, "no memory for C source")
                          : asx_output_write(path, t.s, t.n, keep, err);
    asx_text_fini(&t);
    return status;
}
