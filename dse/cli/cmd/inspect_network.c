/* What a network is: its shape, its layers, what stands between them and what was left out. */
#include "inspect_network.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "eval/fitting.h"

void inspect_fact(table *t, const char *what, const char *format, ...)
{
    char value[512];
    va_list args;
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    table_text(t, what);
    table_text(t, value);
}

static void shape_text(char *out, size_t n, size_t c, size_t h, size_t s)
{
    snprintf(out, n, "%zux%zux%zu", c, h, s);
}

void inspect_layers(table *t, const asx_workload *work)
{
    char text[80];
    for (size_t i = 0; i < work->n_layers; i++) {
        const asx_layer *l = &work->layer[i];
        table_text(t, l->name);
        table_text(t, asx_layer_kind_text(l->kind));
        shape_text(text, sizeof text, l->in_c, l->in_h, l->in_w);
        table_text(t, text);
        shape_text(text, sizeof text, l->out_c, l->out_h, l->out_w);
        table_text(t, text);
        snprintf(text, sizeof text, "%zux%zu", l->kernel_h, l->kernel_w);
        table_text(t, text);
        snprintf(text, sizeof text, "%zux%zu", l->stride_h, l->stride_w);
        table_text(t, text);
        table_integer(t, (long long)l->groups);
        table_integer(t, (long long)asx_layer_n_learned(l));
        table_integer(t, (long long)asx_layer_n_macs(l));
        table_text(t, l->input_non_negative ? "unsigned" : "signed");
    }
}

/* Nodes that are left out; operations that cannot be told are none. */
void inspect_skipped(table *t, const asx_network *network)
{
    size_t n = 0;
    const asx_skipped *s = asx_network_skipped(network, &n);
    for (size_t i = 0; i < n; i++) {
        table_text(t, s[i].node);
        table_text(t, s[i].op);
        table_number(t, s[i].counted ? (double)s[i].macs : (double)NAN);
        table_text(t, s[i].why);
    }
}

/* What is asked of the network. */
static void add_output(table *t, const asx_network *net)
{
    size_t rank = 0;
    const size_t *dim = asx_network_output_shape(net, &rank);
    char shape[96] = "";
    asx_error err = {0};
    if (asx_network_n_outputs(net) > 1)
        inspect_fact(t, "output", "%s, of %zu", asx_network_output_name(net),
                     asx_network_n_outputs(net));
    if (asx_network_check_classes(net, &err) == ASX_OK) {
        inspect_fact(t, "classes", "%zu", asx_network_n_classes(net));
        return;
    }
    for (size_t i = 0, n = 0; i < rank && n < sizeof shape; i++) {
        const int written =
            snprintf(shape + n, sizeof shape - n, "%s%zu", i > 0 ? "x" : "", dim[i]);
        n += written > 0 ? (size_t)written : 0;
    }
    inspect_fact(t, "map", "%s per image, no classes: data.measure pixel, miou, psnr, ...", shape);
}

/* In which words the file holds operands already. */
static void add_held(table *t, const asx_workload *work)
{
    asx_error err = {0};
    asx_design design = {0};
    asx_text text = {0};
    size_t weights = 0, inputs = 0;
    for (size_t i = 0; i < work->n_layers; i++) {
        weights += work->layer[i].held_weight_bits > 0;
        inputs += work->layer[i].held_activation_bits > 0;
    }
    if (weights + inputs == 0)
        return;
    if (asx_design_parse(&design, "file", work, &err) == ASX_OK) {
        asx_design_print_formats(&text, &design, work);
        inspect_fact(t, "file", "%s (--design file)", text.s ? text.s : "");
    } else {
        inspect_fact(t, "file", "quantised weights in %zu, inputs in %zu of %zu layers", weights,
                     inputs, work->n_layers);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
}

/* Words that the weights lie on as they are, as a design that rounds none of these. */
static asx_status add_fittings(table *t, const asx_network *network, asx_error *err)
{
    const asx_workload *work = asx_network_workload(network);
    asx_fitting *of = asx_array_new(work->n_layers, sizeof *of);
    asx_design design = {0};
    asx_text text = {0};
    size_t n = 0;
    asx_status status = of ? asx_network_fittings(of, network, err)
                           : asx_fail(err, ASX_ENOMEM, "no memory for words of layers");
    if (status == ASX_OK)
        status = asx_design_parse(&design, ASX_BASELINE, work, err);
    for (size_t i = 0; status == ASX_OK && i < work->n_layers; i++)
        if (of[i].found) {
            design.format[i].weight = of[i].word;
            n++;
        }
    if (status == ASX_OK) {
        asx_design_print_formats(&text, &design, work);
        asx_text_add(&text, " (%zu of %zu layers need no rounding)", n, work->n_layers);
        status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for words of layers") : ASX_OK;
    }
    if (status == ASX_OK && n > 0) {
        table_text(t, "weights on");
        table_text(t, text.s);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
    free(of);
    return status;
}

/* What is no product of words: computed in floats, and products of two values. */
static void add_between(table *t, const asx_network *network)
{
    asx_text text = {0};
    size_t products = 0;
    const asx_workload *work = asx_network_workload(network);
    for (size_t i = 0; i < work->n_layers; i++)
        products +=
            work->layer[i].kind == ASX_LAYER_PRODUCT ? asx_layer_n_macs(&work->layer[i]) : 0;
    asx_network_between_words(&text, network);
    if (text.s)
        inspect_fact(t, "floats", "%s (between words, in the measured tier)", text.s);
    if (products > 0)
        inspect_fact(t, "products", "%zu of the macs are of two values", products);
    asx_text_fini(&text);
}

/* @return whether nodes are left out */
static bool add_left_out(table *t, const asx_network *network)
{
    size_t n = 0;
    asx_text text = {0};
    asx_network_skipped(network, &n);
    if (n > 0) {
        asx_network_print_skipped(&text, network);
        inspect_fact(t, "skipped", "%s; costs only", text.s ? text.s : "");
    }
    asx_text_fini(&text);
    return n > 0;
}

asx_status inspect_network(table *t, const asx_session *s, asx_error *err)
{
    const asx_workload *work = asx_session_workload(s);
    const size_t *shape = asx_network_input_shape(s->network);
    inspect_fact(t, "campaign", "%s", s->campaign->spec->name);
    inspect_fact(t, "network", "%s", s->campaign->spec->network);
    inspect_fact(t, "input", "%zux%zux%zu", shape[0], shape[1], shape[2]);
    add_output(t, s->network);
    inspect_fact(t, "parameters", "%zu", asx_network_n_parameters(s->network));
    inspect_fact(t, "macs", "%zu", asx_workload_n_macs(work));
    add_held(t, work);
    add_between(t, s->network);
    if (add_left_out(t, s->network))
        return ASX_OK;
    if (!asx_network_lacks(s->network))
        return add_fittings(t, s->network, err);
    inspect_fact(t, "weights", "in no file ('%s' and perhaps others): costs only",
                 asx_network_lacks(s->network));
    return ASX_OK;
}
