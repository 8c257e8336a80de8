/* Lists of nodes as they are made anew before the import. */
#include "onnx_nodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

void asx_onnx_nodes_append(asx_onnx_nodes *list, Onnx__NodeProto *node)
{
    Onnx__NodeProto **grown =
        asx_array_grow(list->node, &list->capacity, list->n + 1, sizeof(Onnx__NodeProto *));
    if (!grown) {
        list->failed = true;
        onnx__node_proto__free_unpacked(node, NULL);
        return;
    }
    list->node = grown;
    grown[list->n++] = node;
}

/* Both grow by one name. */
static void add_name(char ***names, size_t *n, const char *name, bool *failed)
{
    char **grown = realloc(*names, (*n + 1) * sizeof(char *));
    if (grown)
        *names = grown;
    char *copy = grown ? asx_string_copy(name) : NULL;
    if (!copy) {
        *failed = true;
        return;
    }
    grown[(*n)++] = copy;
}

Onnx__NodeProto *asx_onnx_nodes_add(asx_onnx_nodes *list, const char *op, const char *name,
                                    const char *const *input, size_t n_inputs, const char *output)
{
    Onnx__NodeProto *node = malloc(sizeof *node);
    if (!node) {
        list->failed = true;
        return NULL;
    }
    onnx__node_proto__init(node);
    node->op_type = asx_string_copy(op);
    node->name = asx_string_copy(name ? name : "");
    for (size_t i = 0; i < n_inputs; i++)
        add_name(&node->input, &node->n_input, input[i], &list->failed);
    add_name(&node->output, &node->n_output, output, &list->failed);
    list->failed = list->failed || !node->op_type || !node->name;
    asx_onnx_nodes_append(list, node);
    return list->failed ? NULL : node;
}

/* Takes `a` over. */
static void hang(asx_onnx_nodes *list, Onnx__NodeProto *node, Onnx__AttributeProto *a)
{
    Onnx__AttributeProto **grown =
        a ? realloc(node->attribute, (node->n_attribute + 1) * sizeof(Onnx__AttributeProto *))
          : NULL;
    if (grown) {
        node->attribute = grown;
        grown[node->n_attribute++] = a;
        return;
    }
    onnx__attribute_proto__free_unpacked(a, NULL);
    list->failed = true;
}

/* One more attribute of a node, without its value; NULL if memory lacks. */
static Onnx__AttributeProto *add_attribute(asx_onnx_nodes *list, Onnx__NodeProto *node,
                                           const char *text,
                                           Onnx__AttributeProto__AttributeType type)
{
    if (!node)
        return NULL;
    Onnx__AttributeProto *a = malloc(sizeof *a);
    if (!a) {
        list->failed = true;
        return NULL;
    }
    onnx__attribute_proto__init(a);
    a->name = asx_string_copy(text);
    a->has_type = 1;
    a->type = type;
    list->failed = list->failed || !a->name;
    hang(list, node, a);
    return list->failed ? NULL : a;
}

void asx_onnx_nodes_int(asx_onnx_nodes *list, Onnx__NodeProto *node, const char *name,
                        int64_t value)
{
    Onnx__AttributeProto *a =
        add_attribute(list, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    if (a) {
        a->has_i = 1;
        a->i = value;
    }
}

void asx_onnx_nodes_float(asx_onnx_nodes *list, Onnx__NodeProto *node, const char *name,
                          float value)
{
    Onnx__AttributeProto *a =
        add_attribute(list, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
    if (a) {
        a->has_f = 1;
        a->f = value;
    }
}

void asx_onnx_nodes_ints(asx_onnx_nodes *list, Onnx__NodeProto *node, const char *name,
                         const int64_t *value, size_t n)
{
    Onnx__AttributeProto *a =
        add_attribute(list, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
    if (!a)
        return;
    a->ints = asx_array_copy(value, n, sizeof *value);
    a->n_ints = a->ints ? n : 0;
    list->failed = list->failed || !a->ints;
}

void asx_onnx_nodes_number(asx_onnx_nodes *list, const char *output, float value)
{
    asx_onnx_nodes_float(list, asx_onnx_nodes_add(list, "Constant", output, NULL, 0, output),
                         "value_float", value);
}

static void *pack(const ProtobufCMessage *message, size_t *n)
{
    uint8_t *bytes = malloc(protobuf_c_message_get_packed_size(message) + 1);
    *n = bytes ? protobuf_c_message_pack(message, bytes) : 0;
    return bytes;
}

Onnx__NodeProto *asx_onnx_node_copy(const Onnx__NodeProto *node)
{
    size_t n;
    uint8_t *bytes = pack(&node->base, &n);
    Onnx__NodeProto *copy = bytes ? onnx__node_proto__unpack(NULL, n, bytes) : NULL;
    free(bytes);
    return copy;
}

Onnx__AttributeProto *asx_onnx_attribute_copy(const Onnx__AttributeProto *attribute,
                                              const char *name)
{
    size_t n;
    uint8_t *bytes = pack(&attribute->base, &n);
    Onnx__AttributeProto *copy = bytes ? onnx__attribute_proto__unpack(NULL, n, bytes) : NULL;
    free(bytes);
    char *named = copy && name ? asx_string_copy(name) : NULL;
    if (!named) {
        onnx__attribute_proto__free_unpacked(copy, NULL);
        return NULL;
    }
    free(copy->name);
    copy->name = named;
    return copy;
}

void asx_onnx_nodes_attribute(asx_onnx_nodes *list, Onnx__NodeProto *node,
                              const Onnx__AttributeProto *copied)
{
    if (node)
        hang(list, node, asx_onnx_attribute_copy(copied, copied->name));
}

const char *asx_onnx_derived(char out[ASX_ONNX_NAME_MAX], const Onnx__NodeProto *node,
                             const char *what)
{
    snprintf(out, ASX_ONNX_NAME_MAX, "%.*s/%s", ASX_ONNX_NAME_MAX - 16, node->output[0], what);
    return out;
}
