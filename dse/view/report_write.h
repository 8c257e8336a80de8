/* Pages as they are made of their parts. */
#ifndef ASX_VIEW_REPORT_WRITE_H
#define ASX_VIEW_REPORT_WRITE_H

#include <jansson.h>

#include "dse/text.h"

/**
 * Appends a page: style and scripts where it names them, and its data.
 * @param html  the page's file
 * @param data  taken over; made after json_memory_begin
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status report_write(asx_text *page, const char *html, json_t *data,
                                      asx_error *err);

/** JSON has no bytes that are not UTF-8; a name of a foreign file may. @return NULL without memory */
json_t *report_name(const char *text);

#endif
