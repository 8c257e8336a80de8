#include "bespoke_names.h"

#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "table.h"

enum { SAID = 12 };

asx_status bespoke_names_init(bespoke_names *out, const asx_dataset *data,
                              const asx_bespoke_table *t, asx_error *err)
{
    *out = (bespoke_names){.table = asx_dataset_names_of(data)};
    out->label = asx_array_new(t->classes, sizeof *out->label);
    if (!out->label)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu classes", t->classes);
    for (size_t i = 0; i < t->n; i++)
        out->label[t->label[i]] = asx_dataset_label(data, t->origin[i]);
    return ASX_OK;
}

void bespoke_names_fini(bespoke_names *names)
{
    if (!names)
        return;
    free(names->label);
    *names = (bespoke_names){0};
}

/* Of class k. @param room  for a number */
static const char *class_name(const bespoke_names *names, size_t k, char room[24])
{
    const size_t label = names->label[k];
    if (label < names->table.n_words)
        return names->table.word[label];
    snprintf(room, 24, "%zu", label);
    return room;
}

void bespoke_names_say(const bespoke_names *names, const asx_bespoke_table *t)
{
    bool alike = names->table.n_words == 0;
    char room[24];
    for (size_t k = 0; k < t->classes; k++)
        alike = alike && names->label[k] == k;
    if (alike)
        return;
    fprintf(stderr, "classes:");
    for (size_t k = 0; k < t->classes && k < SAID; k++)
        fprintf(stderr, "%s %zu is %.64s", k > 0 ? "," : "", k, class_name(names, k, room));
    fprintf(stderr, t->classes > SAID ? ", ... (-o: classes.csv)\n" : "\n");
}

asx_status bespoke_add_table(asx_output_folder *folder, const char *name, table *t, asx_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&bytes, &n);
    if (!f)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", name);
    asx_status status = table_print(f, "csv", &t, 1, err);
    if (fclose(f) != 0 && status == ASX_OK)
        status = asx_fail(err, ASX_ENOMEM, "no memory for '%s'", name);
    if (status == ASX_OK)
        status = asx_output_folder_add(folder, name, bytes, n, false, err);
    free(bytes);
    return status;
}

static asx_status add_features(asx_output_folder *folder, const bespoke_names *names,
                               const asx_bespoke_table *t, asx_error *err)
{
    static const table_column columns[] = {{"feature", TABLE_TEXT, 0},
                                           {"low", TABLE_TEXT, 0},
                                           {"high", TABLE_TEXT, 0},
                                           {"levels", TABLE_INTEGER, 0},
                                           {0}};
    table *out = NULL;
    asx_status status = table_new(&out, NULL, columns, err);
    for (size_t f = 0; status == ASX_OK && f < t->features; f++) {
        char drawn[24], low[32], high[32];
        snprintf(drawn, sizeof drawn, "x%zu", f);
        snprintf(low, sizeof low, "%.9g", (double)t->low[f]); /* a float as it is */
        snprintf(high, sizeof high, "%.9g", (double)t->high[f]);
        table_text(out, f < names->table.n_features ? names->table.feature[f] : drawn);
        table_text(out, low);
        table_text(out, high);
        table_integer(out, 1LL << t->bits);
    }
    if (status == ASX_OK)
        status = bespoke_add_table(folder, "features.csv", out, err);
    table_free(out);
    return status;
}

static asx_status add_classes(asx_output_folder *folder, const bespoke_names *names,
                              const asx_bespoke_table *t, asx_error *err)
{
    static const table_column columns[] = {
        {"class", TABLE_INTEGER, 0}, {"name", TABLE_TEXT, 0}, {0}};
    table *out = NULL;
    char room[24];
    asx_status status = table_new(&out, NULL, columns, err);
    for (size_t k = 0; status == ASX_OK && k < t->classes; k++) {
        table_integer(out, (long long)k);
        table_text(out, class_name(names, k, room));
    }
    if (status == ASX_OK)
        status = bespoke_add_table(folder, "classes.csv", out, err);
    table_free(out);
    return status;
}

asx_status bespoke_names_add(asx_output_folder *folder, const bespoke_names *names,
                             const asx_bespoke_table *t, asx_error *err)
{
    const asx_status status = add_features(folder, names, t, err);
    return status == ASX_OK ? add_classes(folder, names, t, err) : status;
}
