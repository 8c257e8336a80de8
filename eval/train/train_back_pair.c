/* Gradients of the operators on two values, and of functions of one element. */
#include "train_back.h"

/* The slopes of a operator b by a and by b. */
typedef void slopes(float *by_a, float *by_b, float a, float b);

static void back_pair(const asx_tape_frame *f, const asx_node *node, slopes *slopes_at)
{
    const float *dy = asx_tape_gradient(f, node->output).data;
    const float *a = asx_tape_value(f, node->input[0]).data;
    const float *b = asx_tape_value(f, node->input[1]).data;
    for (size_t j = 0; j < 2; j++) {
        if (!f->tape->wanted[node->input[j]])
            continue;
        const asx_tensor dx = asx_tape_adding(f, node->input[j]);
        const size_t n = f->tape->batch * asx_value_n_elements(dx.value);
        for (size_t i = 0; i < n; i++) {
            float by[2];
            slopes_at(&by[0], &by[1], a[i], b[i]);
            dx.data[i] += dy[i] * by[j];
        }
    }
}

static void slopes_of_mul(float *by_a, float *by_b, float a, float b)
{
    *by_a = b;
    *by_b = a;
}

static void slopes_of_sub(float *by_a, float *by_b, float a, float b)
{
    (void)a;
    (void)b;
    *by_a = 1;
    *by_b = -1;
}

static void slopes_of_div(float *by_a, float *by_b, float a, float b)
{
    *by_a = 1 / b;
    *by_b = -a / (b * b);
}

static void slopes_of_max(float *by_a, float *by_b, float a, float b)
{
    *by_a = a > b;
    *by_b = !(a > b);
}

static void slopes_of_min(float *by_a, float *by_b, float a, float b)
{
    *by_a = a < b;
    *by_b = !(a < b);
}

void asx_back_mul(const asx_tape_frame *f, const asx_node *node)
{
    back_pair(f, node, slopes_of_mul);
}

void asx_back_sub(const asx_tape_frame *f, const asx_node *node)
{
    back_pair(f, node, slopes_of_sub);
}

void asx_back_div(const asx_tape_frame *f, const asx_node *node)
{
    back_pair(f, node, slopes_of_div);
}

void asx_back_max(const asx_tape_frame *f, const asx_node *node)
{
    back_pair(f, node, slopes_of_max);
}

void asx_back_min(const asx_tape_frame *f, const asx_node *node)
{
    back_pair(f, node, slopes_of_min);
}

void asx_back_function(const asx_tape_frame *f, const asx_node *node)
{
    const float *dy = asx_tape_gradient(f, node->output).data;
    const float *x = asx_tape_value(f, node->input[0]).data;
    const asx_tensor dx = asx_tape_adding(f, node->input[0]);
    const size_t n = f->tape->batch * asx_value_n_elements(dx.value);
    for (size_t i = 0; i < n; i++)
        dx.data[i] += dy[i] * asx_function_slope(node->function, x[i], node->alpha, node->beta);
}
