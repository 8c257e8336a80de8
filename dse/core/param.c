/* Parameters of pluggable parts. */
#include "dse/param.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/number.h"

static size_t count(const asx_param_spec *spec)
{
    size_t n = 0;
    while (spec && spec[n].name)
        n++;
    assert(n <= ASX_PARAMS_MAX);
    return n;
}

void asx_params_init(asx_params *out, const asx_param_spec *spec)
{
    const size_t n = count(spec);
    *out = (asx_params){.spec = spec};
    for (size_t i = 0; i < n; i++)
        out->value[i] = spec[i].value;
}

static asx_status unknown(const asx_param_spec *spec, const char *name, asx_error *err)
{
    char names[ASX_ERROR_MAX] = "";
    size_t used = 0;
    for (size_t i = 0; i < count(spec) && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 spec[i].name);
    if (!used)
        return asx_fail(err, ASX_ENOTFOUND, "unknown parameter '%.64s': there are none", name);
    return asx_fail(err, ASX_ENOTFOUND, "unknown parameter '%.64s': there are %s", name, names);
}

/* The name of a value, of `n` characters; NULL: values are numbers. */
static const char *name_of(size_t *n, const asx_param_spec *spec, double value)
{
    const char *name = spec->unit;
    if (!strchr(name, '|'))
        return NULL;
    for (double k = 0; k < value; k++)
        name += strcspn(name, "|") + 1;
    *n = strcspn(name, "|");
    return name;
}

static bool find_name(double *value, const asx_param_spec *spec, const char *text)
{
    size_t n = 0;
    for (double k = spec->low; k <= spec->high; k++) {
        const char *name = name_of(&n, spec, k);
        if (!name)
            return false;
        if (n != strlen(text) || strncmp(name, text, n) != 0)
            continue;
        *value = k;
        return true;
    }
    return false;
}

/* The place of a parameter in its table; behind the last where it has none of this name. */
static size_t find(const asx_param_spec *spec, const char *name)
{
    const size_t n = count(spec);
    size_t i = 0;
    while (i < n && strcmp(spec[i].name, name) != 0)
        i++;
    return i;
}

asx_status asx_params_set(asx_params *params, const char *name, const char *text, asx_error *err)
{
    const asx_param_spec *spec = params->spec;
    const size_t i = find(spec, name);
    if (i == count(spec))
        return unknown(spec, name, err);
    char what[128];
    double value = 0;
    snprintf(what, sizeof what, "parameter '%.64s'", name);
    if (find_name(&params->value[i], &spec[i], text))
        return ASX_OK;
    if (strchr(spec[i].unit, '|'))
        return asx_fail(err, ASX_EINVAL, "%s: '%.64s' is none of %s", what, text, spec[i].unit);
    asx_status status = asx_number_parse(&value, text, spec[i].low, spec[i].high, what, err);
    if (status != ASX_OK)
        return status;
    if (spec[i].integer && value != floor(value))
        return asx_fail(err, ASX_EINVAL, "%s: %.64s is not an integer in [%.15g, %.15g]", what,
                        text, spec[i].low, spec[i].high);
    params->value[i] = value;
    return ASX_OK;
}

asx_status asx_params_set_once(asx_params *params, uint64_t *given, const char *name,
                               const char *text, asx_error *err)
{
    const size_t i = find(params->spec, name);
    const uint64_t bit = (uint64_t)1 << i;
    if (i < count(params->spec) && (*given & bit))
        return asx_fail(err, ASX_EINVAL, "parameter '%.64s' stands twice", name);
    const asx_status status = asx_params_set(params, name, text, err);
    if (status == ASX_OK)
        *given |= bit;
    return status;
}

double asx_params_get(const asx_params *params, const char *name)
{
    const size_t i = find(params->spec, name);
    assert(i < count(params->spec));
    return i < count(params->spec) ? params->value[i] : NAN;
}

void asx_params_print(asx_text *text, const asx_params *params)
{
    const size_t n = count(params->spec);
    for (size_t i = 0; i < n; i++) {
        size_t length = 0;
        const char *name = name_of(&length, &params->spec[i], params->value[i]);
        if (name) {
            asx_text_add(text, "%s%s=%.*s", i ? " " : "", params->spec[i].name, (int)length, name);
            continue;
        }
        /* the shortest of the usual precisions that reads back as the same number */
        char number[32];
        for (int precision = 6; precision <= 17; precision++) {
            snprintf(number, sizeof number, "%.*g", precision, params->value[i]);
            if (strtod(number, NULL) == params->value[i])
                break;
        }
        asx_text_add(text, "%s%s=%s", i ? " " : "", params->spec[i].name, number);
    }
}
