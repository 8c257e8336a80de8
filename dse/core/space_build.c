/* Building a design space: which gene decides which layer. */
#include "space_private.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

/* What decides a layer, while genes are being handed out: one of these, or a group (its index). */
enum { FREE = -1, PINNED = -2 };

static int compare_entries(const void *a, const void *b)
{
    return asx_format_compare(*(const asx_format *const *)a, *(const asx_format *const *)b);
}

static asx_status set_placements(asx_space *space, const asx_space_spec *spec, asx_error *err)
{
    if (spec->n_placements == 0)
        return asx_fail(err, ASX_EINVAL, "the space has no placement");
    for (size_t i = 0; i < spec->n_placements; i++) {
        for (size_t j = 0; j < i; j++) {
            if (spec->placement[i] == spec->placement[j])
                return asx_fail(err, ASX_EINVAL, "the space has placement '%s' twice",
                                asx_placement_text(spec->placement[i]));
        }
        space->placement[i] = spec->placement[i];
    }
    space->n_placements = spec->n_placements;
    return ASX_OK;
}

static asx_status set_formats(asx_space *space, const asx_space_spec *spec, asx_error *err)
{
    const size_t n = spec->n_formats;
    if (n == 0)
        return asx_fail(err, ASX_EINVAL, "the space has no format");
    if (n > ASX_FORMATS_MAX)
        return asx_fail(err, ASX_EINVAL, "the space has %zu formats; at most %d are possible", n,
                        ASX_FORMATS_MAX);
    space->sorted = asx_array_new(n, sizeof *space->sorted);
    space->format = asx_array_copy(spec->format, n, sizeof *space->format);
    space->n_formats = n;
    if (!space->sorted || !space->format)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu formats", n);
    for (size_t i = 0; i < n; i++)
        space->sorted[i] = &space->format[i];
    qsort(space->sorted, n, sizeof *space->sorted, compare_entries);

    for (size_t i = 1; i < n; i++) {
        if (asx_format_compare(space->sorted[i - 1], space->sorted[i]) != 0)
            continue;
        asx_text text = {0};
        asx_format_print(&text, space->sorted[i]);
        const asx_status status =
            asx_fail(err, ASX_EINVAL, "the space has format '%s' twice", text.s ? text.s : "");
        asx_text_fini(&text);
        return status;
    }
    return ASX_OK;
}

static asx_status apply_pins(asx_space *space, int *decider, const asx_space_spec *spec,
                             asx_error *err)
{
    for (size_t i = 0; i < spec->n_pins; i++) {
        size_t layer = 0;
        const char *name = spec->pin[i].layer;
        const asx_status status = asx_workload_find(&layer, spec->work, name, strlen(name), err);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "pin");
        if (decider[layer] == PINNED)
            return asx_fail(err, ASX_EINVAL, "layer '%s' is pinned twice", name);
        decider[layer] = PINNED;
        space->pinned[layer] = spec->pin[i].format;
    }
    return ASX_OK;
}

static asx_status join_group(int *decider, const asx_space_spec *spec, size_t group, size_t layer,
                             asx_error *err)
{
    const char *name = spec->work->layer[layer].name;
    if (decider[layer] == PINNED)
        return asx_fail(err, ASX_EINVAL, "layer '%s' is pinned and in group '%s'", name,
                        spec->group[group].name);
    if (decider[layer] != FREE && decider[layer] != (int)group)
        return asx_fail(err, ASX_EINVAL, "layer '%s' is in groups '%s' and '%s'", name,
                        spec->group[decider[layer]].name, spec->group[group].name);
    decider[layer] = (int)group;
    return ASX_OK;
}

/* Adds the layers of one name or pattern. Names may hold '[': an exact name is never a pattern. */
static asx_status apply_pattern(int *decider, const asx_space_spec *spec, size_t group,
                                const char *pattern, asx_error *err)
{
    size_t exact = 0;
    const bool is_pattern = strpbrk(pattern, "*?[") != NULL;
    asx_status status =
        asx_workload_find(&exact, spec->work, pattern, strlen(pattern), is_pattern ? NULL : err);
    if (status == ASX_OK)
        return join_group(decider, spec, group, exact, err);
    if (!is_pattern)
        return asx_fail_context(err, status, "group '%s'", spec->group[group].name);

    size_t matches = 0;
    status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < spec->work->n_layers; i++) {
        if (fnmatch(pattern, spec->work->layer[i].name, 0) == 0) {
            matches++;
            status = join_group(decider, spec, group, i, err);
        }
    }
    if (matches == 0)
        return asx_fail(err, ASX_EINVAL, "group '%s': no layer matches '%s'",
                        spec->group[group].name, pattern);
    return status;
}

static asx_status apply_groups(int *decider, const asx_space_spec *spec, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < spec->n_groups; i++) {
        const asx_space_group *group = &spec->group[i];
        if (!group->name || !*group->name)
            return asx_fail(err, ASX_EINVAL, "group %zu has no name", i + 1);
        if (group->n_layers == 0)
            return asx_fail(err, ASX_EINVAL, "group '%s' has no layer", group->name);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(spec->group[j].name, group->name) == 0)
                return asx_fail(err, ASX_EINVAL, "two groups are named '%s'", group->name);
        }
        for (size_t j = 0; status == ASX_OK && j < group->n_layers; j++)
            status = apply_pattern(decider, spec, i, group->layer[j], err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}

static asx_status add_gene(asx_space *space, const char *name, asx_error *err)
{
    char *copy = asx_string_copy(name);
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for the space");
    space->gene_name[space->n_genes++] = copy;
    return ASX_OK;
}

/* Hands out genes in the order of the first layer that each decides. */
static asx_status number_genes(asx_space *space, const int *decider, const asx_space_spec *spec,
                               asx_error *err)
{
    asx_status status = add_gene(space, "placement", err);
    for (size_t i = 0; status == ASX_OK && i < space->n_layers; i++) {
        if (decider[i] == PINNED) {
            space->layer_gene[i] = ASX_GENE_PINNED;
            continue;
        }
        size_t first = i; /* the first layer of the same decider */
        if (decider[i] != FREE || !spec->per_layer) {
            for (first = 0; decider[first] != decider[i];)
                first++;
        }
        if (first < i) {
            space->layer_gene[i] = space->layer_gene[first];
            continue;
        }
        space->layer_gene[i] = space->n_genes;
        status = add_gene(space,
                          decider[i] != FREE ? spec->group[decider[i]].name
                          : spec->per_layer  ? space->layer_name[i]
                                             : "network",
                          err);
    }
    return status;
}

static asx_status set_layers(asx_space *space, const asx_space_spec *spec, asx_error *err)
{
    const size_t n = spec->work->n_layers;
    if (n == 0 || n >= ASX_GENE_PINNED)
        return asx_fail(err, ASX_EINVAL, "a space of %zu layers; 1 to %d are possible", n,
                        ASX_GENE_PINNED - 1);
    int *decider = asx_array_new(n, sizeof *decider);
    space->layer_name = asx_array_new(n, sizeof *space->layer_name);
    space->layer_gene = asx_array_new(n, sizeof *space->layer_gene);
    space->pinned = asx_array_new(n, sizeof *space->pinned);
    space->gene_name = asx_array_new(n + 1, sizeof *space->gene_name);
    asx_status status = ASX_OK;
    if (!decider || !space->layer_name || !space->layer_gene || !space->pinned || !space->gene_name)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a space of %zu layers", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        decider[i] = FREE;
        space->n_layers = i + 1;
        space->layer_name[i] = asx_string_copy(spec->work->layer[i].name);
        if (!space->layer_name[i])
            status = asx_fail(err, ASX_ENOMEM, "no memory for a space of %zu layers", n);
    }
    if (status == ASX_OK)
        status = apply_pins(space, decider, spec, err);
    if (status == ASX_OK)
        status = apply_groups(decider, spec, err);
    if (status == ASX_OK)
        status = number_genes(space, decider, spec, err);
    free(decider);
    return status;
}

asx_status asx_space_new(asx_space **out, const asx_space_spec *spec, asx_error *err)
{
    asx_space *space = asx_array_new(1, sizeof *space);
    asx_status status =
        space ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for the design space");
    if (status == ASX_OK)
        status = set_placements(space, spec, err);
    if (status == ASX_OK)
        status = set_formats(space, spec, err);
    if (status == ASX_OK)
        status = set_layers(space, spec, err);
    if (status != ASX_OK) {
        asx_space_free(space);
        return status;
    }
    *out = space;
    return ASX_OK;
}
