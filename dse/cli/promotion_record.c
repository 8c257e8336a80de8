/* What the database keeps of a promotion, so that it can be broken off at any moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "promotion.h"
#include "train_steps.h"

/* Time that was spent, over all runs of the campaign. */
static void spent_key(char *out, size_t n, const promotion *p)
{
    snprintf(out, n, "train/%lld/spent_s", (long long)p->x->campaign);
}

static asx_status read_text(char **out, asx_store *store, const char *key, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    const asx_status st = asx_store_cache_get(&bytes, &n, store, key, err);
    char *text = bytes ? asx_array_new(n + 1, 1) : NULL;
    if (text)
        memcpy(text, bytes, n);
    free(bytes);
    if (st == ASX_OK && n > 0 && !text)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", key);
    *out = text;
    return st;
}

asx_status promotion_read_spent(promotion *p, asx_error *err)
{
    char key[64], *text = NULL;
    spent_key(key, sizeof key, p);
    const asx_status st = read_text(&text, p->x->store, key, err);
    p->spent_s = text ? strtod(text, NULL) : 0;
    free(text);
    return st;
}

asx_status promotion_add_spent(void *state, double seconds, asx_error *err)
{
    promotion *p = state;
    char key[64], text[40];
    p->spent_s += seconds;
    p->told_s = train_seconds();
    spent_key(key, sizeof key, p);
    snprintf(text, sizeof text, "%.1f", p->spent_s);
    return asx_store_cache_put(p->x->store, key, text, strlen(text), err);
}

static void decision_key(asx_text *out, const promotion *p, const char *design)
{
    asx_text_add(out, "train/%lld/%016llx/%s", (long long)p->x->campaign,
                 (unsigned long long)p->key, design);
}

asx_status promotion_read_decision(decision *out, const promotion *p, const char *design,
                                   asx_error *err)
{
    static const char from[] = " start=";
    asx_text key = {0};
    char *text = NULL;
    decision d = {0};
    decision_key(&key, p, design);
    asx_status st = key.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a key")
                               : read_text(&text, p->x->store, key.s, err);
    if (st == ASX_OK && text && strncmp(text, "epochs=", 7) == 0) {
        const char *start = strstr(text, from);
        d.epochs = strtoul(text + 7, NULL, 10);
        if (start && strcmp(start + sizeof from - 1, "network") != 0)
            d.start = asx_string_copy(start + sizeof from - 1);
    }
    free(text);
    asx_text_fini(&key);
    *out = d;
    return st;
}

asx_status promotion_write_decision(const promotion *p, const char *design, const decision *d,
                                    asx_error *err)
{
    asx_text key = {0}, text = {0};
    decision_key(&key, p, design);
    asx_text_add(&text, "epochs=%zu of=%zu ", d->epochs,
                 (size_t)asx_params_get(&p->options.number, "epochs"));
    if (d->done)
        asx_text_add(&text, "stopped_after=%zu ", d->done);
    asx_text_add(&text, "start=%s", d->start ? d->start : "network");
    const asx_status st = key.failed || text.failed
                              ? asx_fail(err, ASX_ENOMEM, "no memory for a key")
                              : asx_store_cache_put(p->x->store, key.s, text.s, text.n, err);
    asx_text_fini(&text);
    asx_text_fini(&key);
    return st;
}
