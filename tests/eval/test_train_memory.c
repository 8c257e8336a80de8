/* Every allocation of training fails once: the call says so, leaves its output alone and loses
 * nothing (the sanitizer's leak check), and the next call works. */
#include <omp.h>

#include "eval/architecture.h"
#include "eval/train.h"
#include "onnx_write.h"
#include "toy_data.h"

/* Allocations left before one fails; negative: none does. */
static long countdown = -1;

static int fails(void)
{
    return countdown >= 0 && countdown-- == 0;
}

void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

/* Runs `call` with its n-th allocation failing, n = 0, 1, 2, ..., until it has no more. */
#define SWEEP(call, out, err)                                                                      \
    do {                                                                                           \
        asx_status status = ASX_ENOMEM;                                                            \
        long n = 0;                                                                                \
        for (; status; n++) {                                                                      \
            countdown = n;                                                                         \
            (err).message[0] = '\0';                                                               \
            status = (call);                                                                       \
            countdown = -1;                                                                        \
            if (status) {                                                                          \
                assert_int_equal(status, ASX_ENOMEM);                                              \
                assert_true((err).message[0] != '\0');                                             \
                assert_null(out);                                                                  \
            }                                                                                      \
        }                                                                                          \
        assert_true(n > 1);                                                                        \
    } while (0)

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

    SWEEP(asx_trainer_new(&t, net, data, (asx_range){0, 8}, &design, &o, &err), t, err);
    SWEEP(asx_trainer_step(t, &err), untouched, err);
    assert_int_equal(asx_trainer_progress(t).step, 1);
    SWEEP(asx_trainer_network(&copy, t, &err), copy, err);
    SWEEP(asx_onnx_write(&bytes, &n_bytes, copy, &err), bytes, err);
    SWEEP(asx_trainer_save(t, path, &err), untouched, err);
    CHECK_OK(asx_trainer_resume(t, path, &err), err);

    asx_network *fresh = NULL;
    asx_params small;
    asx_params_init(&small, asx_architecture_at(0)->params);
    CHECK_OK(asx_params_set(&small, "width", "0.05", &err), err);
    SWEEP(asx_architecture_new(&fresh, asx_architecture_at(0), &small, 1, &err), fresh, err);
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
