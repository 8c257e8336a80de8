/* What a stored campaign minimises, and under which limits. */
#include <math.h>
#include <string.h>

#include "dse/number.h"
#include "results/record.h"

/* The next blank-separated word of a text; false when there is none. */
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

asx_status asx_record_objectives(asx_objective *out, size_t *n, const char *text, asx_error *err)
{
    char word[40];
    asx_objective objective[ASX_N_OBJECTIVES];
    size_t k = 0;
    for (const char *p = text; take_word(word, sizeof word, &p); k++) {
        if (k == ASX_N_OBJECTIVES)
            return asx_fail(err, ASX_EDB, "the campaign has too many objectives");
        const asx_status status = asx_objective_parse(&objective[k], word, err);
        if (status != ASX_OK)
            return status;
    }
    if (k == 0)
        return asx_fail(err, ASX_EDB, "the campaign has no objectives");
    memcpy(out, objective, k * sizeof *out);
    *n = k;
    return ASX_OK;
}

asx_status asx_record_limits(asx_limits *out, const char *text, asx_error *err)
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
        asx_status status = asx_objective_parse(&o, word, err);
        if (status == ASX_OK)
            status = asx_number_parse(&value, equals + 1, -INFINITY, INFINITY, "a limit", err);
        if (status != ASX_OK)
            return status;
        limits.max[o] = value;
    }
    *out = limits;
    return ASX_OK;
}

asx_status asx_record_read_limits(asx_limits *out, asx_store *store, int64_t id, asx_error *err)
{
    asx_record record = {0};
    asx_status status = asx_record_read(&record, NULL, store, id, err);
    if (status == ASX_OK)
        status = asx_record_limits(out, record.limits, err);
    asx_record_fini(&record);
    return status;
}
