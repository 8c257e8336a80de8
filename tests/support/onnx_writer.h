/* Writes small ONNX files in memory, straight from the wire format: independent of protobuf-c, and
 * able to write what no exporter would. Failed allocations abort. */
#ifndef ASX_TESTS_ONNX_WRITER_H
#define ASX_TESTS_ONNX_WRITER_H

#include <stddef.h>
#include <stdint.h>

typedef struct onnx_bytes {
    uint8_t *data;
    size_t n, capacity;
} onnx_bytes;

/* One field: a varint, raw bytes, a string, a nested message (which is emptied). */
void onnx_put_int(onnx_bytes *to, unsigned field, int64_t value);
void onnx_put_float(onnx_bytes *to, unsigned field, float value);
void onnx_put_bytes(onnx_bytes *to, unsigned field, const void *data, size_t n);
void onnx_put_text(onnx_bytes *to, unsigned field, const char *text);
void onnx_put_message(onnx_bytes *to, unsigned field, onnx_bytes *message);
void onnx_bytes_free(onnx_bytes *bytes);

/* A file that grows: start with `onnx_writer w = {.opset = 13};`. */
typedef struct onnx_writer {
    onnx_bytes graph;
    int64_t opset;
} onnx_writer;

/* Attributes are collected in bytes and handed to onnx_node. */
void onnx_attribute_int(onnx_bytes *attributes, const char *name, int64_t value);
void onnx_attribute_float(onnx_bytes *attributes, const char *name, float value);
void onnx_attribute_text(onnx_bytes *attributes, const char *name, const char *value);
void onnx_attribute_ints(onnx_bytes *attributes, const char *name, size_t n, const int64_t *value);

/** A tensor message of `type` (ONNX's number) whose elements are raw bytes. */
onnx_bytes onnx_tensor(const char *name, int64_t type, size_t rank, const int64_t *dim,
                       const void *raw, size_t n_bytes);

/** A node; `inputs` and `outputs` are separated by blanks, "-" is an absent one. `attributes` may
 *  be NULL and is emptied. */
void onnx_node(onnx_writer *w, const char *op, const char *name, const char *inputs,
               const char *outputs, onnx_bytes *attributes);

/** Input of the graph; a dimension of -1 is symbolic. */
void onnx_input(onnx_writer *w, const char *name, size_t rank, const int64_t *dim);
void onnx_output(onnx_writer *w, const char *name);

/** What a file tells of the shape of a value within. */
void onnx_shape(onnx_writer *w, const char *name, size_t rank, const int64_t *dim);

/** Initializers, in raw_data. */
void onnx_floats(onnx_writer *w, const char *name, size_t rank, const int64_t *dim,
                 const float *value);
void onnx_int64s(onnx_writer *w, const char *name, size_t n, const int64_t *value);

/** The file; the writer is emptied. */
onnx_bytes onnx_finish(onnx_writer *w);

#endif
