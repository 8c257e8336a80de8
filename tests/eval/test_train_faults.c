/* Training with weights from memories that err: what is read, the same for any number of threads and after a resume.
 */
#include <math.h>
#include <omp.h>
#include <unistd.h>

#include "dse/codec.h"
#include "dse/grid.h"
#include "eval/calibration.h"
#include "eval/measure.h"
#include "lab.h"
#include "trainer.h"

static asx_train_options options(const char *faults)
{
    asx_error err;
    asx_train_options o = asx_train_options_default();
    CHECK_OK(asx_faults_parse(&o.faults, faults, &err), err);
    CHECK_OK(asx_params_set(&o.number, "batch", "25", &err), err);
    CHECK_OK(asx_params_set(&o.number, "epochs", "4", &err), err);
    return o;
}

/* With all bits flipped every weight is what the code's complement reads as, at the weight's scale. */
static void reads(void **state)
{
    (void)state;
    asx_error err;
    lab l = lab_open("near:w4{1}a8");
    const asx_train_options o = options("flips=1");
    asx_trainer *t = trainer(&l, &l.design, &o);
    run(t, 2);
    float *x = calloc(asx_train_weights_n(t->weights), sizeof *x);
    assert_non_null(x);
    memcpy(x, t->x, asx_train_weights_n(t->weights) * sizeof *x);
    CHECK_OK(asx_train_weights_read(t->read, t->weights, x, &o.faults, 1, &err), err);
    size_t at = t->tape->n_parameters + l.design.n_layers; /* of the scales */
    for (size_t i = 0; i < t->tape->n_parts; i++) {
        const asx_tape_part *p = &t->tape->part[i];
        const size_t depth = p->node->n_weights / p->node->n_biases;
        asx_codec *codec = NULL;
        CHECK_OK(asx_codec_new(&codec, &l.design.format[p->node->layer].weight, &err), err);
        for (size_t k = 0; k < p->node->n_weights; k++) {
            uint32_t code = 0;
            const double s = (double)x[at + k / depth];
            const int32_t q = (int32_t)lrint((double)t->used[p->weight + k] / s);
            CHECK_OK(asx_codec_encode(&code, codec, q, &err), err);
            assert_true(fabs((double)t->read[p->weight + k] - s * asx_codec_read(codec, ~code)) <
                        1e-6 * s);
        }
        at += p->node->n_biases;
        asx_codec_free(codec);
    }
    free(x);
    asx_trainer_free(t);
    lab_close(&l);
}

static void assert_equal(const asx_trainer *a, const asx_trainer *b)
{
    assert_memory_equal(a->x, b->x, asx_train_weights_n(a->weights) * sizeof *a->x);
}

static void repeats(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-faults-XXXXXX";
    const int file = mkstemp(path), threads = omp_get_max_threads();
    lab l = lab_open("near:w4{1}a8");
    const asx_train_options o = options("flips=0.02 spread=0.1"),
                            other = options("flips=0.03 spread=0.1"), none = options("");
    assert_true(file >= 0);
    close(file);
    omp_set_num_threads(1);
    asx_trainer *a = trainer(&l, &l.design, &o), *b = trainer(&l, &l.design, &o);
    omp_set_num_threads(4);
    asx_trainer *c = trainer(&l, &l.design, &o), *d = trainer(&l, &l.design, &other);
    asx_trainer *e = trainer(&l, &l.design, &none);
    omp_set_num_threads(threads);
    run(a, 9);
    run(b, 4);
    CHECK_OK(asx_trainer_save(b, path, &err), err);
    CHECK_OK(asx_trainer_resume(c, path, &err), err);
    run(c, 5);
    assert_equal(a, c);
    CHECK_FAIL(asx_trainer_resume(d, path, &err), ASX_EINVAL, err);
    CHECK_FAIL(asx_trainer_resume(e, path, &err), ASX_EINVAL, err);
    run(e, 9);
    assert_memory_not_equal(a->x, e->x, asx_train_weights_n(a->weights) * sizeof *a->x);
    assert_null(e->read);
    asx_trainer *const all[] = {a, b, c, d, e};
    for (size_t i = 0; i < 5; i++)
        asx_trainer_free(all[i]);
    unlink(path);
    lab_close(&l);
}

/* Words whose codes are too long are refused before the first step. */
static void too_many_bits(void **state)
{
    (void)state;
    asx_error err;
    lab l = lab_open("near:w16s{1,3,5,7}a8");
    const asx_train_options o = options("flips=0.01");
    asx_trainer *t = NULL;
    CHECK_FAIL(asx_trainer_new(&t, l.net, l.data, ALL, &l.design, &o, &err), ASX_EUNSUPPORTED, err);
    assert_null(t);
    lab_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(repeats),
                                       cmocka_unit_test(too_many_bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
