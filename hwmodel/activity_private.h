/* Inside the simulation of activity: operands drawn, stratified samples in fixed pseudo-random orders;
 * and loops over lists of words. */
#ifndef ASX_HWMODEL_ACTIVITY_PRIVATE_H
#define ASX_HWMODEL_ACTIVITY_PRIVATE_H

#include <stdint.h>

#include "activity.h"
#include "memo.h"

enum { ASX_OPERAND_DRAWS = 2048 }; /* a power of 2 */

/* Everything but what depends on `hold` is a function of the words, the operands' distributions and
 * the order of passes: kept, for whoever asks next. */
struct asx_activity_store {
    asx_memo *pools;       /* values of a word, drawn */
    asx_memo *multiples;   /* toggles of multiples of the activations */
    asx_memo *transitions; /* all other toggles */
};

/* What a pool is known by: no padding. */
typedef struct asx_pool_key {
    double sigma, zero;
    uint64_t number; /* of quantiles; 0: none */
    uint32_t bits, non_negative, uniform, truncate, stream, without_zeros;
} asx_pool_key;

asx_pool_key asx_pool_key_of(const asx_word *word, const asx_operands *operands, bool weight);

/* Values drawn, in the order of their strata. */
typedef struct asx_pool {
    int32_t value[ASX_OPERAND_DRAWS];
} asx_pool;

typedef struct asx_operand_draws {
    const asx_word *weight, *activation;
    asx_schedule schedule;
    unsigned hold, passes, n_digits;
    unsigned positions; /* operations that a weight is held in the simulation of sums */
    unsigned levels;    /* of the tree of schedule.rows */
    unsigned row_bits, sum_bits;
    unsigned turns;       /* times that ASX_OPERAND_DRAWS transitions of a kind are sampled */
    double likeness;      /* of an operation's activation and the next one's */
    double *normal;       /* [ASX_OPERAND_DRAWS]: the normal deviate of a place; NULL: not needed */
    double idle;          /* share of operations that do not reach the lane */
    const int32_t *input; /* [ASX_OPERAND_DRAWS], borrowed */
    int32_t w[ASX_OPERAND_DRAWS];                          /* as represented */
    int32_t digit[ASX_WORD_DIGITS_MAX][ASX_OPERAND_DRAWS]; /* of alphabet set words */
} asx_operand_draws;

ASX_NODISCARD asx_status asx_operand_draws_new(asx_operand_draws **out, asx_activity_store *store,
                                               const asx_word *weight, const asx_word *activation,
                                               const asx_operands *operands,
                                               const asx_schedule *schedule, asx_error *err);
void asx_operand_draws_free(asx_operand_draws *draws);

/** Places in a pool, the stratum of each draw: every one comes once in a `turn`. Streams of weights
 * and of inputs are independent. @param out  [ASX_OPERAND_DRAWS] */
void asx_draw_weights(uint16_t *out, uint64_t stream, uint64_t turn);
void asx_draw_inputs(uint16_t *out, uint64_t stream, uint64_t turn);

/** The place of an activation that follows another one. @param by  an independent place */
uint16_t asx_place_following(const asx_operand_draws *draws, uint16_t place, uint16_t by);

/** Whether a pass stays while operands go by: the loop over passes is outside. */
bool asx_passes_hold(const asx_operand_draws *draws);

/** A pass adds coefficient x input. @param at  the weight's place in the pool */
int32_t asx_pass_coefficient(const asx_operand_draws *draws, unsigned at, unsigned pass);
/** The place that it is shifted to. */
unsigned asx_pass_place(const asx_operand_draws *draws, unsigned pass);
/** Whether the sum subtracts it: the top bit of two's complement weights. */
bool asx_pass_subtracts(const asx_operand_draws *draws, unsigned pass);
/** A pass's bit of the input, where these come one at a time; else all bits. */
unsigned asx_pass_input_shift(const asx_operand_draws *draws, unsigned pass);
int32_t asx_pass_input_mask(const asx_operand_draws *draws);

/* Which pass follows which, and how often per product. */
typedef struct asx_transition {
    unsigned from, to;
    bool same_weight, same_input;
    double count;
    unsigned stream; /* of its operands */
    bool follows;    /* the new activation is that of the next pixel */
} asx_transition;

/* Operands before and after. */
typedef struct asx_sampled {
    uint16_t weight[ASX_OPERAND_DRAWS], input[ASX_OPERAND_DRAWS]; /* places in their pools */
    int32_t w[ASX_OPERAND_DRAWS], x[ASX_OPERAND_DRAWS];
    int32_t digit[ASX_OPERAND_DRAWS], row[ASX_OPERAND_DRAWS]; /* workspace */
    int64_t sum[ASX_OPERAND_DRAWS];                           /* the same */
} asx_sampled;

/* One transition, sampled. */
typedef struct asx_sampling {
    const asx_operand_draws *draws;
    asx_transition t;
    unsigned n;
    asx_sampled was, now;
} asx_sampling;

/** Draws a turn's operands. */
void asx_sampling_draw(asx_sampling *s, unsigned turn);

/** Adds a transition's mean toggles, but for sums. */
ASX_NODISCARD asx_status asx_transition_add(asx_activity *sum, asx_activity_store *store,
                                            const asx_operand_draws *draws,
                                            const asx_transition *transition,
                                            const asx_operands *operands, asx_error *err);

/** The accumulator of `rows` lanes, mean toggles of its adder and of its register in a pass. */
void asx_activity_sums(double *adder, double *stored, const asx_operand_draws *draws,
                       unsigned rows);

/* Lists of words. Vector code. */

/** Sum over i of the bits, of the lowest `bits`, in which a[i] and b[i] differ. */
uint64_t asx_toggles(const int32_t *a, const int32_t *b, unsigned n, unsigned bits);
/** The same of the `bits` above the lowest `low`. */
uint64_t asx_toggles_wide(const int64_t *a, const int64_t *b, unsigned n, unsigned low,
                          unsigned bits);
/** Of a[i] x[i] and b[i] y[i], and of a multiple of x[i] and of y[i]; products go round at 32 bits. */
uint64_t asx_toggles_of_products(const int32_t *a, const int32_t *x, const int32_t *b,
                                 const int32_t *y, unsigned n, unsigned bits);
uint64_t asx_toggles_of_multiples(uint32_t multiple, const int32_t *x, const int32_t *y, unsigned n,
                                  unsigned bits);
/** sum[i] += coefficient x (the masked bits of x[i] >> shift). */
void asx_add_products(int64_t *sum, int32_t coefficient, const int32_t *x, unsigned n,
                      unsigned shift, int32_t mask);

#endif
