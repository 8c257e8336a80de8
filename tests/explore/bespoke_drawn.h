/* A small table, and a training of seconds. */
#ifndef ASX_TESTS_EXPLORE_BESPOKE_DRAWN_H
#define ASX_TESTS_EXPLORE_BESPOKE_DRAWN_H

#include "check.h"
#include "explore/bespoke.h"

static inline asx_bespoke_table *drawn(size_t rows)
{
    asx_error err;
    asx_dataset *data = NULL;
    asx_bespoke_table *t = NULL;
    const asx_bespoke_split split = {{0.56, 0.14, 0.3}, 1, 4};
    CHECK_OK(asx_bespoke_draw(&data, rows, 1, &err), err);
    CHECK_OK(asx_bespoke_table_new(&t, data, &split, &err), err);
    asx_dataset_free(data);
    return t;
}

static const asx_bespoke_training quick = {
    .hidden = {3}, .epochs = 20, .batch = 16, .rate = 0.02, .restarts = 1, .seed = 1};

#endif
