#include "proxy_cache.h"

#include <stdio.h>
#include <stdlib.h>

#include "dse/file.h"

/* What the predictions depend on, and all formats of the table: also those that no gene chooses. */
static asx_status make_key(char *out, size_t n, workbench *w, asx_error *err)
{
    size_t n_formats = 0;
    asx_format *format = NULL;
    asx_text text = {0};
    asx_status st = workbench_list_formats(&format, &n_formats, w, err);
    if (st < 0)
        return st;
    for (size_t i = 0; i < n_formats; i++)
        asx_format_print(&text, &format[i]);
    free(format);
    if (text.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of formats");
    const uint64_t inputs = workbench_accuracy_key(w, ASX_TIER_PROXY, SUBSET_SELECT);
    snprintf(out, n, "proxy/%016llx", (unsigned long long)asx_hash(text.s, text.n, inputs));
    asx_text_fini(&text);
    return ASX_OK;
}

static asx_status get(workbench *w, asx_store *store, const char *key, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    asx_error damage;
    asx_status st = asx_store_cache_get(&bytes, &n, store, key, err);
    if (st == ASX_OK && bytes) {
        st = asx_proxy_load(&w->proxy, w->network, bytes, n, &damage);
        if (st == ASX_EPARSE)
            st = ASX_OK; /* it is built and stored anew */
        else if (st < 0 && err)
            *err = damage;
    }
    free(bytes);
    return st;
}

static asx_status put(const workbench *w, asx_store *store, const char *key, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    asx_status st = asx_proxy_save(&bytes, &n, w->proxy, err);
    if (st == ASX_OK)
        st = asx_store_cache_put(store, key, bytes, n, err);
    free(bytes);
    return st;
}

asx_status proxy_cache_need(workbench *w, asx_store *store, asx_error *err)
{
    char key[40];
    if (w->proxy)
        return ASX_OK;
    asx_status st = workbench_need_space(w, err);
    if (st == ASX_OK)
        st = workbench_need_data(w, err);
    if (st == ASX_OK)
        st = make_key(key, sizeof key, w, err);
    if (st == ASX_OK)
        st = get(w, store, key, err);
    if (st < 0 || w->proxy)
        return st;
    st = workbench_need_proxy(w, err);
    return st == ASX_OK ? put(w, store, key, err) : st;
}
