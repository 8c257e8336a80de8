/* Teaching a proxy: from designs whose drops follow other factors per layer and another curve, it
 * learns those; without designs it stays as it is. */
#include <math.h>

#include "eval/proxy.h"
#include "proxy_type.h"
#include "toy_data.h"

enum { LAYERS = 6, FORMATS = 8, DESIGNS = 120, JUDGED = 60 };

static const char *const TEXT[FORMATS] = {"w8a8",    "w7a8",    "w6a8", "w6{1}a8",
                                          "w5{1}a8", "w4{1}a8", "w3a8", "w2{1}a8"};

/* A proxy of made-up damages. */
static asx_proxy *make(const double factor[LAYERS], double knee, double power)
{
    asx_error err;
    asx_proxy *p = calloc(1, sizeof *p);
    *p = (asx_proxy){.n_layers = LAYERS,
                     .n_formats = FORMATS,
                     .format = calloc(FORMATS, sizeof *p->format),
                     .damage = calloc(LAYERS * FORMATS, sizeof *p->damage),
                     .float_accuracy = 92,
                     .ceiling = 82,
                     .knee = knee,
                     .power = power};
    CHECK_OK(asx_proxy_find_type(&p->type, "scaled", &err), err);
    for (size_t f = 0; f < FORMATS; f++)
        CHECK_OK(asx_format_parse(&p->format[f], TEXT[f], &err), err);
    for (size_t l = 0; l < LAYERS; l++)
        for (size_t f = 0; f < FORMATS; f++)
            p->damage[l * FORMATS + f] =
                factor[l] * 1e-3 * pow(2.5, (double)f) * (1 + 0.2 * asx_seed_uniform(3, l, f));
    CHECK_OK(asx_proxy_index(p, &err), err);
    return p;
}

static void draw(asx_design *d, const asx_proxy *p, size_t number)
{
    for (size_t l = 0; l < LAYERS; l++)
        d->format[l] = p->format[asx_seed_below(17, number, l, FORMATS)];
}

static double mean_error(const asx_proxy *p, const asx_proxy *truth)
{
    asx_error err;
    asx_design d;
    double sum = 0;
    CHECK_OK(asx_design_init(&d, LAYERS, &err), err);
    for (size_t i = 0; i < JUDGED; i++) {
        asx_accuracy a, b;
        draw(&d, p, 1000 + i);
        CHECK_OK(asx_proxy_design(&a, p, &d, &err), err);
        CHECK_OK(asx_proxy_design(&b, truth, &d, &err), err);
        sum += fabs(a.drop - b.drop);
    }
    asx_design_fini(&d);
    return sum / JUDGED;
}

static void it_learns_factors_and_curve(void **state)
{
    (void)state;
    asx_error err;
    const double ones[LAYERS] = {1, 1, 1, 1, 1, 1}, other[LAYERS] = {4, 0.3, 1, 2.5, 0.2, 0.7};
    asx_proxy *p = make(ones, 1, 1), *truth = make(other, 2, 0.7);
    asx_design design[DESIGNS];
    const asx_design *list[DESIGNS];
    asx_accuracy accuracy[DESIGNS];
    for (size_t i = 0; i < DESIGNS; i++) {
        CHECK_OK(asx_design_init(&design[i], LAYERS, &err), err);
        draw(&design[i], p, i);
        list[i] = &design[i];
        CHECK_OK(asx_proxy_design(&accuracy[i], truth, &design[i], &err), err);
    }
    const double before = mean_error(p, truth);
    CHECK_OK(asx_proxy_refit(p, list, accuracy, DESIGNS, &err), err);
    const double after = mean_error(p, truth);
    assert_true(before > 5);
    assert_true(after < 0.25 * before);     /* the pull leaves some */
    for (size_t l = 0; l + 1 < LAYERS; l++) /* layers in the right order of weight */
        assert_true(
            (other[l] < other[l + 1]) ==
            (asx_proxy_damage(p, l, 3) / asx_proxy_damage(truth, l, 3) * other[l] <
             asx_proxy_damage(p, l + 1, 3) / asx_proxy_damage(truth, l + 1, 3) * other[l + 1]));

    asx_design wrong;
    CHECK_OK(asx_design_init(&wrong, LAYERS - 1, &err), err);
    list[1] = &wrong;
    const double knee = p->knee;
    CHECK_FAIL(asx_proxy_refit(p, list, accuracy, 2, &err), ASX_EINVAL, err);
    assert_true(p->knee == knee);
    asx_design_fini(&wrong);
    for (size_t i = 0; i < DESIGNS; i++)
        asx_design_fini(&design[i]);
    asx_proxy_free(p);
    asx_proxy_free(truth);
}

static void nothing_learned_nothing_changed(void **state)
{
    (void)state;
    asx_error err;
    const double ones[LAYERS] = {1, 1, 1, 1, 1, 1};
    asx_proxy *p = make(ones, 0.3, 1.4), *q = make(ones, 0.3, 1.4);
    CHECK_OK(asx_proxy_refit(p, NULL, NULL, 0, &err), err);
    assert_true(fabs(p->knee - 0.3) < 1e-9 && fabs(p->power - 1.4) < 1e-9);
    for (size_t l = 0; l < LAYERS; l++)
        assert_true(fabs(asx_proxy_damage(p, l, 2) / asx_proxy_damage(q, l, 2) - 1) < 1e-9);
    asx_proxy_free(p);
    asx_proxy_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_learns_factors_and_curve),
        cmocka_unit_test(nothing_learned_nothing_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
