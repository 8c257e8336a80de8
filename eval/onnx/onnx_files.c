/* Which files a network is read from. */
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/text.h"
#include "eval/network.h"
#include "onnx.h"

static asx_status add_beside(asx_kept *out, const char *path, const char *location, asx_error *err)
{
    const char *slash = strrchr(path, '/');
    asx_text text = {0};
    asx_text_add(&text, "%.*s%s", slash ? (int)(slash - path) + 1 : 0, path, location);
    const asx_status status = text.failed
                                  ? asx_fail(err, ASX_ENOMEM, "no memory for a path")
                                  : asx_kept_add(out, "weights of the network", text.s, err);
    asx_text_fini(&text);
    return status;
}

static const char *location_of(const Onnx__TensorProto *t)
{
    for (size_t i = 0; t && i < t->n_external_data; i++) {
        const Onnx__StringStringEntryProto *entry = t->external_data[i];
        if (entry->key && entry->value && strcmp(entry->key, "location") == 0)
            return entry->value;
    }
    return NULL;
}

/* Tensors of one file mostly stand one behind the other: its name is added once for all of them. */
static asx_status add_tensor(asx_kept *out, const char **last, const char *path,
                             const Onnx__TensorProto *t, asx_error *err)
{
    const char *location = location_of(t);
    if (!location || (*last && strcmp(*last, location) == 0))
        return ASX_OK;
    *last = location;
    return add_beside(out, path, location, err);
}

static asx_status add_graph(asx_kept *out, const char *path, const Onnx__GraphProto *graph,
                            asx_error *err)
{
    const char *last = NULL;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < graph->n_initializer; i++)
        status = add_tensor(out, &last, path, graph->initializer[i], err);
    for (size_t i = 0; i < graph->n_node; i++)
        for (size_t j = 0; status == ASX_OK && j < graph->node[i]->n_attribute; j++)
            status = add_tensor(out, &last, path, graph->node[i]->attribute[j]->t, err);
    return status;
}

asx_status asx_network_files(asx_kept *out, const char *path, asx_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    asx_status status = asx_kept_add(out, "the network", path, err);
    if (status != ASX_OK || asx_file_read(&bytes, &n, path, ASX_ONNX_FILE_MAX, NULL) != ASX_OK)
        return status;
    Onnx__ModelProto *model = NULL;
    status = asx_onnx_unpack(&model, path, bytes, n, err);
    if (status == ASX_OK && model && model->graph)
        status = add_graph(out, path, model->graph, err);
    onnx__model_proto__free_unpacked(model, NULL);
    free(bytes);
    return status;
}
