#include "explore/additivity.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

typedef struct pair {
    double predicted, measured;
} pair;

static int by_predicted(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (x->predicted < y->predicted || x->predicted > y->predicted)
        return x->predicted < y->predicted ? -1 : 1;
    return (x->measured > y->measured) - (x->measured < y->measured);
}

static asx_additivity_part describe(const pair *p, size_t n)
{
    asx_additivity_part part = {.from = p[0].predicted, .to = p[n - 1].predicted};
    double square = 0;
    for (size_t i = 0; i < n; i++)
        part.bias += (p[i].predicted - p[i].measured) / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double off = p[i].predicted - p[i].measured - part.bias;
        square += off * off;
    }
    part.error = sqrt(square / (double)(n - 1) / (double)n);
    return part;
}

asx_status asx_additivity_find(asx_additivity *out, const double *predicted, const double *measured,
                               size_t n, asx_error *err)
{
    asx_additivity a = {0};
    if (n < ASX_ADDITIVITY_DESIGNS_MIN) {
        *out = a;
        return ASX_OK;
    }
    pair *p = asx_array_new(n, sizeof *p);
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; i < n; i++)
        p[i] = (pair){predicted[i], measured[i]};
    qsort(p, n, sizeof *p, by_predicted);
    a.known = true;
    for (size_t k = 0; k < ASX_ADDITIVITY_PARTS; k++) {
        const size_t first = k * n / ASX_ADDITIVITY_PARTS, end = (k + 1) * n / ASX_ADDITIVITY_PARTS;
        a.part[k] = describe(p + first, end - first);
    }
    free(p);
    *out = a;
    return ASX_OK;
}

bool asx_additivity_fails(const asx_additivity_part *part)
{
    return fabs(part->bias) > 1 && fabs(part->bias) > 2 * part->error;
}

double asx_additivity_limit(const asx_additivity *a)
{
    for (size_t k = 0; a->known && k < ASX_ADDITIVITY_PARTS; k++)
        if (asx_additivity_fails(&a->part[k]))
            return a->part[k].from;
    return NAN;
}

void asx_additivity_say(asx_text *out, const asx_additivity *a)
{
    bool said = false;
    for (size_t k = 0; a->known && k < ASX_ADDITIVITY_PARTS; k++) {
        const asx_additivity_part *p = &a->part[k];
        if (!asx_additivity_fails(p))
            continue;
        asx_text_add(out,
                     said ? ", %s%.1f too %s from %.1f to %.1f"
                          : "%spredicts %.1f points too %s where it says %.1f to %.1f",
                     !said && out->n ? ", " : "", fabs(p->bias), p->bias < 0 ? "few" : "many",
                     p->from, p->to);
        said = true;
    }
}
