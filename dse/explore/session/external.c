/* External evaluation: what it opens, and handing out designs. */
#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/design.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "external_private.h"
#include "results/lease.h"
#include "search/pending.h"

enum { BOOKINGS_PER_COMMIT = 1000 };

/* Told accuracies must not be taken for measured ones: the same images, but another evaluator. */
static asx_store_inputs inputs_of(const asx_session *s, bool own)
{
    static const char about[] = "told";
    asx_store_inputs inputs = asx_session_inputs(s, ASX_TIER_MEASURED, ASX_SUBSET_SELECT);
    if (own)
        return inputs;
    if (inputs.accuracy_key != ASX_NO_KEY)
        inputs.accuracy_key = asx_hash(about, strlen(about), inputs.accuracy_key);
    inputs.about = about;
    return inputs;
}

asx_status asx_external_open(asx_external **out, asx_campaign *campaign, const char *database,
                             asx_error *err)
{
    return asx_external_open_as(out, campaign, database, false, err);
}

asx_status asx_external_open_as(asx_external **out, asx_campaign *campaign, const char *database,
                                bool own, asx_error *err)
{
    asx_external *e = asx_array_new(1, sizeof *e);
    if (!e) {
        asx_campaign_free(campaign);
        return asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    }
    asx_status status = asx_campaign_keep_data(campaign, database, true, err);
    if (status == ASX_OK)
        status = asx_session_open(&e->session, campaign, err);
    else
        asx_campaign_free(campaign);
    if (status == ASX_OK && campaign->search_tier == ASX_TIER_COSTS)
        status = asx_campaign_fail(campaign, err, ASX_EUNSUPPORTED, NULL,
                                   "searches costs alone, in which nothing is measured that others "
                                   "could do: 'asx run' does it");
    if (status == ASX_OK)
        status = asx_session_need_space(&e->session, err);
    if (status == ASX_OK)
        status = asx_session_need_data(&e->session, err);
    if (status == ASX_OK)
        status = asx_store_open(&e->store, database, ASX_STORE_CREATE, err);
    if (status == ASX_OK)
        status = asx_session_record(&e->campaign, e->store, &e->session, err);
    if (status == ASX_OK) {
        e->inputs = inputs_of(&e->session, own);
        status = asx_store_ledger(&e->ledger, e->store, e->campaign, &e->inputs,
                                  BOOKINGS_PER_COMMIT, err);
    }
    if (status != ASX_OK)
        asx_external_close(e);
    else
        *out = e;
    return status;
}

void asx_external_close(asx_external *e)
{
    if (!e)
        return;
    asx_separable_model_free(e->model);
    asx_store_free(e->store);
    asx_session_close(&e->session);
    free(e);
}

asx_session *asx_external_session(asx_external *e)
{
    return &e->session;
}

asx_status asx_external_search(asx_search *out, asx_external *e, asx_error *err)
{
    asx_search search = asx_session_search(&e->session);
    search.ledger = &e->ledger;
    const asx_status status = asx_session_choose_searcher(&search, &e->model, &e->session, err);
    if (status == ASX_OK)
        *out = search;
    return status;
}

/* ---- ask ---- */

typedef struct asking {
    asx_external *external;
    size_t max;
    int64_t now, expires;
    asx_external_asked out;
} asking;

/* Unless it is known by now, or somebody holds it. In a transaction. */
static asx_status hand_out(asking *a, const char *design, asx_error *err)
{
    const asx_ledger *ledger = &a->external->ledger;
    asx_evaluation e;
    bool taken = false, known = false;
    if (a->out.n == a->max)
        return ASX_OK;
    char *copy = asx_string_copy(design);
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for a design");
    asx_status status = ledger->find(ledger->state, design, &e, &known, err);
    if (status == ASX_OK && !known)
        status = asx_lease_take(&taken, a->external->store, a->external->campaign, design, a->now,
                                a->expires, err);
    if (status == ASX_OK && taken)
        a->out.design[a->out.n++] = copy;
    else
        free(copy);
    return status;
}

static asx_status hand_out_point(asking *a, const asx_gene *point, asx_error *err)
{
    const asx_session *s = &a->external->session;
    asx_design design = {0};
    asx_text text = {0};
    asx_status status = asx_space_decode(&design, s->space, point, err);
    if (status == ASX_OK) {
        asx_design_print(&text, &design, asx_session_workload(s));
        status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design")
                             : hand_out(a, text.s, err);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
    return status;
}

/* What others tell between the look at the search and this is not lent; what they take neither. */
static asx_status lend(asking *a, const asx_search_pending *pending, asx_error *err)
{
    asx_external *e = a->external;
    const size_t n_genes = asx_space_n_genes(e->session.space);
    asx_status status = asx_store_begin(e->store, err);
    if (status != ASX_OK)
        return status;
    status = hand_out(a, ASX_BASELINE, err);
    for (size_t i = 0; status == ASX_OK && i < pending->n && a->out.n < a->max; i++)
        status = hand_out_point(a, pending->point + i * n_genes, err);
    if (status == ASX_OK)
        status =
            asx_lease_count(&a->out.held, &a->out.first_free, e->store, e->campaign, a->now, err);
    return asx_store_end(e->store, status, err);
}

static asx_status ask(asking *a, asx_error *err)
{
    asx_external *e = a->external;
    asx_search search;
    asx_search_pending pending = {0};
    asx_status status = asx_external_search(&search, e, err);
    if (status == ASX_OK)
        status = asx_search_find_pending(&pending, &search, err);
    if (status == ASX_OK)
        status = lend(a, &pending, err);
    a->out.known = pending.known;
    a->out.over = pending.n == 0;
    a->out.end = pending.end;
    asx_search_pending_fini(&pending);
    return status;
}

asx_status asx_external_ask(asx_external_asked *out, asx_external *e, size_t max, int64_t now,
                            int64_t expires, asx_error *err)
{
    asking a = {.external = e, .max = max, .now = now, .expires = expires};
    a.out.design = asx_array_new(max, sizeof *a.out.design);
    asx_status status =
        a.out.design ? ask(&a, err) : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", max);
    if (status != ASX_OK)
        asx_external_asked_fini(&a.out);
    else
        *out = a.out;
    return status;
}

asx_status asx_external_give_back(asx_external *e, const asx_external_asked *asked, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < asked->n && status == ASX_OK; i++)
        status = asx_lease_end(e->store, e->campaign, asked->design[i], err);
    return status;
}

void asx_external_asked_fini(asx_external_asked *asked)
{
    if (!asked)
        return;
    for (size_t i = 0; i < asked->n; i++)
        free(asked->design[i]);
    free(asked->design);
    *asked = (asx_external_asked){0};
}
