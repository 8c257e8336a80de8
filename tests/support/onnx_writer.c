/* Field numbers are those of onnx.proto (IR version 8). */
#include "onnx_writer.h"

#include <stdlib.h>
#include <string.h>

static void append(onnx_bytes *to, const void *data, size_t n)
{
    if (to->n + n > to->capacity) {
        to->capacity = 2 * (to->n + n) + 64;
        to->data = realloc(to->data, to->capacity);
        if (!to->data)
            abort();
    }
    if (n > 0)
        memcpy(to->data + to->n, data, n);
    to->n += n;
}

static void varint(onnx_bytes *to, uint64_t value)
{
    do {
        const uint8_t byte = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        append(to, &byte, 1);
        value >>= 7;
    } while (value > 0);
}

void onnx_put_int(onnx_bytes *to, unsigned field, int64_t value)
{
    varint(to, (uint64_t)field << 3);
    varint(to, (uint64_t)value);
}

void onnx_put_float(onnx_bytes *to, unsigned field, float value)
{
    varint(to, (uint64_t)field << 3 | 5);
    append(to, &value, sizeof value);
}

void onnx_put_bytes(onnx_bytes *to, unsigned field, const void *data, size_t n)
{
    varint(to, (uint64_t)field << 3 | 2);
    varint(to, n);
    append(to, data, n);
}

void onnx_put_text(onnx_bytes *to, unsigned field, const char *text)
{
    onnx_put_bytes(to, field, text, strlen(text));
}

void onnx_bytes_free(onnx_bytes *bytes)
{
    free(bytes->data);
    *bytes = (onnx_bytes){0};
}

void onnx_put_message(onnx_bytes *to, unsigned field, onnx_bytes *message)
{
    onnx_put_bytes(to, field, message->data, message->n);
    onnx_bytes_free(message);
}

/* AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20; NodeProto.attribute is 5. */
enum { TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_STRING = 3, TYPE_INTS = 7 };

static void put_attribute(onnx_bytes *attributes, onnx_bytes *attribute, const char *name, int type)
{
    onnx_put_text(attribute, 1, name);
    onnx_put_int(attribute, 20, type);
    onnx_put_message(attributes, 5, attribute);
}

void onnx_attribute_int(onnx_bytes *attributes, const char *name, int64_t value)
{
    onnx_bytes a = {0};
    onnx_put_int(&a, 3, value);
    put_attribute(attributes, &a, name, TYPE_INT);
}

void onnx_attribute_float(onnx_bytes *attributes, const char *name, float value)
{
    onnx_bytes a = {0};
    onnx_put_float(&a, 2, value);
    put_attribute(attributes, &a, name, TYPE_FLOAT);
}

void onnx_attribute_text(onnx_bytes *attributes, const char *name, const char *value)
{
    onnx_bytes a = {0};
    onnx_put_text(&a, 4, value);
    put_attribute(attributes, &a, name, TYPE_STRING);
}

void onnx_attribute_ints(onnx_bytes *attributes, const char *name, size_t n, const int64_t *value)
{
    onnx_bytes a = {0};
    for (size_t i = 0; i < n; i++)
        onnx_put_int(&a, 8, value[i]);
    put_attribute(attributes, &a, name, TYPE_INTS);
}

onnx_bytes onnx_tensor(const char *name, int64_t type, size_t rank, const int64_t *dim,
                       const void *raw, size_t n_bytes)
{
    onnx_bytes t = {0};
    for (size_t i = 0; i < rank; i++)
        onnx_put_int(&t, 1, dim[i]);
    onnx_put_int(&t, 2, type);
    onnx_put_text(&t, 8, name);
    onnx_put_bytes(&t, 9, raw, n_bytes);
    return t;
}

static void put_words(onnx_bytes *to, unsigned field, const char *words)
{
    while (*words) {
        const size_t n = strcspn(words, " ");
        onnx_put_bytes(to, field, words, n == 1 && *words == '-' ? 0 : n);
        words += n + (words[n] == ' ');
    }
}

void onnx_node(onnx_writer *w, const char *op, const char *name, const char *inputs,
               const char *outputs, onnx_bytes *attributes)
{
    onnx_bytes node = {0};
    put_words(&node, 1, inputs);
    put_words(&node, 2, outputs);
    onnx_put_text(&node, 3, name);
    onnx_put_text(&node, 4, op);
    if (attributes) {
        append(&node, attributes->data, attributes->n);
        onnx_bytes_free(attributes);
    }
    onnx_put_message(&w->graph, 1, &node);
}

static void put_info(onnx_writer *w, unsigned field, const char *name, size_t rank,
                     const int64_t *dim)
{
    onnx_bytes info = {0}, type = {0}, tensor = {0}, shape = {0};
    for (size_t i = 0; i < rank; i++) {
        onnx_bytes d = {0};
        if (dim[i] >= 0)
            onnx_put_int(&d, 1, dim[i]);
        else
            onnx_put_text(&d, 2, "N");
        onnx_put_message(&shape, 1, &d);
    }
    onnx_put_int(&tensor, 1, 1);
    onnx_put_message(&tensor, 2, &shape);
    onnx_put_message(&type, 1, &tensor);
    onnx_put_text(&info, 1, name);
    onnx_put_message(&info, 2, &type);
    onnx_put_message(&w->graph, field, &info);
}

void onnx_input(onnx_writer *w, const char *name, size_t rank, const int64_t *dim)
{
    put_info(w, 11, name, rank, dim);
}

void onnx_shape(onnx_writer *w, const char *name, size_t rank, const int64_t *dim)
{
    put_info(w, 13, name, rank, dim);
}

void onnx_output(onnx_writer *w, const char *name)
{
    onnx_bytes info = {0};
    onnx_put_text(&info, 1, name);
    onnx_put_message(&w->graph, 12, &info);
}

void onnx_floats(onnx_writer *w, const char *name, size_t rank, const int64_t *dim,
                 const float *value)
{
    size_t n = 1;
    for (size_t i = 0; i < rank; i++)
        n *= (size_t)dim[i];
    onnx_bytes t = onnx_tensor(name, 1, rank, dim, value, n * sizeof *value);
    onnx_put_message(&w->graph, 5, &t);
}

void onnx_int64s(onnx_writer *w, const char *name, size_t n, const int64_t *value)
{
    onnx_bytes t = onnx_tensor(name, 7, 1, &(int64_t){(int64_t)n}, value, n * sizeof *value);
    onnx_put_message(&w->graph, 5, &t);
}

onnx_bytes onnx_finish(onnx_writer *w)
{
    onnx_bytes file = {0}, set = {0};
    onnx_put_int(&file, 1, 8);
    onnx_put_message(&file, 7, &w->graph);
    onnx_put_int(&set, 2, w->opset);
    onnx_put_message(&file, 8, &set);
    return file;
}
