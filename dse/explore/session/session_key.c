/* Under which keys a session's evaluations are booked: hashes of all they depend on, so that what
 * depends on something else is never taken for it. */
#include <string.h>

#include "dse/file.h"
#include "dse/text.h"
#include "explore/version.h"
#include "machine_text.h"
#include "session_private.h"

static uint64_t add_word(uint64_t hash, uint64_t word)
{
    return asx_hash(&word, sizeof word, hash);
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    return asx_hash(text, strlen(text) + 1, hash);
}

/* @param failed  set if there was no memory */
static uint64_t add_calibration(uint64_t hash, const asx_calibration_options *o, bool *failed)
{
    hash = add_text(hash, asx_ranging_text(o->ranging));
    if (o->ranging == ASX_RANGING_PERCENTILE)
        hash = asx_hash(&o->percentile, sizeof o->percentile, hash);
    if (o->rounding != ASX_ROUNDING_NEAREST) /* before there were others nothing stood here */
        hash = add_text(hash, asx_rounding_text(o->rounding));
    if (asx_faults_any(&o->faults)) { /* before there were any nothing stood here */
        asx_text faults = {0};
        asx_faults_print(&faults, &o->faults);
        *failed = faults.failed || !faults.s;
        hash = *failed ? hash : add_text(hash, faults.s);
        asx_text_fini(&faults);
    }
    hash = add_word(hash, o->bias_correction);
    hash = add_word(hash, o->multiplier_bits); /* before dyadic factors nothing stood here */
    return add_text(hash, "ties to even");     /* between the values of an input's set */
}

static bool has_products(const asx_session *s)
{
    const asx_workload *work = asx_network_workload(s->network);
    for (size_t i = 0; i < work->n_layers; i++)
        if (work->layer[i].kind == ASX_LAYER_PRODUCT)
            return true;
    return false;
}

static uint64_t key_on(const asx_session *s, asx_tier tier, asx_range images)
{
    /* the version stands for the code that evaluates */
    uint64_t h = add_text(0, asx_version());
    h = add_word(h, asx_network_hash(s->network));
    h = add_word(h, asx_dataset_hash(s->data));
    h = add_text(h, asx_tier_text(tier));
    const asx_range used[] = {s->calibrate, images};
    for (int i = 0; i < 2; i++) {
        h = add_word(h, used[i].first);
        h = add_word(h, used[i].end);
    }
    bool failed = false;
    h = add_calibration(h, &s->campaign->calibration, &failed);
    if (s->campaign->own_classes)
        h = add_text(h, "classes of the network");
    if (has_products(s)) /* before, they were of 16 bits in every design */
        h = add_text(h, "products in words");
    if (tier != ASX_TIER_PROXY)
        return failed ? ASX_NO_KEY : h;
    /* a proxy's fit depends on its type, on the seed and on the formats it was made for */
    h = add_text(h, asx_proxy_type_name(s->campaign->proxy));
    h = add_word(h, asx_proxy_version());
    size_t n = 0;
    const asx_format *format = asx_space_formats(s->space, &n);
    asx_text text = {0};
    for (size_t i = 0; i < n; i++)
        asx_format_print(&text, &format[i]);
    failed = failed || text.failed;
    h = asx_hash(text.s, text.n, h);
    asx_text_fini(&text);
    h = add_word(h, s->campaign->seed);
    if (s->proxy_learned)
        h = add_word(h, s->proxy_learned);
    return failed ? ASX_NO_KEY : h;
}

uint64_t asx_session_accuracy_key(const asx_session *s, asx_tier tier, asx_subset subset)
{
    if (tier == ASX_TIER_COSTS) /* no accuracy, which depends on nothing */
        return add_text(add_text(0, asx_version()), asx_tier_text(tier));
    return key_on(s, tier, s->subset[subset]);
}

asx_store_inputs asx_session_inputs_on(const asx_session *s, asx_range images)
{
    return (asx_store_inputs){.tier = ASX_TIER_MEASURED,
                              .subset = "bench",
                              .accuracy_key = key_on(s, ASX_TIER_MEASURED, images),
                              .cost_key = asx_session_cost_key(s),
                              .about = "measured by a study"};
}

uint64_t asx_session_cost_key(const asx_session *s)
{
    asx_text params = {0};
    asx_machine_text_print(&params, &s->machine_params, asx_machine_workload(s->machine));
    uint64_t h = add_text(0, asx_version());
    size_t n = 0;
    const char *technology = asx_technology_text(s->technology, &n);
    h = asx_hash(technology, n, h);
    h = add_text(h, params.s ? params.s : "");
    const bool failed = params.failed;
    asx_text_fini(&params);
    return failed ? ASX_NO_KEY : add_word(h, asx_network_hash(s->network));
}
