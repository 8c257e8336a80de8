#include "latex.h"

#include <math.h>
#include <string.h>

#include "drop_text.h"
#include "readable.h"
#include "short_name.h"

static void add_escaped(asx_text *out, const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c == '\\')
            asx_text_add(out, "\\textbackslash{}");
        else if (*c == '~' || *c == '^')
            asx_text_add(out, "\\%c{}", *c);
        else if (strchr("<>|",
                        *c)) /* other characters in the fonts that are there without asking */
            asx_text_add(out, "$%c$", *c);
        else
            asx_text_add(out, strchr("{}_&%#$", *c) ? "\\%c" : "%c", *c);
}

/* "cifar10 ${ASX_DATA}/cifar10/test_batch.bin.xz": without the folders, which are nobody's business. */
static void add_files(asx_text *out, const char *names)
{
    for (const char *s = names; *s;) {
        const size_t n = strcspn(s, " ");
        const char *base = s;
        for (const char *c = s; c < s + n; c++)
            base = *c == '/' ? c + 1 : base;
        char name[256];
        const size_t length = (size_t)(s + n - base);
        const size_t kept = length < sizeof name - 1 ? length : sizeof name - 1;
        memcpy(name, base, kept);
        name[kept] = '\0';
        add_escaped(out, name);
        s += n;
        if (*s == ' ')
            asx_text_add(out, " "), s++;
    }
}

static const asx_row *first_of(const asx_front *f, asx_tier tier)
{
    for (size_t i = 0; i < f->n; i++)
        if (asx_front_row(f, i)->evaluation.accuracy.tier == tier)
            return asx_front_row(f, i);
    return NULL;
}

static void add_caption(asx_text *out, const asx_front *f, const char *where)
{
    const asx_row *measured = first_of(f, ASX_TIER_MEASURED),
                  *trained = first_of(f, ASX_TIER_TRAINED);
    asx_text_add(out, "\\caption{Pareto front of ");
    add_escaped(out, f->record.name);
    if (where) {
        asx_text_add(out, ", of the designs with ");
        add_escaped(out, where);
    }
    asx_text_add(out, ": network ");
    add_files(out, f->record.network);
    asx_text_add(out, "%s", f->record.data[0] ? ", data " : "");
    add_files(out, f->record.data);
    asx_text_add(out, ". Energy is per inference, saved against ");
    add_escaped(out, f->record.baseline);
    asx_text_add(out, " in technology ");
    add_escaped(out, f->record.technology);
    if (f->searched == ASX_TIER_COSTS) {
        asx_text_add(out, ". Costs alone: accuracies are not known");
    } else if (asx_score_counts(&f->record.score)) {
        asx_text_add(out, ". Drops are points below the float network with 95\\,\\%% intervals");
    } else {
        asx_text_add(out, ". Drop: ");
        drop_meaning_add(out, &f->record.score);
        asx_text_add(out, ", with 95\\,\\%% intervals");
    }
    if (first_of(f, ASX_TIER_PROXY))
        asx_text_add(out, "; p: predicted");
    if (measured)
        asx_text_add(out, "; m: measured on %zu images", measured->evaluation.accuracy.images);
    if (trained)
        asx_text_add(out, "; t: trained, measured on %zu images",
                     trained->evaluation.accuracy.images);
    if (f->report.n > 0)
        asx_text_add(out, "; unseen: on %zu other images",
                     f->report.row[0].evaluation.accuracy.images);
    asx_text_add(out, ". asx %s.}\n\\label{tab:", f->record.version);
    for (const char *c = f->record.name; *c; c++)
        asx_text_add(out, "%c", strchr("\\{}_&%#$~^", *c) ? '-' : *c);
    asx_text_add(out, "}\n");
}

static void add_interval(asx_text *out, const asx_score *score, const asx_accuracy *a)
{
    const int n = asx_score_decimals(score);
    if (!a || a->tier == ASX_TIER_COSTS)
        asx_text_add(out, "--");
    else if (a->images == 0)
        asx_text_add(out, "$%.*f$", n, a->drop);
    else
        asx_text_add(out, "$%.*f$ [$%.*f$, $%.*f$]", n, a->drop, n, a->drop_low, n, a->drop_high);
}

/* How energies are said. */
typedef struct said {
    readable of;
    int decimals;
} said;

static void add_row(asx_text *out, const asx_front *f, size_t i, const said *energy)
{
    const asx_row *row = asx_front_row(f, i), *report = asx_rows_find(&f->report, row->design);
    const asx_accuracy *a = &row->evaluation.accuracy;
    const asx_cost *c = &row->evaluation.cost;
    asx_text name = {0};
    short_name_add(&name, row->design, 0);
    if (asx_front_number(f, i) > 0)
        asx_text_add(out, "%zu", asx_front_number(f, i));
    else
        asx_text_add(out, "--");
    asx_text_add(out, " & ");
    add_escaped(out, name.s ? name.s : "");
    asx_text_add(out, " & %.*f & ", energy->decimals, c->energy_pj / energy->of.scale);
    if (f->baseline)
        asx_text_add(out, "%.1f",
                     100 * (1 - c->energy_pj / f->baseline->evaluation.cost.energy_pj));
    else
        asx_text_add(out, "--");
    asx_text_add(out, " & %.3f & ", c->area_um2 * 1e-6);
    add_interval(out, &f->record.score, a);
    asx_text_add(out, " & %c", asx_tier_text(a->tier)[0]);
    if (f->report.n > 0) {
        asx_text_add(out, " & ");
        add_interval(out, &f->record.score, report ? &report->evaluation.accuracy : NULL);
    }
    asx_text_add(out, " \\\\\n");
    out->failed |= name.failed;
    asx_text_fini(&name);
}

void latex_front_add(asx_text *out, const asx_front *f, const char *where)
{
    const bool unseen = f->report.n > 0;
    double most = 0;
    for (size_t i = 0; i < f->n; i++)
        most = fmax(most, asx_front_row(f, i)->evaluation.cost.energy_pj);
    said energy = {.of = readable_of("energy_pj", most)};
    energy.decimals = readable_common_decimals(most / energy.of.scale);
    asx_text_add(
        out,
        "%% needs \\usepackage{booktabs}; what to cite: asx export DB --format bibtex\n\\begin{table}\n\\centering\n");
    add_caption(out, f, where);
    asx_text_add(out, "\\begin{tabular}{rlrrrrl%s}\n\\toprule\n", unseen ? "r" : "");
    asx_text_add(out, "\\# & design & energy & saved & area & drop &%s \\\\\n",
                 unseen ? " & unseen" : "");
    const char *drop = asx_score_drop_unit(&f->record.score);
    asx_text_add(out, " & & %s%s & \\%% & mm$^2$ & %s &%s%s \\\\\n\\midrule\n",
                 energy.of.unit[0] == 'u' ? "$\\mu$" : "",
                 energy.of.unit[0] == 'u' ? energy.of.unit + 1 : energy.of.unit, drop,
                 unseen ? " & " : "", unseen ? drop : "");
    for (size_t i = 0; i < f->n; i++)
        add_row(out, f, i, &energy);
    asx_text_add(out, "\\bottomrule\n\\end{tabular}\n\\end{table}\n");
}
