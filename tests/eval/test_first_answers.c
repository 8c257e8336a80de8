/* Top-k: an image is right where its class is among the first k answers. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "eval/measure.h"
#include "infer.h"
#include "toy.h"
#include "toy_data.h"

static const asx_range CALIBRATE = {0, 16}, IMAGES = {5, 75};

/* By taking the largest, k times; of equals the first. */
static bool among_first(const float *logits, size_t n, size_t label, size_t k)
{
    bool taken[8] = {false};
    for (size_t round = 0; round < k; round++) {
        size_t best = n;
        for (size_t i = 0; i < n; i++)
            if (!taken[i] && (best == n || logits[i] > logits[best]))
                best = i;
        taken[best] = true;
    }
    return taken[label];
}

static void first_answers(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 729; seed++) { /* six outputs of three levels */
        float logits[6];
        for (unsigned i = 0, s = seed; i < 6; i++, s /= 3)
            logits[i] = (float)(s % 3);
        for (size_t label = 0; label < 6; label++)
            for (size_t k = 1; k < 6; k++)
                assert_int_equal(asx_infer_right(logits, 6, label, k),
                                 among_first(logits, 6, label, k));
    }
    assert_false(asx_infer_right((float[]){1, NAN, 2}, 3, 1, 2));

    asx_error err;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_labelled(net);
    const size_t n_classes = asx_network_n_classes(net);
    const uint64_t hash = asx_dataset_hash(data);
    asx_calibration *c = NULL;
    CHECK_OK(asx_calibration_new(&c, net, data, CALIBRATE, NULL, &err), err);
    size_t before = 0;
    asx_measure *m = NULL;
    for (size_t k = 1; k < n_classes; k++) {
        const asx_score score = {ASX_SCORE_TOP, k, 1};
        CHECK_OK(asx_dataset_set_score(data, &score, &err), err);
        assert_int_equal(asx_dataset_hash(data) == hash, k == 1);
        CHECK_OK(asx_measure_new(&m, c, data, IMAGES, &err), err);
        const size_t right = asx_measure_float(m).correct;
        assert_true(right >= before && right <= 70);
        before = right;
        asx_measure_free(m);
        m = NULL;
    }
    const asx_score all = {ASX_SCORE_TOP, n_classes, 1};
    CHECK_OK(asx_dataset_set_score(data, &all, &err), err);
    CHECK_FAIL(asx_measure_new(&m, c, data, IMAGES, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "all images would be right"));
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(first_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
