/* Which questions a certificate answers. */
#include "results/proof.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static bool refuse(asx_proof *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(p->why, sizeof p->why, format, arguments);
    va_end(arguments);
    return false;
}

static bool is_objective(const asx_front *f, asx_objective o)
{
    for (size_t j = 0; j < f->n_objectives; j++)
        if (f->objective[j] == o)
            return true;
    return false;
}

/* Whether rows of the campaign's front answer for all designs under a limit of the question. */
static bool covers_limit(asx_proof *p, const asx_front *f, const asx_proof_question *q,
                         asx_objective o)
{
    const double asked = q->limits.max[o], kept = f->limits.max[o];
    const char *name = asx_objective_text(o);
    if (asked > kept)
        return refuse(p, "the proof is about designs with %s <= %g", name, kept);
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

static bool covers(asx_proof *p, const asx_front *f, const asx_proof_question *q, bool feasible)
{
    if (!(p->factor >= 1))
        return refuse(p, "the campaign's search proves nothing; 'algorithm: exact' on tier 'proxy' "
                         "does, and so does a search that has evaluated all designs");
    if (!(p->factor < INFINITY))
        return refuse(p, "the search was stopped before it had proven anything");
    if (f->tier != f->searched || asx_front_is_mixed(f))
        return refuse(p, "the proof is about %s drops; '--tier %s' goes by those",
                      f->searched == ASX_TIER_PROXY ? "predicted" : "measured",
                      asx_tier_text(f->searched));
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

/* Whether it is about drops that the certificate speaks of. */
static bool covers_drops(asx_proof *p, const asx_proof_question *q, double least)
{
    if (least > 0 && (q->minimise == ASX_DROP || q->limits.max[ASX_DROP] < least))
        return refuse(p, "nothing is proven of designs that drop less than %g points", least);
    return true;
}

void asx_proof_judge(asx_proof *out, const asx_front *f, const asx_proof_question *question,
                     const asx_certificate *certificate, bool feasible)
{
    *out = (asx_proof){.factor = certificate->factor};
    if (!covers(out, f, question, feasible) ||
        !covers_drops(out, question, asx_certificate_least_drop(certificate->text)))
        return;
    const bool within = out->factor > 1 && question->minimise != ASX_DROP && feasible;
    out->verdict = within ? ASX_PROOF_WITHIN : ASX_PROOF_OPTIMAL;
}

void asx_proof_text(char *out, size_t size, const asx_proof *p)
{
    if (p->verdict == ASX_PROOF_WITHIN)
        snprintf(out, size, "within %.6g", p->factor);
    else
        snprintf(out, size, "%s", p->verdict == ASX_PROOF_OPTIMAL ? "optimal" : "unproven");
}

bool asx_proof_applies(const asx_front *f, const asx_certificate *certificate)
{
    return f->tier == f->searched && !asx_front_is_mixed(f) && certificate->factor >= 1;
}
