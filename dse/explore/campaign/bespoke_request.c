/* What is asked of bespoke classifiers: one table gives names, defaults, ranges and help of parameters. */
#include "explore/bespoke_request.h"

#include <stdlib.h>
#include <string.h>

#include "dse/number.h"

const asx_param_spec asx_bespoke_params[] = {
    {"weight_bits", true, 8, 2, 16, "bits", "of the weights of the exact baseline"},
    {"digits", true, 2, 1, 4, "", "signed digits of an evolved weight, at most; 1: powers of two"},
    {"population", true, 400, 4, 100000, "designs", "that are kept at a time"},
    {"children", true, 100, 1, 100000, "designs", "bred at a time, up to the population"},
    {"worst", false, 15, 0, 100, "points",
     "lost of the rows to learn from: what loses more is of no use"},
    {"epochs", true, 200, 1, 10000, "", "of a training in real numbers"},
    {"batch", true, 16, 1, 4096, "rows", "of a step"},
    {"rate", false, 0.01, 1e-9, 10, "", "of the training"},
    {"restarts", true, 5, 1, 1000, "", "trainings, of which the best counts"},
    {0}};

const char *asx_bespoke_aim_text(asx_bespoke_aim aim)
{
    static const char *const text[] = {
#define ASX_TEXT(name, word, help) word,
        ASX_BESPOKE_AIM_LIST(ASX_TEXT)
#undef ASX_TEXT
    };
    return (unsigned)aim < ASX_N_BESPOKE_AIMS ? text[aim] : "?";
}

asx_bespoke_request asx_bespoke_request_default(void)
{
    asx_bespoke_request r = {.header = ASX_CSV_GUESS,
                             .hidden = {3, 0},
                             .bits = 4,
                             .share = {56, 14, 30},
                             .evaluations = 300000,
                             .seed = {1},
                             .n_seeds = 1,
                             .technology = "egt"};
    const asx_status status = asx_bespoke_build_of(&r.build, NULL, false, NULL);
    (void)status; /* there is nothing to be wrong */
    asx_params_init(&r.params, asx_bespoke_params);
    return r;
}

asx_status asx_bespoke_hidden_parse(size_t hidden[ASX_BESPOKE_HIDDEN_MAX], const char *text,
                                    asx_error *err)
{
    hidden[0] = hidden[1] = 0;
    for (int i = 0; i < ASX_BESPOKE_HIDDEN_MAX && *text; i++) {
        char part[16];
        long long n = 0;
        const size_t length = strcspn(text, ",");
        if (length == 0 || length >= sizeof part)
            break;
        memcpy(part, text, length);
        part[length] = '\0';
        const asx_status status = asx_integer_parse(&n, part, 1, 4096, "neurons", err);
        if (status != ASX_OK)
            return status;
        hidden[i] = (size_t)n;
        text += length + (text[length] == ',' && text[length + 1]);
        if (!*text)
            return ASX_OK;
    }
    return asx_fail(err, ASX_EPARSE, "hidden layers are '3' or '5,4': one or two whole numbers");
}

asx_status asx_bespoke_split_parse(double share[ASX_BESPOKE_N_PARTS], const char *text,
                                   asx_error *err)
{
    const char *const whole = text;
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++) {
        char *end = NULL;
        share[p] = strtod(text, &end);
        const char wanted = p + 1 < ASX_BESPOKE_N_PARTS ? ':' : '\0';
        if (end == text || *end != wanted || !(share[p] > 0 && share[p] < 1e6))
            return asx_fail(
                err, ASX_EPARSE,
                "'%.64s' is no split like '56:14:30': three shares above 0 and below 1000000, of rows to "
                "learn from, to choose by, to report on",
                whole);
        text = end + 1;
    }
    return ASX_OK;
}

asx_status asx_bespoke_request_check(const asx_bespoke_request *r, asx_error *err)
{
    const double population = asx_params_get(&r->params, "population");
    return (double)r->evaluations < population
               ? asx_fail(err, ASX_EINVAL, "%llu designs: fewer than the population of %g",
                          (unsigned long long)r->evaluations, population)
               : ASX_OK;
}

/* Those that were changed, as one word. */
static void print_params(asx_text *text, const asx_params *params)
{
    asx_text changed = {0};
    for (size_t i = 0; params->spec[i].name; i++)
        if (params->value[i] < params->spec[i].value || params->value[i] > params->spec[i].value)
            asx_text_add(&changed, "%s%s=%.12g", changed.n > 0 ? " " : "", params->spec[i].name,
                         params->value[i]);
    if (changed.s) {
        asx_text_add(text, " --set");
        asx_text_add_word(text, changed.s);
    }
    text->failed = text->failed || changed.failed;
    asx_text_fini(&changed);
}

static void print_option(asx_text *text, const char *option, const char *value)
{
    asx_text_add(text, " --%s", option);
    asx_text_add_word(text, value);
}

static void print_pipeline(asx_text *text, const asx_bespoke_build *build)
{
    if (build->pipeline != ASX_BESPOKE_UNPIPED) {
        asx_text_add(text, " --pipeline ");
        asx_bespoke_pipeline_print(text, build->pipeline);
    }
    if (build->rate_hz > 0)
        asx_text_add(text, " --rate %.12g", build->rate_hz);
}

void asx_bespoke_request_print(asx_text *text, const asx_bespoke_request *r, uint64_t seed)
{
    asx_text_add(text, "asx bespoke train");
    for (size_t i = 0; i < r->n_files; i++)
        asx_text_add_word(text, r->file[i]);
    asx_text_add(text, " --hidden %zu", r->hidden[0]);
    if (r->hidden[1] > 0)
        asx_text_add(text, ",%zu", r->hidden[1]);
    asx_text_add(text, " --bits %u --split %.12g:%.12g:%.12g --seed %llu --evaluations %llu",
                 r->bits, r->share[0], r->share[1], r->share[2], (unsigned long long)seed,
                 (unsigned long long)r->evaluations);
    if (r->n_files > 0 && r->header != ASX_CSV_GUESS)
        print_option(text, "header", r->header == ASX_CSV_HEADER ? "on" : "off");
    if (r->n_files > 0 && r->label)
        print_option(text, "label", r->label);
    print_params(text, &r->params);
    print_option(text, "technology", r->technology);
    print_option(text, "sharing", asx_bespoke_sharing_text(r->build.sharing));
    if (r->build.carry == ASX_BESPOKE_AND_OR)
        asx_text_add(text, " --as-published");
    print_pipeline(text, &r->build);
    if (r->aim != ASX_BESPOKE_AREA)
        print_option(text, "objective", asx_bespoke_aim_text(r->aim));
    if (r->power_max_mw > 0)
        asx_text_add(text, " --power-max %.12g", r->power_max_mw);
}
