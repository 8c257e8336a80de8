/* Whether limits hold where it counts: simulated campaigns whose true drops are known. A search
 * measures many designs on few images and answers with a cheap one; how often does its answer break
 * the limit in truth? Asked of the naive choice (the cheapest whose measured drop keeps the limit)
 * and of the walk on fresh images, at 50 and 95 percent.
 *
 * An image has a margin m ~ N(mu, 1); the float network is right where m > 0. Design i moves it by
 * sigma_i (sqrt(r) g + sqrt(1 - r) e): g is common to all designs of the campaign, which so err on
 * the same images. So its true drop is Phi(mu) - Phi(mu / sqrt(1 + sigma_i^2)). */
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "check.h"
#include "dse/confirm.h"
#include "dse/seed.h"

enum { DESIGNS = 120, SELECT = 512, CONFIRM = 2000, IMAGES = SELECT + CONFIRM, CAMPAIGNS = 200 };

static const double LIMIT = 1, FLOAT_RIGHT = 0.917;

/* Streams of random numbers. */
enum { MARGIN, COMMON, DROP, ENERGY, OWN };

typedef struct world {
    uint64_t seed;
    double alike; /* r */
    double margin[IMAGES], common[IMAGES];
    double drop[DESIGNS], energy[DESIGNS], sigma[DESIGNS];
} world;

/* Box and Muller (1958). */
static double normal(uint64_t seed, uint64_t stream, uint64_t index)
{
    const double u = 1 - asx_seed_uniform(seed, stream, 2 * index);
    const double v = asx_seed_uniform(seed, stream, 2 * index + 1);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static double sigma_of(double drop)
{
    const double mu = gsl_cdf_ugaussian_Pinv(FLOAT_RIGHT);
    const double scale = mu / gsl_cdf_ugaussian_Pinv(FLOAT_RIGHT - drop / 100);
    return sqrt(scale * scale - 1);
}

static void make(world *w, uint64_t seed, double alike)
{
    w->seed = seed;
    w->alike = alike;
    for (size_t j = 0; j < IMAGES; j++) {
        w->margin[j] = gsl_cdf_ugaussian_Pinv(FLOAT_RIGHT) + normal(seed, MARGIN, j);
        w->common[j] = alike > 0 ? sqrt(alike) * normal(seed, COMMON, j) : 0;
    }
    /* from nothing lost at full energy to 8 points, with scatter: a cloud, not a line */
    for (size_t i = 0; i < DESIGNS; i++) {
        const double x = asx_seed_uniform(seed, ENERGY, i);
        w->energy[i] = x;
        w->drop[i] = 0.02 + 8 * pow(1 - x, 3) * exp(0.4 * normal(seed, DROP, i));
        w->sigma[i] = sigma_of(w->drop[i]);
    }
}

/* Adds the answers on images first .. end-1. */
static void look(asx_paired *seen, const world *w, size_t design, size_t first, size_t end)
{
    const double own = sqrt(1 - w->alike), reach = 6.5 * w->sigma[design];
    for (size_t j = first; j < end; j++) {
        if (fabs(w->margin[j]) > reach + w->sigma[design] * fabs(w->common[j]))
            continue; /* saves time: it would take 6.5 deviations to change this one */
        const double e = own > 0 ? own * normal(w->seed, OWN + design, j) : 0;
        const bool by_float = w->margin[j] > 0;
        const bool by_design = w->margin[j] + w->sigma[design] * (w->common[j] + e) > 0;
        seen->only_float += by_float && !by_design;
        seen->only_design += !by_float && by_design;
    }
    seen->images += end - first;
}

static asx_status look_afresh(asx_paired *seen, void *state, size_t candidate, size_t upto,
                              asx_error *err)
{
    (void)err;
    look(seen, state, candidate, SELECT + seen->images, SELECT + upto);
    return ASX_OK;
}

/* How answers did, summed over campaigns. */
typedef struct tally {
    size_t n, breaks, none, tried, images;
    double energy, drop; /* full energy without an answer */
} tally;

static void count(tally *t, const world *w, size_t answer)
{
    t->n++;
    t->none += answer == DESIGNS;
    t->breaks += answer < DESIGNS && w->drop[answer] > LIMIT;
    t->energy += answer < DESIGNS ? w->energy[answer] : 1;
    t->drop += answer < DESIGNS ? w->drop[answer] : 0;
}

static void say(const char *name, const tally *t)
{
    const double n = (double)t->n;
    print_message("%-22s breaks the limit %5.1f %%  energy %.3f  true drop %.2f  without answer "
                  "%.1f %%  tried %.1f  images %.0f\n",
                  name, 100 * (double)t->breaks / n, t->energy / n, t->drop / n,
                  100 * (double)t->none / n, (double)t->tried / n, (double)t->images / n);
}

/* What a search knows of a campaign. */
typedef struct knowledge {
    asx_paired seen[DESIGNS];
    asx_confirm_candidate candidate[DESIGNS];
} knowledge;

static void search(knowledge *k, const world *w)
{
    asx_shrunk believed[DESIGNS];
    asx_error err;
    for (size_t i = 0; i < DESIGNS; i++) {
        k->seen[i] = (asx_paired){0};
        look(&k->seen[i], w, i, 0, SELECT);
    }
    CHECK_OK(asx_shrink_drops(believed, k->seen, w->energy, DESIGNS, &err), err);
    for (size_t i = 0; i < DESIGNS; i++) {
        const double test_error = asx_paired_error(&k->seen[i]) * sqrt((double)SELECT / CONFIRM);
        k->candidate[i] = (asx_confirm_candidate){believed[i], test_error, w->energy[i]};
    }
}

/* The cheapest of those whose drop, measured, believed or true, keeps the limit. */
enum drop_kind { MEASURED, BELIEVED, TRUE };

static size_t cheapest(const knowledge *k, const world *w, enum drop_kind kind)
{
    size_t best = DESIGNS;
    for (size_t i = 0; i < DESIGNS; i++) {
        const double drop = kind == MEASURED   ? asx_paired_drop(&k->seen[i])
                            : kind == BELIEVED ? k->candidate[i].believed.drop
                                               : w->drop[i];
        if (drop <= LIMIT && (best == DESIGNS || w->energy[i] < w->energy[best]))
            best = i;
    }
    return best;
}

/* @param sureness  of the answer, that it keeps LIMIT; may be NULL */
static size_t walk(tally *t, const knowledge *k, world *w, double limit, double confidence,
                   double *sureness)
{
    const asx_confirm_rule rule = {
        .limit = limit, .confidence = confidence, .images = CONFIRM, .block = CONFIRM / 8};
    asx_confirm_step step[DESIGNS];
    asx_confirm_outcome o;
    asx_error err;
    size_t n;
    CHECK_OK(asx_confirm_order(step, &n, k->candidate, DESIGNS, &rule, &err), err);
    CHECK_OK(asx_confirm_walk(&o, &rule, step, n, look_afresh, w, &err), err);
    assert_true(o.complete);
    for (size_t i = 0; i < o.n_tried; i++)
        t->images += o.trial[i].seen.images;
    t->tried += o.n_tried;
    const size_t answer = o.answer < o.n_tried ? step[o.answer].candidate : DESIGNS;
    if (answer < DESIGNS)
        assert_true(o.sureness >= confidence && o.sureness <= 100);
    if (answer < DESIGNS && sureness)
        *sureness =
            asx_confirm_mean_sureness(&step[o.answer].believed, &o.trial[o.answer].seen, LIMIT);
    free(o.trial);
    return answer;
}

/* The cheapest of the answers at all limits that keeps LIMIT. */
static size_t walk_all(tally *t, const knowledge *k, world *w)
{
    static const double limits[] = {0.5, 2, 5};
    size_t best = walk(t, k, w, LIMIT, 50, NULL);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        double sureness = 0;
        const size_t answer = walk(t, k, w, limits[i], 50, &sureness);
        if (answer < DESIGNS && sureness >= 50 &&
            (best == DESIGNS || w->energy[answer] < w->energy[best]))
            best = answer;
    }
    return best;
}

/* Upwards from the cheapest at 95 percent, the j-th test at the level 5 % / (j (j + 1)), which adds
 * up to 5 %: the other way to count all designs tried. */
static size_t spend(const knowledge *k, const world *w)
{
    const asx_confirm_rule rule = {
        .limit = LIMIT, .confidence = 50, .images = CONFIRM, .block = CONFIRM};
    asx_confirm_step step[DESIGNS];
    asx_error err;
    size_t n;
    CHECK_OK(asx_confirm_order(step, &n, k->candidate, DESIGNS, &rule, &err), err);
    for (size_t j = 0; j < n; j++) {
        asx_paired seen = {0};
        look(&seen, w, step[j].candidate, SELECT, IMAGES);
        if (100 - asx_paired_sureness(&seen, LIMIT) <= 5.0 / (double)((j + 1) * (j + 2)))
            return step[j].candidate;
    }
    return DESIGNS;
}

/* In every other campaign the designs err alike. */
static void test_coverage(void **state)
{
    (void)state;
    tally naive = {0}, believed = {0}, half = {0}, all = {0}, sure = {0}, spent = {0}, truth = {0};
    for (size_t i = 0; i < CAMPAIGNS; i++) {
        world w;
        knowledge k;
        make(&w, 1 + i, i % 2 ? 0.6 : 0);
        search(&k, &w);
        count(&truth, &w, cheapest(&k, &w, TRUE));
        count(&naive, &w, cheapest(&k, &w, MEASURED));
        count(&believed, &w, cheapest(&k, &w, BELIEVED));
        count(&half, &w, walk(&half, &k, &w, LIMIT, 50, NULL));
        count(&all, &w, walk_all(&all, &k, &w));
        count(&sure, &w, walk(&sure, &k, &w, LIMIT, 95, NULL));
        count(&spent, &w, spend(&k, &w));
    }
    say("known truth", &truth);
    say("measured, naive", &naive);
    say("shrunk", &believed);
    say("confirmed at 50 %", &half);
    say("at 50 %, any limit", &all);
    say("confirmed at 95 %", &sure);
    say("95 % by spending", &spent);
    /* README quotes these: at 87 of 100, 73, 73 and 1 of 200 */
    assert_true(naive.breaks > CAMPAIGNS * 60 / 100);
    assert_true(believed.breaks < naive.breaks);
    /* about half; and if at least half keep it, chance takes 200 campaigns no further than 57 % */
    assert_true(half.breaks >= CAMPAIGNS * 25 / 100 && half.breaks <= CAMPAIGNS * 57 / 100);
    assert_true(all.breaks >= CAMPAIGNS * 25 / 100 && all.breaks <= CAMPAIGNS * 57 / 100);
    assert_true(all.energy <= half.energy);
    assert_true(sure.breaks <= CAMPAIGNS * 5 / 100);
    /* all of this at a price below that of spending, and not far from the truth at 50 % */
    assert_true(sure.energy < spent.energy);
    assert_true(half.energy < 1.2 * truth.energy);
}

/* The worst case: all designs break the limit by a hair, and the search believes in all of them. */
static void worst(double alike, double confidence)
{
    enum { N = 400, TESTED = 12 };
    size_t wrong = 0;
    for (size_t i = 0; i < N; i++) {
        world w;
        make(&w, 5000 + i, alike);
        asx_confirm_step step[TESTED];
        for (size_t k = 0; k < TESTED; k++) {
            w.sigma[k] = sigma_of(LIMIT + 1e-6);
            step[k] = (asx_confirm_step){k, LIMIT, {0, 1}};
        }
        const asx_confirm_rule rule = {
            .limit = LIMIT, .confidence = confidence, .images = CONFIRM, .block = CONFIRM / 8};
        asx_confirm_outcome o;
        asx_error err;
        CHECK_OK(asx_confirm_walk(&o, &rule, step, TESTED, look_afresh, &w, &err), err);
        wrong += o.answer < o.n_tried;
        free(o.trial);
    }
    const double level = 1 - confidence / 100, share = (double)wrong / N;
    print_message("all at the limit, alike %.1f: %.1f %% confirmed at %g %%\n", alike, 100 * share,
                  confidence);
    /* not above the level (nor far below: a test that never passes would be no use), by 3 standard
     * errors of the simulation */
    assert_true(fabs(share - level) < 3 * sqrt(level * (1 - level) / N));
}

static void test_level_in_the_worst_case(void **state)
{
    (void)state;
    worst(0, 95);
    worst(0, 80);
    worst(1, 95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_level_in_the_worst_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
