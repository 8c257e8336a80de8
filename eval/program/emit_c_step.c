/* The constants of every step as C, and the calls that run them. */
#include <math.h>
#include <stdlib.h>

#include "dse/grid.h"
#include "emit_c.h"

double asx_step_largest_sum(const asx_step *step)
{
    const double low = -(double)asx_word_min(&step->input_word),
                 high = (double)asx_word_max(&step->input_word);
    const size_t depth = step->n_weights / step->n_biases;
    double largest = 0;
    for (size_t c = 0; c < step->n_biases; c++) {
        double up = 0, down = 0; /* as far as sums go to either side */
        for (size_t i = 0; i < depth; i++) {
            const double w = step->weight[c * depth + i];
            up += w > 0 ? w * high : -w * low;
            down += w > 0 ? w * low : -w * high;
        }
        largest = fmax(largest, fmax(up, down) + fabs((double)step->bias[c]));
    }
    return largest;
}

int32_t asx_program_image_integer(const asx_program *program, float real)
{
    const asx_program_value *in = &program->value[program->input];
    const double v = rint((double)(real * (float)(1 / in->scale)));
    return (int32_t)fmax(-(double)in->limit, fmin(v, (double)in->limit));
}

static asx_status check_product(const asx_step *s, double v, asx_dyadic f, asx_error *err)
{
    const double left = f.shift < 0 ? ldexp(1, -f.shift) : 1;
    if (v * f.multiplier * left < ldexp(1, 62))
        return ASX_OK;
    return asx_fail(err, ASX_EUNSUPPORTED,
                    "layer '%s': sums of up to %.3g times a multiplier do not fit 62 bits; shorter "
                    "words or a smaller calibration.multiplier_bits do",
                    s->name, v);
}

static void add_list_break(asx_text *t, size_t i, size_t per_line)
{
    asx_text_add(t, i % per_line ? " " : "\n    ");
}

/* The nearest word of every integer between the ends. */
static asx_status add_nearest(asx_text *t, const asx_word *word, size_t number, asx_error *err)
{
    asx_grid *grid = NULL;
    const asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const int32_t *value = asx_grid_values(grid);
    const int32_t low = value[0], high = value[asx_grid_size(grid) - 1];
    asx_text_add(t, "static const asx_value asx_nearest_%zu[] = {", number);
    for (int32_t v = low; v <= high; v++) {
        add_list_break(t, (size_t)(v - low), 20);
        asx_text_add(t, "%d,", (int)asx_grid_nearest_even(grid, v));
    }
    asx_text_add(t, "};\n");
    asx_grid_free(grid);
    return ASX_OK;
}

/* The ends of a word's representable set. */
static asx_status word_ends(int32_t *low, int32_t *high, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    const asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    *low = asx_grid_values(grid)[0];
    *high = asx_grid_values(grid)[asx_grid_size(grid) - 1];
    asx_grid_free(grid);
    return ASX_OK;
}

static void add_factor(asx_text *t, asx_dyadic f)
{
    asx_text_add(t, "{%lu, %d}", (unsigned long)f.multiplier, f.shift);
}

static asx_status add_layer(asx_text *t, const asx_step *s, size_t number, asx_error *err)
{
    const bool plain = asx_word_is_plain(&s->input_word);
    int32_t low = 0, high = 0;
    asx_status status = word_ends(&low, &high, &s->input_word, err);
    if (status == ASX_OK && !plain)
        status = add_nearest(t, &s->input_word, number, err);
    for (size_t c = 0; status == ASX_OK && c < s->n_biases; c++)
        status = check_product(s, asx_step_largest_sum(s), s->factor[c], err);
    if (status != ASX_OK)
        return status;
    asx_text_add(t, "static const asx_weight asx_weight_%zu[] = {", number);
    for (size_t i = 0; i < s->n_weights; i++) {
        add_list_break(t, i, 24);
        asx_text_add(t, "%d,", s->weight[i]);
    }
    asx_text_add(t, "};\nstatic const int64_t asx_bias_%zu[] = {", number);
    for (size_t i = 0; i < s->n_biases; i++) {
        add_list_break(t, i, 12);
        asx_text_add(t, "%lld,", (long long)s->bias[i]);
    }
    asx_text_add(t, "};\nstatic const asx_factor asx_factor_%zu[] = {", number);
    for (size_t i = 0; i < s->n_biases; i++) {
        add_list_break(t, i, 8);
        add_factor(t, s->factor[i]);
        asx_text_add(t, ",");
    }
    asx_text_add(t, "};\nstatic const asx_layer asx_layer_%zu = {", number);
    add_factor(t, s->input_factor);
    asx_text_add(t, ", %d, %d, ", (int)low, (int)high);
    asx_text_add(t, plain ? "0" : "asx_nearest_%zu", number);
    asx_text_add(t, ", asx_weight_%zu, asx_bias_%zu, asx_factor_%zu};\n", number, number, number);
    return ASX_OK;
}

static void add_pair(asx_text *t, const size_t v[2])
{
    asx_text_add(t, ", {%zu, %zu}", v[0], v[1]);
}

/* Dense layers have rows where feature maps have a height. */
static void add_shape(asx_text *t, const asx_program *p, const asx_step *s, size_t number)
{
    const asx_program_value *in = &p->value[s->input[0]], *out = &p->value[s->output];
    asx_text_add(t, "static const asx_shape asx_shape_%zu = {", number);
    if (s->kind == ASX_STEP_DENSE) {
        const size_t depth = s->n_weights / s->n_biases;
        asx_text_add(t, "{%zu, %zu, 1}, {%zu, %zu, 1}, 1", depth, in->n / depth, s->n_biases,
                     in->n / depth);
    } else {
        asx_text_add(t, "{%zu, %zu, %zu}, {%zu, %zu, %zu}, %zu", in->dim[0], in->dim[1], in->dim[2],
                     s->n_biases ? s->n_biases : in->dim[0], out->rank == 3 ? out->dim[1] : 1,
                     out->rank == 3 ? out->dim[2] : 1, s->groups ? s->groups : 1);
    }
    add_pair(t, s->kernel);
    add_pair(t, s->stride);
    add_pair(t, s->dilation);
    add_pair(t, s->before);
    add_pair(t, s->after);
    asx_text_add(t, ", %d, %d};\n", (int)s->low, (int)s->high);
}

static void add_shares(asx_text *t, const asx_program *p, const asx_step *s, size_t number)
{
    asx_text_add(t, "static const asx_factor asx_share_%zu[] = {", number);
    for (size_t n = 0; n <= s->kernel[0] * s->kernel[1]; n++) {
        add_list_break(t, n, 8);
        add_factor(t, asx_dyadic_of(n ? 1 / (double)n : 0, p->multiplier_bits));
        asx_text_add(t, ",");
    }
    asx_text_add(t, "};\n");
}

static void add_boxes(asx_text *t, const asx_step *s, size_t number)
{
    asx_text_add(t, "static const asx_box asx_box_%zu[] = {", number);
    for (size_t i = 0; i < s->n_inputs; i++) {
        const asx_move *m = &s->move[i];
        asx_text_add(t, "\n    {{%zu, %zu, %zu, %zu}, %zu, {%td, %td, %td, %td}, ", m->dim[0],
                     m->dim[1], m->dim[2], m->dim[3], m->to, m->to_stride[0], m->to_stride[1],
                     m->to_stride[2], m->to_stride[3]);
        asx_text_add(t, "%zu, {%td, %td, %td, %td}},", m->from, m->from_stride[0],
                     m->from_stride[1], m->from_stride[2], m->from_stride[3]);
    }
    asx_text_add(t, "};\n");
}

asx_status asx_emit_c_step(asx_text *text, const asx_program *program, size_t step, asx_error *err)
{
    const asx_step *s = &program->step[step];
    asx_text_add(text, "\n/* step %zu: %s, %s */\n", step, s->name, asx_step_text(s->kind));
    if (s->n_weights || s->kind == ASX_STEP_MEAN || s->kind == ASX_STEP_MAX_POOL)
        add_shape(text, program, s, step);
    if (s->kind == ASX_STEP_MEAN)
        add_shares(text, program, s, step);
    if (s->kind == ASX_STEP_MOVE)
        add_boxes(text, s, step);
    return s->n_weights ? add_layer(text, s, step, err) : ASX_OK;
}

/* Of an operator on two arrays, as pair.c has it. */
static char sign_of(asx_step_kind kind)
{
    static const char SIGN[ASX_N_STEP_KINDS] = {
        [ASX_STEP_ADD] = '+', [ASX_STEP_SUB] = '-', [ASX_STEP_MUL] = '*',
        [ASX_STEP_MAX] = '>', [ASX_STEP_MIN] = '<', [ASX_STEP_CLIP] = '='};
    return SIGN[kind];
}

static void call_pair(asx_text *t, const asx_program *p, const asx_step *s)
{
    const asx_dyadic none = {0};
    const size_t second = s->input[s->n_inputs > 1 ? 1 : 0];
    asx_text_add(t, "    asx_pair(m + %td, m + %td, m + %td, %zu, '%c', (asx_factor)",
                 p->value[s->output].place, p->value[s->input[0]].place, p->value[second].place,
                 p->value[s->output].n, sign_of(s->kind));
    add_factor(t, s->kind == ASX_STEP_MUL ? *s->factor : none);
    asx_text_add(t, ", %d, %d);\n", (int)s->low, (int)s->high);
}

void asx_emit_c_call(asx_text *text, const asx_program *program, size_t step)
{
    const asx_step *s = &program->step[step];
    const ptrdiff_t in = program->value[s->input[0]].place, out = program->value[s->output].place;
    switch (s->kind) {
    case ASX_STEP_CONV:
    case ASX_STEP_DENSE:
        asx_text_add(text, "    asx_%s(m + %td, word, m + %td, &asx_shape_%zu, &asx_layer_%zu);\n",
                     asx_step_text(s->kind), out, in, step, step);
        break;
    case ASX_STEP_MAX_POOL:
        asx_text_add(text, "    asx_pool(m + %td, m + %td, &asx_shape_%zu, 0, 0);\n", out, in,
                     step);
        break;
    case ASX_STEP_MEAN:
        asx_text_add(text, "    asx_pool(m + %td, m + %td, &asx_shape_%zu, asx_share_%zu, %d);\n",
                     out, in, step, step, s->count_padding);
        break;
    case ASX_STEP_MOVE:
        for (size_t i = 0; i < s->n_inputs; i++)
            asx_text_add(text, "    asx_move(m + %td, m + %td, &asx_box_%zu[%zu]);\n", out,
                         program->value[s->input[i]].place, step, i);
        break;
    default:
        call_pair(text, program, s);
    }
}
