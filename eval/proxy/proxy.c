/* The table of damage, looked up. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/name.h"
#include "dse/seed.h"
#include "infer.h"
#include "proxy_type.h"

static uint64_t word_bits(const asx_word *w)
{
    return asx_seed_bits(w->bits | asx_word_shape(w) << 8, w->set.odd[0], w->set.odd[1]);
}

/* The slot that holds the format, or the free one where it belongs. */
static size_t slot_of(const asx_proxy *p, const asx_format *f)
{
    const uint64_t bits = asx_seed_bits(word_bits(&f->weight), word_bits(&f->activation), 0);
    size_t at = (size_t)bits & (p->n_slots - 1);
    while (p->slot[at] && !asx_format_equal(&p->format[p->slot[at] - 1], f))
        at = (at + 1) & (p->n_slots - 1);
    return at;
}

asx_status asx_proxy_index(asx_proxy *p, asx_error *err)
{
    for (p->n_slots = 16; p->n_slots < 2 * p->n_formats;)
        p->n_slots *= 2;
    p->slot = asx_array_new(p->n_slots, sizeof *p->slot);
    if (!p->slot)
        return asx_fail(err, ASX_ENOMEM, "no memory for a proxy of %zu formats", p->n_formats);
    for (size_t i = 0; i < p->n_formats; i++) {
        const size_t at = slot_of(p, &p->format[i]);
        if (!p->slot[at])
            p->slot[at] = i + 1;
    }
    return ASX_OK;
}

static asx_status fill(asx_proxy *p, asx_calibration *calibration, const asx_dataset *data,
                       asx_range images, asx_error *err)
{
    p->damage = p->n_formats > SIZE_MAX / sizeof(double) / (p->n_layers + 1)
                    ? NULL
                    : asx_array_new(p->n_layers * p->n_formats, sizeof *p->damage);
    if (!p->damage || !p->format)
        return asx_fail(err, ASX_ENOMEM, "no memory for a proxy of %zu formats", p->n_formats);
    const asx_damage_job job = {calibration,  data,      images,      p->format,
                                p->n_formats, p->damage, &p->crossing};
    asx_status status = asx_proxy_index(p, err);
    return status ? status : p->type->fill(&job, err);
}

/* In the order of how well they rank. */
static const asx_proxy_type *const TYPES[] = {&asx_proxy_weight, &asx_proxy_output,
                                              &asx_proxy_scaled, &asx_proxy_alone,
                                              &asx_proxy_cross_layer};
enum { N_TYPES = sizeof TYPES / sizeof *TYPES, DEFAULT = 3 }; /* the best of those that add up */

size_t asx_proxy_n_types(void)
{
    return N_TYPES;
}

const char *asx_proxy_type_name(size_t type)
{
    return TYPES[type]->name;
}

size_t asx_proxy_default_type(void)
{
    return DEFAULT;
}

bool asx_proxy_type_adds_up(size_t type)
{
    return !TYPES[type]->crosses;
}

const char *asx_proxy_type_summary(size_t type)
{
    return TYPES[type]->summary;
}

asx_status asx_proxy_find_type(const asx_proxy_type **out, const char *name, asx_error *err)
{
    const char *known[N_TYPES + 1] = {NULL};
    size_t i = DEFAULT;
    for (size_t k = 0; k < N_TYPES; k++)
        known[k] = TYPES[k]->name;
    const asx_status status = name ? asx_name_find(&i, "proxy", name, known, err) : ASX_OK;
    if (status == ASX_OK)
        *out = TYPES[i];
    return status;
}

asx_status asx_proxy_new(asx_proxy **out, const char *type_name, asx_calibration *calibration,
                         const asx_dataset *data, asx_range images, const asx_format *format,
                         size_t n_formats, asx_error *err)
{
    const asx_proxy_type *type = NULL;
    const asx_network *network = asx_calibration_network(calibration);
    if (n_formats < 1)
        return asx_fail(err, ASX_EINVAL, "a proxy wants at least one format");
    asx_status status = asx_proxy_find_type(&type, type_name, err);
    if (status == ASX_OK)
        status = asx_infer_check(network, data, images, err);
    if (status != ASX_OK)
        return status;
    asx_proxy *p = asx_array_new(1, sizeof *p);
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for a proxy");
    const double chance = 100.0 / (double)asx_network_n_classes(network);
    *p = (asx_proxy){.type = type,
                     .network_hash = asx_network_hash(network),
                     .n_layers = asx_network_workload(network)->n_layers,
                     .n_formats = n_formats,
                     .format = asx_array_copy(format, n_formats, sizeof *format),
                     .float_accuracy = 100,
                     .ceiling = 100 - chance,
                     .knee = 1,
                     .power = 1,
                     .falls = !asx_score_grows(asx_dataset_score(data))};
    status = fill(p, calibration, data, images, err);
    if (status != ASX_OK) {
        asx_proxy_free(p);
        return status;
    }
    *out = p;
    return ASX_OK;
}

void asx_proxy_free(asx_proxy *proxy)
{
    if (!proxy)
        return;
    free(proxy->format);
    free(proxy->damage);
    asx_crossing_fini(&proxy->crossing);
    free(proxy->slot);
    free(proxy);
}

asx_status asx_proxy_find(size_t *index, const asx_proxy *proxy, const asx_format *format,
                          asx_error *err)
{
    const size_t number = proxy->slot[slot_of(proxy, format)];
    if (number) {
        *index = number - 1;
        return ASX_OK;
    }
    asx_text text = {0};
    asx_format_print(&text, format);
    asx_status status =
        asx_fail(err, ASX_ENOTFOUND, "the proxy's table has no format '%s'", text.s ? text.s : "");
    asx_text_fini(&text);
    return status;
}

double asx_proxy_damage(const asx_proxy *proxy, size_t layer, size_t format)
{
    return proxy->damage[layer * proxy->n_formats + format];
}

size_t asx_proxy_n_formats(const asx_proxy *proxy)
{
    return proxy->n_formats;
}

bool asx_proxy_adds_up(const asx_proxy *proxy)
{
    return !proxy->type->crosses;
}

double asx_proxy_drop(const asx_proxy *proxy, double damage)
{
    return -proxy->ceiling * expm1(-pow(damage / proxy->knee, proxy->power));
}

void asx_proxy_score(double *out, const asx_proxy *proxy, const uint16_t *format, size_t n)
{
    const size_t n_layers = proxy->n_layers, n_formats = proxy->n_formats;
    for (size_t i = 0; i < n; i++, format += n_layers) {
        double sum = 0;
        for (size_t l = 0; l < n_layers && !proxy->type->crosses; l++)
            sum += proxy->damage[l * n_formats + format[l]];
        out[i] = proxy->type->crosses ? asx_crossing_damage(&proxy->crossing, format) : sum;
    }
}

asx_status asx_proxy_tangent(double *constant, double *slope, const asx_proxy *proxy,
                             const double *weight, asx_error *err)
{
    if (proxy->type->crosses)
        return asx_crossing_tangent(constant, slope, &proxy->crossing, weight, err);
    *constant = 0;
    memcpy(slope, proxy->damage, proxy->n_layers * proxy->n_formats * sizeof *slope);
    return ASX_OK;
}

asx_status asx_proxy_design_damage(double *out, const asx_proxy *proxy, const asx_design *design,
                                   asx_error *err)
{
    if (design->n_layers != proxy->n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a proxy of %zu",
                        design->n_layers, proxy->n_layers);
    uint16_t *number = asx_array_new(design->n_layers, sizeof *number);
    asx_status status =
        number ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a design's formats");
    for (size_t i = 0; status == ASX_OK && i < design->n_layers; i++) {
        size_t format = 0;
        status = asx_proxy_find(&format, proxy, &design->format[i], err);
        number[i] = (uint16_t)format;
    }
    if (status == ASX_OK)
        asx_proxy_score(out, proxy, number, 1);
    free(number);
    return status;
}

asx_status asx_proxy_design(asx_accuracy *out, const asx_proxy *proxy, const asx_design *design,
                            asx_error *err)
{
    double damage;
    asx_status status = asx_proxy_design_damage(&damage, proxy, design, err);
    if (status != ASX_OK)
        return status;
    const double drop = asx_proxy_drop(proxy, damage);
    const double accuracy = proxy->float_accuracy + (proxy->falls ? drop : -drop);
    *out = (asx_accuracy){.tier = ASX_TIER_PROXY,
                          .accuracy = accuracy,
                          .accuracy_low = accuracy,
                          .accuracy_high = accuracy,
                          .drop = drop,
                          .drop_low = drop,
                          .drop_high = drop};
    return ASX_OK;
}

typedef struct state {
    const asx_proxy *proxy;
} state;

static asx_status evaluate(void *self, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    const state *s = self;
    return asx_proxy_design(&inout->accuracy, s->proxy, design, err);
}

static const asx_evaluator_type PROXY = {.name = "proxy", .evaluate = evaluate, .free = free};

asx_status asx_proxy_evaluator(asx_evaluator *out, const asx_proxy *proxy, asx_error *err)
{
    state *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for an evaluator");
    s->proxy = proxy;
    *out = (asx_evaluator){&PROXY, s};
    return ASX_OK;
}
