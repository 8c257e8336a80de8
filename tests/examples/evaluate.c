/* One design, evaluated:   evaluate NETWORK.onnx DESIGN
 *
 * The network runs on the integers of the design over a thousand generated images, and the machine that holds it in the
 * design's placement is priced. The network must take 16 x 16 images of ten glyphs. */
#include <eval/calibration.h>
#include <eval/measure.h>
#include <hwmodel/machine.h>
#include <stdio.h>

/* Everything that is open; zeroed, so that it can be closed however far it got. */
typedef struct bench {
    asx_network *network;
    asx_dataset *data;
    asx_calibration *calibration;
    asx_measure *measure;
    asx_technology *technology;
    asx_machine *machine;
    asx_design design;
} bench;

static asx_status open_network(bench *b, const char *path, asx_error *err)
{
    const asx_dataset_spec images = {
        .format = ASX_DATA_GLYPHS, .seed = 1, .n_generated = 1000, .scale = 0.00392156862745098};
    asx_status status = asx_network_load(&b->network, path, err);
    if (status == ASX_OK)
        status = asx_dataset_load(&b->data, &images, err);
    if (status == ASX_OK)
        status = asx_calibration_new(&b->calibration, b->network, b->data, (asx_range){.end = 256},
                                     NULL, err);
    if (status == ASX_OK)
        status =
            asx_measure_new(&b->measure, b->calibration, b->data, (asx_range){.end = 1000}, err);
    return status;
}

static asx_status open_machine(bench *b, asx_error *err)
{
    asx_status status = asx_technology_load(&b->technology, "nangate45", err);
    if (status == ASX_OK)
        status = asx_machine_new(&b->machine, b->technology, asx_network_workload(b->network), NULL,
                                 err);
    return status;
}

static asx_status evaluate(bench *b, const char *text, asx_error *err)
{
    asx_accuracy accuracy;
    asx_cost cost, baseline;
    asx_status status = asx_design_parse(&b->design, text, asx_network_workload(b->network), err);
    if (status == ASX_OK)
        status = asx_measure_design(&accuracy, b->measure, &b->design, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&cost, NULL, b->machine, &b->design, err);
    if (status == ASX_OK)
        status = asx_machine_baseline(&baseline, NULL, b->machine, err);
    if (status == ASX_OK) {
        printf("accuracy,%.17g\ndrop,%.17g\n", accuracy.accuracy, accuracy.drop);
        printf("energy_pj,%.17g\nsaving,%.1f\n", cost.energy_pj,
               100 * (1 - cost.energy_pj / baseline.energy_pj));
    }
    return status;
}

static void close_bench(bench *b)
{
    asx_design_fini(&b->design);
    asx_machine_free(b->machine);
    asx_technology_free(b->technology);
    asx_measure_free(b->measure);
    asx_calibration_free(b->calibration);
    asx_dataset_free(b->data);
    asx_network_free(b->network);
}

int main(int argc, char **argv)
{
    bench b = {0};
    asx_error err;
    if (argc != 3) {
        fprintf(stderr, "usage: evaluate NETWORK.onnx DESIGN\n");
        return 2;
    }
    asx_status status = open_network(&b, argv[1], &err);
    if (status == ASX_OK)
        status = open_machine(&b, &err);
    if (status == ASX_OK)
        status = evaluate(&b, argv[2], &err);
    if (status != ASX_OK)
        fprintf(stderr, "evaluate: %s\n", err.message);
    close_bench(&b);
    return status == ASX_OK ? 0 : 1;
}
