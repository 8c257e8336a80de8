/* What features and classes of a bespoke classifier are called in the table it was made of. */
#ifndef ASX_CLI_BESPOKE_NAMES_H
#define ASX_CLI_BESPOKE_NAMES_H

#include "dse/output_folder.h"
#include "eval/bespoke_table.h"
#include "eval/dataset.h"
#include "table.h"

/* Of a table that was drawn they are numbers. */
typedef struct bespoke_names {
    asx_dataset_names table; /* borrowed */
    unsigned *label; /* [classes]: what the table has for class k, or the number of its word */
} bespoke_names;

/** @param data  split into `table`; borrowed for the life of `out` @return ASX_OK; ASX_ENOMEM. bespoke_names_fini it */
ASX_NODISCARD asx_status bespoke_names_init(bespoke_names *out, const asx_dataset *data,
                                            const asx_bespoke_table *table, asx_error *err);
void bespoke_names_fini(bespoke_names *names);

/** Says on stderr which class is which, unless they are 0 .. K - 1 in the table, too. */
void bespoke_names_say(const bespoke_names *names, const asx_bespoke_table *table);

/** Adds a table as CSV. @return as asx_output_folder_add */
ASX_NODISCARD asx_status bespoke_add_table(asx_output_folder *folder, const char *name, table *t,
                                           asx_error *err);

/** Adds features.csv, by which values become a circuit's inputs, and classes.csv, by which its answers become classes. */
ASX_NODISCARD asx_status bespoke_names_add(asx_output_folder *folder, const bespoke_names *names,
                                           const asx_bespoke_table *table, asx_error *err);

#endif
