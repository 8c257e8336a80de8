/* Proxies as bytes, for whoever wants to keep what took long to build.
 *
 *   magic, version | type | network hash, layers, formats | map | format texts | damage | hash
 *
 * Numbers are in the machine's own order: the magic number reads differently elsewhere, and then
 * the bytes are refused like any other damage. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "infer.h"
#include "proxy_type.h"

static const uint64_t MAGIC = 0x79786f7270787361;
enum { VERSION = 4, N_MAP = 4 };

uint64_t asx_proxy_version(void)
{
    return VERSION;
}

typedef struct head {
    uint64_t magic, version, network_hash, n_layers, n_formats, n_text;
    double map[N_MAP];
    char type[24];
    bool falls; /* before there were such measures zeros stood here */
    char unused[7];
} head;

asx_status asx_proxy_save(void **out, size_t *n, const asx_proxy *p, asx_error *err)
{
    head h = {MAGIC,
              VERSION,
              p->network_hash,
              p->n_layers,
              p->n_formats,
              0,
              {p->float_accuracy, p->ceiling, p->knee, p->power},
              "",
              p->falls,
              ""};
    asx_text text = {0};
    for (size_t i = 0; i < p->n_formats; i++) {
        asx_format_print(&text, &p->format[i]);
        asx_text_add(&text, "\n");
    }
    const size_t n_damage = p->n_layers * p->n_formats * sizeof *p->damage;
    const size_t n_crossing = p->type->crosses ? asx_crossing_n_bytes(&p->crossing) : 0;
    const size_t size = sizeof h + text.n + n_damage + n_crossing + sizeof(uint64_t);
    unsigned char *bytes = text.failed ? NULL : asx_array_new(size, 1);
    if (!bytes) {
        asx_text_fini(&text);
        return asx_fail(err, ASX_ENOMEM, "no memory for a proxy of %zu formats", p->n_formats);
    }
    strncpy(h.type, p->type->name, sizeof h.type - 1);
    h.n_text = text.n;
    memcpy(bytes, &h, sizeof h);
    memcpy(bytes + sizeof h, text.s, text.n);
    memcpy(bytes + sizeof h + text.n, p->damage, n_damage);
    if (p->type->crosses)
        asx_crossing_write(bytes + sizeof h + text.n + n_damage, &p->crossing);
    const uint64_t hash = asx_hash(bytes, size - sizeof hash, VERSION);
    memcpy(bytes + size - sizeof hash, &hash, sizeof hash);
    asx_text_fini(&text);
    *out = bytes;
    *n = size;
    return ASX_OK;
}

/* Whether the bytes are whole and of a table for this network; then `h` is their head. */
static bool check(head *h, const asx_network *network, const unsigned char *bytes, size_t n)
{
    uint64_t hash;
    if (n < sizeof *h + sizeof hash)
        return false;
    memcpy(h, bytes, sizeof *h);
    memcpy(&hash, bytes + n - sizeof hash, sizeof hash);
    if (h->magic != MAGIC || h->version != VERSION || h->type[sizeof h->type - 1] ||
        hash != asx_hash(bytes, n - sizeof hash, VERSION))
        return false;
    const size_t rest = n - sizeof *h - sizeof hash;
    return h->network_hash == asx_network_hash(network) &&
           h->n_layers == asx_network_workload(network)->n_layers && h->n_layers > 0 &&
           h->n_formats > 0 && h->n_formats <= ASX_FORMATS_MAX + 1 && h->n_text <= rest &&
           rest - h->n_text >= h->n_layers * h->n_formats * sizeof(double);
}

/* What stands behind the table: cross terms, if the type has them. */
static asx_status read_crossing(asx_proxy *p, const unsigned char *bytes, size_t n, asx_error *err)
{
    if (p->type->crosses)
        return asx_crossing_read(&p->crossing, bytes, n, p->n_layers, p->n_formats, err);
    return n == 0 ? ASX_OK
                  : asx_fail(err, ASX_EPARSE, "a stored proxy of %zu formats has %zu bytes more",
                             p->n_formats, n);
}

static asx_status read_formats(asx_format *out, size_t n, const char *text, size_t n_text,
                               asx_error *err)
{
    char line[128];
    for (size_t i = 0; i < n; i++) {
        const char *end = memchr(text, '\n', n_text);
        if (!end || (size_t)(end - text) >= sizeof line)
            return asx_fail(err, ASX_EPARSE, "a stored proxy lacks its format %zu", i);
        memcpy(line, text, (size_t)(end - text));
        line[end - text] = '\0';
        const asx_status status = asx_format_parse(&out[i], line, err);
        if (status != ASX_OK)
            return status;
        n_text -= (size_t)(end + 1 - text);
        text = end + 1;
    }
    return ASX_OK;
}

asx_status asx_proxy_load(asx_proxy **out, const asx_network *network, const void *data, size_t n,
                          asx_error *err)
{
    const unsigned char *bytes = data;
    head h;
    const asx_proxy_type *type = NULL;
    if (!check(&h, network, bytes, n))
        return asx_fail(err, ASX_EPARSE, "%zu bytes are no proxy of network '%s', or damaged", n,
                        asx_network_workload(network)->name);
    asx_status status = asx_proxy_find_type(&type, h.type, err);
    if (status != ASX_OK)
        return status;
    asx_proxy *p = asx_array_new(1, sizeof *p);
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for a proxy");
    *p = (asx_proxy){.type = type,
                     .network_hash = h.network_hash,
                     .n_layers = h.n_layers,
                     .n_formats = h.n_formats,
                     .format = asx_array_new(h.n_formats, sizeof *p->format),
                     .damage = asx_array_new(h.n_layers * h.n_formats, sizeof *p->damage),
                     .float_accuracy = h.map[0],
                     .ceiling = h.map[1],
                     .knee = h.map[2],
                     .power = h.map[3],
                     .falls = h.falls};
    if (!p->format || !p->damage)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a proxy of %zu formats", p->n_formats);
    if (status == ASX_OK)
        status =
            read_formats(p->format, p->n_formats, (const char *)bytes + sizeof h, h.n_text, err);
    if (status == ASX_OK)
        status = asx_proxy_index(p, err);
    const size_t n_damage = h.n_layers * h.n_formats * sizeof *p->damage;
    const size_t behind = sizeof h + h.n_text + n_damage;
    if (status == ASX_OK)
        status = read_crossing(p, bytes + behind, n - behind - sizeof(uint64_t), err);
    if (status != ASX_OK) {
        asx_proxy_free(p);
        return status;
    }
    memcpy(p->damage, bytes + sizeof h + h.n_text, n_damage);
    *out = p;
    return ASX_OK;
}
