/* Private: a knapsack of multiple choices with two objectives, one of which carries a shared cost,
 * a rate of all sizes times all times; by dynamic programming over Pareto labels with two resources
 * (E. Q. V. Martins, European J. of Operational Research 16, 1984; resources: M. Desrochers and
 * F. Soumis, INFOR 26, 1988). */
#ifndef ASX_SEARCH_SHARED_H
#define ASX_SEARCH_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"

typedef struct asx_shared_choice {
    double v[2];       /* v[1] without the shared cost */
    double size, time; /* >= 0 */
    uint16_t number;   /* reported in the front */
} asx_shared_choice;

/* Minimises (sum of v[0], sum of v[1] + rate(sum of size) x sum of time + toll x excess), where
 * rate(s) is rate[k] for s in ((k - 1) step, k step], never falling with k, and the excess is what
 * the sum of sizes is above `free_size`. */
typedef struct asx_shared_problem {
    size_t n_stages;
    const asx_shared_choice *const *choice; /* [n_stages][n_choices] */
    const size_t *n_choices;
    double step;
    const double *rate; /* [n_rates]; larger sums of sizes have the last */
    size_t n_rates;
    double toll, free_size;
    double limit[2], size_limit, time_limit; /* INFINITY: none */
    double least_size;                       /* sums of less need not be found */
    double press
        [2]; /* prices of size and time that bounds add: together with the rates' own not below 0 */
    const double *cut; /* [n_cut][2], ascending in 0, descending in 1: what these dominate or
                        * equal need not be found; may be NULL */
    size_t n_cut;
    bool (*stop)(void *state); /* asked while labels are made; may be NULL */
    void *stop_state;
    size_t most_bytes; /* of labels; 0: no limit */
    size_t most_work;  /* labels looked at; 0: no limit */
} asx_shared_problem;

typedef struct asx_shared_front {
    size_t n, n_stages;
    double *value;       /* [n][2], with the shared cost; ascending in 0, descending in 1 */
    double *size, *time; /* [n] */
    uint16_t *choice;    /* [n][n_stages] numbers */
    size_t peak;         /* most labels after a stage */
    bool given_up;       /* stopped, or the labels took too much: there are no rows */
} asx_shared_front;

/* What the lower hull of the sums tells. */
typedef struct asx_shared_hull {
    asx_shared_front design; /* points of the hull, and some between them; not all on the front, and
                              * sizes and times may exceed their limits */
    size_t n;
    double *bound; /* [n][2], ascending in 0: what has this v[0] or more, up to `end`, has this v[1]
                    * at least, with the shared cost */
    double *end;   /* [n], above `bound`'s v[0] and at most the next one's */
    double *load;  /* [n][2]: size and time of the hull where a row begins */
    double tight[2]; /* the price of size is best where a load is between these */
} asx_shared_hull;

typedef struct asx_shared asx_shared;

/** Prepares a problem. @param problem  borrowed for the life of `out`, and all that it points to */
ASX_NODISCARD asx_status asx_shared_new(asx_shared **out, const asx_shared_problem *problem,
                                        asx_error *err);
void asx_shared_free(asx_shared *shared);

/** Whether the hull of the sums tells that no point of the front is beyond the cut. */
bool asx_shared_is_closed(const asx_shared *shared);

/** Whether a point of the front that is beyond the cut may have the stage's choice number `i`. */
bool asx_shared_reaches(const asx_shared *shared, size_t stage, size_t i);

/**
 * A bound of the front, and designs near it, in no time: of choices of one stage after the other, in
 * the order of what they save. Before asx_shared_solve only.
 *
 * @param low    designs with more v[0] than this are asked for
 * @param ratio  above 1: a row's bound is about at most so many times that of its end, if 16 rows
 *               from one point of the hull to the next do
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_shared_find_hull(asx_shared_hull *out, const asx_shared *shared,
                                              double low, double ratio, asx_error *err);
void asx_shared_hull_fini(asx_shared_hull *hull);

/** Exchanges the prices that bounds add. Before asx_shared_solve only. @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_shared_press(asx_shared *shared, const double press[2],
                                          asx_error *err);

/** The least second objectives of what has at most these v[0], as far as the hull tells; INFINITY: there
 *  is nothing. @param x  [n], ascending */
void asx_shared_bound(double *y, const double *x, size_t n, const asx_shared *shared);

/** What the prices leave out of a design's cost: what the hull would have to be raised by. */
double asx_shared_unpriced(const asx_shared *shared, double size, double time);

/** Where to cut the sizes that whole sums can have into some below it, and this or more: at the least
 *  size of this one's rate; of the lowest rate, at the next. INFINITY: there is one rate only. */
double asx_shared_cut(const asx_shared *shared, double size);

/**
 * The front, once: dynamic programming over stages with dominated labels pruned, as in
 * search/exact.h; a label is dominated by one that stays better however its larger size and time
 * are priced in the end.
 *
 * @return ASX_OK, with n = 0 if nothing keeps the limits or all is cut; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_shared_solve(asx_shared_front *out, asx_shared *shared,
                                          asx_error *err);
void asx_shared_front_fini(asx_shared_front *front);

#endif
