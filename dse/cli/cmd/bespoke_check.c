/* asx bespoke check: what a network answers for every row of a table, against labels and classes. */
#include <stdlib.h>

#include "bespoke_rows.h"
#include "bespoke_verbs.h"
#include "cmd.h"
#include "dse/accuracy.h"
#include "dse/memory.h"
#include "look_options.h"
#include "option.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "bespoke check DESIGN.json X.csv [--labels FILE] [--classes FILE]",
    .about =
        "Computes what a bespoke network answers for every row of a table of inputs, by definition. "
        "With --labels: whether each answer is the one of the file, as another simulation of the same "
        "circuit gave it; the first that differs is a failure. With --classes: how often it is right, "
        "with an interval of 95 % (Wilson). Inputs that have more bits than are wired are cut, as in "
        "the circuit, and counted, but for features of which no bit is wired. Tables have whole "
        "numbers, with or without a row of names.",
    .examples = "  asx bespoke check design.json x_test.csv --labels labels.csv\n"
                "  asx bespoke check design.json x_test.csv --classes y_test.csv --format json\n",
    .min_arguments = 2,
    .max_arguments = 2};

static const table_column columns[] = {{"rows", TABLE_INTEGER, 0},
                                       {"inputs_cut", TABLE_INTEGER, 0},
                                       {"labels_equal", TABLE_INTEGER, 0},
                                       {"correct", TABLE_INTEGER, 0},
                                       {"accuracy_percent", TABLE_NUMBER, 2},
                                       {"accuracy_low", TABLE_NUMBER, 2},
                                       {"accuracy_high", TABLE_NUMBER, 2},
                                       {0}};

/* Rows in which an input has more bits than are wired; one that is not wired at all is none, it is left out on purpose. */
static size_t rows_cut(const asx_bespoke *network, const bespoke_rows *x)
{
    size_t n = 0;
    for (size_t r = 0; r < x->n; r++)
        for (size_t i = 0; i < x->columns; i++)
            if (network->input_bits[i] > 0 &&
                x->value[r * x->columns + i] >> network->input_bits[i] != 0) {
                n++;
                break;
            }
    return n;
}

static asx_status read_column(bespoke_rows *out, const char *path, size_t n, asx_error *err)
{
    const asx_status status = bespoke_rows_read(out, path, 1, err);
    if (status != ASX_OK || out->n == n)
        return status;
    return asx_fail(err, ASX_EINVAL, "%s: %zu rows, but the inputs have %zu", path, out->n, n);
}

static size_t count_equal(const uint32_t *a, const uint32_t *b, size_t n)
{
    size_t equal = 0;
    for (size_t i = 0; i < n; i++)
        equal += a[i] == b[i];
    return equal;
}

/* What is known of the answers, as they come. */
typedef struct answers {
    bespoke_rows x, labels, classes;
    uint32_t *label;
} answers;

static asx_status check_classes(const bespoke_rows *classes, const char *path,
                                const asx_bespoke *network, asx_error *err)
{
    const size_t n = network->layer[network->n_layers - 1].outputs;
    for (size_t i = 0; i < classes->n; i++)
        if (classes->value[i] >= n)
            return asx_fail(err, ASX_EINVAL, "%s: row %zu: class %u is outside [0, %zu]", path, i,
                            classes->value[i], n - 1);
    return ASX_OK;
}

static asx_status answer(answers *a, const asx_bespoke *network, const char *labels,
                         const char *classes, asx_error *err)
{
    asx_status status = ASX_OK;
    if (labels)
        status = read_column(&a->labels, labels, a->x.n, err);
    if (status == ASX_OK && classes)
        status = read_column(&a->classes, classes, a->x.n, err);
    if (status == ASX_OK && classes)
        status = check_classes(&a->classes, classes, network, err);
    if (status != ASX_OK)
        return status;
    a->label = asx_array_new(a->x.n, sizeof *a->label);
    return a->label ? bespoke_rows_run(a->label, network, &a->x, err)
                    : asx_fail(err, ASX_ENOMEM, "no memory for the answers");
}

static asx_status print(const answers *a, const asx_bespoke *network, const look *l, asx_error *err)
{
    table *t = NULL;
    asx_status status = table_new(&t, NULL, columns, err);
    if (status != ASX_OK)
        return status;
    table_integer(t, (long long)a->x.n);
    table_integer(t, (long long)rows_cut(network, &a->x));
    if (a->labels.n)
        table_integer(t, (long long)count_equal(a->label, a->labels.value, a->x.n));
    else
        table_text(t, NULL);
    const size_t correct =
        a->classes.n ? count_equal(a->label, a->classes.value, a->x.n) : ASX_NOT_COUNTED;
    if (a->classes.n) {
        const asx_accuracy is = asx_accuracy_from_counts(ASX_TIER_MEASURED, a->x.n, correct, 0, 0);
        table_integer(t, (long long)correct);
        table_number(t, is.accuracy);
        table_number(t, is.accuracy_low);
        table_number(t, is.accuracy_high);
    } else {
        for (int i = 0; i < 4; i++)
            table_text(t, NULL);
    }
    table_for_people(t, a->labels.n ? "inputs_cut" : "labels_equal", NULL);
    status = look_print(l, &t, 1, err);
    table_free(t);
    return status;
}

static asx_status compare(const answers *a, const char *path, asx_error *err)
{
    for (size_t i = 0; i < a->labels.n; i++)
        if (a->label[i] != a->labels.value[i])
            return asx_fail(err, ASX_EINVAL, "%s: row %zu has label %u, the network answers %u",
                            path, i, a->labels.value[i], a->label[i]);
    return ASX_OK;
}

int bespoke_check(int argc, char **argv)
{
    const char *labels = NULL, *classes = NULL;
    look l = LOOK_DEFAULT;
    const option options[] = {
        OPTION_OF_TEXT(&labels, "labels", "FILE.csv", "what the circuit answers, row by row"),
        OPTION_OF_TEXT(&classes, "classes", "FILE.csv", "what would be right, row by row"),
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_bespoke *network = NULL;
    answers a = {0};
    asx_status status = asx_bespoke_read(&network, args.argument[0], &err);
    if (status == ASX_OK)
        status = bespoke_rows_read(&a.x, args.argument[1], network->layer[0].inputs, &err);
    if (status == ASX_OK)
        status = answer(&a, network, labels, classes, &err);
    if (status == ASX_OK)
        status = print(&a, network, &l, &err);
    if (status == ASX_OK)
        status = compare(&a, labels, &err);
    free(a.label);
    bespoke_rows_fini(&a.classes);
    bespoke_rows_fini(&a.labels);
    bespoke_rows_fini(&a.x);
    asx_bespoke_free(network);
    return cmd_end(status, &err);
}
