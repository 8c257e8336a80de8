/* Attention that is left out: its shape, its operations, and whether its heads can be. In
 * com.microsoft's Attention queries, keys and values come from one packed weight. */
#include <string.h>

#include "onnx_skip.h"

/* com.microsoft's Attention: [length][inputs] times [inputs][queries + keys + values]. */
typedef struct packed {
    size_t length, inputs, queries, values;
} packed;

static bool is_of(const Onnx__NodeProto *node, const char *domain)
{
    return strcmp(node->domain ? node->domain : "", domain) == 0;
}

/* Others' attention may be anything. */
static bool is_attention(const Onnx__NodeProto *node)
{
    const char *op = node->op_type ? node->op_type : "";
    return (strcmp(op, "Attention") == 0 || strcmp(op, "MultiHeadAttention") == 0) &&
           (is_of(node, "") || is_of(node, "ai.onnx") || is_of(node, "com.microsoft"));
}

static bool shape_of(size_t *rank, size_t *dim, const asx_onnx *in, const Onnx__NodeProto *node,
                     size_t i)
{
    return asx_onnx_has_input(node, i) && asx_onnx_file_shape(rank, dim, in, node->input[i]);
}

static bool is_packed(const asx_onnx *in, const Onnx__NodeProto *node)
{
    size_t rank, dim[ASX_ONNX_RANK_MAX];
    return is_of(node, "com.microsoft") && strcmp(node->op_type, "Attention") == 0 &&
           shape_of(&rank, dim, in, node, 1) && rank == 2;
}

/* Columns of queries and of values, out of all: as the attribute says, else a third each. */
static asx_status read_parts(packed *p, const Onnx__NodeProto *node, size_t columns, asx_error *err)
{
    const Onnx__AttributeProto *sizes = asx_onnx_attribute(node, "qkv_hidden_sizes");
    p->queries = p->values = columns / 3;
    if (!sizes)
        return columns > 0 && columns % 3 == 0
                   ? ASX_OK
                   : asx_fail(err, ASX_EINVAL, "its weight's %zu columns are not 3 equal parts",
                              columns);
    const bool three = sizes->n_ints == 3;
    for (size_t i = 0; i < 3; i++)
        if (!three || sizes->ints[i] < 1 || (uint64_t)sizes->ints[i] > columns)
            return asx_fail(err, ASX_EINVAL, "attribute 'qkv_hidden_sizes' is not 3 parts of %zu",
                            columns);
    p->queries = (size_t)sizes->ints[0];
    p->values = (size_t)sizes->ints[2];
    return sizes->ints[1] == sizes->ints[0] && 2 * p->queries + p->values == columns
               ? ASX_OK
               : asx_fail(err, ASX_EINVAL, "attribute 'qkv_hidden_sizes' is %zu, %lld, %zu of %zu",
                          p->queries, (long long)sizes->ints[1], p->values, columns);
}

/* Dimensions that nobody knows are 0. */
static asx_status read_packed(packed *p, const asx_onnx *in, const Onnx__NodeProto *node,
                              asx_error *err)
{
    size_t rank = 0, w_rank, x[ASX_ONNX_RANK_MAX], w[ASX_ONNX_RANK_MAX];
    char text[96];
    *p = (packed){0};
    if (!shape_of(&w_rank, w, in, node, 1))
        return ASX_OK;
    if (shape_of(&rank, x, in, node, 0) && rank == 3) {
        p->length = x[1];
        p->inputs = x[2];
    }
    if (p->inputs > 0 && w[0] != p->inputs)
        return asx_fail(err, ASX_EINVAL, "weight %s does not fit %zu features",
                        asx_onnx_shape_text(text, sizeof text, w_rank, w), p->inputs);
    return read_parts(p, node, w[1], err);
}

/* Features of queries or keys that heads share; 0: not known. */
static asx_status features(size_t *n, const asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                           asx_error *err)
{
    size_t rank, dim[ASX_ONNX_RANK_MAX];
    packed p;
    *n = 0;
    if (is_packed(in, node)) {
        const asx_status status = read_packed(&p, in, node, err);
        *n = p.queries;
        return status;
    }
    if (shape_of(&rank, dim, in, node, i) && rank == 3)
        *n = dim[2];
    return ASX_OK;
}

asx_status asx_onnx_check_attention(const asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    static const char *const heads[] = {"num_heads", "q_num_heads", "kv_num_heads"};
    if (!is_attention(node))
        return ASX_OK;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        size_t n;
        int64_t k;
        asx_status status = features(&n, in, node, i == 2 ? 1 : 0, err);
        if (status == ASX_OK)
            status = asx_onnx_int(&k, node, heads[i], 1, INT64_MIN, INT64_MAX, err);
        if (status != ASX_OK)
            return status;
        if (k < 1 || (n > 0 && ((uint64_t)k > n || n % (size_t)k != 0)))
            return n > 0 ? asx_fail(err, ASX_EINVAL,
                                    "attribute '%s' is %lld, which does not divide "
                                    "%zu features",
                                    heads[i], (long long)k, n)
                         : asx_fail(err, ASX_EINVAL, "attribute '%s' is %lld (at least 1)",
                                    heads[i], (long long)k);
    }
    return ASX_OK;
}

bool asx_onnx_attention_shape(size_t *rank, size_t *dim, const asx_onnx *in,
                              const Onnx__NodeProto *node)
{
    asx_error ignored = {0};
    packed p;
    if (!shape_of(rank, dim, in, node, 0))
        return false;
    if (!is_packed(in, node))
        return true;
    if (*rank != 3 || read_packed(&p, in, node, &ignored) != ASX_OK)
        return false;
    dim[2] = p.values;
    return true;
}

/* The products with the weight, queries by keys, and weights by values. */
static bool count_packed(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node)
{
    enum { PAST = 4 };
    asx_error ignored = {0};
    packed p;
    if (asx_onnx_has_input(node, PAST) || read_packed(&p, in, node, &ignored) != ASX_OK)
        return false;
    const size_t columns = 2 * p.queries + p.values;
    const size_t project = asx_onnx_elements(3, (size_t[]){p.length, p.inputs, columns}, 0);
    const size_t attend =
        asx_onnx_elements(3, (size_t[]){p.length, p.length, p.queries + p.values}, 0);
    *macs = project + attend;
    return project > 0 && attend > 0;
}

bool asx_onnx_count_attention(size_t *macs, const asx_onnx *in, const Onnx__NodeProto *node,
                              const asx_value *y)
{
    size_t rank[2], dim[2][ASX_ONNX_RANK_MAX];
    if (is_packed(in, node))
        return count_packed(macs, in, node);
    for (size_t i = 0; i < 2; i++)
        if (!shape_of(&rank[i], dim[i], in, node, i) || rank[i] < 3)
            return false;
    const size_t both = asx_onnx_elements(rank[0], dim[0], 1) + asx_value_n_elements(y);
    *macs = asx_onnx_elements(2, (size_t[]){both, dim[1][rank[1] - 2]}, 0);
    return *macs > 0;
}
