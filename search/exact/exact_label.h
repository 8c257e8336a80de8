/* Private to exact*.c: partial sums, and how they came about. */
#ifndef ASX_SEARCH_EXACT_LABEL_H
#define ASX_SEARCH_EXACT_LABEL_H

#include <stdbool.h>

#include "search/exact.h"

enum { ASX_EXACT_MOST_OBJECTIVES = 3 };

typedef struct asx_exact_label {
    double v[ASX_EXACT_MOST_OBJECTIVES]; /* only the problem's are used */
    uint32_t parent;                     /* in the list of the layer before */
    uint32_t choice;
} asx_exact_label;

/* Ascending in v[0]. */
typedef struct asx_exact_list {
    asx_exact_label *item;
    size_t n, capacity;
} asx_exact_list;

/** @return false without memory, or for more labels than can be numbered */
bool asx_exact_list_reserve(asx_exact_list *list, size_t n);

/** The list before the first layer: one sum of nothing. */
bool asx_exact_list_begin(asx_exact_list *list);

/* Of each layer's labels the choice, and the label of the layer before. */
typedef struct asx_exact_history {
    const asx_exact_problem *problem;
    struct asx_exact_link **link; /* [n_layers][labels of the layer] */
    size_t peak;                  /* most labels of a layer */
} asx_exact_history;

/** @param problem  borrowed. Fini it in any case. */
ASX_NODISCARD asx_status asx_exact_history_init(asx_exact_history *h,
                                                const asx_exact_problem *problem, asx_error *err);
void asx_exact_history_fini(asx_exact_history *h);

ASX_NODISCARD asx_status asx_exact_history_add(asx_exact_history *h, size_t layer,
                                               const asx_exact_list *list, asx_error *err);

/** The front, of the labels of the last layer. */
ASX_NODISCARD asx_status asx_exact_history_front(asx_exact_front *out, const asx_exact_history *h,
                                                 const asx_exact_list *last, double factor,
                                                 asx_error *err);

ASX_NODISCARD asx_status asx_exact_no_memory(size_t n, asx_error *err);

#endif
