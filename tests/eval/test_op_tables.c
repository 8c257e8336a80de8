/* Every operator has its row in the table of every part: what is missing would be zeros. */
#include <string.h>

#include "check.h"
#include "integer_ops.h"
#include "onnx_ops.h"
#include "onnx_writers.h"
#include "train_back.h"

static void names(void **state)
{
    (void)state;
    for (asx_op a = 0; a < ASX_N_OPS; a++) {
        assert_true(strlen(asx_op_text(a)) > 1);
        for (asx_op b = 0; b < a; b++)
            assert_string_not_equal(asx_op_text(a), asx_op_text(b));
    }
    assert_string_equal(asx_op_text(ASX_N_OPS), "?");
}

/* Operators without a function of their own are the layers with weights, run by the numerics, and
 * what is never run. */
static void engine(void **state)
{
    (void)state;
    for (asx_op op = 0; op < ASX_N_OPS; op++) {
        const bool layer = op == ASX_OP_CONV || op == ASX_OP_DENSE || op == ASX_OP_UNKNOWN;
        if (!asx_op_types[op].forward != layer)
            fail_msg("the engine has no row for %s", asx_op_text(op));
    }
}

static void integers(void **state)
{
    (void)state;
    for (asx_op op = 0; op < ASX_N_OPS; op++)
        if (asx_integer_ops[op].scaling < ASX_SCALE_OWN ||
            asx_integer_ops[op].scaling > ASX_SCALE_SUM)
            fail_msg("the integers have no row for %s", asx_op_text(op));
}

static void training(void **state)
{
    (void)state;
    for (asx_op op = 0; op < ASX_N_OPS; op++)
        if (!asx_tape_ops[op].backward != !asx_op_types[op].forward)
            fail_msg("training has no row for %s", asx_op_text(op));
}

static void onnx(void **state)
{
    (void)state;
    for (asx_op op = 0; op < ASX_N_OPS; op++)
        if (!asx_onnx_writers[op].write && op != ASX_OP_UNKNOWN)
            fail_msg("the writer of ONNX has no row for %s", asx_op_text(op));
}

/* The list for users: all of the importer's, each once, sorted; every one is of something. */
static void operators(void **state)
{
    (void)state;
    asx_operator op[512];
    const size_t n = asx_operators(op, 512);
    assert_true(n > 100 && n < 512);
    assert_int_equal(asx_operators(NULL, 0), n);
    for (size_t i = 0; i < n; i++) {
        assert_true(op[i].of_values || op[i].of_constants);
        if (i > 0 && strcmp(op[i - 1].name, op[i].name) >= 0)
            fail_msg("%s is not before %s", op[i - 1].name, op[i].name);
        if (strncmp(op[i].name, "Q", 1) != 0 && strcmp(op[i].name, "Trunc") != 0 &&
            strcmp(op[i].name, "LRN") != 0 && !strstr(op[i].name, "LpPool"))
            assert_non_null(asx_onnx_op_find(op[i].name, op[i].qonnx));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),    cmocka_unit_test(operators), cmocka_unit_test(engine),
        cmocka_unit_test(integers), cmocka_unit_test(training),  cmocka_unit_test(onnx),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
