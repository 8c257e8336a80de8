#include "train_frame.h"

#include <string.h>

asx_tensor asx_tape_value(const asx_tape_frame *f, size_t v)
{
    return (asx_tensor){&f->tape->network->value[v], f->room + f->tape->value[v]};
}

asx_tensor asx_tape_gradient(const asx_tape_frame *f, size_t v)
{
    return (asx_tensor){&f->tape->network->value[v], f->room + f->tape->gradient[v]};
}

asx_tensor asx_tape_adding(const asx_tape_frame *f, size_t v)
{
    const asx_tensor d = asx_tape_gradient(f, v);
    if (!f->touched[v])
        memset(d.data, 0, f->tape->batch * asx_value_n_elements(d.value) * sizeof *d.data);
    f->touched[v] = true;
    return d;
}

asx_tensor asx_tape_touching(const asx_tape_frame *f, size_t v, bool *add)
{
    *add = f->touched[v];
    f->touched[v] = true;
    return asx_tape_gradient(f, v);
}

const asx_tape_part *asx_tape_part_of(const asx_tape_frame *f, const asx_node *node)
{
    return &f->tape->part[f->tape->part_of_node[node - f->tape->network->node]];
}

float *asx_tape_turned(const asx_tape_frame *f, size_t which)
{
    return f->room + f->tape->turned + which * f->tape->turned_size;
}

/* Dense layers work on rows of the last logical dimension; see plan_run.c. */
bool asx_tape_turns(const asx_node *node, const asx_value *v)
{
    return node->op == ASX_OP_DENSE && !asx_tensor_is_logical(v);
}

/* A layer's input as its kernel takes it: in the right order, and rounded. */
const float *asx_tape_input(const asx_tape_frame *f, const asx_node *node, asx_tensor in)
{
    const asx_tape *t = f->tape;
    const float *x = in.data;
    const asx_rounder *rounder = f->run->rounder ? f->run->rounder[node->layer] : NULL;
    if (asx_tape_turns(node, in.value)) {
        asx_tensor_to_logical(asx_tape_turned(f, 0), in, t->batch);
        x = asx_tape_turned(f, 0);
    }
    if (rounder) {
        float *rounded = f->room + t->rounded;
        asx_rounder_apply(rounded, x, t->batch * asx_value_n_elements(in.value), rounder,
                          f->run->scale[node->layer]);
        x = rounded;
    }
    return x;
}

float *asx_tape_statistics(const asx_tape_frame *f, const asx_tape_part *p)
{
    return f->room + f->tape->statistics + p->statistic;
}

/* A normalised layer's output has channels last in memory: it is a feature map or a vector. */
size_t asx_tape_rows(const asx_tape_frame *f, const asx_node *node)
{
    const size_t n = asx_value_n_elements(&f->tape->network->value[node->output]);
    return f->tape->batch * n / node->n_biases;
}
