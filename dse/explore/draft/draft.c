/* One step after the other; what is written in the end is opened and looked at as a run would. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draft_private.h"
#include "explore/floating.h"
#include "explore/session.h"

static asx_status open_network(asx_draft_state *d, asx_error *err)
{
    const asx_draft_options *o = d->options;
    asx_error inner;
    asx_status status = asx_network_load_output(&d->network, o->network, o->output, err);
    if (status == ASX_OK)
        status = asx_network_check_weights(d->network, err);
    size_t rank = 0;
    if (status != ASX_OK || asx_network_check_classes(d->network, &inner) == ASX_OK)
        return status;
    asx_network_output_shape(d->network, &rank);
    if (rank == 3) /* a map, of classes or of numbers */
        return ASX_OK;
    return asx_fail(err, inner.status, "%s%s", inner.message,
                    asx_network_n_outputs(d->network) > 1 ? "; --network-output NAME takes another"
                                                          : "");
}

/* A fifth to search, as much again and half to confirm, half to report; of few images more to search. */
static asx_status divide(asx_draft_state *d, asx_error *err)
{
    enum { FEWEST = 100, FEW = 5000, SELECT_MAX = 2000, CONFIRM_MAX = 5000, CALIBRATE_MAX = 256 };
    const size_t n = asx_dataset_size(d->data);
    asx_draft_parts *p = &d->parts;
    if (n < FEWEST)
        return asx_fail(
            err, ASX_EINVAL,
            "'%s' has %zu images: to search, to confirm and to report, at least %d are wanted",
            d->options->data[0], n, FEWEST);
    p->n = n;
    p->select = n < FEW ? 2 * n / 5 : n / 5;
    p->select = p->select < SELECT_MAX ? p->select : SELECT_MAX;
    p->confirm =
        p->select + (n < FEW ? 3 * n / 10 : (3 * n / 10 < CONFIRM_MAX ? 3 * n / 10 : CONFIRM_MAX));
    p->calibrate = p->select < CALIBRATE_MAX ? p->select : CALIBRATE_MAX;
    return ASX_OK;
}

/* Multiplications of a search that takes minutes. */
static const double ENOUGH_MACS = 2e13;
enum { FEWER_IMAGES = 500 };

/* Opens what was written. @param macs  of measuring all of the space's formats */
static asx_status open_written(asx_session *s, double *macs, const asx_draft_state *d,
                               const char *text, asx_error *err)
{
    const char *name = d->options->campaign ? d->options->campaign : "(stdout)";
    asx_campaign *campaign = NULL;
    asx_status status = asx_campaign_parse(&campaign, name, text, strlen(text), NULL, err);
    if (status == ASX_OK)
        status = asx_session_open(s, campaign, err);
    if (status == ASX_OK)
        status = asx_session_need_space(s, err);
    if (status != ASX_OK)
        return status;
    const asx_workload *work = asx_session_workload(s);
    size_t n_formats = 0;
    asx_space_formats(s->space, &n_formats);
    *macs = (double)asx_workload_n_macs(work) * (double)n_formats * (double)d->parts.select;
    return ASX_OK;
}

/* The richest space that can be searched in minutes; with fewer images if none can. */
static asx_status settle(char **text, asx_session *s, asx_draft_state *d, asx_error *err)
{
    for (size_t space = 0;; space++) {
        char *written = NULL;
        double macs = 0;
        asx_status status = asx_draft_write(&written, d, space, err);
        if (status == ASX_ENOTFOUND && d->parts.select > FEWER_IMAGES) {
            d->parts.select = FEWER_IMAGES;
            space = (size_t)-1;
            continue;
        }
        if (status == ASX_ENOTFOUND) /* it takes what it takes */
            status = asx_draft_write(&written, d, space - 1, err);
        const bool last = status == ASX_OK && d->parts.select <= FEWER_IMAGES && space > 0;
        if (status == ASX_OK)
            status = open_written(s, &macs, d, written, err);
        if (status != ASX_OK || macs <= ENOUGH_MACS || last) {
            *text = written;
            return status;
        }
        free(written);
        asx_session_close(s);
    }
}

static asx_status check(asx_text *summary, asx_session *s, const asx_draft_state *d, asx_error *err)
{
    char *remarks = NULL;
    asx_floating f;
    asx_status status = asx_session_need_data(s, err);
    if (status == ASX_OK)
        status = asx_session_check(s, err);
    if (status == ASX_OK)
        status = asx_session_remarks(&remarks, s, false, err);
    if (status == ASX_OK && *remarks)
        status = asx_fail(err, ASX_EINVAL, "'%s': %.*s", d->options->data[0],
                          (int)strcspn(remarks, "\n"), remarks);
    free(remarks);
    if (status == ASX_OK)
        status = asx_session_floating(&f, s, ASX_SUBSET_SELECT, err);
    if (status == ASX_OK)
        status = asx_floating_check(&f, s, err);
    if (status != ASX_OK)
        return status;
    asx_text_add(summary, "data: %s, %zu images; conversion: %s\nfloat network: ",
                 asx_data_format_text(d->format), d->parts.n, d->conversion.name);
    asx_floating_print(summary, &f);
    asx_text_add(summary, "\n");
    if (d->close.n > 0)
        asx_text_add(summary,
                     "as good within the noise: %s: if you know the network's own, tell it\n",
                     d->close.s);
    if (f.unexpected) {
        asx_text_add(summary, "warning: ");
        asx_floating_print_unexpected(summary, &f, s);
        asx_text_add(summary, "\n");
    }
    return ASX_OK;
}

static void state_fini(asx_draft_state *d)
{
    asx_text_fini(&d->close);
    asx_text_fini(&d->tried);
    asx_draft_conversion_fini(&d->conversion);
    for (size_t i = 0; d->label && i < d->options->n_data; i++)
        free(d->label[i]);
    free(d->label);
    free(d->path);
    asx_dataset_free(d->data);
    asx_network_free(d->network);
}

asx_status asx_draft_new(asx_draft *out, const asx_draft_options *options, asx_error *err)
{
    asx_draft_state d = {.told = options, .options = options};
    asx_session s = {0};
    asx_draft draft = {0};
    asx_text summary = {0};
    if (!options->network)
        return asx_draft_table(out, options, err);
    asx_status status = open_network(&d, err);
    if (status == ASX_OK)
        status = asx_draft_open_data(&d, err);
    if (status == ASX_OK)
        status = divide(&d, err);
    if (status == ASX_OK)
        status = asx_draft_convert(&d, err);
    if (status == ASX_OK)
        status = settle(&draft.text, &s, &d, err);
    if (status == ASX_OK)
        status = check(&summary, &s, &d, err);
    if (status == ASX_OK)
        status = asx_text_take(&draft.summary, &summary, err);
    asx_session_close(&s);
    asx_text_fini(&summary);
    state_fini(&d);
    if (status != ASX_OK)
        asx_draft_fini(&draft);
    else
        *out = draft;
    return status;
}
