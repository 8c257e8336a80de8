#include "space_check.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "dse/menu.h"
#include "dse/text.h"

static bool is_same_kind(const asx_word *a, const asx_word *b)
{
    if (asx_word_is_menu(a) || asx_word_is_menu(b)) /* its words decide */
        return asx_word_equal(a, b);
    return a->bits == b->bits && a->digits == b->digits && a->kind == b->kind &&
           asx_alphabet_set_is_empty(a->set) == asx_alphabet_set_is_empty(b->set);
}

/* Prices differ by set too, but what a technology reaches is told by lengths and kinds of words. */
static bool has_earlier(const asx_format *format, size_t f)
{
    for (size_t i = 0; i < f; i++)
        if (is_same_kind(&format[i].weight, &format[f].weight) &&
            is_same_kind(&format[i].activation, &format[f].activation))
            return true;
    return false;
}

static asx_status check(asx_gene *point, size_t format, const asx_space *space,
                        const asx_machine *machine, asx_error *err)
{
    asx_cost cost;
    asx_design design = {0};
    for (size_t g = 1; g < asx_space_n_genes(space); g++)
        point[g] = (asx_gene)format;
    asx_status status = asx_space_decode(&design, space, point, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&cost, NULL, machine, &design, err);
    asx_design_fini(&design);
    return status;
}

/* A list of formats is written in short: which of them it is about is named. */
static asx_status refuse(const asx_format *format, const asx_error *inner, asx_error *err)
{
    asx_text text = {0};
    asx_format_print(&text, format);
    const asx_status status = asx_fail(err, inner->status, "format '%s': %s",
                                       text.s && !text.failed ? text.s : "", inner->message);
    asx_text_fini(&text);
    return status;
}

asx_status asx_space_check_costs(const asx_space *space, const asx_machine *machine, asx_error *err)
{
    size_t n = 0;
    asx_error inner = {0};
    const asx_format *format = asx_space_formats(space, &n);
    asx_gene *point = asx_array_new(asx_space_n_genes(space), sizeof *point);
    asx_status status = point ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a design");
    for (size_t f = 0; status == ASX_OK && f < n; f++) {
        if (has_earlier(format, f))
            continue;
        for (size_t p = 0; status == ASX_OK && p < asx_space_choices(space, 0); p++) {
            point[0] = (asx_gene)p;
            status = check(point, f, space, machine, &inner);
        }
        if (status != ASX_OK)
            status = refuse(&format[f], &inner, err);
    }
    free(point);
    return status;
}
