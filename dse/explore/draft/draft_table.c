/* A first campaign for a table alone: a perceptron is trained on it and wired. */
#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "draft_private.h"
#include "eval/bespoke_table.h"

/* As published for printed classifiers: 2 to 5 neurons, by how many classes there are. */
static size_t hidden_of(const asx_bespoke_table *t)
{
    return t->classes < 6 ? 3 : 5;
}

static asx_status add_data(asx_text *out, const asx_draft_options *o, const asx_bespoke_table *t,
                           asx_error *err)
{
    asx_status status = ASX_OK;
    asx_text_add(out, "# %zu rows, %zu features, %zu classes\ndata:\n  format: csv\n  files: [",
                 t->n, t->features, t->classes);
    for (size_t i = 0; status == ASX_OK && i < o->n_data; i++) {
        asx_text_add(out, "%s", i > 0 ? ", " : " ");
        status = asx_draft_add_path(out, o->campaign, o->data[i], err);
    }
    asx_text_add(out, " ]\n");
    asx_draft_explain(out, "data.label");
    asx_text_add(out, o->label ? "  label: " : "  # label: class\n");
    if (o->label) {
        asx_draft_add_quoted(out, o->label);
        asx_text_add(out, "\n");
    }
    return status;
}

static void add_bespoke(asx_text *out, const asx_bespoke_table *t)
{
    asx_text_add(out, "bespoke:\n");
    asx_draft_explain(out, "bespoke.hidden");
    asx_text_add(out, "  hidden: [%zu]\n", hidden_of(t));
    asx_draft_explain(out, "bespoke.split");
    asx_text_add(out, "  split: 56:14:30\n");
    asx_draft_explain(out, "bespoke.seeds");
    asx_text_add(out, "  seeds: [1]\n");
    asx_draft_explain(out, "bespoke.evaluations");
    asx_text_add(out, "  evaluations: 300000\n"
                      "# points lost, and area or power_mw\nobjectives: [drop, area]\n"
                      "# of the designs that are chosen; 30 mW is a printed battery\n"
                      "# limits: { power_mw: 30 }\n");
}

/* What was written is what a run takes. */
static asx_status write_text(char **out, const asx_draft_options *o, const asx_bespoke_table *t,
                             asx_error *err)
{
    asx_text text = {0};
    char *written = NULL;
    asx_campaign *campaign = NULL;
    asx_text_add(&text,
                 "# Written by 'asx init'. 'asx inspect' shows what a run will do, 'asx run' does "
                 "it,\n# 'asx campaign KEY' tells more of a key.\nname: ");
    asx_draft_name(&text, o->campaign ? o->campaign : o->data[0]);
    asx_text_add(&text, "\n");
    asx_status status = add_data(&text, o, t, err);
    add_bespoke(&text, t);
    if (status == ASX_OK)
        status = asx_text_take(&written, &text, err);
    asx_text_fini(&text);
    if (status == ASX_OK)
        status = asx_campaign_parse(&campaign, o->campaign ? o->campaign : "(stdout)", written,
                                    strlen(written), NULL, err);
    asx_campaign_free(campaign);
    if (status == ASX_OK)
        *out = written;
    else
        free(written);
    return status;
}

static asx_status load(asx_bespoke_table **out, const asx_draft_options *o, asx_error *err)
{
    enum { BATCH = 16 }; /* rows of a step of training */
    const asx_dataset_spec spec = {.format = ASX_DATA_CSV,
                                   .file = o->data,
                                   .n_files = o->n_data,
                                   .scale = 1,
                                   .header = ASX_CSV_GUESS,
                                   .label_column = o->label};
    const asx_bespoke_split split = {{0.56, 0.14, 0.3}, 1, 4};
    asx_dataset *data = NULL;
    asx_bespoke_table *t = NULL;
    asx_status status = asx_dataset_load(&data, &spec, err);
    if (status == ASX_OK && asx_bespoke_table_new(&t, data, &split, err) != ASX_OK)
        status = asx_fail_context(err, err->status, "%s", o->data[0]);
    asx_dataset_free(data);
    if (status == ASX_OK && asx_bespoke_table_size(t, ASX_BESPOKE_TRAIN) < BATCH)
        status = asx_fail(err, ASX_EINVAL, "'%s': %zu rows to learn from; %d at least are wanted",
                          o->data[0], asx_bespoke_table_size(t, ASX_BESPOKE_TRAIN), (int)BATCH);
    if (status == ASX_OK)
        *out = t;
    else
        asx_bespoke_table_free(t);
    return status;
}

asx_status asx_draft_table(asx_draft *out, const asx_draft_options *o, asx_error *err)
{
    asx_draft draft = {0};
    asx_bespoke_table *t = NULL;
    asx_text summary = {0};
    asx_status status = load(&t, o, err);
    if (status == ASX_OK)
        status = write_text(&draft.text, o, t, err);
    if (status == ASX_OK) {
        const size_t n = asx_bespoke_table_size(t, ASX_BESPOKE_TEST);
        asx_text_add(
            &summary,
            "table: %zu rows, %zu features, %zu classes; always the commonest class: %.1f %%\n"
            "classifier: %zu-%zu-%zu, its weights wired\n",
            t->n, t->features, t->classes,
            100 * (double)asx_bespoke_table_commonest(t, ASX_BESPOKE_TEST) / (double)n, t->features,
            hidden_of(t), t->classes);
        status = asx_text_take(&draft.summary, &summary, err);
    }
    asx_text_fini(&summary);
    asx_bespoke_table_free(t);
    if (status != ASX_OK)
        asx_draft_fini(&draft);
    else
        *out = draft;
    return status;
}

void asx_draft_fini(asx_draft *draft)
{
    if (!draft)
        return;
    free(draft->text);
    free(draft->summary);
    *draft = (asx_draft){0};
}
