/* What the designs of a front have in each layer, and what it costs to do with one alphabet there.
 */
#ifndef ASX_CLI_LAYERS_H
#define ASX_CLI_LAYERS_H

#include "front.h"

/* "layers" and "in_words". */
enum { LAYER_TABLES = 2 };

/**
 * Looks at the designs of the front that lose at most `max_drop` points.
 * @param options  those that `f` was loaded with
 * @param tables   [LAYER_TABLES], NULL before; table_free each, whatever is returned
 * @return ASX_OK; ASX_ENOTFOUND if the front has no such design; ASX_EDB, ASX_ENOMEM
 */
ASX_NODISCARD asx_status layers_tables_make(table **tables, asx_store *store, const front *f,
                                            const front_options *options, double max_drop,
                                            asx_error *err);

#endif
