/* The files of 'asx bespoke train'. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bespoke_found.h"
#include "dse/output_folder.h"
#include "dse/text.h"

static asx_status add_network(asx_output_folder *folder, const char *name,
                              const asx_bespoke_found *f, asx_error *err)
{
    asx_text text = {0};
    char file[32];
    snprintf(file, sizeof file, "%s.json", name);
    asx_bespoke_print(&text, f->network, name);
    return asx_output_folder_add_text(folder, file, &text, err);
}

static asx_status add_networks(asx_output_folder *folder, const asx_bespoke_result *r,
                               asx_error *err)
{
    asx_status status = add_network(folder, "baseline", &r->baseline, err);
    for (int k = 0; status == ASX_OK && k < ASX_BESPOKE_LOSSES; k++) {
        char name[24];
        snprintf(name, sizeof name, "lost%g", asx_bespoke_loss[k]);
        if (r->chosen[k] != ASX_BESPOKE_NONE)
            status = add_network(folder, name, &r->front[r->chosen[k]], err);
    }
    return status;
}

static asx_status add_front(asx_output_folder *folder, const asx_bespoke_result *r,
                            const asx_cell_library *library, asx_error *err)
{
    table *front = NULL;
    asx_status status = bespoke_front(&front, r, library, err);
    if (status == ASX_OK)
        status = bespoke_add_table(folder, "front.csv", front, err);
    table_free(front);
    return status;
}

static asx_status add_rows(asx_output_folder *folder, const asx_bespoke_table *t, asx_error *err)
{
    const asx_bespoke_span part = t->part[ASX_BESPOKE_TEST];
    asx_text x = {0}, y = {0};
    for (size_t f = 0; f < t->features; f++)
        asx_text_add(&x, "%sx%zu", f > 0 ? "," : "", f);
    asx_text_add(&x, "\n");
    asx_text_add(&y, "class\n");
    for (size_t i = part.first; i < part.end; i++) {
        for (size_t f = 0; f < t->features; f++)
            asx_text_add(&x, "%s%u", f > 0 ? "," : "", t->value[f * t->n + i]);
        asx_text_add(&x, "\n");
        asx_text_add(&y, "%u\n", t->label[i]);
    }
    const asx_status status = asx_output_folder_add_text(folder, "x_test.csv", &x, err);
    const asx_status other =
        asx_output_folder_add_text(folder, "y_test.csv", &y, status == ASX_OK ? err : NULL);
    return status == ASX_OK ? other : status;
}

/* Designs of a run before, whose places nothing takes: they are not of this front. */
static asx_status remove_stale(const char *path, const asx_bespoke_result *r, asx_error *err)
{
    asx_status status = ASX_OK;
    for (int k = 0; status == ASX_OK && k < ASX_BESPOKE_LOSSES; k++) {
        asx_text file = {0};
        if (r->chosen[k] != ASX_BESPOKE_NONE)
            continue;
        asx_text_add(&file, "%s/lost%g.json", path, asx_bespoke_loss[k]);
        if (file.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a name");
        else if (remove(file.s) != 0 && errno != ENOENT)
            status = asx_fail(err, ASX_EIO, "'%s' is of a run before, but stays: %s", file.s,
                              strerror(errno));
        asx_text_fini(&file);
    }
    return status;
}

asx_status bespoke_write(const char *path, const asx_bespoke_result *r, const asx_bespoke_opened *o,
                         const bespoke_names *names, asx_error *err)
{
    asx_output_folder *folder = NULL;
    asx_status status = asx_output_folder_open(&folder, path, err);
    if (status == ASX_OK)
        status = add_networks(folder, r, err);
    if (status == ASX_OK)
        status = add_front(folder, r, o->library, err);
    if (status == ASX_OK)
        status = add_rows(folder, o->table, err);
    if (status == ASX_OK)
        status = bespoke_names_add(folder, names, o->table, err);
    if (status == ASX_OK)
        status = asx_output_folder_commit(folder, err);
    if (status == ASX_OK)
        status = remove_stale(path, r, err);
    asx_output_folder_free(folder);
    return status;
}
