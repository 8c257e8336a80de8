/* A program as a machine in Verilog: library, parameters, memories, testbench, scripts. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asx_rtl_files.h"
#include "dse/memory.h"
#include "dse/output_folder.h"
#include "eval/emit.h"
#include "machine_text.h"

/* All texts are made before the first file is: what cannot be built leaves nothing behind. */
enum {
    WEIGHTS,
    CONSTANTS,
    DESCRIPTORS,
    NEAREST,
    PARAMETERS,
    IMAGES,
    EXPECTED,
    SIZES,
    STEPS,
    JSON,
    N_TEXTS
};

static const char *const PATHS[N_TEXTS] = {[WEIGHTS] = "mem/weights.hex",
                                           [CONSTANTS] = "mem/constants.hex",
                                           [DESCRIPTORS] = "mem/descriptors.hex",
                                           [NEAREST] = "mem/nearest.hex",
                                           [PARAMETERS] = "rtl/asx_parameters.vh",
                                           [IMAGES] = "tb/images.hex",
                                           [EXPECTED] = "tb/expected.hex",
                                           [SIZES] = "tb/asx_expected.vh",
                                           [STEPS] = "tb/asx_steps.vh",
                                           [JSON] = "design.json"};

/* Where an embedded file goes. */
static const char *folder_of(const char *name)
{
    const bool bench = strcmp(name, "asx_testbench.v") == 0 || strcmp(name, "asx_recorder.v") == 0;
    return bench ? "tb/" : strstr(name, ".v") ? "rtl/" : strstr(name, ".py") ? "toggles/" : "";
}

static asx_status add_file(asx_output_folder *folder, const char *under, const char *name,
                           const void *bytes, size_t n, asx_error *err)
{
    asx_text path = {0};
    asx_text_add(&path, "%s%s", under, name);
    const asx_status status =
        path.failed
            ? asx_fail(err, ASX_ENOMEM, "no memory for the name of a file")
            : asx_output_folder_add(folder, path.s, bytes, n, strncmp(name, "run-", 4) == 0, err);
    asx_text_fini(&path);
    return status;
}

static bool exists(const char *folder, const char *under, const char *name)
{
    asx_text path = {0};
    asx_text_add(&path, "%s/%s%s", folder, under, name);
    const bool there = !path.failed && access(path.s, F_OK) == 0;
    asx_text_fini(&path);
    return there;
}

/* Files of the same names that belong to something else stay as they are. */
static asx_status check_folder(const char *folder, asx_error *err)
{
    const char *foreign = NULL;
    if (exists(folder, "", PATHS[JSON]))
        return ASX_OK;
    for (size_t i = 0; i < N_TEXTS; i++)
        if (exists(folder, "", PATHS[i]))
            foreign = PATHS[i];
    for (const struct asx_embedded_file *f = asx_rtl_files; f->name; f++)
        if (exists(folder, folder_of(f->name), f->name))
            foreign = f->name;
    return foreign ? asx_fail(err, ASX_EINVAL,
                              "'%s' holds a '%s' already, and no '%s' of a machine: another folder",
                              folder, foreign, PATHS[JSON])
                   : ASX_OK;
}

static asx_status write_all(const char *folder, const asx_text *text, asx_error *err)
{
    asx_output_folder *out = NULL;
    asx_status status = asx_output_folder_open(&out, folder, err);
    /* the last first: it tells whose folder this is, should the rest not get into its place */
    for (size_t i = N_TEXTS; i-- > 0 && status == ASX_OK;)
        status = text[i].failed
                     ? asx_fail(err, ASX_ENOMEM, "no memory for '%s'", PATHS[i])
                     : add_file(out, "", PATHS[i], text[i].s ? text[i].s : "", text[i].n, err);
    for (const struct asx_embedded_file *f = asx_rtl_files; f->name && status == ASX_OK; f++)
        status = add_file(out, folder_of(f->name), f->name, f->bytes, f->size, err);
    if (status == ASX_OK)
        status = asx_output_folder_commit(out, err);
    asx_output_folder_free(out);
    return status;
}

static asx_status add_bench(asx_text *text, const asx_machine_plan *plan, const asx_emit_rtl *what,
                            asx_error *err)
{
    const asx_program *p = plan->program;
    const size_t n = what->images.end - what->images.first;
    int32_t *trace = asx_array_new(n * asx_program_trace_size(p), sizeof *trace);
    float *image = asx_array_new(n * p->value[p->input].n, sizeof *image);
    asx_status status =
        trace && image ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu images", n);
    if (status == ASX_OK) {
        asx_dataset_images(image, what->data, what->images.first, n);
        status = asx_program_trace(trace, p, image, n, err);
    }
    if (status == ASX_OK) {
        asx_machine_images(&text[IMAGES], plan, trace, n);
        asx_machine_expected(&text[EXPECTED], plan, trace, n);
        asx_machine_bench_sizes(&text[SIZES], plan, n);
        asx_machine_bench_steps(&text[STEPS], plan);
    }
    free(trace);
    free(image);
    return status;
}

asx_status asx_emit_rtl_write(size_t *cycles, const asx_emit *what, const asx_emit_rtl *machine,
                              const char *folder, asx_error *err)
{
    asx_machine_plan plan = {0};
    asx_text text[N_TEXTS] = {0};
    asx_status status = check_folder(folder, err);
    if (status == ASX_OK)
        status = asx_machine_plan_init(&plan, what->program, machine->placement, machine->rows,
                                       machine->columns, err);
    if (status == ASX_OK)
        status = asx_machine_weights(&text[WEIGHTS], &plan, err);
    if (status == ASX_OK)
        status = asx_machine_nearest(&text[NEAREST], &plan, err);
    if (status == ASX_OK) {
        asx_machine_constants(&text[CONSTANTS], &plan);
        asx_machine_descriptors(&text[DESCRIPTORS], &plan);
        asx_machine_parameters(&text[PARAMETERS], &plan);
        asx_machine_json(&text[JSON], &plan, what);
        status = add_bench(text, &plan, machine, err);
    }
    if (status == ASX_OK)
        status = write_all(folder, text, err);
    if (status == ASX_OK)
        *cycles = plan.cycles;
    for (size_t i = 0; i < N_TEXTS; i++)
        asx_text_fini(&text[i]);
    asx_machine_plan_fini(&plan);
    return status;
}
