/* Which images are for what: searching, confirming answers, reporting them. */
#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/number.h"

enum { FEWEST = 100 }; /* images worth confirming on, if the campaign does not say which */

/* "30%" of the images that 'report' says, from its beginning. */
static asx_status take_share(asx_range *confirm, asx_range *report, bool reported,
                             const asx_campaign *c, const char *raw, asx_error *err)
{
    char number[40];
    double percent = 0;
    const size_t n = strlen(raw) - 1, all = report->end - report->first;
    if (!reported)
        return asx_campaign_fail(c, err, ASX_EINVAL, raw,
                                 "data.confirm: '%s' is a share of 'report', which is missing",
                                 raw);
    if (n >= sizeof number)
        return asx_campaign_fail(c, err, ASX_EINVAL, raw, "data.confirm: '%.40s...' is no share",
                                 raw);
    memcpy(number, raw, n);
    number[n] = '\0';
    asx_error inner;
    if (asx_number_parse(&percent, number, 0.001, 99.999, "data.confirm", &inner) != ASX_OK)
        return asx_campaign_fail(c, err, inner.status, raw, "%s", inner.message);
    const size_t share = (size_t)((double)all * percent / 100);
    if (share == 0 || share == all)
        return asx_campaign_fail(c, err, ASX_EINVAL, raw,
                                 "data.confirm: %s of the %zu images of 'report' leaves none for "
                                 "one of them",
                                 raw, all);
    *confirm = (asx_range){report->first, report->first + share};
    report->first += share;
    return ASX_OK;
}

/* The longest run of images outside of both ranges; an empty one if there is none. */
static asx_range longest_gap(size_t size, asx_range a, asx_range b)
{
    if (b.first < a.first) {
        const asx_range t = a;
        a = b;
        b = t;
    }
    const size_t later = a.end > b.end ? a.end : b.end;
    const asx_range gap[] = {
        {0, a.first}, {a.end, b.first > a.end ? b.first : a.end}, {later, size}};
    asx_range best = {0, 0};
    for (size_t i = 0; i < 3; i++)
        if (gap[i].end > gap[i].first && gap[i].end - gap[i].first > best.end - best.first)
            best = gap[i];
    return best;
}

asx_status asx_campaign_subsets(asx_range *subset, bool *given, const asx_campaign *c,
                                const asx_dataset *data, asx_error *err)
{
    asx_range *confirm = &subset[ASX_SUBSET_CONFIRM], *report = &subset[ASX_SUBSET_REPORT];
    const char *raw = c->spec->data->confirm;
    const size_t size = asx_dataset_size(data);
    asx_status status = asx_campaign_range(&subset[ASX_SUBSET_SELECT], &given[ASX_SUBSET_SELECT], c,
                                           "select", data, err);
    if (status == ASX_OK)
        status = asx_campaign_range(report, &given[ASX_SUBSET_REPORT], c, "report", data, err);
    if (status != ASX_OK)
        return status;
    given[ASX_SUBSET_CONFIRM] = raw != NULL;
    if (raw && *raw && raw[strlen(raw) - 1] == '%')
        return take_share(confirm, report, given[ASX_SUBSET_REPORT], c, raw, err);
    if (raw)
        return asx_campaign_range(confirm, NULL, c, "confirm", data, err);
    const asx_range none = {0, 0};
    const asx_range gap =
        longest_gap(size, subset[ASX_SUBSET_SELECT], given[ASX_SUBSET_REPORT] ? *report : none);
    given[ASX_SUBSET_CONFIRM] = gap.end - gap.first >= FEWEST;
    *confirm = given[ASX_SUBSET_CONFIRM] ? gap : (asx_range){0, size};
    return ASX_OK;
}
