/* The front of a stored campaign: the one routine behind every table, file and picture of a front,
 * and behind every count of it, hypervolume and best design.
 *
 * A front is what the search's tier says, with what was found out since laid over: a measured drop
 * takes the place of a predicted one, and a trained design that loses less than the same design
 * untrained takes its place, for it is the same hardware, better used. */
#ifndef ASX_RESULTS_FRONT_H
#define ASX_RESULTS_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "results/query.h"
#include "results/record.h"
#include "results/reference_point.h"
#include "results/rows.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_front {
    int64_t campaign; /* its number */
    asx_record record;
    asx_objective objective[ASX_N_OBJECTIVES]; /* [n_objectives] what the campaign minimises */
    size_t n_objectives;
    asx_limits limits;
    asx_subset on;     /* the part of the images that `rows`, `checked` and `trained` are of */
    asx_tier searched; /* the tier that the search ran on */
    asx_tier tier;     /* of the drops in `rows`, but for those laid over */
    asx_rows
        rows; /* everything considered; where it is `streamed`, what asx_front_each_behind does not show */
    asx_rows predicted; /* the same designs as they were before others were laid over */
    asx_rows checked;   /* the same designs measured as they are, where `rows` says another drop */
    asx_rows report;    /* measured on the report images, which the search never saw */
    asx_rows trained;   /* trained and measured, all trainings */
    asx_rows outside;   /* the baseline, where it is not among `rows` */
    asx_rows asked;     /* the answer of asx_front_find_best, where it is not among `rows` */
    bool streamed;      /* rows that others beat are left in the database */
    int64_t *
        known; /* [n_known] evaluations that `rows`, or what is laid over them, stand for; ascending */
    size_t n_known;
    const asx_row *baseline; /* that savings are quoted against; NULL if it was not evaluated */
    size_t *index; /* [n] rows on the front, by the first objective that is not the drop */
    size_t n;
    size_t *number; /* [n] where a condition chose `rows`: asx_front_number of each; else NULL */
    bool feasible;  /* whether the front keeps the limits; if not, its rows violate them least */
} asx_front;

/* What to load. Zeros and NULLs mean the defaults; strings are borrowed for the call. */
typedef struct asx_front_options {
    int64_t id;           /* the campaign; 0: by name */
    const char *campaign; /* the newest of this name, or its number; NULL: the newest of all */
    const char *tier;     /* NULL: the tier the search ran on, with what was measured and trained
                             laid over; else drops of this tier alone */
    const char *on; /* "select", "confirm" or "report": the images that drops are of; NULL: select.
                             Of the others only what was measured on them is considered */
    const char *where; /* an SQL expression over the view `result`: consider only these rows */
    bool few;          /* `rows` leave out what another row beats, but for what was measured or
                             trained: of a large campaign much less is read then */
    bool
        streamed; /* `rows` are those of the front, what is laid over others, and those that tables name: the
                          baseline, designs that were confirmed or reported. For who looks; searches go by `few` */
} asx_front_options;

/**
 * Loads a campaign's front.
 *
 * All rows but those of `trained` are sorted by the text of their design (asx_rows_find). A
 * campaign that evaluated nothing yet has an empty front. With `where` the front that no condition chose is loaded too.
 *
 * @param out  asx_front_fini it; untouched on failure
 * @return ASX_OK; ASX_ENOTFOUND for an unknown campaign or tier; ASX_EPARSE for an ill-formed
 *         `where`; ASX_ENOMEM; ASX_EDB
 * Cost: O(m log m) in the rows m of the campaign; with `few` and no `where`, in the rows kept of
 * its fronts and those booked since, unless a measured design of the front loses more than was
 * predicted: then others may take its place, and all are read. `streamed`: the same; where all are
 * read they are not held.
 */
ASX_API ASX_NODISCARD asx_status asx_front_load(asx_front *out, asx_store *store,
                                                const asx_front_options *options, asx_error *err);

/**
 * Shows the rows of a `streamed` front that are not in `rows`, as asx_scan_each does: numbers, no texts.
 * @param where  that the front was loaded with
 * @return ASX_OK; what `visit` returned; ASX_ENOMEM; ASX_EDB
 * Cost: that of asx_scan_each; of other fronts none, for nothing is left out.
 */
ASX_API ASX_NODISCARD asx_status asx_front_each_behind(const asx_front *f, asx_store *store,
                                                       const char *where, asx_row_visit *visit,
                                                       void *state, asx_error *err);

/** Releases what asx_front_load filled in; accepts a zeroed one. */
ASX_API void asx_front_fini(asx_front *f);

/**
 * Keeps a campaign's fronts in the database, so that they need not be looked for among all rows.
 * The store does so by itself every so often and when a run ends; this is for who cannot wait.
 * Bookings that the store holds back are flushed first.
 * @return ASX_OK; ASX_ENOTFOUND; ASX_ENOMEM; ASX_EDB
 * Cost: O(m log m) in rows m booked since.
 */
ASX_API ASX_NODISCARD asx_status asx_front_keep(asx_store *store, int64_t campaign, asx_error *err);

/** The i-th row on the front, i < f->n. */
ASX_API const asx_row *asx_front_row(const asx_front *f, size_t i);

/** What tables call the i-th row: its place on the front that no condition chose, from 1, so that it can be asked for; 0 if
 *  its design is not on that. */
ASX_API size_t asx_front_number(const asx_front *f, size_t i);

/** The number of a row of `f->rows`; 0 if it is not on the front, or has none. */
ASX_API size_t asx_front_place(const asx_front *f, const asx_row *row);

/** The same design measured as it is, where `row` is a prediction or what training made of it; NULL
 * if there is none. */
ASX_API const asx_row *asx_front_checked(const asx_front *f, const asx_row *row);

/** What was predicted of the design of a row: the row itself where it is a prediction; NULL if
 *  nothing was. */
ASX_API const asx_row *asx_front_predicted(const asx_front *f, const asx_row *row);

/** Whether drops of other tiers than `f->tier` are laid over its rows. */
ASX_API bool asx_front_is_mixed(const asx_front *f);

/** The first objective of the campaign that is not the drop; energy if there is none. */
ASX_API asx_objective asx_front_cost(const asx_front *f);

/**
 * The objectives of the rows on the front.
 * @param out  [f->n][f->n_objectives], owned by the caller, free()
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_front_values(double **out, const asx_front *f, asx_error *err);

/* ---- how far it reaches ---- */

/**
 * The point that hypervolumes of this campaign are measured against; see asx_reference_point_of.
 * @return false if the baseline was not evaluated, and so there is none
 */
ASX_API bool asx_front_reference(asx_reference_point *out, const asx_front *f);

/**
 * Hypervolume of the front, as a share of the box up to a reference point: 0 if it does not keep
 * the limits, NAN without a point (n = 0) or above four objectives, where it would take long.
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_front_hypervolume_of(double *out, const asx_front *f,
                                                          const asx_reference_point *r,
                                                          asx_error *err);

/** The same against the front's own point. @return as above */
ASX_API ASX_NODISCARD asx_status asx_front_hypervolume(double *out, const asx_front *f,
                                                       asx_error *err);

/* ---- single designs of it (best.c) ---- */

/**
 * The best of all rows considered: least violation of `limits` first, then least of `minimise`;
 * the first of equals.
 * @param feasible  whether it keeps the limits; may be NULL
 * @return NULL if there are no rows
 * Cost: O(rows).
 */
ASX_API const asx_row *asx_front_best(bool *feasible, const asx_front *f, const asx_limits *limits,
                                      asx_objective minimise);

/**
 * The same, of `streamed` fronts too: of equals one of `rows`.
 * @param out    a row of `f`, valid until the next question; NULL if there are no rows
 * @param where  that the front was loaded with
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 * Cost: O(rows); of a streamed front that of asx_front_each_behind, unless its rows must have the best.
 */
ASX_API ASX_NODISCARD asx_status asx_front_find_best(const asx_row **out, bool *feasible,
                                                     asx_front *f, asx_store *store,
                                                     const char *where, const asx_limits *limits,
                                                     asx_objective minimise, asx_error *err);

/** The row on the front with the least `cost` among those that lose at most `max_drop` points; NULL
 * if none does. */
ASX_API const asx_row *asx_front_cheapest(const asx_front *f, asx_objective cost, double max_drop);

/**
 * The knee: the row on the front with the least sum of the campaign's objectives, each scaled to its
 * range on the front; that is the one farthest below the plane through the extremes. NULL if the
 * front is empty.
 */
ASX_API const asx_row *asx_front_knee(const asx_front *f);

#ifdef __cplusplus
}
#endif

#endif
