/* The tests of ONNX itself, as Debian's libonnx-testdata installs them: models of one node or a few,
 * with inputs and the outputs that the standard asks for. Run with a file name, or nothing, it
 * prints a table of how many pass, are refused or do not apply, and of the reasons for refusals;
 * any wrong answer fails the test, and so do fewer passes than there have been.
 *
 * A network of ours has one input, whose first dimension counts the images, and constants. So every
 * model is tried twice: with its first float input as images and all others as constants ("value"),
 * and with all inputs as constants ("constant"), which evaluates its nodes at import. */
#include <dirent.h>
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/file.h"
#include "onnx.h"
#include "onnx_case.h"

/* Fewer than these would be a step back. */
enum { VALUES_MIN = 334, PASSES_MIN = 636 };
enum { FILE_BYTES_MAX = 1 << 24, INPUTS_MAX = 16, REASONS_MAX = 400, TESTS_MAX = 2048 };

typedef enum outcome {
    PASS_VALUE,
    PASS_CONSTANT,
    REFUSED,
    NOT_APPLICABLE,
    WRONG,
    N_OUTCOMES
} outcome;

typedef struct reason {
    char text[160];
    size_t n;
} reason;

static struct {
    size_t count[4][N_OUTCOMES];
    reason reason[REASONS_MAX];
    size_t n_reasons;
} table;

static void *read_all(size_t *n, const char *path)
{
    char *bytes = NULL;
    asx_error err = {0};
    return asx_file_read(&bytes, n, path, FILE_BYTES_MAX, &err) == ASX_OK ? bytes : NULL;
}

static Onnx__TensorProto *read_tensor(const char *folder, const char *kind, size_t i)
{
    char path[1200];
    size_t n;
    snprintf(path, sizeof path, "%s/test_data_set_0/%s_%zu.pb", folder, kind, i);
    uint8_t *bytes = read_all(&n, path);
    Onnx__TensorProto *tensor = bytes ? onnx__tensor_proto__unpack(NULL, n, bytes) : NULL;
    free(bytes);
    return tensor;
}

/* ---- one model ---- */

typedef struct trial {
    Onnx__ModelProto *model;
    Onnx__TensorProto *input[INPUTS_MAX], *output;
    size_t n_inputs;
    asx_onnx_constant x, want; /* the images, and what is asked for */
} trial;

static asx_status decode(asx_onnx_constant *out, const Onnx__TensorProto *tensor)
{
    asx_error err = {0};
    asx_network net = {0};
    asx_onnx in = {.net = &net, .budget = (size_t)1 << 28};
    asx_status status = asx_onnx_decode(out, &in, tensor, &err);
    if (net.lacks) { /* an empty field where elements belong */
        free(net.lacks);
        return ASX_EPARSE;
    }
    return status;
}

static void trial_free(trial *t)
{
    for (size_t i = 0; i < t->n_inputs; i++)
        onnx__tensor_proto__free_unpacked(t->input[i], NULL);
    onnx__tensor_proto__free_unpacked(t->output, NULL);
    onnx__model_proto__free_unpacked(t->model, NULL);
    asx_onnx_constant_fini(&t->x);
    asx_onnx_constant_fini(&t->want);
}

/* NumPy has no bfloat16: the tests store its bits as uint16. */
static void restore_type(Onnx__TensorProto *tensor, const Onnx__ValueInfoProto *info)
{
    const Onnx__TypeProto *type = info->type;
    if (tensor && tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__UINT16 && type &&
        type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE &&
        type->tensor_type->elem_type == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16)
        tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16;
}

/* Whether there is a model whose inputs and first output are tensors of numbers. */
static bool trial_read(trial *t, const char *folder)
{
    char path[1200];
    size_t n;
    snprintf(path, sizeof path, "%s/model.onnx", folder);
    uint8_t *bytes = read_all(&n, path);
    t->model = bytes ? onnx__model_proto__unpack(NULL, n, bytes) : NULL;
    free(bytes);
    if (!t->model || !t->model->graph || t->model->graph->n_output == 0)
        return false;
    while (t->n_inputs < INPUTS_MAX &&
           (t->input[t->n_inputs] = read_tensor(folder, "input", t->n_inputs)))
        t->n_inputs++;
    for (size_t i = 0; i < t->n_inputs && i < t->model->graph->n_input; i++)
        restore_type(t->input[i], t->model->graph->input[i]);
    t->output = read_tensor(folder, "output", 0);
    restore_type(t->output, t->model->graph->output[0]);
    return t->output && decode(&t->want, t->output) == ASX_OK;
}

/* The bytes of the model with inputs from number `from` on as initializers. */
static uint8_t *bind(size_t *n, trial *t, size_t from)
{
    Onnx__GraphProto *g = t->model->graph;
    const size_t n_initializer = g->n_initializer;
    Onnx__TensorProto **old = g->initializer;
    Onnx__TensorProto **all = calloc(n_initializer + t->n_inputs + 1, sizeof(Onnx__TensorProto *));
    assert_non_null(all);
    for (size_t i = 0; i < n_initializer; i++)
        all[i] = old[i];
    size_t count = n_initializer;
    for (size_t i = from; i < t->n_inputs && i < g->n_input; i++) {
        free(t->input[i]->name);
        t->input[i]->name = strdup(g->input[i]->name);
        all[count++] = t->input[i];
    }
    g->initializer = all;
    g->n_initializer = count;
    *n = onnx__model_proto__get_packed_size(t->model);
    uint8_t *bytes = malloc(*n);
    assert_non_null(bytes);
    onnx__model_proto__pack(t->model, bytes);
    g->initializer = old;
    g->n_initializer = n_initializer;
    free(all);
    return bytes;
}

static double number_of(const asx_onnx_constant *c, size_t i)
{
    return c->f ? (double)c->f[i] : (double)c->i[i];
}

/* As ONNX's own runner compares: 1e-3 of the number, or 1e-5 where it is nearly zero; bfloat16,
 * which the tests cut and the standard rounds, to a unit of its last place. */
static bool same(double got, double want, int type)
{
    const double unit = type == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16 ? 0x1p-7 : 1e-3;
    return (isnan(got) && isnan(want)) || got == want ||
           fabs(got - want) <= 1e-5 + unit * fabs(want);
}

static bool same_constant(const asx_onnx_constant *got, const asx_onnx_constant *want)
{
    if (got->n != want->n || got->rank != want->rank)
        return false;
    for (size_t d = 0; d < want->rank; d++)
        if (got->dim[d] != want->dim[d])
            return false;
    for (size_t i = 0; i < want->n; i++)
        if (!same(number_of(got, i), number_of(want, i), want->type))
            return false;
    return true;
}

static bool same_values(const asx_network *net, const asx_onnx_constant *x,
                        const asx_onnx_constant *want)
{
    const size_t batch = x->dim[0], n = asx_network_n_classes(net);
    size_t rank = 0;
    const size_t *dim = asx_network_output_shape(net, &rank);
    bool good = want->n == batch * n && want->rank == rank + 1 && want->dim[0] == batch;
    for (size_t d = 0; good && d < rank; d++)
        good = want->dim[d + 1] == dim[d];
    if (!good)
        return false;
    float *y = case_run(net, x->f, batch);
    for (size_t i = 0; good && i < want->n; i++)
        good = same((double)y[i], number_of(want, i), want->type);
    free(y);
    return good;
}

/* Without what is between quotes, and without numbers: one reason for all nodes. */
static void count_reason(const char *message)
{
    char text[160];
    size_t n = 0;
    const char *at = strstr(message, "): ");
    const char *op = strrchr(message, '(');
    if (at) {
        while (op > message && op > at)
            op--;
        const char *open = at;
        while (open > message && *open != '(')
            open--;
        n = (size_t)snprintf(text, sizeof text, "%.*s: ", (int)(at - open - 1), open + 1);
        message = at + 3;
    } else if (strstr(message, ": ")) {
        message = strstr(message, ": ") + 2;
    }
    for (bool quoted = false; *message && n + 1 < sizeof text; message++) {
        quoted ^= *message == '\'';
        if (!quoted && !(*message >= '0' && *message <= '9'))
            text[n++] = *message;
    }
    text[n] = '\0';
    for (size_t i = 0; i < table.n_reasons; i++)
        if (strcmp(table.reason[i].text, text) == 0) {
            table.reason[i].n++;
            return;
        }
    if (table.n_reasons < REASONS_MAX) {
        strcpy(table.reason[table.n_reasons].text, text);
        table.reason[table.n_reasons++].n = 1;
    }
}

/* @param from 1: the first input is the images; 0: all are constants */
static outcome run(trial *t, size_t from, asx_error *err)
{
    asx_network *net = NULL;
    asx_onnx_constant result = {0};
    size_t n;
    uint8_t *bytes = bind(&n, t, from);
    const asx_status status = asx_onnx_import_any(&net, &result, "m", bytes, n, err);
    outcome o = REFUSED;
    if (status == ASX_OK && net)
        o = from == 1 && same_values(net, &t->x, &t->want) ? PASS_VALUE : WRONG;
    else if (status == ASX_OK)
        o = same_constant(&result, &t->want) ? PASS_CONSTANT : WRONG;
    asx_network_free(net);
    asx_onnx_constant_fini(&result);
    free(bytes);
    return o;
}

/* Moves dimension `axis` of a constant to the front. */
static void bring_forward(asx_onnx_constant *c, size_t axis)
{
    size_t before = 1, behind = 1;
    const size_t n = c->dim[axis];
    float *turned = malloc((c->n ? c->n : 1) * sizeof *turned);
    assert_non_null(turned);
    for (size_t d = 0; d < c->rank; d++)
        *(d < axis ? &before : &behind) *= d == axis ? 1 : c->dim[d];
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < before; b++)
            memcpy(turned + (i * before + b) * behind, c->f + (b * n + i) * behind,
                   behind * sizeof *turned);
    memmove(c->dim + 1, c->dim, axis * sizeof *c->dim);
    c->dim[0] = n;
    free(c->f);
    c->f = turned;
}

/* Recurrent layers in layout 0 have their batch behind the steps, or behind the directions. */
static void turn_sequences(trial *t)
{
    const Onnx__NodeProto *node = t->model->graph->node[0];
    bool first = false;
    if (t->model->graph->n_node != 1 || t->x.rank != 3 || !t->want.f ||
        (strcmp(node->op_type, "LSTM") != 0 && strcmp(node->op_type, "GRU") != 0 &&
         strcmp(node->op_type, "RNN") != 0))
        return;
    for (size_t i = 0; i < node->n_attribute; i++)
        first = first || (strcmp(node->attribute[i]->name, "layout") == 0 && node->attribute[i]->i);
    if (first)
        return;
    bring_forward(&t->x, 1);
    bring_forward(&t->want, t->want.rank == 4 ? 2 : 1);
}

static outcome try_model(const char *folder, char *why, size_t room)
{
    trial t = {.n_inputs = 0};
    asx_error err = {0};
    outcome o = NOT_APPLICABLE;
    if (trial_read(&t, folder)) {
        o = REFUSED;
        const bool images = t.n_inputs > 0 && decode(&t.x, t.input[0]) == ASX_OK && t.x.f &&
                            t.x.rank > 1 && t.x.dim[0] > 0;
        if (images) {
            turn_sequences(&t);
            o = run(&t, 1, &err);
        }
        snprintf(why, room, "%s", err.message);
        asx_error ignored = {0};
        if (o == REFUSED) {
            o = run(&t, 0, images ? &ignored : &err);
            if (o == REFUSED && !images)
                snprintf(why, room, "%s", err.message);
        }
    }
    trial_free(&t);
    return o;
}

/* ---- all of them ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *const sets[] = {"node", "pytorch-converted", "pytorch-operator", "simple"};

static void run_set(size_t k, const char *root, bool tells)
{
    static const char *const text[] = {"value", "constant", "refused", "n/a", "WRONG"};
    char folder[512], *name[TESTS_MAX];
    size_t n = 0;
    snprintf(folder, sizeof folder, "%s/%s", root, sets[k]);
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.' && n < TESTS_MAX)
            name[n++] = strdup(e->d_name);
    if (dir)
        closedir(dir);
    qsort(name, n, sizeof *name, compare_names);
    for (size_t i = 0; i < n; i++) {
        char path[1024], why[ASX_ERROR_MAX] = "";
        snprintf(path, sizeof path, "%s/%s", folder, name[i]);
        const outcome o = try_model(path, why, sizeof why);
        table.count[k][o]++;
        if (o == REFUSED)
            count_reason(why);
        if (tells || o == WRONG)
            printf("%-8s %s/%s%s%s\n", text[o], sets[k], name[i], *why ? ": " : "", why);
        free(name[i]);
    }
}

static int compare_reasons(const void *a, const void *b)
{
    const reason *p = a, *q = b;
    return p->n != q->n ? (p->n < q->n) - (p->n > q->n) : strcmp(p->text, q->text);
}

static void print_table(void)
{
    printf("%-18s %7s %9s %8s %15s %6s\n", "models", "value", "constant", "refused",
           "not applicable", "wrong");
    for (size_t k = 0; k < 4; k++)
        printf("%-18s %7zu %9zu %8zu %15zu %6zu\n", sets[k], table.count[k][PASS_VALUE],
               table.count[k][PASS_CONSTANT], table.count[k][REFUSED],
               table.count[k][NOT_APPLICABLE], table.count[k][WRONG]);
    qsort(table.reason, table.n_reasons, sizeof *table.reason, compare_reasons);
    printf("\nrefused, by reason\n");
    for (size_t i = 0; i < table.n_reasons; i++)
        printf("%5zu %s\n", table.reason[i].n, table.reason[i].text);
}

int main(int argc, char **argv)
{
    const char *root = getenv("ASX_ONNX_TESTDATA");
    root = root && *root ? root : "/usr/share/libonnx-testdata/data";
    DIR *there = opendir(root);
    if (!there) {
        printf("skipped: '%s' is not there (libonnx-testdata, or set ASX_ONNX_TESTDATA)\n", root);
        return 77;
    }
    closedir(there);
    const bool tells = argc > 1 && strcmp(argv[1], "--all") == 0;
    for (size_t k = 0; k < 4; k++)
        run_set(k, root, tells);
    print_table();
    size_t wrong = 0, values = 0, passes = 0;
    for (size_t k = 0; k < 4; k++) {
        wrong += table.count[k][WRONG];
        values += table.count[k][PASS_VALUE];
        passes += table.count[k][PASS_VALUE] + table.count[k][PASS_CONSTANT];
    }
    if (values < VALUES_MIN || passes < PASSES_MIN)
        printf("%zu passes, %zu of them of values: there have been %d and %d\n", passes, values,
               PASSES_MIN, VALUES_MIN);
    return wrong > 0 || values < VALUES_MIN || passes < PASSES_MIN;
}
