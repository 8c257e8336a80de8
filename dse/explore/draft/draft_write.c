/* The campaign as text. What keys mean is said by the table of keys. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "draft_private.h"
#include "dse/memory.h"
#include "dse/workload.h"
#include "explore/campaign_keys.h"

/* Richest first: formats are 156, 60, 15, 6. */
static const struct {
    const char *bits, *digits, *alphabets;
} spaces[] = {{"[4, 5, 6, 8]", "[unsigned, signed]", "none max 2"},
              {"[4, 6, 8]", "[unsigned]", "none max 2"},
              {"[4, 6, 8]", "[unsigned, signed]", "none {1} {1,3}"},
              {"[4, 8]", "[unsigned]", "none {1} {1,3}"}};

enum { N_SPACES = sizeof spaces / sizeof *spaces, LINE = 110 };

static void add_wrapped(asx_text *out, const char *indent, const char *text)
{
    size_t column = 0;
    asx_text_add(out, "%s#", indent);
    for (const char *p = text; *p; p += strspn(p, " ")) {
        const size_t n = strcspn(p, " ");
        if (column + n > LINE) {
            asx_text_add(out, "\n%s#", indent);
            column = 0;
        }
        asx_text_add(out, " %.*s", (int)n, p);
        column += n + 1;
        p += n;
    }
    asx_text_add(out, "\n");
}

void asx_draft_explain(asx_text *out, const char *path)
{
    add_wrapped(out, strchr(path, '.') ? "  " : "", asx_campaign_key_find(path)->meaning);
}

void asx_draft_add_quoted(asx_text *out, const char *text)
{
    asx_text_add(out, "\"");
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            asx_text_add(out, "\\%c", *p);
        else if (*p < 0x20 || *p == 0x7f)
            asx_text_add(out, "\\x%02X", *p);
        else
            asx_text_add_bytes(out, (const char *)p, 1);
    }
    asx_text_add(out, "\"");
}

asx_status asx_draft_add_path(asx_text *out, const char *campaign, const char *path, asx_error *err)
{
    char folder[4096] = "";
    asx_text whole = {0};
    if (strstr(path, "${"))
        return asx_fail(err, ASX_EINVAL,
                        "'%s': campaign files take ${NAME} for a variable: name the file otherwise",
                        path);
    if (campaign && strchr(campaign, '/') && path[0] != '/' && !getcwd(folder, sizeof folder))
        return asx_fail(err, ASX_EIO, "the working folder's name: %s", strerror(errno));
    asx_text_add(&whole, "%s%s%s", folder, *folder ? "/" : "", path);
    asx_draft_add_quoted(out, whole.s ? whole.s : "");
    out->failed = out->failed || whole.failed;
    asx_text_fini(&whole);
    return ASX_OK;
}

static asx_status add_paths(asx_text *out, const asx_draft_state *d, const char *key,
                            const char *const *path, asx_error *err)
{
    asx_status status = ASX_OK;
    asx_text_add(out, "  %s: [", key);
    for (size_t i = 0; status == ASX_OK && i < d->options->n_data; i++) {
        asx_text_add(out, "%s", i > 0 ? ", " : " ");
        status = asx_draft_add_path(out, d->options->campaign, path[i], err);
    }
    asx_text_add(out, " ]\n");
    return status;
}

void asx_draft_name(asx_text *out, const char *path)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";
    enum { LONGEST = 60 };
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *end = strrchr(name, '.');
    const size_t n = end && end > name ? (size_t)(end - name) : strlen(name);
    for (size_t i = 0; i < n && i < LONGEST; i++) {
        const bool fine =
            strchr(allowed, name[i]) && !(i == 0 && (name[i] == '.' || name[i] == '-'));
        asx_text_add(out, "%c", fine ? name[i] : '_');
    }
}

/* ---- sections ---- */

static asx_status add_network(asx_text *out, const asx_draft_state *d, asx_error *err)
{
    const asx_draft_options *o = d->options;
    const bool classes = asx_score_labels(&d->score) == ASX_LABEL_CLASS;
    const asx_workload *work = asx_network_workload(d->network);
    const size_t *in = asx_network_input_shape(d->network);
    const double macs = (double)asx_workload_n_macs(work);
    asx_text_add(
        out,
        "# %zux%zux%zu in, %zu %s out; %zu layers with weights, %zu parameters, %.3g million "
        "multiplications an image\nnetwork: ",
        in[0], in[1], in[2],
        classes || !asx_network_is_one_number(d->network) ? asx_network_n_classes(d->network) : 1,
        classes                                 ? "classes"
        : asx_network_is_one_number(d->network) ? "number"
                                                : "numbers",
        work->n_layers, asx_network_n_parameters(d->network), macs / 1e6);
    const asx_status status = asx_draft_add_path(out, o->campaign, o->network, err);
    asx_text_add(out, "\n");
    if (asx_network_n_outputs(d->network) > 1) {
        asx_text_add(out, "# one of %zu outputs\noutput: ", asx_network_n_outputs(d->network));
        asx_draft_add_quoted(out, asx_network_output_name(d->network));
        asx_text_add(out, "\n");
    }
    return status;
}

static void add_numbers(asx_text *out, const char *key, const double *value, size_t n)
{
    asx_text_add(out, "  %s: [", key);
    for (size_t i = 0; i < n; i++)
        asx_text_add(out, "%s%.9g", i > 0 ? ", " : "", value[i]);
    asx_text_add(out, "]\n");
}

static void add_conversion(asx_text *out, const asx_draft_state *d)
{
    const asx_draft_conversion *c = &d->conversion;
    asx_text_add_bytes(out, d->tried.s ? d->tried.s : "", d->tried.n);
    asx_text_add(out, "  # taken: %s; real = ((stored - offset) * scale - mean) / std\n", c->name);
    if (c->offset < 0 || c->offset > 0)
        asx_text_add(out, "  offset: %.15g\n", c->offset);
    asx_text_add(out, "  scale: %.15g\n", c->scale);
    if (c->n > 0) {
        add_numbers(out, "mean", c->mean, c->n);
        add_numbers(out, "std", c->std, c->n);
    }
}

static void add_part(asx_text *out, const char *key, size_t first, size_t end)
{
    char path[40];
    snprintf(path, sizeof path, "data.%s", key);
    asx_draft_explain(out, path);
    asx_text_add(out, "  %s: \"%zu:%zu\"\n", key, first, end);
}

static void add_measure(asx_text *out, const asx_score *score)
{
    asx_draft_explain(out, "data.measure");
    asx_text_add(out, "  measure: ");
    asx_score_print(out, score);
    asx_text_add(out, "\n");
}

static asx_status add_data(asx_text *out, const asx_draft_state *d, asx_error *err)
{
    const asx_draft_options *o = d->options;
    const asx_draft_parts *p = &d->parts;
    const size_t *shape = asx_dataset_shape(d->data);
    const bool classes = asx_score_labels(&d->score) == ASX_LABEL_CLASS;
    asx_text_add(out, "data:\n  # %zu images of %zux%zux%zu", p->n, shape[0], shape[1], shape[2]);
    if (classes)
        asx_text_add(out, ", %zu classes", asx_dataset_n_classes(d->data, (asx_range){0, p->n}));
    asx_text_add(out, "\n  format: %s\n", asx_data_format_text(d->format));
    if (!classes)
        add_measure(out, &d->score);
    asx_status status = add_paths(out, d, "files", o->data, err);
    if (status == ASX_OK && d->label)
        status = add_paths(out, d, "labels", (const char *const *)d->label, err);
    if (d->shape[0])
        asx_text_add(out, "  shape: [%zu, %zu, %zu]\n", d->shape[0], d->shape[1], d->shape[2]);
    if (d->crop)
        asx_text_add(out, "  resize: %zu\n  crop: %zu\n", d->resize, d->crop);
    if (o->label) {
        asx_text_add(out, "  label: ");
        asx_draft_add_quoted(out, o->label);
        asx_text_add(out, "\n");
    }
    add_conversion(out, d);
    add_part(out, "calibrate", 0, p->calibrate);
    add_part(out, "select", 0, p->select);
    add_part(out, "confirm", p->select, p->confirm);
    add_part(out, "report", p->confirm, p->n);
    asx_draft_explain(out, "data.expect");
    asx_text_add(out, "  %sexpect: %s\n", o->expect ? "" : "# ",
                 o->expect                                     ? o->expect
                 : strcmp(asx_score_unit(&d->score), "%") == 0 ? "91.7"
                                                               : "any");
    return status;
}

static void add_space(asx_text *out, size_t space)
{
    asx_text_add(out, "hardware:\n");
    asx_draft_explain(out, "hardware.technology");
    asx_text_add(
        out,
        "  technology: nangate45\nspace:\n"
        "  # one format for all layers; 'layer' gives every layer its own: a far larger space, for "
        "search: { algorithm: exact, tier: proxy }\n"
        "  scope: network\n"
        "  # von Neumann, near memory, in memory\n"
        "  placement: [vn, near, in]\n"
        "  # none: exact multipliers; {1}: shifts and adds alone; max 2: all sets of one and two alphabets\n");
    asx_text_add(out, "  weights: { bits: %s, digits: %s, alphabets: \"%s\" }\n",
                 spaces[space].bits, spaces[space].digits, spaces[space].alphabets);
    asx_text_add(out, "  activations: { bits: [8], alphabets: none }\n");
}

asx_status asx_draft_write(char **out, const asx_draft_state *d, size_t space, asx_error *err)
{
    asx_text t = {0};
    if (space >= N_SPACES)
        return asx_fail(err, ASX_ENOTFOUND, "there are %d spaces", (int)N_SPACES);
    asx_text_add(
        &t,
        "# Written by 'asx init', with what it found. 'asx inspect' shows what a run will do and how long it takes, "
        "'asx run' does it,\n# 'asx campaign KEY' tells more of a key.\nname: ");
    asx_draft_name(&t, d->options->campaign ? d->options->campaign : d->options->network);
    asx_text_add(&t, "\n");
    asx_status status = add_network(&t, d, err);
    if (status == ASX_OK)
        status = add_data(&t, d, err);
    add_space(&t, space);
    asx_text_add(
        &t,
        "# of drop, energy, latency, area, storage\nobjectives: [drop, energy]\n# what designs must keep, for "
        "example\n# limits: { drop: 5 }\n"
        "# every design is measured on the images of 'select'\n"
        "search: { algorithm: enumerate, tier: measured, seed: 1 }\n"
        "# the front is measured on 'report'; an answer is confirmed for each of these drops\n"
        "verify: { measured: 40%s }\n",
        strcmp(asx_score_unit(&d->score), "%") == 0 ? ", drops: [0.5, 1, 2, 5]" : "");
    if (status == ASX_OK)
        status = asx_text_take(out, &t, err);
    asx_text_fini(&t);
    return status;
}
