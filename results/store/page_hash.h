/* A hash in every page of the file, so that what changed by itself is not taken for what was stored.
 *
 * SQLite leaves the last bytes of a page alone if the file's header says so. A layer between SQLite and the files puts a
 * hash of the page and its number there when it is written, and compares when it is read: what any command reads is
 * checked, tables, indexes and structure alike, without a look at rows it does not read. (SQLite's own extension for
 * this, cksumvfs, is not in its library.) A file that was made without room for hashes is read as it is; VACUUM makes
 * room, asx_store_repair has it done. Pages in a log have the log's own checksums and no hash; where another program
 * moves them from there to the file, after a kill, they stay without until they are written again, and are read as they
 * are. The first page's hash leaves out the header's counters (bytes 24 to 27, 40 to 43, 92 to 99), so that a copy that
 * SQLite makes page by page, by its backup, is as good as the file; nothing that is stored depends on them. */
#ifndef ASX_RESULTS_PAGE_HASH_H
#define ASX_RESULTS_PAGE_HASH_H

#include "db.h"

enum { ASX_PAGE_HASH_SIZE = 8 };

/* In a URI: pages that are not as they were written are read nevertheless, to look at them or to repair. */
#define ASX_PAGE_TRUSTING "&asx_trusting=1"

/** The name of the layer over the file system that is SQLite's default, registered if it is not yet.
 *  @return NULL without memory */
const char *asx_page_layer(void);

/** From now on a file that is made, or made anew by VACUUM, has room for hashes. */
void asx_page_want_hashes(asx_store *store);

/**
 * Looks at all pages as they lie in the file.
 * @param n      pages that are not as they were written
 * @param first  number of the first of them
 * @param made   whether the file has hashes at all
 */
asx_status asx_page_check(int64_t *n, int64_t *first, bool *made, asx_store *store, asx_error *err);

#endif
