/* Private: designs worth keeping: those that no other beats in rows wrong of the part to learn from, rows wrong of the part
 * to choose by, and size. */
#ifndef ASX_EXPLORE_BESPOKE_ARCHIVE_H
#define ASX_EXPLORE_BESPOKE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"
#include "dse/text.h"
#include "search/evolution.h"

enum { ARCHIVE_LEARNED, ARCHIVE_CHOSEN, ARCHIVE_SIZE, ARCHIVE_N };

/* In the order they came. Begin with n_genes alone. */
typedef struct archive {
    size_t n_genes, n;
    size_t point_capacity, value_capacity; /* in genes, in numbers */
    asx_gene *point;                       /* [n][n_genes] */
    double *value;                         /* [n][ARCHIVE_N] */
} archive;

void archive_fini(archive *a);

/** Adds a design unless one that is there is as good; takes out those that it beats. @return false without memory */
bool archive_add(archive *a, const asx_gene *point, const double *value);

/** Appends it as bytes. */
void archive_print(asx_text *out, const archive *a);

/** @return ASX_OK; ASX_ENOMEM; ASX_EPARSE */
ASX_NODISCARD asx_status archive_parse(archive *a, const char *bytes, size_t n, asx_error *err);

#endif
