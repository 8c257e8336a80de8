/* A campaign as one self-contained page. */
#ifndef ASX_VIEW_REPORT_H
#define ASX_VIEW_REPORT_H

#include "dse/text.h"
#include "results/front.h"

/* What a page is told besides its front. */
typedef struct report_about {
    const char *db;                   /* the database's name, for the commands the page shows */
    const asx_front_options *options; /* what the front was loaded with */
    double again_s; /* the page loads itself again after so many seconds; 0: it stands */
} report_about;

/**
 * Appends the page: the front, some designs behind it (report_sample.h tells how many; the page
 * says so), and the provenance. It stays below 3 MB however many designs there are.
 * @return ASX_OK; ASX_ENOMEM; what reading the campaign and its parts returns
 */
ASX_NODISCARD asx_status report_page(asx_text *page, asx_store *store, const asx_front *f,
                                     const report_about *about, asx_error *err);

#endif
