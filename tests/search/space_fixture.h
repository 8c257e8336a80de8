/* A small network and design spaces over it, for the tests of the search. */
#ifndef ASX_TESTS_SPACE_FIXTURE_H
#define ASX_TESTS_SPACE_FIXTURE_H

#include <string.h>

#include "dense.h"
#include "dse/space.h"
#include "search/searcher.h"

enum { FIXTURE_LAYERS_MAX = 40 };

/* "exact" proposes the front of a model it is given, and "greedy" one path: what is demanded of
 * those that explore a space does not hold for them. */
static inline bool fixture_explores(const asx_searcher_type *type)
{
    return strcmp(type->name, "exact") != 0 && strcmp(type->name, "greedy") != 0;
}

static inline asx_workload fixture_workload(size_t n_layers)
{
    return dense_network(n_layers, 8, 8);
}

/* Per layer, two placements, the first `n_formats` of ten formats. */
static inline asx_space *fixture_space(const asx_workload *work, size_t n_formats)
{
    static const char *const text[] = {"w8a8",      "w8{1}a8",   "w8{1,3}a8", "w6a8",    "w6{1}a8",
                                       "w6{1,3}a8", "w4{1,5}a8", "w4{1}a8",   "w4{3}a8", "w4a8"};
    static const asx_placement placement[] = {ASX_PLACEMENT_VN, ASX_PLACEMENT_NEAR};
    asx_error err;
    asx_format format[10];
    for (size_t i = 0; i < n_formats; i++)
        CHECK_OK(asx_format_parse(&format[i], text[i], &err), err);
    asx_space_spec spec = {.work = work,
                           .placement = placement,
                           .n_placements = 2,
                           .format = format,
                           .n_formats = n_formats,
                           .per_layer = true};
    asx_space *space;
    CHECK_OK(asx_space_new(&space, &spec, &err), err);
    return space;
}

#endif
