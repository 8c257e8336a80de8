#include "archive.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

void archive_fini(archive *a)
{
    free(a->point);
    free(a->value);
    *a = (archive){.n_genes = a->n_genes};
}

/* Nowhere larger. */
static bool as_good(const double *a, const double *b)
{
    for (int i = 0; i < ARCHIVE_N; i++)
        if (a[i] > b[i])
            return false;
    return true;
}

static void move(archive *a, size_t to, size_t from)
{
    memmove(a->point + to * a->n_genes, a->point + from * a->n_genes,
            a->n_genes * sizeof *a->point);
    memmove(a->value + to * ARCHIVE_N, a->value + from * ARCHIVE_N, ARCHIVE_N * sizeof *a->value);
}

static bool reserve(archive *a, size_t n)
{
    asx_gene *point =
        asx_array_grow(a->point, &a->point_capacity, n * a->n_genes, sizeof *a->point);
    a->point = point ? point : a->point;
    double *value = asx_array_grow(a->value, &a->value_capacity, n * ARCHIVE_N, sizeof *a->value);
    a->value = value ? value : a->value;
    return point && value;
}

bool archive_add(archive *a, const asx_gene *point, const double *value)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->n; i++)
        if (as_good(a->value + i * ARCHIVE_N, value))
            return true;
    if (!reserve(a, a->n + 1))
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!as_good(value, a->value + i * ARCHIVE_N))
            move(a, kept++, i);
    memcpy(a->point + kept * a->n_genes, point, a->n_genes * sizeof *point);
    memcpy(a->value + kept * ARCHIVE_N, value, ARCHIVE_N * sizeof *value);
    a->n = kept + 1;
    return true;
}

void archive_print(asx_text *out, const archive *a)
{
    const uint64_t head[] = {a->n_genes, a->n};
    asx_text_add_bytes(out, (const char *)head, sizeof head);
    asx_text_add_bytes(out, (const char *)a->point, a->n * a->n_genes * sizeof *a->point);
    asx_text_add_bytes(out, (const char *)a->value, a->n * ARCHIVE_N * sizeof *a->value);
}

asx_status archive_parse(archive *a, const char *bytes, size_t n, asx_error *err)
{
    uint64_t head[2] = {0};
    const size_t each = a->n_genes * sizeof *a->point + ARCHIVE_N * sizeof *a->value;
    if (n >= sizeof head)
        memcpy(head, bytes, sizeof head);
    if (n < sizeof head || head[0] != a->n_genes || head[1] > n / each ||
        n != sizeof head + head[1] * each)
        return asx_fail(err, ASX_EPARSE, "these are no bytes of an archive of %zu genes",
                        a->n_genes);
    const size_t points = (size_t)head[1] * a->n_genes * sizeof *a->point;
    a->n = (size_t)head[1];
    if (a->n == 0)
        return ASX_OK;
    if (!reserve(a, a->n)) {
        a->n = 0;
        return asx_fail(err, ASX_ENOMEM, "no memory for %llu designs", (unsigned long long)head[1]);
    }
    memcpy(a->point, bytes + sizeof head, points);
    memcpy(a->value, bytes + sizeof head + points, a->n * ARCHIVE_N * sizeof *a->value);
    return ASX_OK;
}
