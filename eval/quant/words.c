#include "eval/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/codec.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "dse/output.h"
#include "dse/text.h"
#include "graph.h"
#include "held.h"
#include "network_copy.h"
#include "rounding.h"
#include "words_remark.h"

#define HEAD   "// asx words 1"
#define DESIGN "// design "

static asx_node *node_of(const asx_network *net, size_t layer)
{
    size_t i = 0;
    while (net->node[i].layer != (int)layer)
        i++;
    return &net->node[i];
}

/* The line that announces a layer's words. */
static void add_heading(asx_text *text, const asx_network *net, size_t layer, unsigned bits)
{
    const asx_node *node = node_of(net, layer);
    asx_text_add(text, "// layer %s: %zu channels x %zu words of %u bits",
                 net->work.layer[layer].name, node->n_biases, node->n_weights / node->n_biases,
                 bits);
}

static asx_status add_codes(asx_text *text, const asx_node *node, const asx_rounded *r,
                            const asx_codec *codec, const asx_words_remark *remark, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_text_add(text, "// scale");
    for (size_t c = 0; c < node->n_biases; c++)
        asx_text_add(text, " %.17g", r->scale[c]);
    asx_text_add(text, "\n");
    if (remark)
        remark->add(text, remark->of, (size_t)node->layer);
    for (size_t i = 0; i < node->n_weights && status == ASX_OK; i++) {
        uint32_t code;
        status = asx_codec_encode(&code, codec, r->word[i], err);
        if (status == ASX_OK)
            asx_text_add(text, "%x\n", (unsigned)code);
    }
    return status;
}

static asx_status add_words(asx_text *text, const asx_node *node, const asx_word *word,
                            const asx_codec *codec, const asx_words_remark *remark, asx_error *err)
{
    asx_rounded nearest = {0};
    if (remark)
        return add_codes(text, node, remark->rounded(remark->of, (size_t)node->layer), codec,
                         remark, err);
    asx_status status = asx_rounding_nearest(&nearest, node, word, NULL, NULL, err);
    if (status == ASX_OK)
        status = add_codes(text, node, &nearest, codec, remark, err);
    asx_rounded_fini(&nearest);
    return status;
}

static asx_status add_layer(asx_text *text, const asx_network *net, const asx_design *design,
                            size_t layer, const asx_words_remark *remark, asx_error *err)
{
    const asx_word *word = &design->format[layer].weight;
    asx_codec *codec = NULL;
    asx_status status = asx_codec_new(&codec, word, err);
    if (status == ASX_OK) {
        add_heading(text, net, layer, asx_codec_bits(codec));
        asx_text_add(text, "\n");
        status = add_words(text, node_of(net, layer), word, codec, remark, err);
    }
    asx_codec_free(codec);
    return status ? asx_fail_context(err, status, "layer '%s'", net->work.layer[layer].name)
                  : ASX_OK;
}

asx_status asx_words_write_with(const asx_network *network, const asx_design *design,
                                const asx_words_remark *remark, const char *path,
                                const asx_kept_file *keep, asx_error *err)
{
    const asx_workload *work = &network->work;
    asx_text text = {0};
    asx_status status = ASX_OK;
    if (design->n_layers != work->n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a network of %zu",
                        design->n_layers, work->n_layers);
    asx_text_add(&text, HEAD "\n" DESIGN);
    asx_design_print(&text, design, work);
    asx_text_add(&text, "\n");
    for (size_t i = 0; i < work->n_layers && status == ASX_OK; i++)
        if (work->layer[i].kind != ASX_LAYER_PRODUCT) /* whose words are made for every image */
            status = add_layer(&text, network, design, i, remark, err);
    if (status == ASX_OK && text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for words");
    if (status == ASX_OK)
        status = asx_output_write(path, text.s, text.n, keep, err);
    asx_text_fini(&text);
    return status;
}

asx_status asx_words_write(const asx_network *network, const asx_design *design, const char *path,
                           asx_error *err)
{
    return asx_words_write_with(network, design, NULL, path, NULL, err);
}

/* ---- reading ---- */

typedef struct reader {
    const char *path;
    char *next; /* the rest of the file */
    size_t line;
} reader;

/* The next line, its end cut off; "" at the end of the file. */
static char *next_line(reader *r)
{
    char *line = r->next, *end = strchr(line, '\n');
    r->line++;
    if (end) {
        *end = '\0';
        r->next = end + 1;
    } else {
        r->next = line + strlen(line);
    }
    return line;
}

static asx_status expect(reader *r, const char *want, asx_error *err)
{
    const char *line = next_line(r);
    if (strcmp(line, want) == 0)
        return ASX_OK;
    return asx_fail(err, ASX_EPARSE, "%s:%zu: '%.80s', where '%s' should stand", r->path, r->line,
                    line, want);
}

static asx_status read_scales(double *scale, size_t n, reader *r, asx_error *err)
{
    char *line = next_line(r), *save = NULL, *at = strtok_r(line, " ", &save);
    bool good = at && strcmp(at, "//") == 0 && (at = strtok_r(NULL, " ", &save)) &&
                strcmp(at, "scale") == 0;
    size_t count = 0;
    while (good && (at = strtok_r(NULL, " ", &save)) && count < n)
        good = asx_number_parse(&scale[count++], at, 0, 1e30, "scale", NULL) == ASX_OK;
    if (!good || count != n || at)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '// scale' and %zu numbers should stand here",
                        r->path, r->line, n);
    return ASX_OK;
}

/* What a program's words say beside them is for others. */
static void skip_remarks(reader *r)
{
    static const char *const remarks[] = {"// input ", "// bias ", "// factor ", "// output "};
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
        if (strncmp(r->next, remarks[i], strlen(remarks[i])) == 0)
            next_line(r);
}

static asx_status read_code(float *out, const asx_codec *codec, double scale, reader *r,
                            asx_error *err)
{
    const char *line = next_line(r);
    char *end = NULL;
    asx_error inner;
    int32_t value;
    const bool digit = *line && strspn(line, "0123456789abcdefABCDEF") == strlen(line);
    const unsigned long code = digit ? strtoul(line, &end, 16) : 0;
    if (!digit || code > UINT32_MAX)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '%.80s' is not a code in hexadecimal", r->path,
                        r->line, line);
    if (asx_codec_decode(&value, codec, (uint32_t)code, &inner) < 0)
        return asx_fail(err, ASX_EINVAL, "%s:%zu: %s", r->path, r->line, inner.message);
    *out = (float)(scale * value);
    return ASX_OK;
}

static asx_status read_layer(asx_network *net, const asx_design *design, size_t layer, reader *r,
                             asx_error *err)
{
    asx_node *node = node_of(net, layer);
    const size_t depth = node->n_weights / node->n_biases;
    double *scale = asx_array_new(node->n_biases, sizeof *scale);
    asx_codec *codec = NULL;
    asx_text heading = {0};
    asx_status status = asx_codec_new(&codec, &design->format[layer].weight, err);
    if (status == ASX_OK)
        add_heading(&heading, net, layer, asx_codec_bits(codec));
    if (status == ASX_OK && (heading.failed || !scale))
        status = asx_fail(err, ASX_ENOMEM, "no memory for words");
    if (status == ASX_OK)
        status = expect(r, heading.s, err);
    if (status == ASX_OK)
        status = read_scales(scale, node->n_biases, r, err);
    if (status == ASX_OK)
        skip_remarks(r);
    for (size_t i = 0; i < node->n_weights && status == ASX_OK; i++)
        status = read_code(&node->weight[i], codec, scale[i / depth], r, err);
    asx_text_fini(&heading);
    asx_codec_free(codec);
    free(scale);
    return status;
}

static asx_status read_all(asx_network *net, asx_design *design, reader *r, asx_error *err)
{
    asx_status status = expect(r, HEAD, err);
    if (status != ASX_OK)
        return status;
    const char *line = next_line(r);
    asx_error inner;
    if (strncmp(line, DESIGN, strlen(DESIGN)) != 0)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '" DESIGN "' should stand here", r->path,
                        r->line);
    status = asx_design_parse(design, line + strlen(DESIGN), &net->work, &inner);
    if (status != ASX_OK)
        return asx_fail(err, status, "%s:%zu: %s", r->path, r->line, inner.message);
    for (size_t i = 0; i < net->work.n_layers && status == ASX_OK; i++)
        if (net->work.layer[i].kind != ASX_LAYER_PRODUCT)
            status = read_layer(net, design, i, r, err);
    if (status == ASX_OK && *r->next)
        status = asx_fail(err, ASX_EPARSE, "%s:%zu: there is more than the network has words",
                          r->path, r->line + 1);
    if (status != ASX_OK)
        asx_design_fini(design);
    return status;
}

asx_status asx_words_read(asx_network **out, asx_design *design, const asx_network *network,
                          const char *path, asx_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    asx_network *net = NULL;
    asx_design found = {0};
    asx_status status = asx_file_read(&bytes, &n, path, (size_t)1 << 31, err);
    if (status == ASX_OK)
        status = asx_network_copy(&net, network, err);
    if (status == ASX_OK)
        status = read_all(net, &found, &(reader){.path = path, .next = bytes}, err);
    if (status == ASX_OK) {
        net->hash = asx_hash(bytes, n, network->hash);
        asx_network_settle_held(net); /* the file's grid may not be theirs */
        *out = net;
        *design = found;
        net = NULL;
    }
    asx_network_free(net);
    free(bytes);
    return status;
}
