/* One design of a promotion: whether it is trained and booked, what it may begin with, how it is measured. */
#include <unistd.h>

#include "explore/trained.h"
#include "promote.h"
#include "promoting.h"

static const double NEAR = 0.5; /* asx_promote_distance up to which a trained network is a start */

size_t asx_promotion_nearest(const asx_promotion *p, size_t number)
{
    double nearest = NEAR;
    size_t found = p->n;
    for (size_t i = 0; i < number; i++) {
        const double far =
            asx_promote_distance(&p->candidate[number].design, &p->candidate[i].design,
                                 asx_session_workload(p->x->session));
        if (p->candidate[i].trained && far < nearest) {
            nearest = far;
            found = i;
        }
    }
    return found;
}

asx_status asx_promotion_load(asx_network **out, const asx_promotion *p, const char *text,
                              asx_error *err)
{
    asx_design design = {0};
    asx_text path = {0};
    asx_status status = asx_design_parse(&design, text, asx_session_workload(p->x->session), err);
    if (status == ASX_OK)
        status = asx_trained_path(&path, asx_store_path(p->x->store), p->x->session, &design, err);
    if (status == ASX_OK)
        status = asx_network_load(out, path.s, err);
    asx_text_fini(&path);
    asx_design_fini(&design);
    return status;
}

/* A file that was cut short counts as none. */
bool asx_promotion_has_network(const char *path)
{
    asx_network *network = NULL;
    const bool there = access(path, F_OK) == 0 && asx_network_load(&network, path, NULL) == ASX_OK;
    asx_network_free(network);
    return there;
}

/* Measures what the file holds on every part of the images, and books it. */
asx_status asx_promotion_measure(const asx_promotion *p, const asx_promotion_candidate *c,
                                 const char *path, asx_error *err)
{
    asx_session *s = p->x->session;
    asx_network *network = NULL;
    asx_status status = asx_network_load(&network, path, err);
    for (int i = 0; i < ASX_N_SUBSETS && status == ASX_OK; i++) {
        asx_accuracy a;
        const asx_store_inputs inputs = asx_trained_inputs(s, (asx_subset)i, p->key);
        if (i == ASX_SUBSET_REPORT && !s->has_subset[i])
            continue;
        status = asx_trained_measure(&a, s, network, &c->design, (asx_subset)i, err);
        if (status == ASX_OK)
            status = asx_trained_book(p->x->store, p->x->campaign, s, &inputs, &c->design, &a, err);
    }
    asx_network_free(network);
    return status;
}

asx_status asx_promotion_is_booked(bool *out, const asx_promotion *p,
                                   const asx_promotion_candidate *c, asx_error *err)
{
    *out = true;
    for (int i = 0; i < ASX_N_SUBSETS && *out; i++) {
        const asx_store_inputs inputs = asx_trained_inputs(p->x->session, (asx_subset)i, p->key);
        asx_ledger ledger;
        asx_evaluation e;
        if (i == ASX_SUBSET_REPORT && !p->x->session->has_subset[i])
            continue;
        asx_status status = asx_store_ledger(&ledger, p->x->store, p->x->campaign, &inputs, 1, err);
        if (status == ASX_OK)
            status = ledger.find(ledger.state, c->text, &e, out, err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}
