/* The section 'bespoke' of a campaign: classifiers whose weights are wired, trained on a table and evolved. There is no
 * network to read and no space of formats to search, so most other sections say nothing here; they are refused. */
#include <math.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/memory.h"
#include "explore/campaign_keys.h"

static const char whole[] = "features are whole numbers: nothing is calibrated";
static const char by_split[] = "'bespoke.split' says which rows are for what";
static const char scaled[] =
    "features lie between their lowest and highest value, whatever the unit";
static const char wired[] = "weights are constants of the circuit, not words of bits and alphabets";
static const char widths[] = "widths of activations are genes";
static const char a_gene[] = "every weight is a gene of its own";
static const char power[] = "'limits.power_mw' is the one there is";
static const char rounds[] = "every design is run on all rows: no rounds of predictions";
static const char unread[] = "there is no network to read";
static const char picture[] = "it is for pictures";

/* Keys that mean nothing beside 'bespoke', those of a section before the section: the first that is given is told. Where a
 * section may say something, all its keys are here: a struct within another is always there. */
static const struct {
    const char *path, *why;
} refused[] = {
    {"network", "it is trained, on the table of 'data'"},
    {"output", unread},
    {"unknown", unread},
    {"data.calibrate", whole},
    {"data.select", by_split},
    {"data.confirm", by_split},
    {"data.report", by_split},
    {"data.measure", "what counts is rows with the right class"},
    {"data.classes", "the table has its classes"},
    {"data.expect", "the network is trained here"},
    {"data.seed", "'bespoke.seeds' draws the table, too"},
    {"data.count", "a drawn table has 2000 rows"},
    {"data.labels", "a table has its classes in a column, 'data.label'"},
    {"data.shape", "rows of a table have none"},
    {"data.mean", scaled},
    {"data.std", scaled},
    {"data.offset", scaled},
    {"data.scale", scaled},
    {"data.resize", picture},
    {"data.crop", picture},
    {"calibration", whole},
    {"faults", "weights are wires, which no memory holds"},
    {"hardware.technology", "'bespoke.technology' names the library of cells"},
    {"hardware", "every weight has its own place: there is no machine"},
    {"space.scope", a_gene},
    {"space.formats", "weights are constants of the circuit, not words"},
    {"space.weights.bits", wired},
    {"space.weights.digit_width", wired},
    {"space.weights.digits", wired},
    {"space.weights.alphabets", wired},
    {"space.weights.values", wired},
    {"space.weights.menus", wired},
    {"space.activations.bits", widths},
    {"space.activations.digit_width", widths},
    {"space.activations.alphabets", widths},
    {"space.groups", a_gene},
    {"space.pin", a_gene},
    {"limits.drop", "designs are chosen at 1, 2 and 5 points lost"},
    {"limits.energy", power},
    {"limits.latency", power},
    {"limits.area", power},
    {"limits.storage", "nothing is stored: weights are wires"},
    {"limits.energy_delay", power},
    {"limits.inferences_per_s", power},
    {"search.algorithm", "genes are evolved by NSGA-II"},
    {"search.tier", "every design is run on all rows: there are no tiers"},
    {"search.proxy", "every design is run on all rows: nothing is predicted"},
    {"search.rounds", rounds},
    {"search.per_round", rounds},
    {"search.budget", "'bespoke.evaluations' says how many designs"},
    {"search.seed", "'bespoke.seeds' has them"},
    {"search.parameters", "'bespoke.parameters' has them"},
    {"search", "'bespoke' says how designs are looked for"},
    {"verify", "the whole front is run on the rows to report on: nothing is left to verify"},
    {"train", "'bespoke.parameters' says how it is trained"},
};

static asx_status refuse_others(const asx_campaign *c, asx_error *err)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (asx_campaign_gives(c->spec, refused[i].path))
            return asx_campaign_fail(c, err, ASX_EINVAL, NULL, "%s: not with 'bespoke': %s",
                                     refused[i].path, refused[i].why);
    const asx_campaign_space *s = c->spec->space;
    for (unsigned i = 0; s && i < s->placement_count; i++)
        if (strcmp(s->placement[i], ASX_BESPOKE_PLACEMENT) != 0)
            return asx_campaign_fail(
                c, err, ASX_EINVAL, s->placement[i],
                "space.placement: '%s': not with 'bespoke', which is a placement of its own",
                s->placement[i]);
    return ASX_OK;
}

static asx_status take_table(asx_campaign *c, asx_bespoke_request *r, asx_error *err)
{
    const asx_campaign_data *d = c->spec->data;
    size_t off = 0;
    if (!d)
        return ASX_OK; /* drawn */
    if (strcmp(d->format, "csv") != 0)
        return asx_campaign_fail(c, err, ASX_EINVAL, d->format,
                                 "data.format: '%s' is no table; 'csv' is, and without 'data' one "
                                 "is drawn",
                                 d->format);
    if (d->files_count == 0)
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                 "data: no 'files' with the table; without 'data' one is drawn");
    asx_status status = asx_campaign_word(&off, c, "data.header", d->header, err);
    if (d->header)
        r->header = off ? ASX_CSV_NO_HEADER : ASX_CSV_HEADER;
    r->label = d->label;
    if (status == ASX_OK && !(c->table = asx_array_new(d->files_count + 1, sizeof *c->table)))
        status = asx_fail(err, ASX_ENOMEM, "no memory for paths");
    for (unsigned i = 0; i < d->files_count && status == ASX_OK; i++)
        status = asx_campaign_path(&c->table[i], c, "data.files", d->files[i], err);
    r->file = (const char *const *)c->table;
    r->n_files = d->files_count;
    return status;
}

static asx_status take_hidden(const asx_campaign *c, asx_bespoke_request *r, asx_error *err)
{
    static const char path[] = "bespoke.hidden";
    const asx_campaign_bespoke *b = c->spec->bespoke;
    asx_campaign_entries given;
    asx_status status = asx_campaign_entries_of(&given, c, path, b->hidden, b->hidden_count, err);
    if (status == ASX_OK)
        r->hidden[1] = 0;
    for (size_t i = 0; i < given.n && status == ASX_OK; i++)
        status = asx_campaign_size(&r->hidden[i], c, path, given.entry[i], err);
    return status;
}

static asx_status take_seeds(const asx_campaign *c, asx_bespoke_request *r, asx_error *err)
{
    static const char path[] = "bespoke.seeds";
    const asx_campaign_bespoke *b = c->spec->bespoke;
    asx_campaign_entries given;
    asx_status status = asx_campaign_entries_of(&given, c, path, b->seeds, b->seeds_count, err);
    for (size_t i = 0; i < given.n && status == ASX_OK; i++) {
        long long seed = 0;
        status = asx_campaign_integer(&seed, c, path, given.entry[i], err);
        r->seed[i] = (uint64_t)seed;
        for (size_t k = 0; k < i && status == ASX_OK; k++)
            if (r->seed[k] == r->seed[i])
                status = asx_campaign_fail(c, err, ASX_EINVAL, given.entry[i], "%s: %lld twice",
                                           path, seed);
    }
    r->n_seeds = given.n;
    return status;
}

/* Numbers of the section, and how rows are split. */
static asx_status take_numbers(const asx_campaign *c, asx_bespoke_request *r, asx_error *err)
{
    const asx_campaign_bespoke *b = c->spec->bespoke;
    const char *split = asx_campaign_text("bespoke.split", b->split);
    long long bits = 0, evaluations = 0;
    asx_error inner;
    asx_status status = asx_campaign_integer(&bits, c, "bespoke.bits", b->bits, err);
    if (status == ASX_OK)
        status = asx_campaign_integer(&evaluations, c, "bespoke.evaluations", b->evaluations, err);
    if (status == ASX_OK && asx_bespoke_split_parse(r->share, split, &inner) < 0)
        status = asx_campaign_fail(c, err, inner.status, split, "bespoke.split: %s", inner.message);
    if (status == ASX_OK)
        status = asx_campaign_set_params(&r->params, c, "bespoke", b->parameters,
                                         b->parameters_count, err);
    r->bits = (unsigned)bits;
    r->evaluations = (uint64_t)evaluations;
    if (status == ASX_OK && asx_bespoke_request_check(r, &inner) < 0)
        status = asx_campaign_fail(c, err, inner.status, b->evaluations, "bespoke.evaluations: %s",
                                   inner.message);
    return status;
}

/* A library that we do not have is told with the line that names it; files are read when it is opened. */
static asx_status check_cells(const asx_campaign *c, const char *name, const char *raw,
                              asx_error *err)
{
    asx_cell_library *library = NULL;
    asx_error inner;
    const asx_status status = asx_cell_library_load(&library, name, &inner);
    asx_cell_library_free(library);
    return status == ASX_OK
               ? ASX_OK
               : asx_campaign_fail(c, err, status, raw, "bespoke.technology: %s", inner.message);
}

static asx_status take_circuit(asx_campaign *c, asx_bespoke_request *r, asx_error *err)
{
    const asx_campaign_bespoke *b = c->spec->bespoke;
    const char *technology = asx_campaign_text("bespoke.technology", b->technology);
    const char *pipeline = asx_campaign_text("bespoke.pipeline", b->pipeline);
    size_t off = 0, sharing = 0;
    asx_error inner;
    asx_status status = asx_campaign_word(&off, c, "bespoke.as_published", b->as_published, err);
    if (status == ASX_OK && b->sharing)
        status = asx_campaign_word(&sharing, c, "bespoke.sharing", b->sharing, err);
    if (status == ASX_OK && asx_bespoke_build_of(&r->build, b->sharing, off == 0, &inner) < 0)
        status = asx_campaign_fail(c, err, inner.status, b->sharing, "bespoke.sharing: %s",
                                   inner.message);
    if (status == ASX_OK && b->rate)
        status = asx_campaign_number(&r->build.rate_hz, c, "bespoke.rate", b->rate, err);
    if (status == ASX_OK && asx_bespoke_pipeline_parse(&r->build.pipeline, pipeline, &inner) < 0)
        status = asx_campaign_fail(c, err, inner.status, pipeline, "bespoke.pipeline: %s",
                                   inner.message);
    /* a bare word is a library of ours, anything else a file */
    if (status == ASX_OK && strpbrk(technology, "/.$"))
        status = asx_campaign_path(&c->cells, c, "bespoke.technology", technology, err);
    r->technology = c->cells ? c->cells : technology;
    return status == ASX_OK && !c->cells ? check_cells(c, technology, b->technology, err) : status;
}

/* Points lost and area, or power. */
static asx_status take_objectives(asx_campaign *c, asx_bespoke_request *r, asx_error *err)
{
    size_t other = 0;
    bool drop = false;
    if (c->spec->objectives_count == 0) {
        c->objective[0] = ASX_DROP;
        c->objective[1] = ASX_AREA;
    }
    for (size_t i = 0; i < c->n_objectives; i++) {
        drop = drop || c->objective[i] == ASX_DROP;
        if (c->objective[i] == ASX_AREA || c->objective[i] == ASX_POWER) {
            r->aim = c->objective[i] == ASX_POWER ? ASX_BESPOKE_POWER : ASX_BESPOKE_AREA;
            other++;
        }
    }
    return c->n_objectives == 2 && drop && other == 1
               ? ASX_OK
               : asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                   "objectives: with 'bespoke' they are [drop, area] or [drop, "
                                   "power_mw]");
}

asx_status asx_campaign_take_bespoke(asx_campaign *c, asx_error *err)
{
    asx_bespoke_request *r = asx_array_new(1, sizeof *r);
    if (!r)
        return asx_fail(err, ASX_ENOMEM, "no memory for a campaign");
    c->bespoke = r;
    *r = asx_bespoke_request_default();
    if (isfinite(c->limits.max[ASX_POWER]))
        r->power_max_mw = c->limits.max[ASX_POWER];
    asx_status status = refuse_others(c, err);
    if (status == ASX_OK)
        status = take_objectives(c, r, err);
    if (status == ASX_OK)
        status = take_table(c, r, err);
    if (status == ASX_OK)
        status = take_hidden(c, r, err);
    if (status == ASX_OK)
        status = take_seeds(c, r, err);
    if (status == ASX_OK)
        status = take_numbers(c, r, err);
    return status == ASX_OK ? take_circuit(c, r, err) : status;
}

/* Without 'bespoke' there is a network. */
asx_status asx_campaign_check_network(const asx_campaign *c, asx_error *err)
{
    const asx_campaign_space *s = c->spec->space;
    for (unsigned i = 0; s && i < s->placement_count; i++)
        if (strcmp(s->placement[i], ASX_BESPOKE_PLACEMENT) == 0)
            return asx_campaign_fail(c, err, ASX_EINVAL, s->placement[i],
                                     "space.placement: '%s' wants the section 'bespoke', which may "
                                     "be empty: bespoke: {}",
                                     s->placement[i]);
    return c->spec->network ? ASX_OK
                            : asx_fail(err, ASX_EPARSE,
                                       "%s:1: key 'network' is missing (or the section 'bespoke', "
                                       "for classifiers that are trained here and wired)",
                                       c->path);
}
