#include "text_checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/design.h"
#include "dse/faults.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "hwmodel/technology.h"

asx_status check_some(const char *text, asx_error *err)
{
    return text[strspn(text, " \t\n")] ? ASX_OK : asx_fail(err, ASX_EINVAL, "is empty");
}

asx_status check_design(const char *text, asx_error *err)
{
    return asx_design_check(text, err);
}

asx_status check_designs(const char *text, asx_error *err)
{
    char *copy = asx_string_copy(text), *save = NULL;
    asx_status status = copy ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    char *one = copy ? strtok_r(copy, ";", &save) : NULL;
    if (status == ASX_OK && !one)
        status = asx_design_check(text, err);
    for (; status == ASX_OK && one; one = strtok_r(NULL, ";", &save))
        status = asx_design_check(one + strspn(one, " "), err);
    free(copy);
    return status;
}

asx_status check_faults(const char *text, asx_error *err)
{
    asx_faults faults;
    return asx_faults_parse(&faults, text, err);
}

asx_status check_sweep(const char *text, asx_error *err)
{
    asx_sweep sweep;
    return asx_sweep_parse(&sweep, text, err);
}

asx_status check_row(const char *text, asx_error *err)
{
    long long row;
    if (*text == '+')
        return asx_fail(err, ASX_EPARSE, "row of the front: '%.64s' has a sign", text);
    return asx_integer_parse(&row, text, 1, 1LL << 53, "row of the front", err);
}

asx_status check_number(const char *text, asx_error *err)
{
    double value;
    return asx_number_parse(&value, text, -HUGE_VAL, HUGE_VAL, "it", err);
}

asx_status check_numbers(const char *text, asx_error *err)
{
    size_t n = 0;
    for (const char *p = text; *(p += strspn(p, " ,")); n++) {
        char *end;
        const double value = strtod(p, &end);
        if (end == p || !isfinite(value) || !strchr(" ,", *end))
            return asx_fail(err, ASX_EPARSE, "'%s' is not a list of numbers", text);
        p = end;
    }
    return n > 0 ? ASX_OK : asx_fail(err, ASX_EPARSE, "'%s' is not a list of numbers", text);
}

asx_status check_percent_or_any(const char *text, asx_error *err)
{
    double value;
    return strcmp(text, "any") == 0 ? ASX_OK
                                    : asx_number_parse(&value, text, 0, 100, "percent", err);
}

asx_status check_technology(const char *text, asx_error *err)
{
    const size_t n = strlen(text);
    const bool path = strchr(text, '/') || (n > 4 && strcmp(text + n - 4, ".csv") == 0);
    for (size_t i = 0; !path && asx_technology_embedded(i); i++)
        if (strcmp(asx_technology_embedded(i), text) == 0)
            return ASX_OK;
    if (path)
        return ASX_OK;
    asx_technology *none = NULL;
    const asx_status status = asx_technology_load(&none, text, err); /* its message lists them */
    asx_technology_free(none);
    return status;
}
