/* A program written as a machine in Verilog and simulated: its testbench finds every integer equal, and the
 * cycles that were told. */
#include <unistd.h>

#include "asm_reference.h"
#include "eval/emit.h"
#include "toy_movers.h"

enum { IMAGES = 2 };

static void simulate(const asx_network *net, const char *text, size_t rows, size_t columns,
                     size_t images)
{
    const unsigned char label[IMAGES] = {0};
    char folder[] = "/tmp/asx-rtl-XXXXXX", command[512];
    asx_error err;
    asx_calibration *c = NULL;
    asx_program *p = NULL;
    asx_design design;
    asx_calibration_options o = asx_calibration_options_default();
    size_t cycles = 0;
    o.batch = IMAGES;
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    CHECK_OK(asx_design_parse(&design, text, asx_network_workload(net), &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
    CHECK_OK(asx_program_new(&p, c, &design, &err), err);
    assert_non_null(mkdtemp(folder));
    const asx_emit what = {.program = p, .network = "network", .design = text};
    const asx_emit_rtl machine = {.placement = design.placement,
                                  .rows = rows,
                                  .columns = columns,
                                  .data = data,
                                  .images = {0, images}};
    CHECK_OK(asx_emit_rtl_write(&cycles, &what, &machine, folder, &err), err);
    snprintf(
        command, sizeof command,
        "cd %s && ./run-iverilog >out 2>&1 && grep -q 'PASS: %zu images, .* %zu cycles' out || "
        "{ cat out >&2; exit 1; }",
        folder, images, cycles);
    if (system(command) != 0)
        fail_msg("%s on %zu x %zu lanes: see above and %s", text, rows, columns, folder);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    asx_program_free(p);
    asx_calibration_free(c);
    asx_design_fini(&design);
    asx_dataset_free(data);
}

static void missing(void)
{
    if (system("command -v iverilog >/dev/null") != 0) {
        print_message("iverilog is missing: nothing is simulated\n");
        skip();
    }
}

static void residual(void **state)
{
    (void)state;
    missing();
    asx_network *net = toy_residual();
    simulate(net, "near: w4{1,3}a8", 4, 4, 2);
    simulate(net, "vn: w8s{1,3}a6q6{1,33}", 3, 2, 1);
    simulate(net, "in: w4a8", 2, 3, 1);
    asx_network_free(net);
}

/* Groups, dilation, padding of both kinds, products and other pairs, moves, transposes, pools, dense rows. */
static void moved(void **state)
{
    (void)state;
    missing();
    asx_network *net = toy_movers();
    simulate(net, "near: w6{1,3}a8", 4, 4, 1);
    simulate(net, "vn: w8a8{1,3}", 8, 4, 1);
    simulate(net, "in: w6s{1,5}a7", 2, 2, 1);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(residual), cmocka_unit_test(moved)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
