/* A bespoke classifier from JSON, read by Jansson. Each failure names the place in the file. */
#include "dse/bespoke.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bespoke_copies.h"
#include "dse/file.h"
#include "dse/name.h"

enum { BYTES_MAX = 1 << 26, TREE_INDEX_MAX = 2 * ASX_BESPOKE_WIDTH_MAX };

/* Where something stands: a member or an item of what is around it, on the stack of who reads it. */
typedef struct place {
    const char *file;
    const struct place *of; /* NULL: the whole file */
    const char *name;       /* NULL: an item */
    size_t index;
} place;

static place member(const place *of, const char *name)
{
    return (place){.file = of->file, .of = of, .name = name};
}

static place item(const place *of, size_t i)
{
    return (place){.file = of->file, .of = of, .index = i};
}

/* "layers[1].weights[0]". */
typedef struct place_name {
    char text[128];
} place_name;

static place_name name_of(const place *at)
{
    place_name name = {{0}};
    if (!at->of)
        return name;
    const place_name around = name_of(at->of);
    if (at->name)
        snprintf(name.text, sizeof name.text, "%.70s%s%.50s", around.text,
                 around.text[0] ? "." : "", at->name);
    else
        snprintf(name.text, sizeof name.text, "%.70s[%zu]", around.text, at->index);
    return name;
}

static asx_status malformed(const place *at, const char *what, asx_error *err)
{
    return asx_fail(err, ASX_EPARSE, "%s: %s: %s", at->file, name_of(at).text, what);
}

static asx_status get_integer(int64_t *out, const json_t *json, const place *at, int64_t low,
                              int64_t high, asx_error *err)
{
    if (!json)
        return malformed(at, "is missing", err);
    if (!json_is_integer(json))
        return malformed(at, "is no whole number", err);
    const int64_t value = json_integer_value(json);
    if (value < low || value > high)
        return asx_fail(err, ASX_EINVAL,
                        "%s: %s: %" PRId64 " is outside [%" PRId64 ", %" PRId64 "]", at->file,
                        name_of(at).text, value, low, high);
    *out = value;
    return ASX_OK;
}

/* @param n  how many items there must be; SIZE_MAX: any number but none */
static asx_status need_array(const json_t *json, const place *at, size_t n, asx_error *err)
{
    if (!json)
        return malformed(at, "is missing", err);
    if (!json_is_array(json))
        return malformed(at, "is no array", err);
    if (n == SIZE_MAX ? json_array_size(json) > 0 : json_array_size(json) == n)
        return ASX_OK;
    if (n == SIZE_MAX)
        return malformed(at, "is empty", err);
    return asx_fail(err, ASX_EPARSE, "%s: %s: has %zu items instead of %zu", at->file,
                    name_of(at).text, json_array_size(json), n);
}

/* What a list of numbers goes to: put(to, index, value). */
typedef struct numbers {
    void (*put)(void *to, size_t i, int64_t value);
    void *to;
    int64_t low, high;
} numbers;

static asx_status get_list(const numbers *kind, const json_t *json, const place *at, size_t n,
                           size_t first, asx_error *err)
{
    asx_status status = need_array(json, at, n, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        const place here = item(at, i);
        int64_t value = 0;
        status = get_integer(&value, json_array_get(json, i), &here, kind->low, kind->high, err);
        if (status == ASX_OK)
            kind->put(kind->to, first + i, value);
    }
    return status;
}

static asx_status get_matrix(const numbers *kind, const json_t *json, const place *at,
                             const asx_bespoke_layer *l, asx_error *err)
{
    asx_status status = need_array(json, at, l->outputs, err);
    for (size_t j = 0; j < l->outputs && status == ASX_OK; j++) {
        const place here = item(at, j);
        status = get_list(kind, json_array_get(json, j), &here, l->inputs, j * l->inputs, err);
    }
    return status;
}

static void put_weight(void *to, size_t i, int64_t value)
{
    ((int32_t *)to)[i] = (int32_t)value;
}

static void put_mask(void *to, size_t i, int64_t value)
{
    ((uint32_t *)to)[i] = (uint32_t)value;
}

static void put_bias(void *to, size_t i, int64_t value)
{
    ((int64_t *)to)[i] = value;
}

static void put_byte(void *to, size_t i, int64_t value)
{
    ((unsigned char *)to)[i] = (unsigned char)value;
}

/* What is not known would be left out of the network without a word. @param known  up to a NULL */
static asx_status refuse_others(const json_t *json, const char *const *known, const place *at,
                                asx_error *err)
{
    const char *name;
    json_t *value;
    if (!json_is_object(json))
        return malformed(at, json ? "is no object" : "is missing", err);
    json_object_foreach((json_t *)(uintptr_t)json, name, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], name) != 0)
            i++;
        if (known[i])
            continue;
        asx_text all = {0};
        for (i = 0; known[i]; i++)
            asx_text_add(&all, "%s%s", i > 0 ? ", " : "", known[i]);
        const asx_status status =
            asx_fail(err, ASX_EPARSE, "%s: %s: unknown member '%.40s'; there are %s", at->file,
                     name_of(at).text, name, all.failed ? "others" : all.s);
        asx_text_fini(&all);
        return status;
    }
    return ASX_OK;
}

static asx_status get_activation(asx_bespoke_layer *l, const json_t *json, const place *at,
                                 asx_error *err)
{
    static const char *const known[] = {"kind", "drop_lsb", "max", NULL};
    const char *kind = json_string_value(json_object_get(json, "kind"));
    if (!kind)
        return malformed(at, "no text 'kind'", err);
    asx_status status = refuse_others(json, known, at, err);
    if (status != ASX_OK)
        return status;
    size_t which = 0;
    status = asx_name_find(&which, "activation", kind, bespoke_activations, err);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "%s: %s", at->file, name_of(at).text);
    l->activation = (asx_bespoke_activation)which;
    if (l->activation != ASX_BESPOKE_SATURATING)
        return ASX_OK;
    const place drop_at = member(at, "drop_lsb"), max_at = member(at, "max");
    int64_t drop = 0;
    status = get_integer(&drop, json_object_get(json, "drop_lsb"), &drop_at, 0,
                         ASX_BESPOKE_SHIFT_MAX, err);
    if (status == ASX_OK)
        status = get_integer(&l->max, json_object_get(json, "max"), &max_at, 1, UINT32_MAX, err);
    l->drop = (unsigned)drop;
    return status;
}

static asx_status get_layer(asx_bespoke_layer *l, const json_t *json, const place *at,
                            asx_error *err)
{
    static const char *const known[] = {
        "weights",          "masks", "biases", "cuts", "activation", "published_weights",
        "published_biases", NULL};
    const numbers weights = {put_weight, l->weight, -ASX_BESPOKE_WEIGHT_MAX,
                             ASX_BESPOKE_WEIGHT_MAX};
    const numbers masks = {put_mask, l->mask, 0, UINT32_MAX};
    const numbers biases = {put_bias, l->bias, -ASX_BESPOKE_BIAS_MAX, ASX_BESPOKE_BIAS_MAX};
    const numbers cuts = {put_byte, l->cut, 0, ASX_BESPOKE_SHIFT_MAX};
    const json_t *mask = json_object_get(json, "masks"), *cut = json_object_get(json, "cuts");
    place here = member(at, "weights");
    asx_status status = refuse_others(json, known, at, err);
    if (status == ASX_OK)
        status = get_matrix(&weights, json_object_get(json, "weights"), &here, l, err);
    here = member(at, "masks");
    if (status == ASX_OK && mask)
        status = get_matrix(&masks, mask, &here, l, err);
    here = member(at, "biases");
    if (status == ASX_OK)
        status = get_list(&biases, json_object_get(json, "biases"), &here, l->outputs, 0, err);
    here = member(at, "cuts");
    if (status == ASX_OK && cut)
        status = get_list(&cuts, cut, &here, l->outputs, 0, err);
    here = member(at, "activation");
    if (status == ASX_OK)
        status = get_activation(l, json_object_get(json, "activation"), &here, err);
    return status;
}

static asx_status get_bits(uint64_t *bits, const json_t *json, const place *at, asx_error *err)
{
    *bits = 0;
    if (!json || json_is_null(json))
        return ASX_OK;
    asx_status status = need_array(json, at, SIZE_MAX, err);
    for (size_t i = 0; status == ASX_OK && i < json_array_size(json); i++) {
        const place here = item(at, i);
        int64_t k = 0;
        status = get_integer(&k, json_array_get(json, i), &here, 0, 63, err);
        if (status == ASX_OK && *bits >> k & 1)
            status = asx_fail(err, ASX_EINVAL, "%s: %s: bit %d is there twice", here.file,
                              name_of(&here).text, (int)k);
        *bits |= (uint64_t)1 << k;
    }
    return status;
}

static asx_status get_tree(asx_bespoke *b, const json_t *argmax, const place *root, asx_error *err)
{
    static const char *const known[] = {"left", "right", "bits", NULL};
    const place list = member(root, "argmax.nodes");
    const size_t n = b->layer[b->n_layers - 1].outputs - 1;
    const json_t *nodes = json_object_get(argmax, "nodes");
    asx_status status = need_array(nodes, &list, n, err);
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        const json_t *node = json_array_get(nodes, i);
        const place at = item(&list, i);
        const place left_at = member(&at, "left"), right_at = member(&at, "right");
        const place bits_at = member(&at, "bits");
        int64_t left = 0, right = 0;
        status = refuse_others(node, known, &at, err);
        if (status == ASX_OK)
            status =
                get_integer(&left, json_object_get(node, "left"), &left_at, 0, TREE_INDEX_MAX, err);
        if (status == ASX_OK)
            status = get_integer(&right, json_object_get(node, "right"), &right_at, 0,
                                 TREE_INDEX_MAX, err);
        b->compare[i].left = (size_t)left;
        b->compare[i].right = (size_t)right;
        if (status == ASX_OK)
            status = get_bits(&b->compare[i].bits, json_object_get(node, "bits"), &bits_at, err);
    }
    return status;
}

static asx_status get_input_bits(asx_bespoke *b, const json_t *json, const place *root,
                                 asx_error *err)
{
    const numbers kind = {put_byte, b->input_bits, 0, ASX_BESPOKE_INPUT_BITS_MAX};
    const place at = member(root, "input_bits");
    if (json_is_array(json))
        return get_list(&kind, json, &at, b->layer[0].inputs, 0, err);
    int64_t bits = 0;
    const asx_status status = get_integer(&bits, json, &at, 0, ASX_BESPOKE_INPUT_BITS_MAX, err);
    if (status == ASX_OK)
        memset(b->input_bits, (int)bits, b->layer[0].inputs);
    return status;
}

/* How many inputs and outputs layers have, by their weights. */
static asx_status get_widths(size_t *width, size_t *n_layers, const json_t *layers,
                             const place *root, asx_error *err)
{
    const place at = member(root, "layers");
    asx_status status = need_array(layers, &at, SIZE_MAX, err);
    const size_t n = json_array_size(layers);
    if (status == ASX_OK && n > ASX_BESPOKE_LAYERS_MAX)
        status = asx_fail(err, ASX_EINVAL, "%s: %zu layers are outside [1, %d]", at.file, n,
                          ASX_BESPOKE_LAYERS_MAX);
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        const place layer_at = item(&at, i), weights_at = member(&layer_at, "weights");
        const place row_at = item(&weights_at, 0);
        const json_t *weights = json_object_get(json_array_get(layers, i), "weights");
        status = need_array(weights, &weights_at, SIZE_MAX, err);
        if (status == ASX_OK)
            status = need_array(json_array_get(weights, 0), &row_at, i ? width[i] : SIZE_MAX, err);
        width[i + 1] = json_array_size(weights);
        width[i] = json_array_size(json_array_get(weights, 0));
    }
    *n_layers = n;
    return status;
}

/* A mask with bits that an input has not; one of all 32 bits stands for all that there are. */
static asx_status check_masks(const asx_bespoke *b, size_t at, const place *layer, asx_error *err)
{
    const asx_bespoke_layer *l = &b->layer[at], *before = at > 0 ? l - 1 : NULL;
    if (before && before->activation != ASX_BESPOKE_SATURATING)
        return ASX_OK; /* as wide as its sums are */
    for (size_t k = 0; k < l->inputs * l->outputs; k++) {
        const int64_t most =
            before ? before->max : ((int64_t)1 << b->input_bits[k % l->inputs]) - 1;
        const place masks = member(layer, "masks"), row = item(&masks, k / l->inputs);
        const place here = item(&row, k % l->inputs);
        if (l->mask[k] != UINT32_MAX && (int64_t)l->mask[k] > most)
            return asx_fail(err, ASX_EINVAL,
                            "%s: %s: %" PRIu32 " has bits beyond the input's, [0, %" PRId64 "]",
                            here.file, name_of(&here).text, l->mask[k], most);
    }
    return ASX_OK;
}

static asx_status get_network(asx_bespoke *b, const json_t *json, const place *root, asx_error *err)
{
    const place list = member(root, "layers");
    const json_t *layers = json_object_get(json, "layers"), *tree = json_object_get(json, "argmax");
    asx_status status = get_input_bits(b, json_object_get(json, "input_bits"), root, err);
    for (size_t i = 0; i < b->n_layers && status == ASX_OK; i++) {
        const place at = item(&list, i);
        status = get_layer(&b->layer[i], json_array_get(layers, i), &at, err);
        if (status == ASX_OK)
            status = check_masks(b, i, &at, err);
    }
    if (status == ASX_OK && tree)
        status = get_tree(b, tree, root, err);
    if (status != ASX_OK)
        return status;
    status = asx_bespoke_check(b, err);
    return status == ASX_OK ? status : asx_fail_context(err, status, "%s", root->file);
}

asx_status asx_bespoke_parse(asx_bespoke **out, const char *name, const char *text, size_t n,
                             asx_error *err)
{
    json_error_t why;
    json_t *json = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);
    if (!json)
        return asx_fail(err, ASX_EPARSE, "%s:%d: %s", name, why.line, why.text);
    const place root = {.file = name};
    size_t width[ASX_BESPOKE_LAYERS_MAX + 1] = {0}, n_layers = 0;
    asx_bespoke *b = NULL;
    asx_status status = get_widths(width, &n_layers, json_object_get(json, "layers"), &root, err);
    if (status == ASX_OK)
        status = asx_bespoke_new(&b, width, n_layers, err);
    if (status == ASX_OK)
        status = get_network(b, json, &root, err);
    json_decref(json);
    if (status != ASX_OK) {
        asx_bespoke_free(b);
        return status;
    }
    *out = b;
    return ASX_OK;
}

asx_status asx_bespoke_read(asx_bespoke **out, const char *path, asx_error *err)
{
    char *text = NULL;
    size_t n = 0;
    asx_status status = asx_file_read(&text, &n, path, BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_bespoke_parse(out, path, text, n, err);
    free(text);
    return status;
}
