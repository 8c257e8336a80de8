/* Reads a campaign, checks what can be checked without opening other files, fills in defaults. */
#include "campaign_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "embedded.h"

enum { CAMPAIGN_FILE_MAX = 1 << 20, NAME_MAX_LENGTH = 100 };

static asx_status check_name(const asx_campaign *c, asx_error *err)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";
    const char *name = c->spec->name;
    const size_t n = strlen(name);
    if (n == 0 || n > NAME_MAX_LENGTH || strspn(name, allowed) != n)
        return asx_campaign_fail(c, err, ASX_EINVAL, name,
                                 "name: '%s' is not 1 to %d letters, digits or any of ._-+", name,
                                 NAME_MAX_LENGTH);
    if (name[0] == '.' || name[0] == '-')
        return asx_campaign_fail(
            c, err, ASX_EINVAL, name,
            "name: '%s' begins with '%c'; the first is to be a letter, a digit, '_' or '+'", name,
            name[0]);
    return ASX_OK;
}

static asx_status set_objectives(asx_campaign *c, asx_error *err)
{
    asx_error inner;
    asx_campaign_entries given;
    if (c->spec->objectives_count == 1)
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                 "objectives: one alone has no front; give 2 to %d",
                                 ASX_N_OBJECTIVES);
    const asx_status status = asx_campaign_entries_of(&given, c, "objectives", c->spec->objectives,
                                                      c->spec->objectives_count, err);
    for (size_t i = 0; status == ASX_OK && i < given.n; i++) {
        const char *raw = given.entry[i];
        asx_objective o;
        if (asx_objective_parse(&o, raw, &inner) < 0)
            return asx_campaign_fail(c, err, inner.status, raw, "objectives: %s", inner.message);
        for (size_t j = 0; j < c->n_objectives; j++)
            if (c->objective[j] == o)
                return asx_campaign_fail(c, err, ASX_EINVAL, raw, "objectives: '%s' twice", raw);
        c->objective[c->n_objectives++] = o;
    }
    return status;
}

static asx_status set_limits(asx_campaign *c, asx_error *err)
{
    c->limits = asx_limits_none();
    const asx_campaign_limits *l = c->spec->limits;
    if (!l)
        return ASX_OK;
    const char *given[ASX_N_OBJECTIVES] = {
        [ASX_DROP] = l->drop,     [ASX_ENERGY] = l->energy,   [ASX_LATENCY] = l->latency,
        [ASX_AREA] = l->area,     [ASX_STORAGE] = l->storage, [ASX_ENERGY_DELAY] = l->energy_delay,
        [ASX_POWER] = l->power_mw};
    for (int o = 0; o < ASX_N_OBJECTIVES; o++) {
        if (!given[o])
            continue;
        char path[40];
        snprintf(path, sizeof path, "limits.%s", asx_objective_text((asx_objective)o));
        const asx_status status = asx_campaign_number(&c->limits.max[o], c, path, given[o], err);
        if (status != ASX_OK)
            return status;
    }
    if (!l->inferences_per_s)
        return ASX_OK;
    double rate = 0;
    const asx_status status =
        asx_campaign_number(&rate, c, "limits.inferences_per_s", l->inferences_per_s, err);
    if (status == ASX_OK) /* one after the other: a limit of latency */
        c->limits.max[ASX_LATENCY] = fmin(c->limits.max[ASX_LATENCY], 1e9 / rate);
    return status;
}

static asx_status set_unknown(asx_campaign *c, asx_error *err)
{
    size_t price = 0;
    const asx_status status = asx_campaign_word(&price, c, "unknown", c->spec->unknown, err);
    c->price_unknown = price > 0;
    return status;
}

static asx_status set_score(asx_campaign *c, asx_error *err)
{
    const char *text = c->spec->data ? c->spec->data->measure : NULL;
    asx_error inner;
    c->score = asx_score_top1();
    asx_status status = text ? asx_score_parse(&c->score, text, &inner) : ASX_OK;
    if (status != ASX_OK)
        return asx_campaign_fail(c, err, status, text, "data.measure: %s", inner.message);
    const char *classes = c->spec->data ? c->spec->data->classes : NULL;
    size_t own = 0;
    status = asx_campaign_word(&own, c, "data.classes", classes, err);
    c->own_classes = own > 0;
    if (status == ASX_OK && c->own_classes && !asx_score_counts(&c->score))
        return asx_campaign_fail(c, err, ASX_EINVAL, classes,
                                 "data.classes: the network's own classes are for top1 and its "
                                 "like, not for data.measure: %s",
                                 text);
    return status;
}

static asx_status complete_network(asx_campaign *c, asx_error *err)
{
    asx_status status = asx_campaign_check_network(c, err);
    if (status == ASX_OK)
        status = set_unknown(c, err);
    if (status == ASX_OK)
        status = asx_campaign_path(&c->network_path, c, "network", c->spec->network, err);
    if (status == ASX_OK)
        status = asx_campaign_calibration_options(&c->calibration, c, err);
    if (status == ASX_OK)
        status = asx_campaign_take_faults(&c->calibration.faults, c, err);
    if (status == ASX_OK && asx_faults_any(&c->calibration.faults) && !asx_score_counts(&c->score))
        status = asx_campaign_fail(c, err, ASX_EUNSUPPORTED, NULL,
                                   "faults: means over devices are of counts of images, top1 or "
                                   "top5, not of data.measure: %s",
                                   c->spec->data->measure);
    if (status == ASX_OK)
        status = asx_campaign_search_options(c, err);
    if (status == ASX_OK)
        status = asx_campaign_expectation(c, err);
    return status;
}

static asx_status complete(asx_campaign *c, asx_error *err)
{
    asx_status status = check_name(c, err);
    if (status == ASX_OK)
        status = set_score(c, err);
    if (status == ASX_OK)
        status = set_objectives(c, err);
    if (status == ASX_OK)
        status = set_limits(c, err);
    if (status != ASX_OK)
        return status;
    return c->spec->bespoke ? asx_campaign_take_bespoke(c, err) : complete_network(c, err);
}

/* @param text  taken over, on failure too */
static asx_status make(asx_campaign **out, const char *name, char *text, size_t n,
                       asx_campaign_lookup *lookup, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_campaign *c = asx_array_new(1, sizeof *c);
    if (!c) {
        free(text);
        return asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    }
    *c = (asx_campaign){
        .path = asx_string_copy(name), .text = text, .text_length = n, .lookup = lookup};
    if (!c->path || !c->text)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    if (status == ASX_OK && strlen(c->text) != c->text_length)
        status = asx_fail(err, ASX_EPARSE, "%s: not a text file: it contains a NUL byte", c->path);
    if (status == ASX_OK)
        status = asx_campaign_spec_parse(&c->spec, c->path, c->text, c->text_length, err);
    if (status == ASX_OK)
        status = complete(c, err);
    if (status == ASX_OK) {
        *out = c;
        c = NULL;
    }
    asx_campaign_free(c);
    return status;
}

/* A network where a campaign belongs: an ONNX file is large, or holds bytes that no text has. */
static bool is_network(const char *path, const char *text, size_t n, asx_status status)
{
    const char *end = strrchr(path, '.');
    return end && strcmp(end, ".onnx") == 0 &&
           (status == ASX_EINVAL || (status == ASX_OK && memchr(text, 0, n)));
}

asx_status asx_campaign_load(asx_campaign **out, const char *path, asx_campaign_lookup *lookup,
                             asx_error *err)
{
    char *text = NULL;
    size_t n = 0;
    if (!path) {
        const unsigned char *embedded = asx_embedded_find(&n, "default.yaml");
        return make(out, "(embedded)", asx_string_copy((const char *)embedded), n, lookup, err);
    }
    const asx_status status = asx_file_read(&text, &n, path, CAMPAIGN_FILE_MAX, err);
    if (is_network(path, text, n, status)) {
        free(text);
        return asx_fail(err, ASX_EINVAL,
                        "'%s' is a network (ONNX), not a campaign: 'asx init %s DATA -o FILE' "
                        "writes one",
                        path, path);
    }
    return status == ASX_OK ? make(out, path, text, n, lookup, err) : status;
}

asx_status asx_campaign_parse(asx_campaign **out, const char *name, const char *text, size_t n,
                              asx_campaign_lookup *lookup, asx_error *err)
{
    if (n > CAMPAIGN_FILE_MAX)
        return asx_fail(err, ASX_EINVAL, "%s: %zu bytes are more than a campaign's %d", name, n,
                        CAMPAIGN_FILE_MAX);
    char *copy = asx_array_new(n + 1, 1);
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    memcpy(copy, text, n);
    return make(out, name, copy, n, lookup, err);
}

asx_status asx_campaign_new(asx_campaign **out, const asx_campaign_spec *spec, asx_error *err)
{
    char *text = NULL;
    size_t n = 0;
    const asx_status status = asx_campaign_spec_print(&text, &n, spec, err);
    return status == ASX_OK ? make(out, "(memory)", text, n, NULL, err) : status;
}

void asx_campaign_free(asx_campaign *c)
{
    if (!c)
        return;
    for (char **file = c->table; file && *file; file++)
        free(*file);
    free(c->table);
    free(c->cells);
    free(c->bespoke);
    asx_campaign_spec_free(c->spec);
    free(c->network_path);
    free(c->unpacked);
    free(c->text);
    free(c->path);
    free(c);
}
