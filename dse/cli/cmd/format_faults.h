/* What flipped bits do to the words of a format. */
#ifndef ASX_CLI_FORMAT_FAULTS_H
#define ASX_CLI_FORMAT_FAULTS_H

#include "dse/format.h"
#include "table.h"

enum { FORMAT_FAULTS_TABLES = 2 };

/**
 * Two tables: what each bit is worth, and which code loses least.
 * @param t  [FORMAT_FAULTS_TABLES], table_free them
 */
ASX_NODISCARD asx_status format_faults(table **t, const asx_format *format, asx_error *err);

#endif
