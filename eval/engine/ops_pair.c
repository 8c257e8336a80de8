/* Operators on two values of one shape, element by element, and functions of one element. Values
 * that are broadcast have been expanded before (Slice in steps of 0). */
#include "ops.h"
#include "vector.h"

static size_t count(const asx_values *values, const asx_node *node)
{
    return values->batch * asx_value_n_elements(&values->value[node->output]);
}

ASX_VECTORISED static void multiply(float *y, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] * b[i];
}

ASX_VECTORISED static void subtract(float *y, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] - b[i];
}

ASX_VECTORISED static void divide(float *y, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] / b[i];
}

ASX_VECTORISED static void choose_larger(float *y, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] > b[i] ? a[i] : b[i];
}

ASX_VECTORISED static void choose_smaller(float *y, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] < b[i] ? a[i] : b[i];
}

void asx_op_mul(const asx_values *values, const asx_node *node)
{
    multiply(asx_values_at(values, node->output).data, asx_values_at(values, node->input[0]).data,
             asx_values_at(values, node->input[1]).data, count(values, node));
}

void asx_op_sub(const asx_values *values, const asx_node *node)
{
    subtract(asx_values_at(values, node->output).data, asx_values_at(values, node->input[0]).data,
             asx_values_at(values, node->input[1]).data, count(values, node));
}

void asx_op_div(const asx_values *values, const asx_node *node)
{
    divide(asx_values_at(values, node->output).data, asx_values_at(values, node->input[0]).data,
           asx_values_at(values, node->input[1]).data, count(values, node));
}

void asx_op_max(const asx_values *values, const asx_node *node)
{
    choose_larger(asx_values_at(values, node->output).data,
                  asx_values_at(values, node->input[0]).data,
                  asx_values_at(values, node->input[1]).data, count(values, node));
}

void asx_op_min(const asx_values *values, const asx_node *node)
{
    choose_smaller(asx_values_at(values, node->output).data,
                   asx_values_at(values, node->input[0]).data,
                   asx_values_at(values, node->input[1]).data, count(values, node));
}

void asx_point_function(float *y, const float *x, size_t n, const asx_node *node)
{
    for (size_t i = 0; i < n; i++)
        y[i] = asx_function_at(node->function, x[i], node->alpha, node->beta);
}

void asx_op_function(const asx_values *values, const asx_node *node)
{
    asx_point_function(asx_values_at(values, node->output).data,
                       asx_values_at(values, node->input[0]).data, count(values, node), node);
}
