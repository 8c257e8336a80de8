/* Which faults there are: names, ranges, text. */
#include "dse/faults.h"

#include <stdio.h>
#include <string.h>

#include "dse/number.h"

const asx_param_spec asx_fault_params[] = {
    {"flips", false, 0, 0, 1, "", "part of the weights' stored bits that are written wrongly"},
    {"stuck", false, 0, 0, 1, "",
     "part of the weights' cells that are stuck, half at 0, half at 1"},
    {"stuck_at_0", false, 0, 0, 1, "", "part of the weights' cells stuck at 0, beside these"},
    {"stuck_at_1", false, 0, 0, 1, "", "part of the weights' cells stuck at 1, beside these"},
    {"activation_flips", false, 0, 0, 1, "",
     "the same of layers' input words, anew for every image"},
    {"activation_stuck", false, 0, 0, 1, "", "of input words"},
    {"activation_stuck_at_0", false, 0, 0, 1, "", "of input words"},
    {"activation_stuck_at_1", false, 0, 0, 1, "", "of input words"},
    {"spread", false, 0, 0, 1, "", "relative standard deviation of weights from device to device"},
    {"seeds", true, 5, 1, ASX_FAULT_SEEDS_MAX, "", "devices that an accuracy is the mean of"},
    {"seed", true, 1, 0, 1e15, "", "of the first device, counted upwards from there"},
    {"code", true, 0, 0, ASX_N_CODES - 1, "index|robust", "of weights"},
    {"only_bit", true, -1, -1, ASX_READING_BITS_MAX - 1, "",
     "of weights' codes, from the least significant; -1: any"},
    {0}};

static asx_status take_cells(asx_cell_faults *out, const double value[4], const char *of,
                             asx_error *err)
{
    *out = (asx_cell_faults){value[0], value[2] + value[1] / 2, value[3] + value[1] / 2};
    return out->at_0 + out->at_1 <= 1
               ? ASX_OK
               : asx_fail(err, ASX_EINVAL, "%g of the cells of %s are stuck: at most all can be",
                          out->at_0 + out->at_1, of);
}

asx_status asx_faults_of(asx_faults *out, const asx_params *params, asx_error *err)
{
    enum { WEIGHTS = 0, ACTIVATIONS = 4 };
    asx_faults f = {.spread = asx_params_get(params, "spread"),
                    .seeds = (unsigned)asx_params_get(params, "seeds"),
                    .seed = (uint64_t)asx_params_get(params, "seed"),
                    .code = (asx_code)asx_params_get(params, "code"),
                    .only_bit = (int)asx_params_get(params, "only_bit")};
    asx_status status = take_cells(&f.weights, params->value + WEIGHTS, "weights", err);
    if (status == ASX_OK)
        status = take_cells(&f.activations, params->value + ACTIVATIONS, "activations", err);
    if (status == ASX_OK)
        *out = f;
    return status;
}

/* Sets what the pairs of a text say. */
static asx_status set_all(asx_params *params, uint64_t *given, const char *text, asx_error *err)
{
    enum { ONE_MAX = 128 };
    asx_status status = ASX_OK;
    while (status == ASX_OK && *(text += strspn(text, " "))) {
        char one[ONE_MAX];
        const size_t n = strcspn(text, " ");
        if (n >= sizeof one)
            return asx_fail(err, ASX_EPARSE, "'%.60s...' is too long", text);
        memcpy(one, text, n);
        one[n] = '\0';
        text += n;
        char *is = strchr(one, '=');
        if (!is)
            return asx_fail(err, ASX_EPARSE, "'%.64s' is not 'NAME=VALUE'", one);
        *is = '\0';
        status = asx_params_set_once(params, given, one, is + 1, err);
    }
    return status;
}

asx_status asx_faults_parse(asx_faults *out, const char *text, asx_error *err)
{
    asx_params params;
    uint64_t given = 0;
    asx_params_init(&params, asx_fault_params);
    const asx_status status = set_all(&params, &given, text, err);
    return status == ASX_OK ? asx_faults_of(out, &params, err) : status;
}

/* ---- sweeps ---- */

static asx_status add_value(asx_sweep *s, const char *text, asx_error *err)
{
    double value = 0;
    char what[96];
    snprintf(what, sizeof what, "parameter '%s'", s->param->name);
    if (s->n == ASX_SWEEP_MAX)
        return asx_fail(err, ASX_EINVAL, "%s: more than %d values", what, ASX_SWEEP_MAX);
    const asx_status status =
        asx_number_parse(&value, text, s->param->low, s->param->high, what, err);
    if (status != ASX_OK)
        return status;
    if (s->n > 0 && !(value > s->value[s->n - 1]))
        return asx_fail(err, ASX_EINVAL, "%s: %g is not above %g before it", what, value,
                        s->value[s->n - 1]);
    s->value[s->n++] = value;
    return ASX_OK;
}

asx_status asx_sweep_parse(asx_sweep *out, const char *text, asx_error *err)
{
    asx_sweep s = {.param = asx_fault_params};
    const size_t n = strcspn(text, "=");
    if (!text[n])
        return asx_fail(err, ASX_EPARSE, "'%.64s' is not 'NAME=VALUE,VALUE,...'", text);
    while (s.param->name && (strlen(s.param->name) != n || strncmp(s.param->name, text, n) != 0))
        s.param++;
    if (!s.param->name || s.param->integer)
        return asx_fail(err, ASX_ENOTFOUND,
                        "'%.*s' is no rate of faults: there are flips, stuck, stuck_at_0, "
                        "stuck_at_1, the same with activation_ before it, and spread",
                        (int)(n < 64 ? n : 64), text);
    asx_status status = ASX_OK;
    for (text += n; status == ASX_OK && *text;) {
        enum { ONE_MAX = 64 };
        char one[ONE_MAX];
        const size_t length = strcspn(++text, ",");
        if (length >= sizeof one)
            return asx_fail(err, ASX_EPARSE, "'%.60s...' is too long", text);
        memcpy(one, text, length);
        one[length] = '\0';
        text += length;
        status = add_value(&s, one, err);
    }
    if (status == ASX_OK)
        *out = s;
    return status;
}

asx_status asx_sweep_at(asx_faults *out, const char *text, const asx_sweep *sweep, size_t i,
                        asx_error *err)
{
    asx_params params;
    uint64_t given = 0;
    const size_t at = (size_t)(sweep->param - asx_fault_params);
    asx_params_init(&params, asx_fault_params);
    const asx_status status = set_all(&params, &given, text ? text : "", err);
    if (status != ASX_OK)
        return status;
    if (given >> at & 1)
        return asx_fail(err, ASX_EINVAL, "parameter '%s' is swept, and given too",
                        sweep->param->name);
    params.value[at] = sweep->value[i];
    return asx_faults_of(out, &params, err);
}

asx_faults asx_faults_none(void)
{
    return (asx_faults){.seeds = 5, .seed = 1, .only_bit = -1};
}

bool asx_cell_faults_any(const asx_cell_faults *faults)
{
    return faults->flips > 0 || faults->at_0 > 0 || faults->at_1 > 0;
}

bool asx_faults_any(const asx_faults *faults)
{
    return asx_cell_faults_any(&faults->weights) || asx_cell_faults_any(&faults->activations) ||
           faults->spread > 0;
}

asx_bit_channel asx_cell_faults_channel(const asx_cell_faults *faults)
{
    const double flips = (1 - faults->at_0 - faults->at_1) * faults->flips;
    return (asx_bit_channel){faults->at_0 + flips, faults->at_1 + flips};
}

static void add(asx_text *text, const char *name, double value, double standard)
{
    if (value < standard || value > standard)
        asx_text_add(text, "%s%s=%.15g", text->n > 0 ? " " : "", name, value);
}

void asx_faults_print(asx_text *text, const asx_faults *faults)
{
    const asx_faults none = asx_faults_none();
    asx_text own = {0};
    add(&own, "flips", faults->weights.flips, 0);
    add(&own, "stuck_at_0", faults->weights.at_0, 0);
    add(&own, "stuck_at_1", faults->weights.at_1, 0);
    add(&own, "activation_flips", faults->activations.flips, 0);
    add(&own, "activation_stuck_at_0", faults->activations.at_0, 0);
    add(&own, "activation_stuck_at_1", faults->activations.at_1, 0);
    add(&own, "spread", faults->spread, 0);
    add(&own, "seeds", (double)faults->seeds, (double)none.seeds);
    add(&own, "seed", (double)faults->seed, (double)none.seed);
    if (faults->code != none.code)
        asx_text_add(&own, "%scode=%s", own.n > 0 ? " " : "", asx_code_text(faults->code));
    add(&own, "only_bit", faults->only_bit, none.only_bit);
    asx_text_add(text, "%s", own.s ? own.s : "");
    text->failed = text->failed || own.failed;
    asx_text_fini(&own);
}
