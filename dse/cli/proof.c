/* A certificate says: every design of the space that keeps the campaign's limits is matched by a
 * row of the front with at most its drop and at most `factor` times its other objectives. */
#include "proof.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/number.h"

static const char certificate_start[] = "factor ";

/* The factor that the certificate begins with; NAN if it has none. */
static double factor_of(const char *certificate)
{
    char number[40];
    double factor = NAN;
    const size_t skip = sizeof certificate_start - 1;
    if (!certificate || strncmp(certificate, certificate_start, skip) != 0)
        return NAN;
    const size_t n = strcspn(certificate + skip, ":");
    if (n >= sizeof number)
        return NAN;
    memcpy(number, certificate + skip, n);
    number[n] = '\0';
    if (strcmp(number, "inf") == 0)
        return INFINITY;
    if (asx_number_parse(&factor, number, 1, INFINITY, "a factor", NULL) != ASX_OK)
        return NAN;
    return factor;
}

double proof_factor(const char *certificate)
{
    const double factor = factor_of(certificate);
    return isfinite(factor) ? factor : 0;
}

asx_status proof_certificate(char **out, asx_store *store, int64_t campaign, asx_error *err)
{
    char key[64];
    void *text = NULL;
    size_t n = 0;
    snprintf(key, sizeof key, "certificate/%lld", (long long)campaign);
    const asx_status st = asx_store_cache_get(&text, &n, store, key, err);
    *out = NULL;
    if (st == ASX_OK && text && n > 0 && ((char *)text)[n - 1] == '\0')
        *out = text;
    else
        free(text);
    return st;
}

static bool refuse(proof *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(p->why, sizeof p->why, format, arguments);
    va_end(arguments);
    return false;
}

static bool is_objective(const front *f, asx_objective o)
{
    for (size_t j = 0; j < f->n_objectives; j++)
        if (f->objective[j] == o)
            return true;
    return false;
}

/* Whether rows of the campaign's front answer for all designs under a limit of the question. */
static bool covers_limit(proof *p, const front *f, const proof_question *q, asx_objective o)
{
    const double asked = q->limits.max[o], kept = f->limits.max[o];
    const char *name = asx_objective_text(o);
    if (asked > kept)
        return refuse(p, "the search looked only at designs with %s <= %g", name, kept);
    if (!(asked < INFINITY) || (asked >= kept && kept < INFINITY))
        return true;
    if (!is_objective(f, o))
        return refuse(p, "the campaign's front was not for '%s'", name);
    if (o != ASX_DROP && p->factor > 1)
        return refuse(p,
                      "the front is proven within the factor %.6g in '%s' only, which the limit "
                      "does not allow for",
                      p->factor, name);
    return true;
}

static bool covers(proof *p, const front *f, const proof_question *q, bool feasible)
{
    if (!(p->factor >= 1))
        return refuse(p, "the campaign's search proves nothing; 'algorithm: exact' on tier 'proxy' "
                         "does");
    if (!(p->factor < INFINITY))
        return refuse(p, "the search was stopped before it had proven anything");
    if (f->tier != ASX_TIER_PROXY || f->trained.n > 0)
        return refuse(p, "the proof is about predicted drops; '--tier proxy' goes by those");
    if (q->where)
        return refuse(p, "--where leaves designs out");
    if (q->knee)
        return p->factor <= 1 ||
               refuse(p, "the front is proven within the factor %.6g only", p->factor);
    if (!is_objective(f, q->minimise))
        return refuse(p, "the campaign's front was not for '%s'", asx_objective_text(q->minimise));
    for (int o = 0; o < ASX_N_OBJECTIVES; o++) {
        /* limits of what is minimised leave out nothing better than what was found */
        if ((asx_objective)o == q->minimise && feasible)
            continue;
        if (!covers_limit(p, f, q, (asx_objective)o))
            return false;
    }
    return true;
}

void proof_judge(proof *out, const front *f, const proof_question *question,
                 const char *certificate, bool feasible)
{
    *out = (proof){.factor = factor_of(certificate)};
    if (!covers(out, f, question, feasible))
        return;
    const bool within = out->factor > 1 && question->minimise != ASX_DROP && feasible;
    out->verdict = within ? PROOF_WITHIN : PROOF_OPTIMAL;
}

void proof_text(char *out, size_t size, const proof *p)
{
    if (p->verdict == PROOF_WITHIN)
        snprintf(out, size, "within %.6g", p->factor);
    else
        snprintf(out, size, "%s", p->verdict == PROOF_OPTIMAL ? "optimal" : "unproven");
}

asx_status proof_say(const front *f, asx_store *store, asx_error *err)
{
    char *certificate = NULL;
    if (f->n == 0 || f->tier != ASX_TIER_PROXY || f->trained.n > 0)
        return ASX_OK;
    const asx_status st = proof_certificate(&certificate, store, f->campaign, err);
    if (st == ASX_OK && certificate && factor_of(certificate) >= 1)
        fprintf(stderr, "the search: %s\n", certificate);
    free(certificate);
    return st;
}
