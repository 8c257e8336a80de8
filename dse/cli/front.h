/* The front of a stored campaign: the one routine behind every table, file and picture of a front.
 */
#ifndef ASX_CLI_FRONT_H
#define ASX_CLI_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/evaluation.h"
#include "results/campaign.h"
#include "results/query.h"
#include "results/store.h"
#include "table.h"

typedef struct front {
    asx_campaign_record record;
    int64_t campaign;
    asx_objective objective[ASX_N_OBJECTIVES];
    size_t n_objectives;
    asx_limits limits;
    asx_tier tier;
    asx_rows rows; /* everything the search evaluated at `tier`, on the campaign's select images */
    asx_rows checked; /* the same designs measured: select images if `tier` is proxy */
    asx_rows report;  /* measured on the report images */
    asx_rows trained; /* trained and measured on the select images; where that is the better, `rows`
                       * and `report` say it too, see front_add_trained */
    size_t *index;    /* [n] rows on the front, in the order front_load states */
    size_t n;
    size_t first_row; /* number of the first one in tables, counted from 1; 0: it has none */
    bool feasible;    /* whether the front keeps the limits; if not, these violate them least */
    const asx_row *baseline; /* NULL if it was not evaluated */
    double *exact_pj;   /* [n] energy of exact multipliers with the words and the placement of row i
                         * on the front, NAN where the model has changed since; NULL: not asked */
    bool *extrapolated; /* [n] some figure is beyond the technology's rows; NULL: none can be */
    const char *proof;  /* what the table says of each row in a column; NULL: no such column */
    asx_rows outside;   /* the baseline, where `where` leaves it out of `rows` */
} front;

/* What to load. Zeros and NULLs mean the defaults. */
typedef struct front_options {
    int64_t id;           /* the campaign; 0: by name */
    const char *campaign; /* the newest of this name, or its number; NULL: the newest of all */
    const char *tier;     /* NULL: the tier the search ran on, with trained designs laid over */
    const char *where;    /* consider only these rows */
    bool few; /* `rows` may leave out what is not on the front: much less to read of large campaigns
               */
    bool proof; /* front_print tells what the search vouched for */
} front_options;

/* The options of a command that loads a front, in a table of options. */
#define FRONT_OPTIONS(which)                                                                       \
    OPTION_CAMPAIGN(&(which).campaign),                                                            \
        {.name = "tier",                                                                           \
         .kind = OPTION_CHOICE,                                                                    \
         .target = &(which).tier,                                                                  \
         .argument = "proxy|measured|trained",                                                     \
         .help = "the accuracies to use (default: what the search ran on)"},                       \
    {                                                                                              \
        .name = "where", .kind = OPTION_TEXT, .target = &(which).where, .argument = "EXPR",        \
        .help = "consider only designs that fulfil an SQL expression; see asx query"               \
    }

/** Front rows are ordered by the first objective of the campaign that is not `drop`, ascending. */
ASX_NODISCARD asx_status front_load(front *out, asx_store *store, const front_options *options,
                                    asx_error *err);
void front_fini(front *f);

/** Which of `rows` are on the front; `index` is to be freed. @param f  objectives and limits count
 */
ASX_NODISCARD asx_status front_pick(size_t **index, size_t *n_index, bool *feasible, const front *f,
                                    const asx_rows *rows, asx_error *err);

/* front_campaign.c */

/** Finds the campaign, and reads its record, objectives and limits into `f`. */
ASX_NODISCARD asx_status front_campaign(front *f, asx_store *store, const front_options *options,
                                        asx_error *err);

/** The limits that a record states: "drop=2 energy=1e6". */
ASX_NODISCARD asx_status front_limits(asx_limits *out, const char *text, asx_error *err);

/** The same of a stored campaign. */
ASX_NODISCARD asx_status front_campaign_limits(asx_limits *out, asx_store *store, int64_t campaign,
                                               asx_error *err);

/* front_keep.c */

/** Keeps a campaign's front in the database, so that it need not be looked for among all rows. */
ASX_NODISCARD asx_status front_keep(asx_store *store, int64_t campaign, asx_error *err);

/** The same of every campaign. */
ASX_NODISCARD asx_status front_keep_all(asx_store *store, asx_error *err);

/* front_exact.c */

/** Works out `exact_pj`, and `extrapolated` where the campaign allows that. */
ASX_NODISCARD asx_status front_add_exact(front *f, asx_store *store, asx_error *err);

/* front_table.c */

/** Appends which limits an evaluation exceeds: "energy_pj 120 > 100"; nothing if it keeps all. */
void front_exceeds(asx_text *out, const asx_limits *limits, const asx_evaluation *e);

/** The front as a table: costs, saving against the baseline, drops as far as they are known; and
 *  what its rows exceed, if nothing keeps the limits. */
ASX_NODISCARD asx_status front_table(table **out, const front *f, asx_error *err);

/**
 * Loads a front from a database and prints it; says on stderr if it is empty or keeps no limits.
 * @param print  "table", "csv" or "json"
 */
ASX_NODISCARD asx_status front_print(const char *database, const front_options *options,
                                     const char *print, asx_error *err);

/** Rows in the order that front_find wants. */
void front_sort_rows(asx_rows *rows);

/* front_trained.c */

/** Lays trained accuracies over sorted `rows` and `report`. @param where for `rows` alone */
ASX_NODISCARD asx_status front_add_trained(front *f, asx_store *store, const char *where,
                                           asx_error *err);

/** The row of the same design measured as it is, where `row` is a prediction or what training made
 *  of it; NULL if there is none. */
const asx_row *front_checked(const front *f, const asx_row *row);

/** A design's row among others; NULL if it is not there. */
const asx_row *front_find(const asx_rows *rows, const char *design);

#endif
