/* The kinds of pictures beside the front itself: each computes its numbers from a loaded front and
 * hands them to a chart of results. */
#ifndef ASX_CLI_PLOT_KINDS_H
#define ASX_CLI_PLOT_KINDS_H

#include "hwmodel/machine.h"
#include "results/front.h"
#include "results/plot.h"

/* What a kind may use. */
typedef struct plot_source {
    asx_store *store;
    const asx_front *f;
    const asx_workload *work;
    const char *where;       /* the condition `f` was loaded under; NULL: none */
    const char *const *name; /* [f->n] short names of the front's designs */
} plot_source;

typedef asx_status plot_kind_draw(const asx_plot_options *options, const plot_source *source,
                                  asx_error *err);

plot_kind_draw plot_predicted;   /* what the search believed against what was measured */
plot_kind_draw plot_breakdown;   /* energy by part, chosen designs beside the baseline */
plot_kind_draw plot_layers;      /* layer x design of the front: stored bits and format */
plot_kind_draw plot_alphabets;   /* layer x alphabet: how much of the front uses it */
plot_kind_draw plot_history;     /* front and hypervolume as evaluations came */
plot_kind_draw plot_tradeoff;    /* fronts by word length and by size of the alphabet set */
plot_kind_draw plot_parallel;    /* one line per design of the front over all objectives */
plot_kind_draw plot_projections; /* each pair of objectives, the third as colour */

/** The history of a search in rounds; draws nothing if the campaign had fewer than two. */
ASX_NODISCARD asx_status plot_rounds(const asx_plot_options *options, const plot_source *source,
                                     bool *drawn, asx_error *err);

/**
 * A technology's models against reference data: a table (see hwmodel/check.h), or its own rows.
 * @param check  NULL: its own rows
 */
ASX_NODISCARD asx_status plot_technology(const asx_plot_options *options, const char *name,
                                         const char *check, asx_error *err);

/**
 * Accuracy under faults over their rate.
 * @param path  [n] tables of 'asx eval --sweep --format csv'
 */
ASX_NODISCARD asx_status plot_faults(const asx_plot_options *options, const char *const *path,
                                     size_t n, asx_error *err);

/**
 * Costs of designs by part of the machine, and what each saves against the baseline.
 * @param designs  texts, with semicolons between
 */
ASX_NODISCARD asx_status plot_costs(const asx_plot_options *options, const asx_machine *machine,
                                    const char *designs, asx_error *err);

/* How a picture says an energy: in the unit in which tables have it. */
typedef struct plot_energy {
    char label[48], unit[8]; /* of an axis; "nJ" */
    double pj;               /* one of the unit */
} plot_energy;

/** @param largest_pj  of those that are drawn */
plot_energy plot_energy_of(double largest_pj);

/* Of stacked bars: the machine's parts as fields are called and as pictures say it, and their
 * colours. */
extern const char *const plot_part_name[ASX_N_PARTS], *const plot_part_label[ASX_N_PARTS],
                                                          *const plot_part_color[ASX_N_PARTS];

/** Names of the front's designs as pictures show them, or as numbers do, `whole`: [n], free with plot_names_free. A long one
 * is cut to its row in the table of the front, the format of most layers and the number of layers
 * that differ: "#12 near: w4{1,3}a8 +7". */
ASX_NODISCARD asx_status plot_names(char ***out, const asx_front *f, bool whole, asx_error *err);
void plot_names_free(char **names, size_t n);

#endif
