/* A bespoke classifier as JSON: numbers only, one row of a matrix a line. */
#include "dse/bespoke.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>

#include "bespoke_copies.h"

static void print_name(asx_text *to, const char *name)
{
    json_t *text = json_string(name);
    char *quoted = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
    if (quoted)
        asx_text_add(to, " \"name\": %s,\n", quoted);
    else /* no memory, or no UTF-8 */
        to->failed = true;
    free(quoted);
    json_decref(text);
}

static void print_input_bits(asx_text *to, const asx_bespoke *b)
{
    const size_t n = b->layer[0].inputs;
    bool alike = true;
    for (size_t i = 1; i < n; i++)
        alike = alike && b->input_bits[i] == b->input_bits[0];
    if (alike) {
        asx_text_add(to, " \"input_bits\": %d,\n", b->input_bits[0]);
        return;
    }
    for (size_t i = 0; i < n; i++)
        asx_text_add(to, "%s%d", i ? ", " : " \"input_bits\": [", b->input_bits[i]);
    asx_text_add(to, "],\n");
}

/* @param weight  [outputs][inputs], or NULL for the masks */
static void print_matrix(asx_text *to, const char *name, const asx_bespoke_layer *l,
                         const int32_t *weight)
{
    asx_text_add(to, "   \"%s\": [", name);
    for (size_t j = 0; j < l->outputs; j++)
        for (size_t i = 0; i < l->inputs; i++) {
            const size_t k = j * l->inputs + i;
            asx_text_add(to, "%s%" PRId64 "%s",
                         i   ? ", "
                         : j ? ",\n    ["
                             : "\n    [",
                         weight ? (int64_t)weight[k] : (int64_t)l->mask[k],
                         i + 1 == l->inputs ? "]" : "");
        }
    asx_text_add(to, "\n   ],\n");
}

static bool has_masks(const asx_bespoke_layer *l)
{
    for (size_t k = 0; k < l->inputs * l->outputs; k++)
        if (l->mask[k] != UINT32_MAX)
            return true;
    return false;
}

static void print_layer(asx_text *to, const asx_bespoke_layer *l)
{
    bool cuts = false;
    print_matrix(to, "weights", l, l->weight);
    if (has_masks(l))
        print_matrix(to, "masks", l, NULL);
    for (size_t j = 0; j < l->outputs; j++) {
        asx_text_add(to, "%s%" PRId64, j ? ", " : "   \"biases\": [", l->bias[j]);
        cuts = cuts || l->cut[j] > 0;
    }
    asx_text_add(to, "],\n");
    for (size_t j = 0; cuts && j < l->outputs; j++)
        asx_text_add(to, "%s%d%s", j ? ", " : "   \"cuts\": [", l->cut[j],
                     j + 1 == l->outputs ? "],\n" : "");
    asx_text_add(to, "   \"activation\": {\"kind\": \"%s\"", bespoke_activations[l->activation]);
    if (l->activation == ASX_BESPOKE_SATURATING)
        asx_text_add(to, ", \"drop_lsb\": %u, \"max\": %" PRId64, l->drop, l->max);
    asx_text_add(to, "}\n");
}

static void print_compare(asx_text *to, const asx_bespoke_compare *c)
{
    asx_text_add(to, "{\"left\": %zu, \"right\": %zu, \"bits\": ", c->left, c->right);
    if (c->bits == 0)
        asx_text_add(to, "null");
    bool first = true;
    for (unsigned k = 64; k-- > 0;)
        if (c->bits >> k & 1) {
            asx_text_add(to, "%s%u", first ? "[" : ", ", k);
            first = false;
        }
    asx_text_add(to, "%s}", first ? "" : "]");
}

void asx_bespoke_print(asx_text *to, const asx_bespoke *b, const char *name)
{
    const size_t n = b->layer[b->n_layers - 1].outputs;
    asx_text_add(to, "{\n");
    if (name)
        print_name(to, name);
    print_input_bits(to, b);
    asx_text_add(to, " \"layers\": [");
    for (size_t at = 0; at < b->n_layers; at++) {
        asx_text_add(to, at ? "  },\n  {\n" : "\n  {\n");
        print_layer(to, &b->layer[at]);
    }
    asx_text_add(to, "  }\n ],\n \"argmax\": {\"nodes\": [");
    for (size_t i = 0; i + 1 < n; i++) {
        asx_text_add(to, i ? ",\n  " : "\n  ");
        print_compare(to, &b->compare[i]);
    }
    asx_text_add(to, "%s]}\n}\n", n > 1 ? "\n " : "");
}
