/* Rows of a front as a table: costs, saving against the baseline, drops as far as they are known. People
 * are shown one drop with a mark of what it is, and that on unseen images. */
#ifndef ASX_VIEW_FRONT_TABLE_H
#define ASX_VIEW_FRONT_TABLE_H

#include "dse/text.h"
#include "explore/front_exact.h"
#include "look.h"
#include "results/answer.h"
#include "results/front.h"
#include "table.h"

/* What a table shows, and what it says beside. */
typedef struct front_view {
    const asx_row *const *row; /* [n] of the front's rows; NULL: n of those on the front, spread */
    size_t n;
    const asx_limits *limits; /* that rows are judged by, where `broken`; NULL: the campaign's */
    bool broken;              /* they exceed limits: a column says which */
    const asx_front_exact *exact; /* of the rows on the front; NULL: not asked */
    const asx_answer_design
        *confirmed;    /* the only row, as it was confirmed; NULL: no such columns */
    const char *proof; /* of every row; NULL: no such column */
} front_view;

/** Appends a design as sentences name it, so that it can be asked for: its text; of a long one on the
 *  front the short name and the row, "near: w4{1,3}a8 +7 (#12)". */
void front_name_add(asx_text *out, const asx_front *f, const asx_row *row);

/** Appends which limits an evaluation exceeds: "energy_pj 120 > 100"; nothing if it keeps all. */
void front_exceeds(asx_text *out, const asx_limits *limits, const asx_evaluation *e);

/** @param view  NULL: the front as it is */
ASX_NODISCARD asx_status front_table(table **out, const asx_front *f, const front_view *view,
                                     asx_error *err);

/** Appends what was asked for where nothing is there: " of tier 'proxy'", " that fits --where"; " yet" for all. */
void front_choice_add(asx_text *out, const asx_front_options *which);

/** A failure of a database in which nothing is that was asked for. */
asx_status front_fail_empty(asx_error *err, const char *database, const asx_front_options *which);

/** Fails for the question `what`, which is about accuracy, where designs are priced and no more.
 *  @param instead  what can be had, as "limits of energy can be had"; after "no accuracy; " */
ASX_NODISCARD asx_status front_need_accuracy(const asx_front *f, const char *database,
                                             const char *what, const char *instead, asx_error *err);

/** The front as a table on stdout; says on stderr what its columns mean, and if it is empty or keeps
 *  no limits. @param which  it was loaded with */
ASX_NODISCARD asx_status front_print(const asx_front *f, asx_store *store,
                                     const asx_front_options *which, const look *l, asx_error *err);

/** Reads what is said beside a front, so that nothing is printed of a file that is damaged there. */
ASX_NODISCARD asx_status front_probe(const asx_front *f, asx_store *store, asx_error *err);

/** Says that a front keeps no limits. */
void front_say_broken(const asx_front *f);

/** Says how far a front reaches: its size, its hypervolume and the point that this is against. */
ASX_NODISCARD asx_status front_say_reach(const asx_front *f, asx_error *err);

/* What stands in the place of an accuracy that nobody stored. */
#define FRONT_NO_FLOAT "not stored; a run of the campaign stores it"

/** Says what the columns of people's table mean: of which images its drops are, or that none are known. */
void front_say_legend(const asx_front *f);

/** Says how good the float network is on the front's images, beside guessing; or that it was not stored. */
ASX_NODISCARD asx_status front_say_float(const asx_front *f, asx_store *store, asx_error *err);

/** Says what the search vouched for, if that is about this front. */
ASX_NODISCARD asx_status front_say_proof(const asx_front *f, asx_store *store, asx_error *err);

#endif
