#include "proxy_cache.h"

#include <stdio.h>
#include <stdlib.h>

#include "dse/file.h"
#include "session_private.h"

/* Where pieces go, and who watches besides. */
typedef struct proxy_cache {
    char key[40];
    asx_store *store;
    const asx_work_watch *watch; /* NULL: nobody */
} proxy_cache;

/* What the predictions depend on, and all formats of the table: also those that no gene chooses. */
static asx_status make_key(char *out, size_t n, asx_session *s, asx_error *err)
{
    size_t n_formats = 0;
    asx_format *format = NULL;
    asx_text text = {0};
    asx_status status = asx_session_list_formats(&format, &n_formats, s, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < n_formats; i++)
        asx_format_print(&text, &format[i]);
    free(format);
    if (text.failed) {
        asx_text_fini(&text);
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of formats");
    }
    const uint64_t inputs = asx_session_accuracy_key(s, ASX_TIER_PROXY, ASX_SUBSET_SELECT);
    if (inputs == ASX_NO_KEY) {
        asx_text_fini(&text);
        return asx_fail(err, ASX_ENOMEM, "no memory for the key of a proxy");
    }
    snprintf(out, n, "proxy/%016llx", (unsigned long long)asx_hash(text.s, text.n, inputs));
    asx_text_fini(&text);
    return ASX_OK;
}

static asx_status get(asx_session *s, asx_store *store, const char *key, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    asx_error damage;
    asx_status status = asx_store_cache_get(&bytes, &n, store, key, err);
    if (status == ASX_OK && bytes) {
        status = asx_proxy_load(&s->proxy, s->network, bytes, n, &damage);
        if (status == ASX_EPARSE)
            status = ASX_OK; /* it is built and stored anew */
        else if (status != ASX_OK && err)
            *err = damage;
    }
    free(bytes);
    return status;
}

static asx_status put(const asx_session *s, asx_store *store, const char *key, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    asx_status status = asx_proxy_save(&bytes, &n, s->proxy, err);
    if (status == ASX_OK)
        status = asx_store_cache_put(store, key, bytes, n, err);
    free(bytes);
    return status;
}

/* ---- pieces of a table that is being made ---- */

static void piece_key(char *out, size_t n, const proxy_cache *c, const char *name)
{
    snprintf(out, n, "%s/%s", c->key, name);
}

static asx_status keep(void *state, const char *name, const void *bytes, size_t n, asx_error *err)
{
    const proxy_cache *c = state;
    char key[160];
    piece_key(key, sizeof key, c, name);
    return asx_store_cache_put(c->store, key, bytes, n, err);
}

static asx_status find(void **out, size_t *n, void *state, const char *name, asx_error *err)
{
    const proxy_cache *c = state;
    char key[160];
    piece_key(key, sizeof key, c, name);
    return asx_store_cache_get(out, n, c->store, key, err);
}

static bool stop(void *state)
{
    const proxy_cache *c = state;
    return c->watch && c->watch->stop && c->watch->stop(c->watch->state);
}

static void progress(void *state, const char *what, size_t done, size_t total)
{
    const proxy_cache *c = state;
    if (c->watch && c->watch->progress)
        c->watch->progress(c->watch->state, what, done, total);
}

/* Makes the table with its pieces kept in the database, where they are no longer wanted once it is whole. */
static asx_status make(proxy_cache *c, asx_session *s, asx_error *err)
{
    const asx_work_watch keeping = {stop, progress, keep, find, c};
    char pieces[48];
    piece_key(pieces, sizeof pieces, c, "");
    asx_session_watch(s, &keeping);
    asx_status status = asx_session_need_proxy(s, err);
    asx_session_watch(s, c->watch);
    if (status == ASX_OK)
        status = put(s, c->store, c->key, err);
    return status == ASX_OK ? asx_store_cache_forget(c->store, pieces, err) : status;
}

asx_status asx_proxy_cache_need(asx_session *s, asx_store *store, asx_error *err)
{
    proxy_cache c = {.store = store, .watch = s->watch};
    if (s->proxy)
        return ASX_OK;
    asx_status status = asx_session_need_space(s, err);
    if (status == ASX_OK)
        status = asx_session_need_data(s, err);
    if (status == ASX_OK)
        status = make_key(c.key, sizeof c.key, s, err);
    if (status == ASX_OK)
        status = get(s, store, c.key, err);
    return status != ASX_OK || s->proxy ? status : make(&c, s, err);
}
