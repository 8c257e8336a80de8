/* A campaign opened step by step. */
#include "session_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "embedded.h"
#include "machine_text.h"
#include "space_check.h"

static const char builtin[] = "builtin:";

const asx_workload *asx_session_workload(const asx_session *s)
{
    return asx_network_workload(s->network);
}

static asx_status open_network(asx_session *s, asx_error *err)
{
    const asx_campaign *c = s->campaign;
    const char *raw = c->spec->network;
    asx_error inner;
    asx_status status;
    if (strncmp(raw, builtin, sizeof builtin - 1) == 0) {
        size_t n = 0;
        const unsigned char *bytes = asx_embedded_find(&n, raw + sizeof builtin - 1);
        if (!bytes)
            return asx_campaign_fail(c, err, ASX_ENOTFOUND, raw,
                                     "network: '%s' is not one of builtin:glyphs.onnx", raw);
        if (c->spec->output)
            return asx_campaign_fail(c, err, ASX_EINVAL, c->spec->output,
                                     "output: '%s' has one output only", raw);
        status = asx_network_parse(&s->network, raw, bytes, n, &inner);
    } else if (c->price_unknown) {
        status = asx_network_load_priced(&s->network, c->network_path, c->spec->output, &inner);
    } else {
        status = asx_network_load_output(&s->network, c->network_path, c->spec->output, &inner);
    }
    if (status == ASX_OK)
        return ASX_OK;
    return asx_campaign_fail(
        c, err, status, raw, "network: %s%s", inner.message,
        status == ASX_EUNSUPPORTED && !c->price_unknown
            ? " ('unknown: price' in the campaign reads the rest of the network, for costs)"
            : "");
}

static asx_status set_machine_params(asx_session *s, const asx_campaign_hardware *h, asx_error *err)
{
    asx_params_init(&s->machine_params, asx_machine_params);
    return asx_campaign_set_params(&s->machine_params, s->campaign, "hardware", h->parameters,
                                   h->parameters_count, err);
}

enum { HISTOGRAM = 2 }; /* of asx_key_operands */

/* The network's layers, with statistics of their operands where the campaign asks for them: these
 * take the data. */
static asx_status know_operands(asx_workload *out, asx_session *s, const char *raw, asx_error *err)
{
    size_t measured = 0;
    asx_workload work;
    asx_status status = asx_campaign_word(&measured, s->campaign, "hardware.operands", raw, err);
    if (status == ASX_OK)
        status = asx_workload_copy(&work, asx_session_workload(s), err);
    if (status != ASX_OK)
        return status;
    if (measured)
        status = asx_session_need_calibration(s, err);
    for (size_t i = 0; measured && status == ASX_OK && i < work.n_layers; i++)
        status = asx_calibration_operands(&work.layer[i].operands, s->calibration, i,
                                          measured == HISTOGRAM, err);
    if (status != ASX_OK)
        asx_workload_fini(&work);
    else
        *out = work;
    return status;
}

static asx_status open_machine(asx_session *s, asx_error *err)
{
    static const asx_campaign_hardware none = {0};
    const asx_campaign *c = s->campaign;
    const asx_campaign_hardware *h = c->spec->hardware ? c->spec->hardware : &none;
    const char *raw = asx_campaign_text("hardware.technology", h->technology);
    char *path = NULL;
    asx_workload work = {0};
    asx_error inner;
    asx_status status = ASX_OK;
    /* a bare word is a technology of ours, anything else a file */
    if (strpbrk(raw, "/.$"))
        status = asx_campaign_path(&path, c, "hardware.technology", raw, err);
    if (status != ASX_OK)
        return status;
    status = asx_technology_load(&s->technology, path ? path : raw, &inner);
    free(path);
    if (status != ASX_OK)
        return asx_campaign_fail(c, err, status, h->technology, "hardware.technology: %s",
                                 inner.message);
    status = set_machine_params(s, h, err);
    if (status == ASX_OK)
        status = know_operands(&work, s, h->operands, err);
    if (status != ASX_OK)
        return status;
    status = asx_machine_new(&s->machine, s->technology, &work, &s->machine_params, &inner);
    asx_workload_fini(&work);
    return status != ASX_OK ? asx_campaign_fail(c, err, status, NULL, "hardware: %s", inner.message)
                            : ASX_OK;
}

asx_status asx_session_open(asx_session *out, asx_campaign *campaign, asx_error *err)
{
    asx_session s = {.campaign = campaign};
    asx_status status =
        campaign->bespoke
            ? asx_campaign_fail(
                  campaign, err, ASX_EUNSUPPORTED, NULL,
                  "bespoke: there is no network whose formats are searched; 'asx run' "
                  "takes it, 'asx bespoke' what it finds")
            : open_network(&s, err);
    const bool runs = status == ASX_OK && asx_network_check_weights(s.network, NULL) == ASX_OK;
    if (status == ASX_OK && (!runs || !campaign->spec->data))
        asx_campaign_search_costs(campaign);
    if (status == ASX_OK)
        status = open_machine(&s, err);
    if (status != ASX_OK)
        asx_session_close(&s);
    else
        *out = s;
    return status;
}

void asx_session_close(asx_session *s)
{
    asx_proxy_free(s->proxy);
    for (int i = 0; i < ASX_N_SUBSETS; i++)
        asx_measure_free(s->measure[i]);
    asx_calibration_free(s->calibration);
    asx_dataset_free(s->data);
    asx_space_free(s->space);
    asx_machine_free(s->machine);
    asx_technology_free(s->technology);
    asx_network_free(s->network);
    asx_campaign_free(s->campaign);
    *s = (asx_session){0};
}

asx_status asx_session_need_space(asx_session *s, asx_error *err)
{
    if (s->space)
        return ASX_OK;
    asx_space *space = NULL;
    asx_status status = asx_campaign_make_space(&space, &s->n_formats_raw, s->campaign,
                                                asx_session_workload(s), err);
    asx_error inner = {0};
    if (status == ASX_OK && asx_space_check_costs(space, s->machine, &inner) < 0)
        status =
            asx_campaign_fail(s->campaign, err, inner.status, NULL, "space: %s", inner.message);
    if (status != ASX_OK)
        asx_space_free(space);
    else
        s->space = space;
    return status;
}

asx_status asx_session_need_data(asx_session *s, asx_error *err)
{
    if (s->data)
        return ASX_OK;
    asx_status status = asx_campaign_load_data(&s->data, s->campaign, err);
    if (status == ASX_OK)
        status = asx_campaign_set_point(s->campaign, asx_dataset_score(s->data)->point, err);
    if (status == ASX_OK)
        status = asx_campaign_range(&s->calibrate, NULL, s->campaign, "calibrate", s->data, err);
    if (status == ASX_OK)
        status = asx_campaign_subsets(s->subset, s->has_subset, s->campaign, s->data, err);
    return status;
}

/* How many classes m images of n classes, drawn at random, would show. */
static double classes_expected(double n, double m)
{
    return n * (1 - pow(1 - 1 / n, m));
}

static void remark_on(asx_text *out, const asx_session *s, asx_range images, const char *what)
{
    const size_t m = images.end - images.first;
    const size_t all = asx_dataset_n_classes(s->data, (asx_range){0, asx_dataset_size(s->data)});
    const size_t n = asx_dataset_n_classes(s->data, images);
    if (all == 0) /* labels are no classes */
        return;
    const bool lacks =
        (n < all && m >= 5 * all) || (double)n < classes_expected((double)all, (double)m) / 2;
    if (lacks)
        asx_text_add(
            out,
            "warning: images %zu:%zu (%s) show %zu of %zu classes: if the file is sorted by "
            "class, shuffle it, or choose other images\n",
            images.first, images.end, what, n, all);
}

/* Outputs of few images are kept at the cost of those of all others. */
static void remark_on_rounding(asx_text *out, const asx_session *s)
{
    enum { FEWEST = 64 };
    const asx_rounding rounding = s->campaign->calibration.rounding;
    const size_t n = s->calibrate.end - s->calibrate.first;
    if (rounding != ASX_ROUNDING_NEAREST && n < FEWEST)
        asx_text_add(out,
                     "warning: rounding '%s' on %zu image%s of 'calibrate' may lose more than "
                     "'nearest': give it %d or more\n",
                     asx_rounding_text(rounding), n, n == 1 ? "" : "s", FEWEST);
}

asx_status asx_session_remarks(char **out, const asx_session *s, bool chosen, asx_error *err)
{
    asx_text text = {0};
    size_t skipped = 0;
    asx_network_skipped(s->network, &skipped);
    if (skipped > 0) {
        asx_text_add(&text, "warning: costs are without ");
        asx_network_print_skipped(&text, s->network);
        asx_text_add(&text, "\n");
    }
    if (s->data)
        remark_on_rounding(&text, s);
    if (s->data && !chosen) {
        remark_on(&text, s, s->calibrate, "calibrate");
        remark_on(&text, s, s->subset[ASX_SUBSET_SELECT], "select");
        if (s->has_subset[ASX_SUBSET_REPORT])
            remark_on(&text, s, s->subset[ASX_SUBSET_REPORT], "report");
    }
    asx_text_add(&text, "%s", "");
    return asx_text_take(out, &text, err);
}

void asx_session_join(asx_session *s, const asx_crew *crew)
{
    s->crew = crew && crew->n > 1 ? crew : NULL;
    if (s->calibration)
        asx_calibration_join(s->calibration, s->crew, s->data);
}

void asx_session_watch(asx_session *s, const asx_work_watch *watch)
{
    s->watch = watch;
    if (s->calibration)
        asx_calibration_watch(s->calibration, watch);
}

void asx_session_set_rounding(asx_session *s, asx_rounding rounding)
{
    if (s->campaign->calibration.rounding == rounding)
        return;
    s->campaign->calibration.rounding = rounding;
    asx_calibration_free(s->calibration); /* there already, where the machine asked for operands */
    s->calibration = NULL;
}

void asx_session_set_faults(asx_session *s, const asx_faults *faults)
{
    s->campaign->calibration.faults = *faults;
    if (s->calibration)
        asx_calibration_set_faults(s->calibration, faults);
}

asx_status asx_session_need_calibration(asx_session *s, asx_error *err)
{
    asx_error inner;
    asx_status status = asx_session_need_data(s, err);
    if (status != ASX_OK || s->calibration)
        return status;
    status = asx_calibration_new(&s->calibration, s->network, s->data, s->calibrate,
                                 &s->campaign->calibration, &inner);
    if (status == ASX_OK) {
        asx_calibration_join(s->calibration, s->crew, s->data);
        asx_calibration_watch(s->calibration, s->watch);
    }
    if (status == ASX_OK && s->campaign->own_classes)
        status = asx_measure_label(s->data, s->calibration, &inner);
    if (status != ASX_OK) {
        asx_calibration_free(s->calibration);
        s->calibration = NULL;
    }
    return status != ASX_OK
               ? asx_campaign_fail(s->campaign, err, status, NULL, "data: %s", inner.message)
               : ASX_OK;
}

asx_status asx_session_need_measure(asx_session *s, asx_subset subset, asx_error *err)
{
    asx_error inner;
    asx_status status = asx_session_need_calibration(s, err);
    if (status != ASX_OK || s->measure[subset])
        return status;
    status =
        asx_measure_new(&s->measure[subset], s->calibration, s->data, s->subset[subset], &inner);
    return status != ASX_OK
               ? asx_campaign_fail(s->campaign, err, status, NULL, "data: %s", inner.message)
               : ASX_OK;
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
    const asx_status status = asx_format_parse(&baseline, ASX_BASELINE_FORMAT, err);
    if (status != ASX_OK) {
        free(list);
        return status;
    }
    add_format(list, &m, &baseline);
    *out = list;
    *n = m;
    return ASX_OK;
}

asx_status asx_session_list_formats(asx_format **out, size_t *n, asx_session *s, asx_error *err)
{
    asx_status status = asx_session_need_space(s, err);
    return status != ASX_OK ? status : list_formats(out, n, s->space, err);
}

asx_status asx_session_need_proxy(asx_session *s, asx_error *err)
{
    if (s->proxy)
        return ASX_OK;
    size_t n = 0;
    asx_format *format = NULL;
    asx_proxy *proxy = NULL;
    if (asx_faults_any(&s->campaign->calibration.faults))
        return asx_campaign_fail(s->campaign, err, ASX_EUNSUPPORTED, NULL,
                                 "faults: proxies know nothing of them");
    asx_status status = asx_session_need_space(s, err);
    if (status == ASX_OK)
        status = asx_session_need_measure(s, ASX_SUBSET_SELECT, err);
    if (status == ASX_OK)
        status = list_formats(&format, &n, s->space, err);
    if (status == ASX_OK)
        status = asx_proxy_new(&proxy, asx_proxy_type_name(s->campaign->proxy), s->calibration,
                               s->data, s->calibrate, format, n, err);
    if (status == ASX_OK)
        status = asx_proxy_fit(&s->proxy_fit, proxy, s->measure[ASX_SUBSET_SELECT],
                               s->campaign->seed, err);
    if (status == ASX_OK) {
        s->proxy = proxy;
        proxy = NULL;
    }
    asx_proxy_free(proxy);
    free(format);
    return status;
}

asx_status asx_session_set_proxy(asx_session *s, asx_proxy *proxy, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    const asx_status status = asx_proxy_save(&bytes, &n, proxy, err);
    if (status != ASX_OK) {
        asx_proxy_free(proxy);
        return status;
    }
    asx_proxy_free(s->proxy);
    s->proxy = proxy;
    s->proxy_learned = asx_hash(bytes, n, 0);
    free(bytes);
    return ASX_OK;
}
