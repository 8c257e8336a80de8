#include "workbench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "embedded.h"
#include "machine_text.h"
#include "space_check.h"
#include "version.h"

static const char builtin[] = "builtin:";

const char *workbench_subset_text(workbench_subset subset)
{
    return subset == SUBSET_SELECT ? "select" : "report";
}

const asx_workload *workbench_workload(const workbench *w)
{
    return asx_network_workload(w->network);
}

static asx_status open_network(workbench *w, asx_error *err)
{
    const campaign *c = w->campaign;
    const char *raw = c->file->network;
    asx_error inner;
    asx_status st;
    if (strncmp(raw, builtin, sizeof builtin - 1) == 0) {
        const embedded_file *f = embedded_find(raw + sizeof builtin - 1);
        if (!f)
            return campaign_fail(c, err, ASX_ENOTFOUND, raw,
                                 "network: '%s' is not one of builtin:glyphs.onnx", raw);
        st = asx_network_parse(&w->network, raw, f->bytes, f->size, &inner);
    } else {
        st = asx_network_load(&w->network, c->network_path, &inner);
    }
    return st < 0 ? campaign_fail(c, err, st, raw, "network: %s", inner.message) : ASX_OK;
}

static asx_status set_machine_params(workbench *w, const campaign_hardware *h, asx_error *err)
{
    asx_params_init(&w->machine_params, asx_machine_params);
    return campaign_set_params(&w->machine_params, w->campaign, "hardware", h->parameters,
                               h->parameters_count, err);
}

/* The network's layers, with statistics of their operands where the campaign asks for them: these
 * take the data. */
static asx_status know_operands(asx_workload *out, workbench *w, const char *raw, asx_error *err)
{
    const bool measured = raw && strcmp(raw, "network") == 0;
    if (raw && !measured && strcmp(raw, "typical") != 0)
        return campaign_fail(w->campaign, err, ASX_EINVAL, raw,
                             "hardware.operands: '%s' is not one of typical, network", raw);
    asx_workload work;
    asx_status st = asx_workload_copy(&work, workbench_workload(w), err);
    if (st < 0)
        return st;
    if (measured)
        st = workbench_need_calibration(w, err);
    for (size_t i = 0; measured && st == ASX_OK && i < work.n_layers; i++)
        st = asx_calibration_operands(&work.layer[i].operands, w->calibration, i, err);
    if (st < 0)
        asx_workload_fini(&work);
    else
        *out = work;
    return st;
}

static asx_status open_machine(workbench *w, asx_error *err)
{
    static const campaign_hardware none = {0};
    const campaign *c = w->campaign;
    const campaign_hardware *h = c->file->hardware ? c->file->hardware : &none;
    const char *raw = h->technology ? h->technology : "nangate45";
    char *path = NULL;
    asx_workload work = {0};
    asx_error inner;
    asx_status st = ASX_OK;
    /* a bare word is a technology of ours, anything else a file */
    if (strpbrk(raw, "/.$"))
        st = campaign_path(&path, c, "hardware.technology", raw, err);
    if (st < 0)
        return st;
    st = asx_technology_load(&w->technology, path ? path : raw, &inner);
    free(path);
    if (st < 0)
        return campaign_fail(c, err, st, h->technology, "hardware.technology: %s", inner.message);
    st = set_machine_params(w, h, err);
    if (st == ASX_OK)
        st = know_operands(&work, w, h->operands, err);
    if (st < 0)
        return st;
    st = asx_machine_new(&w->machine, w->technology, &work, &w->machine_params, &inner);
    asx_workload_fini(&work);
    return st < 0 ? campaign_fail(c, err, st, NULL, "hardware: %s", inner.message) : ASX_OK;
}

asx_status workbench_open(workbench *out, const char *path, asx_error *err)
{
    workbench w = {0};
    asx_status st = campaign_load(&w.campaign, path, err);
    if (st == ASX_OK)
        st = open_network(&w, err);
    if (st == ASX_OK)
        st = open_machine(&w, err);
    if (st < 0)
        workbench_close(&w);
    else
        *out = w;
    return st;
}

void workbench_close(workbench *w)
{
    asx_proxy_free(w->proxy);
    for (int i = 0; i < N_SUBSETS; i++)
        asx_measure_free(w->measure[i]);
    asx_calibration_free(w->calibration);
    asx_dataset_free(w->data);
    asx_space_free(w->space);
    asx_machine_free(w->machine);
    asx_technology_free(w->technology);
    asx_network_free(w->network);
    campaign_free(w->campaign);
    *w = (workbench){0};
}

asx_status workbench_need_space(workbench *w, asx_error *err)
{
    if (w->space)
        return ASX_OK;
    asx_space *space = NULL;
    asx_status st =
        campaign_make_space(&space, &w->n_formats_raw, w->campaign, workbench_workload(w), err);
    asx_error inner = {0};
    if (st == ASX_OK && space_check_costs(space, w->machine, &inner) < 0)
        st = campaign_fail(w->campaign, err, inner.status, NULL, "space: %s", inner.message);
    if (st < 0)
        asx_space_free(space);
    else
        w->space = space;
    return st;
}

asx_status workbench_need_data(workbench *w, asx_error *err)
{
    if (w->data)
        return ASX_OK;
    asx_status st = campaign_load_data(&w->data, w->campaign, err);
    if (st == ASX_OK)
        st = campaign_range(&w->calibrate, NULL, w->campaign, "calibrate", w->data, err);
    if (st == ASX_OK)
        st = campaign_range(&w->subset[SUBSET_SELECT], &w->has_subset[SUBSET_SELECT], w->campaign,
                            "select", w->data, err);
    if (st == ASX_OK)
        st = campaign_range(&w->subset[SUBSET_REPORT], &w->has_subset[SUBSET_REPORT], w->campaign,
                            "report", w->data, err);
    return st;
}

asx_status workbench_need_calibration(workbench *w, asx_error *err)
{
    asx_error inner;
    asx_status st = workbench_need_data(w, err);
    if (st < 0 || w->calibration)
        return st;
    st = asx_calibration_new(&w->calibration, w->network, w->data, w->calibrate,
                             &w->campaign->calibration, &inner);
    return st < 0 ? campaign_fail(w->campaign, err, st, NULL, "data: %s", inner.message) : ASX_OK;
}

asx_status workbench_need_measure(workbench *w, workbench_subset subset, asx_error *err)
{
    asx_error inner;
    asx_status st = workbench_need_calibration(w, err);
    if (st < 0 || w->measure[subset])
        return st;
    st = asx_measure_new(&w->measure[subset], w->calibration, w->data, w->subset[subset], &inner);
    return st < 0 ? campaign_fail(w->campaign, err, st, NULL, "data: %s", inner.message) : ASX_OK;
}

static void add_format(asx_format *list, size_t *n, const asx_format *format)
{
    for (size_t i = 0; i < *n; i++)
        if (asx_format_equal(&list[i], format))
            return;
    list[(*n)++] = *format;
}

/* Every format the proxy is asked about: those that genes choose from, the pinned ones, and the
 * baseline's, which need not be in the space. */
static asx_status list_formats(asx_format **out, size_t *n, const asx_space *space, asx_error *err)
{
    size_t m = 0;
    const asx_format *choice = asx_space_formats(space, &m);
    asx_format *list = asx_array_new(m + asx_space_n_layers(space) + 1, sizeof *list);
    if (!list)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of formats");
    for (size_t i = 0; i < m; i++)
        list[i] = choice[i];
    for (size_t layer = 0; layer < asx_space_n_layers(space); layer++)
        if (asx_space_pinned(space, layer))
            add_format(list, &m, asx_space_pinned(space, layer));
    asx_format baseline;
    const asx_status st = asx_format_parse(&baseline, "w8a8", err);
    if (st < 0) {
        free(list);
        return st;
    }
    add_format(list, &m, &baseline);
    *out = list;
    *n = m;
    return ASX_OK;
}

asx_status workbench_list_formats(asx_format **out, size_t *n, workbench *w, asx_error *err)
{
    asx_status st = workbench_need_space(w, err);
    return st < 0 ? st : list_formats(out, n, w->space, err);
}

asx_status workbench_need_proxy(workbench *w, asx_error *err)
{
    if (w->proxy)
        return ASX_OK;
    size_t n = 0;
    asx_format *format = NULL;
    asx_proxy *proxy = NULL;
    asx_status st = workbench_need_space(w, err);
    if (st == ASX_OK)
        st = workbench_need_measure(w, SUBSET_SELECT, err);
    if (st == ASX_OK)
        st = list_formats(&format, &n, w->space, err);
    if (st == ASX_OK)
        st = asx_proxy_new(&proxy, NULL, w->calibration, w->data, w->calibrate, format, n, err);
    if (st == ASX_OK)
        st = asx_proxy_fit(&w->proxy_fit, proxy, w->measure[SUBSET_SELECT], w->campaign->seed, err);
    if (st == ASX_OK) {
        w->proxy = proxy;
        proxy = NULL;
    }
    asx_proxy_free(proxy);
    free(format);
    return st;
}

asx_status workbench_set_proxy(workbench *w, asx_proxy *proxy, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    const asx_status st = asx_proxy_save(&bytes, &n, proxy, err);
    if (st < 0) {
        asx_proxy_free(proxy);
        return st;
    }
    asx_proxy_free(w->proxy);
    w->proxy = proxy;
    w->proxy_learned = asx_hash(bytes, n, 0);
    free(bytes);
    return ASX_OK;
}

static uint64_t add_word(uint64_t hash, uint64_t word)
{
    return asx_hash(&word, sizeof word, hash);
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    return asx_hash(text, strlen(text) + 1, hash);
}

static uint64_t add_calibration(uint64_t hash, const asx_calibration_options *o)
{
    hash = add_text(hash, asx_ranging_text(o->ranging));
    if (o->ranging == ASX_RANGING_PERCENTILE)
        hash = asx_hash(&o->percentile, sizeof o->percentile, hash);
    return add_word(hash, o->bias_correction);
}

uint64_t workbench_accuracy_key(const workbench *w, asx_tier tier, workbench_subset subset)
{
    /* the version stands for the code that evaluates */
    uint64_t h = add_text(0, ASX_VERSION);
    h = add_word(h, asx_network_hash(w->network));
    h = add_word(h, asx_dataset_hash(w->data));
    h = add_text(h, asx_tier_text(tier));
    const asx_range used[] = {w->calibrate, w->subset[subset]};
    for (int i = 0; i < 2; i++) {
        h = add_word(h, used[i].first);
        h = add_word(h, used[i].end);
    }
    h = add_calibration(h, &w->campaign->calibration);
    if (tier != ASX_TIER_PROXY)
        return h;
    /* a proxy's fit depends on its type, on the seed and on the formats it was made for */
    h = add_text(h, asx_proxy_type_name(asx_proxy_n_types() - 1));
    size_t n = 0;
    const asx_format *format = asx_space_formats(w->space, &n);
    asx_text text = {0};
    for (size_t i = 0; i < n; i++)
        asx_format_print(&text, &format[i]);
    h = asx_hash(text.s, text.n, h);
    asx_text_fini(&text);
    h = add_word(h, w->campaign->seed);
    return w->proxy_learned ? add_word(h, w->proxy_learned) : h;
}

uint64_t workbench_cost_key(const workbench *w)
{
    asx_text params = {0};
    machine_text_print(&params, &w->machine_params, asx_machine_workload(w->machine));
    uint64_t h = add_text(0, ASX_VERSION);
    size_t n = 0;
    const char *technology = asx_technology_text(w->technology, &n);
    h = asx_hash(technology, n, h);
    h = add_text(h, params.s ? params.s : "");
    asx_text_fini(&params);
    return add_word(h, asx_network_hash(w->network));
}
