/* One training for a space of designs: its step against those of single designs, that it serves several at once, that it
 * repeats itself and resumes. */
#include <omp.h>
#include <unistd.h>

#include "dse/space.h"
#include "eval/train.h"
#include "lab.h"
#include "train_share.h"

/* A space of the toy network, a format for every layer. */
static asx_space *space_of(const lab *l, const char *const *text, size_t n, const char *pinned)
{
    asx_error err;
    asx_format format[8], pin_format;
    asx_space *space = NULL;
    const asx_placement near = ASX_PLACEMENT_NEAR;
    for (size_t i = 0; i < n; i++)
        CHECK_OK(asx_format_parse(&format[i], text[i], &err), err);
    CHECK_OK(asx_format_parse(&pin_format, "w8a8", &err), err);
    const asx_space_pin pin = {pinned, pin_format};
    const asx_space_spec spec = {.work = &l->net->work,
                                 .placement = &near,
                                 .n_placements = 1,
                                 .format = format,
                                 .n_formats = n,
                                 .per_layer = true,
                                 .pin = pinned ? &pin : NULL,
                                 .n_pins = pinned != NULL};
    CHECK_OK(asx_space_new(&space, &spec, &err), err);
    return space;
}

static asx_train_options plain_descent(void)
{
    asx_error err;
    asx_train_options o = quick("15", "1");
    o.optimiser = ASX_OPTIMISER_SGD;
    CHECK_OK(asx_params_set(&o.number, "warmup", "0", &err), err);
    return o;
}

/* The first step of a training for one design, by scales that are told. @param input  [layers] */
static asx_trainer *one_step(const lab *l, const asx_design *design, const double *input)
{
    const asx_train_options o = plain_descent();
    asx_trainer *t = trainer(l, design, &o);
    for (size_t i = 0; i < design->n_layers; i++)
        t->x[t->tape->n_parameters + i] = (float)input[i];
    run(t, 1);
    return t;
}

/* A step of plain descent is linear in the gradient, so a step for two designs is the mean of a step for each. */
static void is_the_mean_of_steps(void **state)
{
    (void)state;
    asx_error err;
    static const char *const text[] = {"w4{1}a4", "w6a8"};
    lab l = lab_open("near: w8a8");
    asx_space *space = space_of(&l, text, 2, NULL);
    asx_train_options o = plain_descent();
    o.space = space;
    o.designs_per_step = 2; /* the largest and the smallest */
    asx_trainer *both = trainer(&l, NULL, &o);
    const size_t n = both->tape->n_parameters;
    float *start = calloc(n, sizeof *start);
    assert_non_null(start);
    memcpy(start, both->x, n * sizeof *start);
    run(both, 1);
    const asx_train_share *share = both->share;
    asx_design small, large;
    CHECK_OK(asx_train_space_ends(&small, &large, space, &err), err);
    asx_trainer *a = one_step(&l, &small, share->input);
    asx_trainer *b = one_step(&l, &large, share->input + share->n_layers);
    double most = 0, apart = 0;
    for (size_t i = 0; i < n; i++) {
        const double to_a = (double)a->x[i] - (double)start[i],
                     to_b = (double)b->x[i] - (double)start[i];
        const double to_both = (double)both->x[i] - (double)start[i];
        most = fmax(most, fabs(to_both));
        apart = fmax(apart, fabs(to_a - to_b));
        assert_true(fabs(to_both - (to_a + to_b) / 2) < 1e-6);
    }
    assert_true(most > 1e-4 && apart > 1e-4); /* it moved, and the two are not the same */
    asx_design_fini(&small);
    asx_design_fini(&large);
    asx_trainer_free(a);
    asx_trainer_free(b);
    asx_trainer_free(both);
    asx_space_free(space);
    free(start);
    lab_close(&l);
}

/* Designs that nobody trained for by themselves are better than in the given network. */
static void serves_all(void **state)
{
    (void)state;
    asx_error err;
    static const char *const text[] = {"w3{1}a8", "w3a8", "w4{1}a6"},
                             *const design[] = {"near: w3{1}a8", "near: w4{1}a6",
                                                "near: w3a8 layer1=w3{1}a8"};
    lab l = lab_open("near: w8a8");
    asx_space *space = space_of(&l, text, 3, NULL);
    asx_train_options o = quick("5", "8");
    o.space = space;
    asx_trainer *t = trainer(&l, NULL, &o);
    run(t, asx_trainer_progress(t).n_steps);
    asx_network *net = NULL;
    CHECK_OK(asx_trainer_network(&net, t, &err), err);
    double gain = 0;
    for (size_t i = 0; i < sizeof design / sizeof *design; i++) {
        asx_design_fini(&l.design);
        CHECK_OK(asx_design_parse(&l.design, design[i], &l.net->work, &err), err);
        const double before = accuracy(&l, l.net), after = accuracy(&l, net);
        assert_true(after >= before);
        gain += after - before;
    }
    assert_true(gain > 10);
    for (size_t i = 0; i < net->n_nodes; i++) /* nobody has the clips of one format */
        assert_true(!(net->node[i].clip > 0));
    asx_network_free(net);
    asx_trainer_free(t);
    asx_space_free(space);
    lab_close(&l);
}

/* With pinned layers, faults, several threads, and a checkpoint between two fits of scales. */
static void repeats(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-train-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    static const char *const text[] = {"w4{1}a4", "w5s{1,3}a6", "w6a8"};
    lab l = lab_open("near: w8a8");
    asx_space *space = space_of(&l, text, 3, l.net->work.layer[0].name),
              *other = space_of(&l, text, 2, l.net->work.layer[0].name);
    asx_train_options o = quick("5", "2");
    CHECK_OK(asx_params_set(&o.number, "distil", "0.5", &err), err);
    CHECK_OK(asx_params_set(&o.number, "clip_gradient", "2", &err), err);
    o.space = space;
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    asx_trainer *a = trainer(&l, NULL, &o);
    assert_true(a->share->interval == 4);
    run(a, 7);
    omp_set_num_threads(4);
    asx_trainer *b = trainer(&l, NULL, &o), *c = trainer(&l, NULL, &o);
    run(b, 6);
    assert_false(same_weights(a, b));
    CHECK_OK(asx_trainer_save(b, path, &err), err);
    CHECK_OK(asx_trainer_resume(c, path, &err), err);
    assert_true(same_weights(b, c));
    run(b, 1);
    run(c, 1);
    omp_set_num_threads(threads);
    assert_true(same_weights(a, b) && same_weights(a, c));
    o.designs_per_step = 3;
    asx_trainer *d = trainer(&l, NULL, &o);
    CHECK_FAIL(asx_trainer_resume(d, path, &err), ASX_EINVAL, err);
    asx_trainer_free(d);
    o.designs_per_step = 4;
    o.space = other;
    d = trainer(&l, NULL, &o);
    CHECK_FAIL(asx_trainer_resume(d, path, &err), ASX_EINVAL, err);
    unlink(path);
    asx_trainer_free(a);
    asx_trainer_free(b);
    asx_trainer_free(c);
    asx_trainer_free(d);
    asx_space_free(space);
    asx_space_free(other);
    lab_close(&l);
}

static void ends(void **state)
{
    (void)state;
    asx_error err;
    static const char *const text[] = {"w4{1}a8", "w8a8", "w4{1}a4", "w4a8"};
    lab l = lab_open("near: w8a8");
    asx_space *space = space_of(&l, text, 4, l.net->work.layer[0].name);
    asx_design small, large;
    CHECK_OK(asx_train_space_ends(&small, &large, space, &err), err);
    asx_text s = {0};
    asx_design_print_formats(&s, &small, &l.net->work);
    asx_text_add(&s, " | ");
    asx_design_print_formats(&s, &large, &l.net->work);
    asx_text want = {0};
    asx_text_add(&want, "w4{1}a4 %s=w8a8 | w8a8", l.net->work.layer[0].name);
    assert_string_equal(s.s, want.s);
    asx_text_fini(&s);
    asx_text_fini(&want);
    asx_design_fini(&small);
    asx_design_fini(&large);

    asx_train_options o = quick("15", "1");
    asx_trainer *t = NULL;
    o.space = space;
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, &l.design, &o, &err), ASX_EINVAL, err);
    o.designs_per_step = 0;
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, NULL, &o, &err), ASX_EINVAL, err);
    o.designs_per_step = 1;
    CHECK_OK(asx_params_set(&o.number, "fresh", "1", &err), err);
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, NULL, &o, &err), ASX_EINVAL, err);
    asx_space_free(space);
    lab_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_mean_of_steps),
        cmocka_unit_test(serves_all),
        cmocka_unit_test(repeats),
        cmocka_unit_test(ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
