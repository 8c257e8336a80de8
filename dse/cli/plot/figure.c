#include "figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "behind.h"
#include "dse/memory.h"
#include "dse/text.h"
#include "front_table.h"
#include "plot_kinds.h"
#include "results/certificate.h"

/* The front itself is drawn here, with axes to choose. */
struct figure_kind {
    const char *name;
    plot_kind_draw *draw;
    bool names; /* designs are named in the picture */
    bool held;  /* looks at the designs behind the front, one by one */
    bool drops; /* is about drops */
};

static const figure_kind kinds[] = {{"front", NULL, true, false, false},
                                    {"projections", plot_projections, false, false, false},
                                    {"parallel", plot_parallel, false, false, false},
                                    {"predicted", plot_predicted, false, false, true},
                                    {"breakdown", plot_breakdown, true, false, false},
                                    {"layers", plot_layers, false, false, false},
                                    {"alphabets", plot_alphabets, false, false, false},
                                    {"tradeoff", plot_tradeoff, false, true, true},
                                    {"history", plot_history, false, false, false}};

/* Unless told: x is the campaign's first objective beside the drop, y is the drop or the next. */
static asx_status choose_axes(figure *r, const asx_front *f, asx_error *err)
{
    asx_objective first = ASX_ENERGY, second = ASX_DROP;
    asx_status status = ASX_OK;
    bool found = false;
    for (size_t i = f->n_objectives; i-- > 0;)
        if (f->objective[i] != ASX_DROP) {
            second = found ? first : ASX_DROP;
            first = f->objective[i];
            found = true;
        }
    for (size_t i = 0; i < f->n_objectives; i++)
        if (f->objective[i] == ASX_DROP)
            second = ASX_DROP;
    r->plot.x = first;
    r->plot.y = second;
    if (r->x)
        status = asx_objective_parse(&r->plot.x, r->x, err);
    if (status == ASX_OK && r->y)
        status = asx_objective_parse(&r->plot.y, r->y, err);
    /* the one that was not asked for gives way */
    if (status == ASX_OK && r->plot.x == r->plot.y && r->x && !r->y)
        r->plot.y = first;
    else if (status == ASX_OK && r->plot.x == r->plot.y && r->y && !r->x)
        r->plot.x = second;
    return status;
}

/* Of costs alone there are no drops to draw. */
static asx_status check_known(const figure *r, const asx_front *f, asx_error *err)
{
    const bool drawn = r->kind->draw == NULL && (r->plot.x == ASX_DROP || r->plot.y == ASX_DROP);
    if (!drawn && !r->kind->drops)
        return ASX_OK;
    return front_need_accuracy(
        f, r->db, drawn ? "axis drop" : r->kind->name,
        drawn ? "axes are energy, latency, area, storage, energy_delay and power_mw"
              : "kinds are front, projections, parallel, breakdown, layers, alphabets and history",
        err);
}

/* @param point  [f->rows.n + more + 1] */
static size_t make_points(asx_plot_point *point, const asx_front *f, char *const *name)
{
    /* a condition may have left the baseline out, but savings are still against it */
    const bool outside = f->baseline && f->baseline == f->outside.row;
    const size_t count = f->rows.n + outside;
    for (size_t i = 0; i < count; i++) {
        const asx_row *row = i < f->rows.n ? &f->rows.row[i] : f->baseline;
        point[i] = (asx_plot_point){.design = row->design,
                                    .placement = row->placement,
                                    .evaluation = &row->evaluation,
                                    .baseline = row == f->baseline};
        /* among predictions, a measured design has a ring: where it is, or where it would be */
        const bool measured =
            f->tier == ASX_TIER_PROXY && row->evaluation.accuracy.tier == ASX_TIER_MEASURED;
        const asx_row *checked = measured ? row : asx_front_checked(f, row);
        point[i].trained = row->evaluation.accuracy.tier == ASX_TIER_TRAINED;
        point[i].checked = checked ? &checked->evaluation : NULL;
    }
    for (size_t i = 0; i < f->n; i++) {
        point[f->index[i]].front = true;
        point[f->index[i]].name = name[i];
    }
    return count;
}

/* Which front it is, where the axes do not say so. */
static void add_objectives(asx_text *title, const figure *r, const asx_front *f)
{
    bool shown = f->n_objectives == 2;
    for (size_t i = 0; i < f->n_objectives; i++)
        shown = shown && (f->objective[i] == r->plot.x || f->objective[i] == r->plot.y);
    for (size_t i = 0; i < f->n_objectives && !shown; i++)
        asx_text_add(title, "%s%s", i ? ", " : "; front in ", asx_objective_text(f->objective[i]));
}

static size_t count_tier(const asx_front *f, asx_tier tier)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += asx_front_row(f, i)->evaluation.accuracy.tier == tier;
    return n;
}

/* "campaign (measured, 1000 images)" */
static void make_title(asx_text *title, const figure *r, const asx_front *f, char *const *name)
{
    static const struct {
        asx_tier tier;
        const char *text;
    } tiers[] = {{ASX_TIER_PROXY, "predicted"},
                 {ASX_TIER_MEASURED, "measured"},
                 {ASX_TIER_TRAINED, "trained"}};
    const size_t images = f->rows.row[0].evaluation.accuracy.images;
    bool tagged = false;
    asx_text_add(title, "%s (", f->record.name);
    if (count_tier(f, f->tier) < f->n) { /* of several kinds */
        asx_text_add(title, "of %zu designs", f->n);
        for (int i = 0; i < 3; i++)
            if (count_tier(f, tiers[i].tier) > 0)
                asx_text_add(title, " %zu %s", count_tier(f, tiers[i].tier), tiers[i].text);
    } else {
        asx_text_add(title, "%s", asx_tier_text(f->tier));
    }
    if (images && f->tier != ASX_TIER_PROXY)
        asx_text_add(title, ", %zu images", images);
    if (r->plot.proven > 1)
        asx_text_add(title, ", proven within a factor of %.4g", r->plot.proven);
    else if (r->plot.proven == 1)
        asx_text_add(title, ", proven");
    asx_text_add(title, ")");
    add_objectives(title, r, f);
    for (size_t i = 0; i < f->n && r->kind->names && !tagged; i++)
        tagged = name[i][0] == '#';
    if (tagged)
        asx_text_add(title, "; #N: row N of 'asx front'");
}

/* What an exact search has proven of the whole front, by the model it searched on. */
static asx_status find_proof(figure *r, asx_store *store, const asx_front *f, asx_error *err)
{
    asx_certificate certificate = {.factor = NAN};
    /* of a front that others are laid over nothing is proven; that measured designs were all there
     * are goes without a picture */
    const bool whole = !r->front.where && f->tier != ASX_TIER_MEASURED && f->tier == f->searched &&
                       !asx_front_is_mixed(f) && f->n > 0;
    const asx_status status =
        whole ? asx_certificate_read(&certificate, store, f->campaign, err) : ASX_OK;
    r->plot.proven = isfinite(certificate.factor) ? certificate.factor : 0;
    asx_certificate_fini(&certificate);
    return status;
}

/* The points of a front, and of designs that were left in the database those that show. */
static asx_status draw_front(const figure *r, asx_store *store, const asx_front *f,
                             char *const *name, asx_error *err)
{
    asx_plot_options options = r->plot;
    asx_rows rows = {0};
    size_t capacity = 0, n_behind = 0;
    asx_plot_point *point = asx_array_grow(NULL, &capacity, f->rows.n + 1, sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", f->rows.n);
    size_t n = make_points(point, f, name);
    asx_status status =
        behind_shown(&rows, &n_behind, f, store, r->front.where, &options, point, n, err);
    asx_plot_point *all =
        status == ASX_OK ? asx_array_grow(point, &capacity, n + rows.n, sizeof *point) : NULL;
    if (status == ASX_OK && !all)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu points", n + rows.n);
    point = all ? all : point;
    for (size_t i = 0; status == ASX_OK && i < rows.n; i++)
        point[n++] = (asx_plot_point){.design = rows.row[i].design,
                                      .placement = rows.row[i].placement,
                                      .evaluation = &rows.row[i].evaluation};
    options.dominated = n_behind - rows.n;
    if (status == ASX_OK)
        status = asx_plot_front(&options, point, n, err);
    asx_rows_fini(&rows);
    free(point);
    return status;
}

static asx_status draw_kind(const figure *r, asx_store *store, const asx_front *f,
                            char *const *name, asx_error *err)
{
    asx_workload work = {0};
    asx_record record = {0};
    asx_status status = asx_record_read(&record, &work, store, f->campaign, err);
    if (status != ASX_OK)
        return status;
    const plot_source source = {store, f, &work, r->front.where, (const char *const *)name};
    status = r->kind->draw(&r->plot, &source, err);
    asx_record_fini(&record);
    asx_workload_fini(&work);
    return status;
}

static asx_status draw(figure *r, asx_store *store, const asx_front *f, asx_error *err)
{
    asx_text title = {0};
    char **name = NULL;
    if (f->rows.n == 0)
        return front_fail_empty(err, r->db, &r->front);
    asx_status status = choose_axes(r, f, err);
    if (status == ASX_OK)
        status = check_known(r, f, err);
    if (status == ASX_OK)
        status = plot_names(&name, f, r->plot.format == ASX_PLOT_CSV, err);
    if (status == ASX_OK)
        status = find_proof(r, store, f, err);
    r->plot.score = &f->record.score;
    if (status == ASX_OK && !r->plot.title) {
        make_title(&title, r, f, name);
        r->plot.title = title.s;
        r->plot.title_spare = true;
        if (title.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a title");
    }
    if (status == ASX_OK)
        status =
            r->kind->draw ? draw_kind(r, store, f, name, err) : draw_front(r, store, f, name, err);
    if (status == ASX_OK && !f->feasible)
        front_say_broken(f);
    plot_names_free(name, f->n);
    asx_text_fini(&title);
    return status;
}

asx_status figure_draw(figure *r, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    asx_status status = asx_store_open(&store, r->db, ASX_STORE_READ, err);
    r->front.streamed = !r->kind->held && r->plot.format != ASX_PLOT_CSV; /* which has them all */
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &r->front, err);
    if (status == ASX_OK)
        status = draw(r, store, &f, err);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

const figure_kind *figure_find(const char *name, asx_error *err)
{
    asx_text names = {0};
    const figure_kind *found = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !found; i++) {
        if (strcmp(kinds[i].name, name) == 0)
            found = &kinds[i];
        asx_text_add(&names, " %s", kinds[i].name);
    }
    if (!found)
        (void)asx_fail(err, ASX_EINVAL, "unknown kind '%s'; there are:%s", name,
                       names.s ? names.s : "");
    asx_text_fini(&names);
    return found;
}
