/* Every allocation of training fails once: the call says so, leaves its output alone and loses
 * nothing (the sanitizer's leak check), and the next call works. */
#include <omp.h>
#include <string.h>

#include "countdown.h"
#include "eval/architecture.h"
#include "eval/train.h"
#include "onnx_write.h"
#include "toy_data.h"

static void every_allocation(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_residual(), *copy = NULL;
    asx_dataset *data = toy_labelled(net);
    asx_trainer *t = NULL;
    asx_design design;
    void *bytes = NULL, *untouched = NULL;
    size_t n_bytes = 0;
    char path[] = "/tmp/asx-train-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    asx_train_options o = asx_train_options_default();
    CHECK_OK(asx_params_set(&o.number, "batch", "4", &err), err);
    CHECK_OK(asx_params_set(&o.number, "distil", "0.5", &err), err);
    CHECK_OK(asx_params_set(&o.number, "clip_rate", "0", &err), err); /* steps calibrate */
    CHECK_OK(asx_design_parse(&design, "vn: w3{1}a4 layer1=w4{1,3}a5{1}", &net->work, &err), err);

    SWEEP(asx_trainer_new(&t, net, data, (asx_range){0, 8}, &design, &o, &err), 1, t, err);
    SWEEP(asx_trainer_step(t, &err), 1, untouched, err);
    assert_int_equal(asx_trainer_progress(t).step, 1);
    SWEEP(asx_trainer_network(&copy, t, &err), 1, copy, err);
    SWEEP(asx_onnx_write(&bytes, &n_bytes, copy, &err), 1, bytes, err);
    SWEEP(asx_trainer_save(t, path, &err), 1, untouched, err);
    CHECK_OK(asx_trainer_resume(t, path, &err), err);

    asx_network *fresh = NULL;
    asx_params small;
    const asx_architecture_type *mobilenet = NULL;
    for (size_t i = 0; i < asx_architecture_n_types(); i++)
        if (strcmp(asx_architecture_at(i)->name, "mobilenet") == 0)
            mobilenet = asx_architecture_at(i);
    assert_non_null(mobilenet);
    asx_params_init(&small, mobilenet->params);
    CHECK_OK(asx_params_set(&small, "width", "0.05", &err), err);
    SWEEP(asx_architecture_new(&fresh, mobilenet, &small, 1, &err), 1, fresh, err);
    asx_network_free(fresh);

    unlink(path);
    free(bytes);
    asx_network_free(copy);
    asx_trainer_free(t);
    asx_design_fini(&design);
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    omp_set_num_threads(1); /* the countdown is not for several */
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
