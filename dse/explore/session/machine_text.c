#include "machine_text.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "hwmodel/machine.h"

static const char operands_name[] = "operands", shapes_name[] = "shapes", other_name[] = "other",
                  mapping_name[] = "mapping", products_name[] = "products", model_name[] = "model",
                  layers_name[] = "product_layers", steps_name[] = "steps";

static void print_operands(asx_text *out, const asx_workload *work)
{
    bool known = false;
    for (size_t i = 0; i < work->n_layers; i++)
        known = known || work->layer[i].operands.weight_sigma > 0;
    for (size_t i = 0; known && i < work->n_layers; i++) {
        const asx_layer_operands *o = &work->layer[i].operands;
        if (i == 0)
            asx_text_add(out, " %s=", operands_name);
        asx_text_add(out, "%s%.9g:%.9g:%.9g", i > 0 ? "," : "", o->weight_sigma,
                     o->activation_sigma, o->zero_activations);
    }
}

enum { N_SHAPE = 1 + 2 * ASX_OPERAND_KNOTS };

/* Where distributions are known, of each layer how alike neighbours are, and the quantiles. */
static void print_shapes(asx_text *out, const asx_workload *work)
{
    bool known = false;
    for (size_t i = 0; i < work->n_layers; i++)
        known = known || work->layer[i].operands.histogram;
    for (size_t i = 0; known && i < work->n_layers; i++) {
        const asx_layer_operands *o = &work->layer[i].operands;
        if (i == 0)
            asx_text_add(out, " %s=", shapes_name);
        asx_text_add(out, "%s%.9g", i > 0 ? "," : "", o->likeness);
        for (int k = 0; k < ASX_OPERAND_KNOTS; k++)
            asx_text_add(out, ":%d", o->weight_quantile[k]);
        for (int k = 0; k < ASX_OPERAND_KNOTS; k++)
            asx_text_add(out, ":%d", o->activation_quantile[k]);
    }
}

enum { N_OTHER = 7 };

/* Work around the layers, which only a machine with free mapping prices. */
static void print_other(asx_text *out, const asx_workload *work)
{
    for (size_t i = 0; i < work->n_layers; i++) {
        const asx_layer_other *o = &work->layer[i].other;
        if (i == 0)
            asx_text_add(out, " %s=", other_name);
        asx_text_add(out, "%s%zu:%d:%zu:%zu:%zu:%zu:%zu", i > 0 ? "," : "", o->readers, o->image,
                     o->added, o->pooled, o->wide_writes, o->wide_reads, o->held);
    }
}

/* Records without products say nothing of them. */
static void print_products(asx_text *out, const asx_workload *work)
{
    bool any = false;
    for (size_t i = 0; i < work->n_layers; i++)
        any = any || work->layer[i].other.products > 0;
    for (size_t i = 0; any && i < work->n_layers; i++)
        asx_text_add(out, i > 0 ? ",%zu" : " products=%zu", work->layer[i].other.products);
}

/* Products that are layers: another account of the same network. */
static void print_product_layers(asx_text *out, const asx_workload *work)
{
    size_t n = 0;
    for (size_t i = 0; i < work->n_layers; i++)
        n += work->layer[i].kind == ASX_LAYER_PRODUCT;
    if (n > 0)
        asx_text_add(out, " %s=%zu", layers_name, n);
}

static void print_steps(asx_text *out, const asx_workload *work)
{
    bool any = false;
    for (size_t i = 0; i < work->n_layers; i++)
        any = any || work->layer[i].steps > 1;
    for (size_t i = 0; any && i < work->n_layers; i++)
        asx_text_add(out, i > 0 ? ",%zu" : " steps=%zu", asx_layer_n_steps(&work->layer[i]));
}

/* What came later and is off says nothing, so that records of before are still known. */
static void print_params(asx_text *out, const asx_params *params)
{
    static const char off[] = " gate_zeros=0";
    asx_text all = {0};
    asx_params_print(&all, params);
    const char *found = all.s ? strstr(all.s, off) : NULL;
    if (found)
        asx_text_add(out, "%.*s%s", (int)(found - all.s), all.s, found + sizeof off - 1);
    else
        asx_text_add(out, "%s", all.s ? all.s : "");
    out->failed |= all.failed;
    asx_text_fini(&all);
}

void asx_machine_text_print(asx_text *out, const asx_params *params, const asx_workload *work)
{
    print_params(out, params);
    asx_text_add(out, " %s=%d", model_name, ASX_MACHINE_MODEL);
    print_operands(out, work);
    print_shapes(out, work);
    if (asx_params_get(params, mapping_name) > 0)
        print_other(out, work);
    print_products(out, work);
    print_product_layers(out, work);
    print_steps(out, work);
}

/* "a:b:c,a:b:c,...": `n` numbers of each layer. @param number  [n_layers][n] */
static asx_status parse_numbers(double *number, size_t n, const asx_workload *work,
                                const char *name, const char *text, asx_error *err)
{
    for (size_t i = 0; i < work->n_layers * n; i++) {
        const size_t layer = i / n;
        const bool last = i + 1 == work->n_layers * n;
        const char *const after = (i + 1) % n ? ":" : last ? "" : ",";
        char *end;
        number[i] = strtod(text, &end);
        if (end == text || *end != *after)
            return asx_fail(err, ASX_EDB, "%s of layer '%s' are not %zu numbers: '%s'", name,
                            work->layer[layer].name, n, text);
        text = end + !last;
    }
    return ASX_OK;
}

static void take_operands(asx_layer *layer, const double *number)
{
    layer->operands.weight_sigma = number[0];
    layer->operands.activation_sigma = number[1];
    layer->operands.zero_activations = number[2];
}

static void take_shapes(asx_layer *layer, const double *number)
{
    asx_layer_operands *o = &layer->operands;
    o->histogram = true;
    o->likeness = number[0];
    for (int k = 0; k < ASX_OPERAND_KNOTS; k++) {
        o->weight_quantile[k] = (int16_t)number[1 + k];
        o->activation_quantile[k] = (int16_t)number[1 + ASX_OPERAND_KNOTS + k];
    }
}

static void take_other(asx_layer *layer, const double *number)
{
    const size_t products = layer->other.products;
    layer->other = (asx_layer_other){.readers = (size_t)number[0],
                                     .image = number[1] > 0,
                                     .added = (size_t)number[2],
                                     .pooled = (size_t)number[3],
                                     .wide_writes = (size_t)number[4],
                                     .wide_reads = (size_t)number[5],
                                     .held = (size_t)number[6],
                                     .products = products};
}

static void take_products(asx_layer *layer, const double *number)
{
    layer->other.products = (size_t)number[0];
}

static void take_steps(asx_layer *layer, const double *number)
{
    layer->steps = (size_t)number[0];
}

/* What a record says of every layer. */
static const struct numbers {
    const char *name;
    size_t n;
    void (*take)(asx_layer *layer, const double *number);
} of_layers[] = {{operands_name, 3, take_operands}, {shapes_name, N_SHAPE, take_shapes},
                 {other_name, N_OTHER, take_other}, {products_name, 1, take_products},
                 {steps_name, 1, take_steps},       {0}};

static asx_status parse_layers(asx_workload *work, const struct numbers *what, const char *text,
                               asx_error *err)
{
    double *number = asx_array_new(work->n_layers * what->n, sizeof *number);
    if (!number)
        return asx_fail(err, ASX_ENOMEM, "no memory for parameters");
    const asx_status status = parse_numbers(number, what->n, work, what->name, text, err);
    for (size_t i = 0; status == ASX_OK && i < work->n_layers; i++)
        what->take(&work->layer[i], number + i * what->n);
    free(number);
    return status;
}

/* Records of before there was a choice say nothing of it. */
static asx_status set_old(asx_params *params, asx_error *err)
{
    const asx_status status = asx_params_set(params, mapping_name, "fixed", err);
    return status == ASX_OK ? asx_params_set(params, "line_buffer", "0", err) : status;
}

asx_status asx_machine_text_parse(asx_params *out, asx_workload *work, const char *text,
                                  asx_error *err)
{
    char *copy = asx_string_copy(text), *save = NULL;
    asx_status status = copy ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for parameters");
    asx_params_init(out, asx_machine_params);
    if (status == ASX_OK)
        status = set_old(out, err);
    for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word && status == ASX_OK;
         word = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(word, '=');
        if (!equals) {
            status = asx_fail(err, ASX_EDB, "machine parameter '%s' is not of the form name=value",
                              word);
            break;
        }
        *equals = '\0';
        const struct numbers *what = of_layers;
        while (what->name && strcmp(word, what->name) != 0)
            what++;
        if (strcmp(word, model_name) == 0 || strcmp(word, layers_name) == 0)
            continue; /* costs are worked out by the present one; kinds stand with the layers */
        status = what->name ? parse_layers(work, what, equals + 1, err)
                            : asx_params_set(out, word, equals + 1, err);
    }
    free(copy);
    return status;
}
