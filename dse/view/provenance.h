/* What a database knows of where its numbers come from. */
#ifndef ASX_VIEW_PROVENANCE_H
#define ASX_VIEW_PROVENANCE_H

#include <stdbool.h>

#include "dse/error.h"
#include "look.h"
#include "results/store.h"

/**
 * Prints, for every campaign, what it asked, of which network, data and technology, and which
 * programs worked on it, built how, on which processor.
 * @param l  wide: every value in a line of its own
 */
ASX_NODISCARD asx_status provenance_print(asx_store *store, const look *l, asx_error *err);

/**
 * Whether accuracies of a campaign are means over devices with faults.
 * @param text  its file as it was stored; one that this version does not read has none
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status provenance_has_faults(bool *out, const char *text, asx_error *err);

/** Prints the campaign file of the newest campaign as it was. */
ASX_NODISCARD asx_status provenance_print_file(asx_store *store, asx_error *err);

#endif
