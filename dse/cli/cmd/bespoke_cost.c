/* asx bespoke cost: area, power and delay of networks, and what they can run from. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bespoke_options.h"
#include "bespoke_runs.h"
#include "bespoke_verbs.h"
#include "cmd.h"
#include "dse/number.h"
#include "look_options.h"

static const option_usage usage = {
    .synopsis = "bespoke cost DESIGN.json ... [--limit 'power_mw <= 30']",
    .about =
        "Builds the circuit of each network, gate by gate, and prices its cells: area, power, the "
        "delay of the longest path, and the weakest of the named power sources that is enough. Power "
        "of a printed library is leakage over its share of all power in published reports: printed "
        "circuits leak most of what they take, so power follows area. Of silicon, shown in um2, uW and "
        "ns, it is leakage and what switches at --rate rows a second: toggles a row and net are "
        "counted on 128 rows drawn evenly, hazards with them; wires and the clock's tree are not. With "
        "--pipeline also the period between rows, registers from a row to its class, and all of them; "
        "delay is from row to class then. Of one network also the parts: "
        "sums and activation of each layer, argmax. With --limit: exit code 1 where a network does "
        "not keep it.",
    .examples = "  asx bespoke cost design.json\n"
                "  asx bespoke cost a.json b.json --limit 'power_mw <= 30' --format csv\n"
                "  asx bespoke cost baseline.json --as-published\n"
                "  asx bespoke cost a.json --technology nangate45 --pipeline layers --rate 1e8\n",
    .min_arguments = 1,
    .max_arguments = OPTION_ARGUMENTS_MAX};

static const table_column columns[] = {{"design", TABLE_TEXT, 0},
                                       {"area_cm2", TABLE_NUMBER, TABLE_AUTO},
                                       {"power_mw", TABLE_NUMBER, TABLE_AUTO},
                                       {"delay_ms", TABLE_NUMBER, TABLE_AUTO},
                                       {"cells", TABLE_INTEGER, 0},
                                       {"full_adders", TABLE_INTEGER, 0},
                                       {"half_adders", TABLE_INTEGER, 0},
                                       {"runs_from", TABLE_TEXT, 0},
                                       {"leakage_mw", TABLE_NUMBER, TABLE_AUTO},
                                       {"technology", TABLE_TEXT, 0},
                                       {0}};

static const table_column switching_columns[] = {
    {"rate_hz", TABLE_NUMBER, TABLE_GENERAL}, {"toggles", TABLE_NUMBER, 3}, {0}};

static const table_column piped_columns[] = {{"period_ms", TABLE_NUMBER, TABLE_AUTO},
                                             {"latency", TABLE_INTEGER, 0},
                                             {"registers", TABLE_INTEGER, 0},
                                             {0}};

static const table_column part_columns[] = {{"part", TABLE_TEXT, 0},
                                            {"area_cm2", TABLE_NUMBER, TABLE_AUTO},
                                            {"full_adders", TABLE_INTEGER, 0},
                                            {"half_adders", TABLE_INTEGER, 0},
                                            {"compared", TABLE_INTEGER, 0},
                                            {"chosen", TABLE_INTEGER, 0},
                                            {0}};

/* What is printed, and what is asked of it. */
typedef struct request {
    asx_bespoke_build how;
    const char *limit; /* NULL: none; as it was written, and what it says */
    size_t limited;
    double most;
    const asx_cell_library *library;
    bespoke_units units;
    const asx_power_source *source;
    size_t n_sources;
    table *totals, *parts;
    asx_text broken; /* networks that do not keep the limit */
    asx_text slow;   /* that are not as fast as the rate */
} request;

enum { LIMITED_AREA, LIMITED_POWER, LIMITED_DELAY };

/* "FIELD <= NUMBER", in cm2, mW, ms then. */
static asx_status parse_limit(size_t *field, double *most, const char *text, asx_error *err)
{
    static const struct {
        const char *name;
        size_t field;
        double in; /* one of the usual unit */
    } fields[] = {{"area_cm2", LIMITED_AREA, 1},  {"area_um2", LIMITED_AREA, 1e8},
                  {"power_mw", LIMITED_POWER, 1}, {"power_uw", LIMITED_POWER, 1e3},
                  {"delay_ms", LIMITED_DELAY, 1}, {"delay_ns", LIMITED_DELAY, 1e6}};
    char number[64];
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const size_t n = strlen(fields[i].name);
        if (strncmp(text, fields[i].name, n) != 0 || sscanf(text + n, " <= %63s", number) != 1)
            continue;
        *field = fields[i].field;
        const asx_status status = asx_number_parse(most, number, 0, 1e12, "limit", err);
        *most /= fields[i].in;
        return status;
    }
    return asx_fail(
        err, ASX_EINVAL,
        "'%s' is not 'FIELD <= NUMBER' with area_cm2, area_um2, power_mw, power_uw, delay_ms or "
        "delay_ns",
        text);
}

static asx_status check_limit(const char *text, asx_error *err)
{
    size_t field = 0;
    double most = 0;
    return parse_limit(&field, &most, text, err);
}

static size_t cells_of(const size_t cell[ASX_N_CELLS])
{
    size_t n = 0;
    for (asx_cell c = 0; c < ASX_N_CELLS; c++)
        n += cell[c];
    return n;
}

static void add_total(request *r, const char *path, const asx_bespoke_price *p)
{
    size_t full = 0, half = 0;
    for (size_t i = 0; i < p->n_parts; i++) {
        full += p->part[i].full_adders;
        half += p->part[i].half_adders;
    }
    table_text(r->totals, path);
    table_number(r->totals, p->area_cm2 * r->units.area);
    table_number(r->totals, p->power_mw * r->units.power);
    table_number(r->totals, p->delay_ms * r->units.delay);
    table_integer(r->totals, (long long)cells_of(p->cell));
    table_integer(r->totals, (long long)full);
    table_integer(r->totals, (long long)half);
    table_text(r->totals,
               r->units.small ? NULL : bespoke_power_source(r->source, r->n_sources, p->power_mw));
    table_number(r->totals, p->leakage_mw * r->units.power);
    table_text(r->totals, asx_cell_library_name(r->library));
    if (asx_cell_library_switches(r->library)) {
        table_number(r->totals, p->rate_hz);
        table_number(r->totals, p->toggles);
    }
    if (r->how.pipeline == ASX_BESPOKE_UNPIPED)
        return;
    table_number(r->totals, p->period_ms * r->units.delay);
    table_integer(r->totals, (long long)p->latency);
    table_integer(r->totals, (long long)p->cell[ASX_CELL_DFF]);
}

/* Registers only where they are asked for. */
static bool is_shown(const request *r, asx_cell c)
{
    return asx_cell_library_has(r->library, c) &&
           (c != ASX_CELL_DFF || r->how.pipeline != ASX_BESPOKE_UNPIPED);
}

static void add_part(request *r, size_t at, const asx_bespoke_price *p)
{
    const asx_bespoke_part *part = &p->part[at];
    asx_text name = {0};
    double mm2 = 0;
    if (at + 1 == p->n_parts)
        asx_text_add(&name, "argmax");
    else
        asx_text_add(&name, "layer %zu %s", at / 2, at % 2 ? "activation" : "sums");
    for (asx_cell c = 0; c < ASX_N_CELLS; c++)
        mm2 += (double)part->cell[c] * asx_cell_area_mm2(r->library, c);
    table_built(r->parts, &name);
    asx_text_fini(&name);
    table_number(r->parts, mm2 / 100 * r->units.area);
    table_integer(r->parts, (long long)part->full_adders);
    table_integer(r->parts, (long long)part->half_adders);
    table_integer(r->parts, (long long)part->compared);
    table_integer(r->parts, (long long)part->chosen);
    for (asx_cell c = 0; c < ASX_N_CELLS; c++)
        if (is_shown(r, c))
            table_integer(r->parts, (long long)part->cell[c]);
    table_text(r->parts, at + 1 == p->n_parts || at % 2 ? NULL
                         : part->shared                 ? "shared"
                                                        : "columns");
}

static void keep_limit(request *r, const char *path, const asx_bespoke_price *p)
{
    const double is = r->limited == LIMITED_AREA    ? p->area_cm2
                      : r->limited == LIMITED_POWER ? p->power_mw
                                                    : p->delay_ms;
    if (r->limit && is > r->most)
        asx_text_add(&r->broken, "%s%s", r->broken.n ? ", " : "", path);
    if (!asx_bespoke_keeps_rate(p))
        asx_text_add(&r->slow, "%s%s", r->slow.n ? ", " : "", path);
}

static asx_status add_design(request *r, const char *path, bool alone, asx_error *err)
{
    asx_bespoke *network = NULL;
    asx_bespoke_circuit *circuit = NULL;
    asx_status status = asx_bespoke_read(&network, path, err);
    if (status == ASX_OK)
        status = asx_bespoke_circuit_new(&circuit, network, r->library, &r->how, err);
    if (status == ASX_OK) {
        const asx_bespoke_price p = asx_bespoke_circuit_price(circuit);
        add_total(r, path, &p);
        for (size_t i = 0; alone && i < p.n_parts; i++)
            add_part(r, i, &p);
        keep_limit(r, path, &p);
    }
    asx_bespoke_circuit_free(circuit);
    asx_bespoke_free(network);
    return status;
}

enum { COLUMNS_MAX = 32 };

static size_t add_columns(table_column *to, size_t n, const table_column *of)
{
    while (of->name && n + 1 < COLUMNS_MAX)
        to[n++] = *of++;
    to[n] = (table_column){0};
    return n;
}

static asx_status new_table(table **out, const request *r, const char *title,
                            const table_column *all, asx_error *err)
{
    table_column shown[COLUMNS_MAX];
    bespoke_units_name(shown, all, &r->units);
    return table_new(out, title, shown, err);
}

static asx_status new_tables(request *r, asx_error *err)
{
    table_column all[COLUMNS_MAX];
    size_t n = add_columns(all, 0, columns);
    if (asx_cell_library_switches(r->library))
        n = add_columns(all, n, switching_columns);
    if (r->how.pipeline != ASX_BESPOKE_UNPIPED)
        (void)add_columns(all, n, piped_columns);
    const asx_status status = new_table(&r->totals, r, "designs", all, err);
    if (status != ASX_OK)
        return status;
    n = add_columns(all, 0, part_columns);
    for (asx_cell c = 0; c < ASX_N_CELLS; c++)
        if (is_shown(r, c))
            all[n++] = (table_column){asx_cell_text(c), TABLE_INTEGER, 0};
    (void)add_columns(all, n, (const table_column[]){{"adders", TABLE_TEXT, 0}, {0}});
    return new_table(&r->parts, r, "parts", all, err);
}

static asx_status run(request *r, const option_result *args, const look *l, asx_error *err)
{
    const bool alone = args->n_arguments == 1;
    asx_status status = new_tables(r, err);
    for (size_t i = 0; i < args->n_arguments && status == ASX_OK; i++)
        status = add_design(r, args->argument[i], alone, err);
    if (status != ASX_OK)
        return status;
    table_for_people(r->totals, alone ? "design leakage_mw technology" : "leakage_mw technology",
                     "half_adders full_adders cells rate_hz runs_from toggles registers");
    table_for_people(r->parts, NULL, "XNOR2 AND2 OR2 NOR2 INV XOR2 NAND2 adders MUX2 DFF FA");
    table *const tables[] = {r->totals, r->parts};
    status = look_print(l, tables, alone ? 2 : 1, err);
    if (status == ASX_OK && r->broken.n > 0)
        status = asx_fail(err, ASX_ENOTFOUND, "not within '%s': %s", r->limit, r->broken.s);
    if (status == ASX_OK && r->slow.n > 0)
        status =
            asx_fail(err, ASX_ENOTFOUND, "slower than the rate that power is for: %s", r->slow.s);
    return status;
}

int bespoke_cost(int argc, char **argv)
{
    request r = {0};
    bespoke_options how = BESPOKE_OPTIONS_DEFAULT;
    look l = LOOK_DEFAULT;
    const option options[] = {
        OPTIONS_BESPOKE(how),
        OPTION_OF_CHECKED(&r.limit, "limit", "FIELD<=N", check_limit,
                          "what every network has to keep: area_cm2, area_um2, power_mw, power_uw, "
                          "delay_ms or delay_ns"),
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_cell_library *library = NULL;
    asx_power_source *source = NULL;
    if (bespoke_build(&r.how, &how, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    asx_status status = asx_cell_library_load(&library, how.technology, &err);
    if (status == ASX_OK && r.limit)
        status = parse_limit(&r.limited, &r.most, r.limit, &err);
    if (status == ASX_OK)
        status = asx_power_sources_load(&source, &r.n_sources, &err);
    r.library = library;
    r.source = source;
    if (status == ASX_OK) {
        r.units = bespoke_units_of(library);
        status = run(&r, &args, &l, &err);
    }
    asx_text_fini(&r.broken);
    asx_text_fini(&r.slow);
    table_free(r.parts);
    table_free(r.totals);
    asx_power_sources_free(source, r.n_sources);
    asx_cell_library_free(library);
    return cmd_end(status, &err);
}
