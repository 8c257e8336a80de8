/* How fast a design is trained, beside the bare kernels of the same layers on one core; and the time of an epoch of
 * CIFAR-10 on all threads, from a sample of its steps. The images are whatever there is: nothing is learned here that is
 * kept. */
#include <omp.h>

#include "bench.h"
#include "bench_network.h"
#include "eval/train.h"

enum { ROUNDS = 3, STEPS = 4 };

/* The faster of a few rounds, of whole steps and of bare kernels in turn. */
static asx_status time_rounds(double *steps, double *kernels, asx_trainer *trainer, double batch,
                              asx_error *err)
{
    asx_status status = asx_trainer_step(trainer, err); /* the first one calibrates */
    for (int i = 0; i < ROUNDS && status == ASX_OK; i++) {
        const double start = bench_seconds();
        for (int j = 0; j < STEPS && status == ASX_OK; j++)
            status = asx_trainer_step(trainer, err);
        const double middle = bench_seconds();
        for (int j = 0; j < STEPS && status == ASX_OK; j++)
            status = asx_trainer_kernels(trainer, err);
        const double whole = STEPS * batch / (middle - start);
        const double bare = STEPS * batch / (bench_seconds() - middle);
        *steps = whole > *steps ? whole : *steps;
        *kernels = bare > *kernels ? bare : *kernels;
    }
    return status;
}

/* Images a second of whole steps, in the fastest of a few rounds. */
static asx_status time_steps(double *out, asx_trainer *trainer, double batch, asx_error *err)
{
    asx_status status = asx_trainer_step(trainer, err);
    for (int i = 0; i < ROUNDS && status == ASX_OK; i++) {
        const double start = bench_seconds();
        for (int j = 0; j < STEPS && status == ASX_OK; j++)
            status = asx_trainer_step(trainer, err);
        const double rate = STEPS * batch / (bench_seconds() - start);
        *out = rate > *out ? rate : *out;
    }
    return status;
}

asx_status bench_train(bench_report *report, asx_error *err)
{
    enum { IMAGES = 2048, EPOCH = 50000 };
    const int threads = omp_get_max_threads();
    const asx_train_options o = asx_train_options_default();
    const double batch = asx_params_get(&o.number, "batch");
    double steps = 0, kernels = 0, all = 0;
    bench_network b = {0};
    asx_design design = {0};
    asx_trainer *alone = NULL, *together = NULL;
    asx_status status = bench_network_open(&b, bench_size(report, IMAGES, 64), err);
    if (status == ASX_OK)
        status = asx_design_parse(&design, "near:w4{1}a8", asx_network_workload(b.network), err);
    if (status != ASX_OK)
        goto done;
    const asx_range images = {0, b.n_images};
    omp_set_num_threads(1);
    status = asx_trainer_new(&alone, b.network, b.data, images, &design, &o, err);
    if (status == ASX_OK)
        status = time_rounds(&steps, &kernels, alone, batch, err);
    omp_set_num_threads(threads);
    if (status == ASX_OK)
        status = asx_trainer_new(&together, b.network, b.data, images, &design, &o, err);
    if (status == ASX_OK)
        status = time_steps(&all, together, batch, err);
    if (status == ASX_OK) {
        bench_ratio(report, "images_per_s_core", steps, "1/s", "bare kernels", kernels);
        bench_ratio(report, "images_per_s", all, "1/s", "one core", steps);
        bench_figure(report, "epoch_50000_s", EPOCH / all, "s");
    }
done:
    asx_trainer_free(together);
    asx_trainer_free(alone);
    asx_design_fini(&design);
    bench_network_close(&b);
    return status;
}
