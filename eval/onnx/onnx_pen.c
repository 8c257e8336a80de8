#include "onnx_pen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { ATTRIBUTES_MAX = 6, CONSTANTS_MAX = 6 /* of one node, beside its values */ };

void asx_pen_fini(asx_pen *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n_owned; i++)
        free(p->owned[i]);
    free(p->owned);
    free(p->node);
    free(p->tensor);
    free(p->note);
    *p = (asx_pen){0};
}

void *asx_pen_keep(asx_pen *p, size_t n, size_t size)
{
    void **grown = asx_array_grow(p->owned, &p->owned_capacity, p->n_owned + 1, sizeof(void *));
    void *made = grown ? asx_array_new(n, size) : NULL;
    if (grown)
        p->owned = grown;
    if (made)
        p->owned[p->n_owned++] = made;
    p->failed = p->failed || !made;
    return made;
}

const char *asx_pen_part_name(const asx_pen *p, const asx_node *node)
{
    return node->layer == ASX_NO_LAYER ? node->name : p->net->work.layer[node->layer].name;
}

char *asx_pen_text(asx_pen *p, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, format, args);
    char *s = n < 0 ? NULL : asx_pen_keep(p, (size_t)n + 1, 1);
    if (s)
        vsnprintf(s, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return s;
}

/* ---- constants ---- */

/* @param out the name, for a node's input */
static char *tensor(asx_pen *p, char *name, int type, size_t rank, const int64_t *dim,
                    const void *data, size_t n_bytes)
{
    Onnx__TensorProto *t = asx_pen_keep(p, 1, sizeof *t);
    Onnx__TensorProto **grown = asx_array_grow(p->tensor, &p->tensor_capacity, p->n_tensors + 1,
                                               sizeof(Onnx__TensorProto *));
    int64_t *dims = asx_pen_keep(p, rank + 1, sizeof *dims);
    uint8_t *raw = asx_pen_keep(p, n_bytes, 1);
    if (grown)
        p->tensor = grown;
    p->failed = p->failed || !grown || !name;
    if (p->failed)
        return name;
    onnx__tensor_proto__init(t);
    if (rank > 0)
        memcpy(dims, dim, rank * sizeof *dims);
    memcpy(raw, data, n_bytes);
    t->name = name;
    t->has_data_type = 1;
    t->data_type = type;
    t->n_dims = rank;
    t->dims = dims;
    t->has_raw_data = 1;
    t->raw_data = (ProtobufCBinaryData){n_bytes, raw};
    p->tensor[p->n_tensors++] = t;
    return name;
}

char *asx_pen_floats(asx_pen *p, char *name, size_t rank, const int64_t *dim, const float *data,
                     size_t n)
{
    return tensor(p, name, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, rank, dim, data, n * sizeof *data);
}

char *asx_pen_integers(asx_pen *p, char *name, const int64_t *data, size_t n)
{
    return tensor(p, name, ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 1, &(int64_t){(int64_t)n}, data,
                  n * sizeof *data);
}

static size_t bytes_of(int type)
{
    switch (type) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT8:
    case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8:
        return 1;
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT32:
        return 4;
    default:
        return 2;
    }
}

char *asx_pen_words(asx_pen *p, char *name, int type, size_t rank, const int64_t *dim,
                    const double *data, size_t n)
{
    const size_t bytes = bytes_of(type);
    uint8_t *raw = asx_pen_keep(p, n, bytes);
    for (size_t i = 0; raw && i < n; i++) {
        const uint32_t v = (uint32_t)(int32_t)data[i];
        for (size_t k = 0; k < bytes; k++)
            raw[i * bytes + k] = (uint8_t)(v >> (8 * k) & 255);
    }
    return raw ? tensor(p, name, type, rank, dim, raw, n * bytes) : name;
}

void asx_pen_note(asx_pen *p, char *key, char *value)
{
    Onnx__StringStringEntryProto *note = asx_pen_keep(p, 1, sizeof *note);
    Onnx__StringStringEntryProto **grown = asx_array_grow(
        p->note, &p->note_capacity, p->n_notes + 1, sizeof(Onnx__StringStringEntryProto *));
    if (grown)
        p->note = grown;
    p->failed = p->failed || !grown;
    if (p->failed)
        return;
    onnx__string_string_entry_proto__init(note);
    note->key = key;
    note->value = value;
    p->note[p->n_notes++] = note;
}

/* ---- nodes ---- */

Onnx__NodeProto *asx_pen_node(asx_pen *p, const char *op, char *name)
{
    Onnx__NodeProto *n = asx_pen_keep(p, 1, sizeof *n);
    Onnx__NodeProto **grown =
        asx_array_grow(p->node, &p->node_capacity, p->n_nodes + 1, sizeof(Onnx__NodeProto *));
    if (grown)
        p->node = grown;
    if (!n || !grown) {
        p->failed = true;
        return NULL;
    }
    onnx__node_proto__init(n);
    n->op_type = asx_pen_text(p, "%s", op);
    n->name = name;
    n->input = asx_pen_keep(p, p->net->n_values + CONSTANTS_MAX, sizeof(char *));
    n->output = asx_pen_keep(p, 1, sizeof(char *));
    n->attribute = asx_pen_keep(p, ATTRIBUTES_MAX, sizeof(Onnx__AttributeProto *));
    p->node[p->n_nodes++] = n;
    return n;
}

void asx_pen_last(asx_pen *p, const Onnx__NodeProto *n)
{
    for (size_t i = 0; !p->failed && i + 1 < p->n_nodes; i++)
        if (p->node[i] == n) {
            Onnx__NodeProto *next = p->node[i + 1];
            p->node[i + 1] = p->node[i];
            p->node[i] = next;
        }
}

void asx_pen_input(asx_pen *p, Onnx__NodeProto *n, char *name)
{
    if (!p->failed && n)
        n->input[n->n_input++] = name;
}

void asx_pen_output(asx_pen *p, Onnx__NodeProto *n, char *name)
{
    if (!p->failed && n)
        n->output[n->n_output++] = name;
}

static Onnx__AttributeProto *attribute(asx_pen *p, Onnx__NodeProto *n, const char *name,
                                       Onnx__AttributeProto__AttributeType type)
{
    Onnx__AttributeProto *a = asx_pen_keep(p, 1, sizeof *a);
    char *copy = asx_pen_text(p, "%s", name);
    if (p->failed || !n)
        return NULL;
    onnx__attribute_proto__init(a);
    a->name = copy;
    a->has_type = 1;
    a->type = type;
    n->attribute[n->n_attribute++] = a;
    return a;
}

void asx_pen_int(asx_pen *p, Onnx__NodeProto *n, const char *name, size_t value)
{
    Onnx__AttributeProto *a = attribute(p, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    if (a) {
        a->has_i = 1;
        a->i = (int64_t)value;
    }
}

void asx_pen_float(asx_pen *p, Onnx__NodeProto *n, const char *name, float value)
{
    Onnx__AttributeProto *a = attribute(p, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
    if (a) {
        a->has_f = 1;
        a->f = value;
    }
}

void asx_pen_ints(asx_pen *p, Onnx__NodeProto *n, const char *name, const size_t *value,
                  size_t count)
{
    int64_t *ints = asx_pen_keep(p, count, sizeof *ints);
    Onnx__AttributeProto *a = attribute(p, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
    if (!a)
        return;
    for (size_t i = 0; i < count; i++)
        ints[i] = (int64_t)value[i];
    a->n_ints = count;
    a->ints = ints;
}

void asx_pen_string(asx_pen *p, Onnx__NodeProto *n, const char *name, const char *value)
{
    char *copy = asx_pen_text(p, "%s", value);
    Onnx__AttributeProto *a = attribute(p, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
    if (!a)
        return;
    a->has_s = 1;
    a->s.len = strlen(value);
    a->s.data = (uint8_t *)copy;
}
