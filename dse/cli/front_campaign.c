/* What a stored campaign minimises, and under which limits. */
#include <math.h>
#include <string.h>

#include "dse/number.h"
#include "front.h"

/* The n-th blank-separated word of a text; false when there is none. */
static bool take_word(char *word, size_t size, const char **cursor)
{
    const char *p = *cursor + strspn(*cursor, " ");
    const size_t n = strcspn(p, " ");
    if (n == 0 || n >= size)
        return false;
    memcpy(word, p, n);
    word[n] = '\0';
    *cursor = p + n;
    return true;
}

static asx_status read_objectives(front *f, asx_error *err)
{
    char word[40];
    for (const char *p = f->record.objectives; take_word(word, sizeof word, &p);) {
        if (f->n_objectives == ASX_N_OBJECTIVES)
            return asx_fail(err, ASX_EDB, "the campaign has too many objectives");
        const asx_status st = asx_objective_parse(&f->objective[f->n_objectives], word, err);
        if (st < 0)
            return st;
        f->n_objectives++;
    }
    if (f->n_objectives == 0)
        return asx_fail(err, ASX_EDB, "the campaign has no objectives");
    return ASX_OK;
}

asx_status front_limits(asx_limits *out, const char *text, asx_error *err)
{
    char word[80];
    asx_limits limits = asx_limits_none();
    for (const char *p = text; take_word(word, sizeof word, &p);) {
        asx_objective o;
        double value = 0;
        char *equals = strchr(word, '=');
        if (!equals)
            return asx_fail(err, ASX_EDB, "limit '%s' is not of the form name=value", word);
        *equals = '\0';
        asx_status st = asx_objective_parse(&o, word, err);
        if (st == ASX_OK)
            st = asx_number_parse(&value, equals + 1, -INFINITY, INFINITY, "a limit", err);
        if (st < 0)
            return st;
        limits.max[o] = value;
    }
    *out = limits;
    return ASX_OK;
}

asx_status front_campaign(front *f, asx_store *store, const front_options *options, asx_error *err)
{
    asx_status st = ASX_OK;
    f->campaign = options->id;
    if (!f->campaign)
        st = asx_campaign_find(&f->campaign, store, options->campaign, err);
    if (st == ASX_OK)
        st = asx_campaign_read(&f->record, NULL, store, f->campaign, err);
    if (st == ASX_OK)
        st = read_objectives(f, err);
    return st == ASX_OK ? front_limits(&f->limits, f->record.limits, err) : st;
}

asx_status front_campaign_limits(asx_limits *out, asx_store *store, int64_t campaign,
                                 asx_error *err)
{
    asx_campaign_record record = {0};
    asx_status st = asx_campaign_read(&record, NULL, store, campaign, err);
    if (st == ASX_OK)
        st = front_limits(out, record.limits, err);
    asx_campaign_record_fini(&record);
    return st;
}
