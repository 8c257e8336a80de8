/* Columns: products of several rows are added in space, and their sum to one accumulator.
 *
 * Of R rows the adders of level l = 1 .. log2 R count R / 2^l, each as wide as a row and l more; the
 * root, its adder and its sum are shared by R products. Carry-save trees and compressors have as
 * many full adders, but carries run once, at the root. Energy is per product: a level's toggles by
 * 2^l; glitches of the rows run on through the tree, so they are terms of their own. */
#include <math.h>

#include "dse/number.h"
#include "mac.h"

enum { LEVELS, ROWS };

unsigned asx_row_bits(const asx_mac *mac)
{
    const unsigned w = mac->weight.bits, x = mac->activation.bits;
    if (mac->order == ASX_PASSES_WEIGHT_BITS)
        return x;
    if (mac->order == ASX_PASSES_ACTIVATION_BITS)
        return w;
    return mac->single ? x + asx_word_digit_bits(&mac->weight, 0) + 1 : w + x;
}

void asx_column_energy(double *amount, const asx_mac *mac, asx_family family,
                       const asx_activity *activity)
{
    double *tree = &amount[asx_tree_term(mac->tree)];
    const unsigned levels = asx_log2_ceil(mac->rows);
    for (unsigned l = 1; l <= levels; l++)
        tree[LEVELS] += ldexp(activity->level[l], -(int)l);
    amount[ASX_TERM_ROOT] = activity->root_sum / mac->rows;
    if (mac->single) { /* at the root; all rows have races when the digit changes */
        amount[ASX_TERM_PLACE] = activity->level[levels] / mac->rows;
        amount[ASX_TERM_PLACE_CHANGE] = activity->turn * mac->activation.bits;
    }
    if (family != ASX_FAMILY_BIT_SERIAL) /* there they are the products themselves */
        tree[ROWS] = activity->row;
}

void asx_column_size(double *amount, const asx_mac *mac)
{
    double *tree = &amount[asx_tree_term(mac->tree)];
    const unsigned levels = asx_log2_ceil(mac->rows), bits = asx_row_bits(mac);
    for (unsigned l = 1; l <= levels; l++)
        tree[LEVELS] += ldexp(bits + l, -(int)l);
    tree[ROWS] = 1;
    amount[ASX_TERM_ROOT] = (double)(mac->weight.bits + mac->activation.bits + levels) / mac->rows;
    amount[ASX_TERM_ROOT_ONCE] = 1. / mac->rows;
}

void asx_column_delay(double *amount, const asx_mac *mac)
{
    double *tree = &amount[asx_tree_term(mac->tree)];
    tree[LEVELS] = asx_log2_ceil(mac->rows);
    tree[ROWS] = asx_row_bits(mac);
    amount[ASX_TERM_ROOT] = mac->weight.bits + mac->activation.bits + asx_log2_ceil(mac->rows);
    amount[ASX_TERM_ROOT_ONCE] = 1;
}
