/* Einsum of two values against its definition: a sum over every letter, one index after the other. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "onnx_case.h"

enum { IMAGES = 2, INPUT = 24, LETTERS = 6 };

/* How many there are of a letter; 'a' is the batch. */
static const size_t SIZE[LETTERS] = {IMAGES, 2, 3, 4, 2, 3};

static size_t size_of(char letter)
{
    return SIZE[letter - 'a'];
}

/* Dimensions of a term; the batch as -1, as files have it. @return elements per image */
static size_t shape_of(int64_t *dim, const char *term)
{
    size_t n = 1;
    dim[0] = -1;
    for (size_t i = 1; term[i]; i++) {
        dim[i] = (int64_t)size_of(term[i]);
        n *= size_of(term[i]);
    }
    return n;
}

static size_t at(const char *term, const size_t *index)
{
    size_t place = 0;
    for (size_t i = 0; term[i]; i++)
        place = place * size_of(term[i]) + index[term[i] - 'a'];
    return place;
}

/* Counts through all letters; false behind the last. */
static bool next(size_t *index)
{
    for (size_t i = LETTERS; i-- > 0;) {
        if (++index[i] < SIZE[i])
            return true;
        index[i] = 0;
    }
    return false;
}

/* x [IMAGES][INPUT], of which both operands are the first elements, the second one's squared. */
static void define(double *out, const char *a, const char *b, const char *y, const float *x,
                   size_t n_a, size_t n_b)
{
    size_t index[LETTERS] = {0}, times = 1;
    for (size_t l = 0; l < LETTERS; l++)
        if (!strchr(a, (char)('a' + l)) && !strchr(b, (char)('a' + l)))
            times *= SIZE[l];
    do {
        const size_t image = index[0];
        const double left = (double)x[image * INPUT + at(a, index) - image * n_a];
        const double right = (double)x[image * INPUT + at(b, index) - image * n_b];
        out[at(y, index)] += left * right * right / (double)times;
    } while (next(index));
}

/* An operand: a slice of the input, reshaped. */
static void operand(onnx_writer *w, const char *name, const char *from, const char *term)
{
    int64_t dim[5], end;
    char slice[16], part[16], shape[16], inputs[64];
    end = (int64_t)shape_of(dim, term);
    snprintf(slice, sizeof slice, "%s_end", name);
    snprintf(part, sizeof part, "%s_part", name);
    snprintf(shape, sizeof shape, "%s_shape", name);
    onnx_int64s(w, slice, 1, &end);
    snprintf(inputs, sizeof inputs, "%s zero %s one", from, slice);
    onnx_node(w, "Slice", "", inputs, part, NULL);
    dim[0] = 0; /* as it is */
    onnx_int64s(w, shape, strlen(term), dim);
    snprintf(inputs, sizeof inputs, "%s %s", part, shape);
    onnx_node(w, "Reshape", "", inputs, name, NULL);
}

static onnx_writer file_of(const char *equation, const char *a, const char *b)
{
    onnx_writer w = case_start(2, (int64_t[]){-1, INPUT});
    onnx_bytes how = {0};
    onnx_int64s(&w, "zero", 1, (int64_t[]){0});
    onnx_int64s(&w, "one", 1, (int64_t[]){1});
    onnx_node(&w, "Mul", "", "x x", "square", NULL);
    operand(&w, "p", "x", a);
    operand(&w, "q", "square", b);
    onnx_attribute_text(&how, "equation", equation);
    onnx_node(&w, "Einsum", "sum", "p q", "z", &how);
    onnx_output(&w, "z");
    return w;
}

static void check(const char *equation, const char *a, const char *b, const char *y)
{
    int64_t dim[5];
    const size_t n_a = shape_of(dim, a), n_b = shape_of(dim, b), n_y = shape_of(dim, y);
    float x[IMAGES * INPUT];
    double want[256] = {0};
    for (size_t i = 0; i < IMAGES * INPUT; i++)
        x[i] = (float)((double)((i * 37) % 11) - 5) / 4;
    onnx_writer w = file_of(equation, a, b);
    onnx_bytes file = onnx_finish(&w);
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "einsum.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    define(want, a, b, y, x, n_a, n_b);
    size_t rank;
    const size_t *shape = asx_network_output_shape(net, &rank);
    assert_int_equal(rank, strlen(y) - 1);
    for (size_t i = 0; i < rank; i++)
        assert_int_equal(shape[i], dim[i + 1]);
    float *got = case_run(net, x, IMAGES);
    for (size_t i = 0; i < IMAGES * n_y; i++)
        if (!(fabs((double)got[i] - want[i]) <= 1e-4))
            fail_msg("%s: element %zu is %g, not %g", equation, i, (double)got[i], want[i]);
    const asx_workload *work = asx_network_workload(net);
    assert_int_equal(work->n_layers, 1);
    assert_int_equal(work->layer[0].kind, ASX_LAYER_PRODUCT);
    free(got);
    asx_network_free(net);
}

static void products(void **state)
{
    (void)state;
    check("abc,acd->abd", "abc", "acd", "abd"); /* matrices */
    check("abc,adc->abd", "abc", "adc", "abd");
    check("abc, adc -> adb", "abc", "adc", "adb");
    check("abcd,abed->abce", "abcd", "abed", "abce"); /* scores of heads */
    check("abce,abed->abcd", "abce", "abed", "abcd");
    check("acbd,aebd->abce", "acbd", "aebd", "abce"); /* heads behind places, as JAX has them */
    check("abce,aebd->acbd", "abce", "aebd", "acbd");
    check("abc,ac->ab", "abc", "ac", "ab"); /* by a vector */
    check("ac,abc->ab", "ac", "abc", "ab");
    check("abcd,abce->aed", "abcd", "abce", "aed"); /* two letters summed */
}

static void refuse(const char *equation, const char *a, const char *b, const char *why)
{
    onnx_writer w = file_of(equation, a, b);
    onnx_bytes file = onnx_finish(&w);
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(asx_network_parse(&net, "einsum.onnx", file.data, file.n, &err), ASX_EUNSUPPORTED,
               err);
    assert_non_null(strstr(err.message, "node 'sum' (Einsum): equation '"));
    if (!strstr(err.message, why))
        fail_msg("'%s' does not say '%s'", err.message, why);
    onnx_bytes_free(&file);
}

static void refused(void **state)
{
    (void)state;
    refuse("abc,acd", "abc", "acd", "first letter is not the batch's");
    refuse("abc,cad->abd", "abc", "acd", "first letter is not the batch's");
    refuse("abc,abc->abc", "abc", "abc", "nothing is summed: use Mul");
    refuse("abc,acd->ad", "abc", "acd", "a sum over one operand alone");
    refuse("abb,acd->abd", "abb", "acd", "a letter twice");
    refuse("a...,a...->a...", "ab", "ab", "without letters");
    refuse("abc,acd,ad->abd", "abc", "acd", "not of two operands");
    refuse("abc->acb", "abc", "acd", "not of two operands");
    refuse("", "abc", "acd", "not of two operands");
    refuse("abc,acd->abde", "abc", "acd", "no operand has");
    refuse("a1c,acd->a1d", "abc", "acd", "not made of letters");
    refuse("abc,acd>abd", "abc", "acd", "not made of letters");
    refuse("abcdef,acd->abd", "abc", "acd", "more than five dimensions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(products), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
