/* Sums as sequences: an accumulator adds the products of `rows` lanes in every pass, to one running
 * sum or to one for each operation that a weight is held. */
#include <string.h>

#include "activity_private.h"

/* SUMS: the stream of their operands. SETS_MIN: times that their weights are drawn. */
enum { SUMS = 1 << 16, SETS_MIN = 12, POSITIONS_MAX = 64 };

/* Draws one after the other. */
typedef struct stream {
    void (*draw)(uint16_t *out, uint64_t stream, uint64_t turn);
    uint16_t place[ASX_OPERAND_DRAWS];
    unsigned next;
} stream;

static unsigned next_of(stream *s)
{
    const unsigned i = s->next % ASX_OPERAND_DRAWS;
    if (i == 0)
        s->draw(s->place, SUMS, s->next / ASX_OPERAND_DRAWS);
    s->next++;
    return s->place[i];
}

/* What all rows add in each pass and position, with one weight each. */
typedef int64_t roots[ASX_WORD_BITS_MAX][POSITIONS_MAX];

static void add_rows(roots root, const asx_operand_draws *s, unsigned rows, stream *weights,
                     stream *inputs)
{
    const int32_t mask = asx_pass_input_mask(s);
    int32_t x[POSITIONS_MAX];
    uint16_t place = 0;
    for (unsigned pass = 0; pass < s->passes; pass++)
        memset(root[pass], 0, s->positions * sizeof root[pass][0]);
    for (unsigned r = 0; r < rows; r++) {
        const unsigned at = next_of(weights);
        for (unsigned i = 0; i < s->positions; i++) {
            const uint16_t by = (uint16_t)next_of(inputs);
            place = i > 0 && s->normal ? asx_place_following(s, place, by) : by;
            x[i] = s->input[place];
        }
        for (unsigned pass = 0; pass < s->passes; pass++)
            asx_add_products(root[pass], asx_pass_coefficient(s, at, pass), x, s->positions,
                             asx_pass_input_shift(s, pass), mask);
    }
}

/* A sum's adder shows the sums one after the other; its register changes from its own last one. */
typedef struct accumulator {
    int64_t sum[POSITIONS_MAX], last;
    int64_t seen[ASX_WORD_BITS_MAX * POSITIONS_MAX], kept[ASX_WORD_BITS_MAX * POSITIONS_MAX],
        next[ASX_WORD_BITS_MAX * POSITIONS_MAX]; /* of a set of weights */
} accumulator;

static void run(accumulator *a, const asx_operand_draws *s, roots root)
{
    const bool outer = asx_passes_hold(s), one = s->schedule.sums <= 1;
    for (unsigned step = 0; step < s->positions * s->passes; step++) {
        const unsigned at = outer ? step % s->positions : step / s->passes;
        const unsigned pass = outer ? step / s->positions : step % s->passes;
        int64_t *own = &a->sum[one ? 0 : at];
        const int64_t part = root[pass][at] * ((int64_t)1 << asx_pass_place(s, pass));
        a->seen[step] = a->last;
        a->kept[step] = *own;
        a->last = *own += asx_pass_subtracts(s, pass) ? -part : part;
        a->next[step] = a->last;
    }
}

void asx_activity_sums(double *adder, double *stored, const asx_operand_draws *s, unsigned rows)
{
    const unsigned bits = s->sum_bits + s->levels, steps = s->positions * s->passes;
    const unsigned draws = steps * rows;
    const unsigned sets =
        draws * SETS_MIN > ASX_OPERAND_DRAWS ? SETS_MIN : ASX_OPERAND_DRAWS / draws;
    stream weights = {.draw = asx_draw_weights}, inputs = {.draw = asx_draw_inputs};
    accumulator a = {.last = 0};
    roots root;
    double seen = 0, kept = 0;
    for (unsigned k = 0; k < sets; k++) {
        add_rows(root, s, rows, &weights, &inputs);
        run(&a, s, root);
        seen += (double)asx_toggles_wide(a.seen, a.next, steps, 0, bits);
        kept += (double)asx_toggles_wide(a.kept, a.next, steps, 0, bits);
    }
    *adder = seen / ((double)sets * steps);
    *stored = kept / ((double)sets * steps);
}
