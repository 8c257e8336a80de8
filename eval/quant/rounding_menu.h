/* Rounding of weights by a layer's output (rounding.h) where groups of them choose from a menu. Private. */
#ifndef ASX_EVAL_ROUNDING_MENU_H
#define ASX_EVAL_ROUNDING_MENU_H

#include "dse/menu.h"
#include "lattice.h"

/* The grids of a menu's words. A word that is no menu is one of a single one. */
typedef struct asx_menu_grids {
    asx_grid *grid[ASX_MENU_WORDS_MAX];
    size_t n, together, depth; /* input weights that have one word, of `depth` */
} asx_menu_grids;

/** @return ASX_OK; ASX_ENOMEM; what asx_word_check says */
ASX_NODISCARD asx_status asx_menu_grids_init(asx_menu_grids *out, const asx_word *word,
                                             size_t depth, asx_error *err);
void asx_menu_grids_fini(asx_menu_grids *grids);

/** Numbers that the functions below work in. */
size_t asx_menu_work(const asx_menu_grids *grids);

/**
 * Sets the grids of a point's rows: those of the words that leave each group least at the point's scale, every weight's
 * squared error counted with its place on the matrix' diagonal, as if inputs were independent.
 * @param work [asx_menu_work]
 */
void asx_menu_assign(asx_lattice_point *p, const asx_menu_grids *grids, const asx_lattice *a,
                     const asx_lattice_target *to, double *work);

/**
 * Groups change their word, one after the other, where the error e of rounding.h is less with the words of another, all
 * others as they are: rounded one after the other as asx_lattice_descend does. Until none does.
 * @param work [asx_menu_work]
 */
void asx_menu_improve(asx_lattice_point *p, const asx_menu_grids *grids, const asx_lattice *a,
                      const asx_lattice_target *to, double *work);

#endif
