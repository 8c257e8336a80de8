/* Functions local to the model: every call is replaced by the function's nodes, which then carry names of their own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/text.h"
#include "onnx_nodes.h"
#include "onnx_rewrite.h"

/* Functions may call functions; a small file could ask for very many nodes so. */
enum { DEPTH_MAX = 32, NODES_MAX = 1 << 17, BYTES_MAX = 1 << 28, DEFAULTS_FIELD = 11 };

typedef struct inliner {
    const Onnx__ModelProto *model;
    asx_onnx_nodes list;
    size_t n_calls, n_bytes;
} inliner;

/* A call that is taken apart. */
typedef struct call {
    const Onnx__NodeProto *node;
    const Onnx__FunctionProto *function;
    char prefix[64]; /* of names that the function alone knows */
} call;

static const char *or_none(const char *text)
{
    return text ? text : "";
}

static const Onnx__FunctionProto *find_function(const Onnx__ModelProto *model,
                                                const Onnx__NodeProto *node)
{
    for (size_t i = 0; i < model->n_functions; i++) {
        const Onnx__FunctionProto *f = model->functions[i];
        if (f->name && strcmp(f->name, or_none(node->op_type)) == 0 &&
            strcmp(or_none(f->domain), or_none(node->domain)) == 0)
            return f;
    }
    return NULL;
}

static asx_status check_function(const inliner *w, const Onnx__FunctionProto *f, asx_error *err)
{
    for (unsigned i = 0; i < f->base.n_unknown_fields; i++)
        if (f->base.unknown_fields[i].tag == DEFAULTS_FIELD)
            return asx_fail(err, ASX_EUNSUPPORTED,
                            "function '%s' has attributes with defaults: inline it before "
                            "(onnx.inliner)",
                            f->name);
    for (size_t i = 0; i < f->n_opset_import; i++)
        for (size_t k = 0; k < w->model->n_opset_import; k++) {
            const Onnx__OperatorSetIdProto *a = f->opset_import[i], *b = w->model->opset_import[k];
            if (strcmp(or_none(a->domain), or_none(b->domain)) == 0 && a->version != b->version)
                return asx_fail(err, ASX_EUNSUPPORTED,
                                "function '%s' is of operator set %lld, the model of %lld", f->name,
                                (long long)a->version, (long long)b->version);
        }
    return ASX_OK;
}

/* Replaces a name inside the function by that outside. */
static bool rename_to_outside(char **name, const call *c)
{
    const Onnx__FunctionProto *f = c->function;
    const Onnx__NodeProto *node = c->node;
    const char *to = NULL;
    asx_text own = {0};
    if (!**name)
        return true;
    for (size_t i = 0; !to && i < f->n_input; i++)
        if (strcmp(f->input[i], *name) == 0)
            to = i < node->n_input ? node->input[i] : "";
    for (size_t i = 0; !to && i < f->n_output; i++)
        if (strcmp(f->output[i], *name) == 0 && i < node->n_output && *node->output[i])
            to = node->output[i];
    asx_text_add(&own, "%s%s", to ? "" : c->prefix, to ? to : *name);
    char *made;
    if (asx_text_take(&made, &own, NULL) != ASX_OK)
        return false;
    free(*name);
    *name = made;
    return true;
}

static const Onnx__AttributeProto *find_given(const call *c, const char *name)
{
    for (size_t k = 0; k < c->node->n_attribute; k++)
        if (strcmp(or_none(c->node->attribute[k]->name), name) == 0)
            return c->node->attribute[k];
    return NULL;
}

/* An attribute that stands for the caller's becomes it; one that the caller has not given goes: NULL. */
static asx_status settle_attribute(Onnx__AttributeProto **a, const call *c, asx_error *err)
{
    const char *outside = or_none((*a)->ref_attr_name);
    if ((*a)->g || (*a)->n_graphs > 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "function '%s' has a graph within",
                        c->function->name);
    if (!*outside)
        return ASX_OK;
    const Onnx__AttributeProto *given = find_given(c, outside);
    Onnx__AttributeProto *copy = given ? asx_onnx_attribute_copy(given, or_none((*a)->name)) : NULL;
    onnx__attribute_proto__free_unpacked(*a, NULL);
    *a = copy;
    return given && !copy ? asx_fail(err, ASX_ENOMEM, "no memory for an attribute") : ASX_OK;
}

static asx_status settle_attributes(Onnx__NodeProto *made, const call *c, asx_error *err)
{
    asx_status status = ASX_OK;
    size_t kept = 0;
    for (size_t i = 0; i < made->n_attribute; i++) {
        if (status == ASX_OK)
            status = settle_attribute(&made->attribute[i], c, err);
        if (made->attribute[i])
            made->attribute[kept++] = made->attribute[i];
    }
    made->n_attribute = kept;
    return status;
}

static asx_status take_apart(inliner *w, const Onnx__NodeProto *node, const Onnx__FunctionProto *f,
                             size_t depth, asx_error *err);

/* Takes `node` over. */
static asx_status append(inliner *w, Onnx__NodeProto *node, size_t depth, asx_error *err)
{
    const Onnx__FunctionProto *f = find_function(w->model, node);
    if (!f) {
        asx_onnx_nodes_append(&w->list, node);
        return w->list.failed ? asx_fail(err, ASX_ENOMEM, "no memory to take functions apart")
                              : ASX_OK;
    }
    const asx_status status = take_apart(w, node, f, depth, err);
    onnx__node_proto__free_unpacked(node, NULL);
    return status;
}

static asx_status append_copy(inliner *w, const Onnx__NodeProto *inner, const call *c, size_t depth,
                              asx_error *err)
{
    w->n_bytes += onnx__node_proto__get_packed_size(inner);
    if (w->list.n >= NODES_MAX || w->n_bytes > BYTES_MAX)
        return asx_fail(err, ASX_EINVAL,
                        "the functions of the model make more than %d nodes or %d bytes", NODES_MAX,
                        BYTES_MAX);
    Onnx__NodeProto *made = asx_onnx_node_copy(inner);
    bool named = made != NULL;
    for (size_t i = 0; named && i < made->n_input; i++)
        named = rename_to_outside(&made->input[i], c);
    for (size_t i = 0; named && i < made->n_output; i++)
        named = rename_to_outside(&made->output[i], c);
    asx_status status = named ? settle_attributes(made, c, err)
                              : asx_fail(err, ASX_ENOMEM, "no memory to take functions apart");
    if (status == ASX_OK)
        return append(w, made, depth, err);
    onnx__node_proto__free_unpacked(made, NULL);
    return status;
}

/* An input that is an output as it is. */
static void pass_through(inliner *w, const call *c)
{
    const Onnx__FunctionProto *f = c->function;
    for (size_t o = 0; o < f->n_output && o < c->node->n_output; o++)
        for (size_t i = 0; i < f->n_input; i++)
            if (strcmp(f->output[o], f->input[i]) == 0 && i < c->node->n_input &&
                *c->node->output[o]) {
                const char *input[] = {c->node->input[i]};
                (void)asx_onnx_nodes_add(&w->list, "Identity", c->node->name, input, 1,
                                         c->node->output[o]);
            }
}

static asx_status take_apart(inliner *w, const Onnx__NodeProto *node, const Onnx__FunctionProto *f,
                             size_t depth, asx_error *err)
{
    call c = {.node = node, .function = f};
    asx_status status = check_function(w, f, err);
    if (status == ASX_OK && depth == DEPTH_MAX)
        status = asx_fail(err, ASX_EINVAL, "function '%s' calls itself, or %d others", f->name,
                          DEPTH_MAX);
    if (status == ASX_OK && (node->n_input > f->n_input || node->n_output > f->n_output))
        status = asx_fail(err, ASX_EINVAL,
                          "function '%s' has %zu inputs and %zu outputs, a call %zu and %zu",
                          f->name, f->n_input, f->n_output, node->n_input, node->n_output);
    snprintf(c.prefix, sizeof c.prefix, "%.32s.%zu/", f->name, ++w->n_calls);
    for (size_t i = 0; status == ASX_OK && i < f->n_node; i++)
        status = append_copy(w, f->node[i], &c, depth + 1, err);
    if (status == ASX_OK)
        pass_through(w, &c);
    return status;
}

asx_status asx_onnx_inline(Onnx__ModelProto *model, asx_error *err)
{
    Onnx__GraphProto *graph = model->graph;
    inliner w = {.model = model};
    asx_status status = ASX_OK;
    if (model->n_functions == 0)
        return ASX_OK;
    for (size_t i = 0; i < graph->n_node; i++) {
        if (status == ASX_OK)
            status = append(&w, graph->node[i], 0, err);
        else
            onnx__node_proto__free_unpacked(graph->node[i], NULL);
    }
    free(graph->node);
    graph->node = w.list.node;
    graph->n_node = w.list.n;
    return status == ASX_OK && w.list.failed
               ? asx_fail(err, ASX_ENOMEM, "no memory to take functions apart")
               : status;
}
