/* What a unit's bits toggle: the transitions that a schedule makes, each with its frequency, and the
 * sums. */
#include <string.h>

#include "activity_private.h"
#include "dse/memory.h"

enum { TRANSITIONS_MAX = 3 * ASX_WORD_BITS_MAX + 3 };

static void add(asx_transition *list, unsigned *n, asx_transition t)
{
    t.stream = *n;
    if (t.count > 0)
        list[(*n)++] = t;
}

/* An operation finds its weight again in all but one of `hold` operations. Where it is gated it finds
 * its activation again, too, and only a new weight makes a difference. */
static unsigned make_transitions(asx_transition *list, const asx_operand_draws *s)
{
    const double fresh = 1. / s->hold, held = 1 - fresh, works = 1 - s->idle;
    const unsigned last = s->passes - 1;
    unsigned n = 0;
    if (asx_passes_hold(s)) {
        for (unsigned i = 0; i <= last; i++) {
            const unsigned before = i ? i - 1 : last;
            add(list, &n, (asx_transition){i, i, true, false, held * works, 0, true});
            add(list, &n, (asx_transition){before, i, i > 0, false, fresh * works, 0, false});
            add(list, &n, (asx_transition){before, i, i > 0, true, fresh * s->idle, 0, false});
        }
        return n;
    }
    for (unsigned i = 1; i <= last; i++)
        add(list, &n, (asx_transition){i - 1, i, true, true, 1, 0, false});
    add(list, &n, (asx_transition){last, 0, true, false, held * works, 0, true});
    add(list, &n, (asx_transition){last, 0, false, false, fresh * works, 0, false});
    add(list, &n, (asx_transition){last, 0, false, true, fresh * s->idle, 0, false});
    return n;
}

/* Counts are per product: what is not a digit's is per pass then. */
static void per_pass(asx_activity *a, const asx_operand_draws *s)
{
    const asx_activity product = *a;
    double *all = (double *)a;
    for (size_t i = 0; i < sizeof *a / sizeof *all; i++)
        all[i] /= s->passes;
    memcpy(a->digit, product.digit, sizeof a->digit);
    a->passes = s->passes;
    a->row = a->level[0];
}

bool asx_activity_gates(asx_pass_order order)
{
    return order == ASX_PASSES_ONE || order == ASX_PASSES_OUTER;
}

/* With the sums, or without. */
static asx_status simulate(asx_activity *out, asx_activity_store *store, const asx_word *weight,
                           const asx_word *activation, const asx_operands *operands,
                           const asx_schedule *schedule, bool sums, asx_error *err)
{
    asx_activity sum = {0};
    asx_transition list[TRANSITIONS_MAX];
    asx_operand_draws *s = NULL;
    asx_status status =
        asx_operand_draws_new(&s, store, weight, activation, operands, schedule, err);
    const unsigned n = status == ASX_OK ? make_transitions(list, s) : 0;
    for (unsigned i = 0; status == ASX_OK && i < n; i++)
        status = asx_transition_add(&sum, store, s, &list[i], operands, err);
    if (status == ASX_OK) {
        per_pass(&sum, s);
        sum.idle = s->idle;
        if (sums)
            asx_activity_sums(&sum.sum, &sum.stored, s, 1);
        sum.root_sum = sum.sum;
        sum.root_stored = sum.stored;
        if (sums && s->levels > 0)
            asx_activity_sums(&sum.root_sum, &sum.root_stored, s, 1u << s->levels);
        *out = sum;
    }
    asx_operand_draws_free(s);
    return status;
}

/* What is behind a gated lane's product sees the zeros. */
static void keep_sums(asx_activity *gated, const asx_activity *all)
{
    memcpy(gated->level, all->level, sizeof gated->level);
    gated->row = all->row;
    gated->sum = all->sum;
    gated->stored = all->stored;
    gated->root_sum = all->root_sum;
    gated->root_stored = all->root_stored;
}

asx_status asx_activity_get(asx_activity *out, asx_activity_store *store, const asx_word *weight,
                            const asx_word *activation, const asx_operands *operands,
                            const asx_schedule *schedule, asx_error *err)
{
    asx_operands plain = *operands;
    asx_activity all, gated;
    plain.gated = false;
    asx_status status = simulate(&all, store, weight, activation, &plain, schedule, true, err);
    if (status == ASX_OK && operands->gated &&
        asx_activity_gates(schedule ? schedule->order : ASX_PASSES_ONE)) {
        status = simulate(&gated, store, weight, activation, operands, schedule, false, err);
        if (status != ASX_OK)
            return status;
        keep_sums(&gated, &all);
        all = gated;
    }
    if (status == ASX_OK)
        *out = all;
    return status;
}

asx_status asx_activity_init(asx_activity *out, const asx_word *weight, const asx_word *activation,
                             const asx_operands *operands, const asx_schedule *schedule,
                             asx_error *err)
{
    asx_activity_store *store = NULL;
    asx_status status = asx_activity_store_new(&store, err);
    if (status == ASX_OK)
        status = asx_activity_get(out, store, weight, activation, operands, schedule, err);
    asx_activity_store_free(store);
    return status;
}
