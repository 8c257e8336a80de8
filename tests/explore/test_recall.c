/* The evaluator that asks the database first, from several threads: what is booked is not measured again, whatever the
 * placement, and what is not is. */
#include "recall.h"

#include <omp.h>
#include <stdatomic.h>

#include "sample.h"

enum { N_DESIGNS = 24, N_KNOWN = 12, N_THREADS = 4 };

static atomic_int n_measured;

static asx_status measure(void *state, const asx_design *design, asx_evaluation *inout,
                          asx_error *err)
{
    (void)state, (void)err;
    atomic_fetch_add(&n_measured, 1);
    inout->accuracy = (asx_accuracy){
        .tier = ASX_TIER_MEASURED, .images = 100, .accuracy = design->format[0].weight.bits};
    return ASX_OK;
}

/* The i-th list of formats: words of 3 to 8 bits in two layers. */
static asx_design design_of(const asx_workload *work, const char *placement, int i)
{
    asx_error err;
    asx_design design;
    char text[64];
    snprintf(text, sizeof text, "%s: w%da8 fc=w%da8", placement, 3 + i % 6, 3 + i / 6);
    CHECK_OK(asx_design_parse(&design, text, work, &err), err);
    return design;
}

static void book(const char *path, asx_workload *work)
{
    asx_error err;
    asx_store *store = NULL;
    asx_record record;
    CHECK_OK(asx_store_open(&store, path, ASX_STORE_CREATE, &err), err);
    const int64_t id = sample_campaign(store, "a");
    CHECK_OK(asx_record_read(&record, work, store, id, &err), err);
    asx_record_fini(&record);
    const asx_ledger ledger = sample_ledger(store, id, ASX_TIER_MEASURED, 1);
    for (int i = 0; i < N_KNOWN; i++) {
        asx_design design = design_of(work, "vn", i);
        asx_text text = {0};
        asx_design_print(&text, &design, work);
        const asx_evaluation e = sample_evaluation(ASX_TIER_MEASURED, (unsigned)i);
        CHECK_OK(ledger.book(ledger.state, text.s, &design, &e, &err), err);
        asx_text_fini(&text);
        asx_design_fini(&design);
    }
    asx_store_free(store);
}

static void what_is_booked_is_not_measured(void **state)
{
    (void)state;
    char path[256];
    asx_error err;
    asx_workload work;
    asx_evaluator recall;
    asx_evaluation found[N_DESIGNS];
    asx_status status[N_DESIGNS];
    static const asx_evaluator_type type = {.name = "measure", .evaluate = measure};
    asx_evaluator inner = {.type = &type};
    const asx_store_inputs inputs = sample_inputs(ASX_TIER_MEASURED);
    memset(found, 0, sizeof found);
    sample_path(path, sizeof path, "x.db");
    book(path, &work);
    CHECK_OK(asx_recall_new(&recall, &inner, path, &work, &inputs, &err), err);
#pragma omp parallel for schedule(static, 1) num_threads(N_THREADS)
    for (int i = 0; i < N_DESIGNS; i++) { /* threads must not leave by cmocka's way */
        asx_design design = design_of(&work, "near", i);
        status[i] = recall.type->evaluate(recall.state, &design, &found[i], NULL);
        asx_design_fini(&design);
    }
    assert_int_equal(atomic_load(&n_measured), N_DESIGNS - N_KNOWN);
    for (int i = 0; i < N_DESIGNS; i++) {
        const asx_evaluation booked = sample_evaluation(ASX_TIER_MEASURED, (unsigned)i);
        const double want = i < N_KNOWN ? booked.accuracy.accuracy : 3 + i % 6;
        assert_int_equal(status[i], ASX_OK);
        assert_true(found[i].accuracy.accuracy == want);
    }
    asx_evaluator_fini(&recall);
    asx_workload_fini(&work);
    sample_remove(path);
}

static void a_database_must_be_there(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work = {0};
    asx_evaluator recall = {0}, inner = {0};
    const asx_store_inputs inputs = sample_inputs(ASX_TIER_MEASURED);
    CHECK_FAIL(asx_recall_new(&recall, &inner, "/nonexistent/x.db", &work, &inputs, &err), ASX_EIO,
               err);
    assert_null(recall.type);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_booked_is_not_measured),
        cmocka_unit_test(a_database_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
