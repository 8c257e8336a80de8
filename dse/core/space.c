/* Design spaces: points, the designs they stand for, and how many there are. */
#include "dse/space.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "space_private.h"

void asx_space_free(asx_space *space)
{
    if (!space)
        return;
    for (size_t i = 0; i < space->n_genes; i++)
        free(space->gene_name[i]);
    for (size_t i = 0; i < space->n_layers; i++)
        free(space->layer_name[i]);
    free(space->gene_name);
    free(space->layer_name);
    free(space->layer_gene);
    free(space->pinned);
    free(space->sorted);
    free(space->format);
    free(space);
}

size_t asx_space_n_genes(const asx_space *space)
{
    return space->n_genes;
}

size_t asx_space_choices(const asx_space *space, size_t gene)
{
    assert(gene < space->n_genes);
    return gene == 0 ? space->n_placements : space->n_formats;
}

const char *asx_space_gene_name(const asx_space *space, size_t gene)
{
    assert(gene < space->n_genes);
    return space->gene_name[gene];
}

size_t asx_space_layer_gene(const asx_space *space, size_t layer)
{
    assert(layer < space->n_layers);
    return space->layer_gene[layer];
}

size_t asx_space_n_layers(const asx_space *space)
{
    return space->n_layers;
}

const asx_format *asx_space_formats(const asx_space *space, size_t *n)
{
    *n = space->n_formats;
    return space->format;
}

const asx_placement *asx_space_placements(const asx_space *space, size_t *n)
{
    *n = space->n_placements;
    return space->placement;
}

const asx_format *asx_space_pinned(const asx_space *space, size_t layer)
{
    assert(layer < space->n_layers);
    return space->layer_gene[layer] == ASX_GENE_PINNED ? &space->pinned[layer] : NULL;
}

uint64_t asx_space_size(const asx_space *space)
{
    uint64_t size = 1;
    for (size_t g = 0; g < space->n_genes; g++) {
        const uint64_t choices = asx_space_choices(space, g);
        if (size > UINT64_MAX / choices)
            return UINT64_MAX;
        size *= choices;
    }
    return size;
}

asx_status asx_space_size_text(char **out, const asx_space *space, asx_error *err)
{
    enum { LIMB = 1000000000 }; /* 9 decimal digits; a gene adds at most 5 */
    const size_t capacity = space->n_genes * 5 / 9 + 1;
    uint32_t *limb = asx_array_new(capacity, sizeof *limb); /* least significant first */
    if (!limb)
        return asx_fail(err, ASX_ENOMEM, "no memory for the size of the space");
    size_t n = 1;
    limb[0] = 1;
    for (size_t g = 0; g < space->n_genes; g++) {
        uint64_t carry = 0;
        for (size_t i = 0; i < n; i++) {
            carry += (uint64_t)limb[i] * asx_space_choices(space, g);
            limb[i] = (uint32_t)(carry % LIMB);
            carry /= LIMB;
        }
        if (carry > 0)
            limb[n++] = (uint32_t)carry;
    }
    assert(n <= capacity);
    asx_text text = {0};
    asx_text_add(&text, "%" PRIu32, limb[n - 1]);
    for (size_t i = n - 1; i-- > 0;)
        asx_text_add(&text, "%09" PRIu32, limb[i]);
    free(limb);
    return asx_text_take(out, &text, err);
}

bool asx_space_contains(const asx_space *space, const asx_gene *point)
{
    for (size_t g = 0; g < space->n_genes; g++) {
        if (point[g] >= asx_space_choices(space, g))
            return false;
    }
    return true;
}

asx_status asx_space_decode(asx_design *out, const asx_space *space, const asx_gene *point,
                            asx_error *err)
{
    for (size_t g = 0; g < space->n_genes; g++) {
        if (point[g] >= asx_space_choices(space, g))
            return asx_fail(err, ASX_EINVAL, "gene '%s' is %u; the space has 0 .. %zu",
                            space->gene_name[g], (unsigned)point[g],
                            asx_space_choices(space, g) - 1);
    }
    asx_design design;
    const asx_status status = asx_design_init(&design, space->n_layers, err);
    if (status != ASX_OK)
        return status;
    design.placement = space->placement[point[0]];
    for (size_t i = 0; i < space->n_layers; i++) {
        const size_t gene = space->layer_gene[i];
        design.format[i] = gene == ASX_GENE_PINNED ? space->pinned[i] : space->format[point[gene]];
    }
    *out = design;
    return ASX_OK;
}

/* The gene value of a format, n_formats if the space does not have it. */
static size_t find_format(const asx_space *space, const asx_format *format)
{
    size_t low = 0, high = space->n_formats;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = asx_format_compare(space->sorted[middle], format);
        if (c == 0)
            return (size_t)(space->sorted[middle] - space->format);
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return space->n_formats;
}

static asx_status outside(const asx_space *space, size_t layer, const asx_format *format,
                          const char *why, asx_error *err)
{
    asx_text text = {0};
    asx_format_print(&text, format);
    const asx_status status =
        asx_fail(err, ASX_EOUTSIDE, "layer '%s': format '%s' is outside the space: %s",
                 space->layer_name[layer], text.s ? text.s : "", why);
    asx_text_fini(&text);
    return status;
}

/* Settles the gene of one layer, or checks it against what an earlier layer has settled. */
static asx_status encode_layer(asx_gene *point, bool *settled, const asx_space *space, size_t layer,
                               const asx_format *format, asx_error *err)
{
    const size_t gene = space->layer_gene[layer];
    if (gene == ASX_GENE_PINNED) {
        if (!asx_format_equal(format, &space->pinned[layer]))
            return outside(space, layer, format, "the layer is pinned to another", err);
        return ASX_OK;
    }
    const size_t choice = find_format(space, format);
    if (choice == space->n_formats)
        return outside(space, layer, format, "it is not one of its formats", err);
    if (settled[gene] && point[gene] != choice)
        return outside(space, layer, format, "another layer of its group has another", err);
    settled[gene] = true;
    point[gene] = (asx_gene)choice;
    return ASX_OK;
}

static asx_status encode_placement(asx_gene *out, const asx_space *space, asx_placement placement,
                                   asx_error *err)
{
    for (size_t i = 0; i < space->n_placements; i++) {
        if (space->placement[i] == placement) {
            *out = (asx_gene)i;
            return ASX_OK;
        }
    }
    return asx_fail(err, ASX_EOUTSIDE, "placement '%s' is outside the space",
                    asx_placement_text(placement));
}

asx_status asx_space_encode(asx_gene *point, const asx_space *space, const asx_design *design,
                            asx_error *err)
{
    if (design->n_layers != space->n_layers)
        return asx_fail(err, ASX_EOUTSIDE, "a design of %zu layers in a space of %zu",
                        design->n_layers, space->n_layers);
    asx_gene *result = asx_array_new(space->n_genes, sizeof *result);
    bool *settled = asx_array_new(space->n_genes, sizeof *settled);
    asx_status status =
        result && settled ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to encode a design");
    if (status == ASX_OK)
        status = encode_placement(&result[0], space, design->placement, err);
    for (size_t i = 0; status == ASX_OK && i < space->n_layers; i++)
        status = encode_layer(result, settled, space, i, &design->format[i], err);
    if (status == ASX_OK)
        memcpy(point, result, space->n_genes * sizeof *point);
    free(settled);
    free(result);
    return status;
}

void asx_space_at(asx_gene *point, const asx_space *space, uint64_t index)
{
    for (size_t g = space->n_genes; g-- > 0;) {
        const uint64_t choices = asx_space_choices(space, g);
        point[g] = (asx_gene)(index % choices);
        index /= choices;
    }
    assert(index == 0);
}
