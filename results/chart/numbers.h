/* What a picture draws, as CSV: the same numbers, before axes scale them. */
#ifndef ASX_RESULTS_NUMBERS_H
#define ASX_RESULTS_NUMBERS_H

#include "dse/text.h"
#include "results/chart.h"

struct picture;

void asx_numbers_front(asx_text *out, const struct picture *p);
void asx_numbers_panels(asx_text *out, const asx_chart_panel *panel, size_t n);
void asx_numbers_parallel(asx_text *out, const asx_chart_parallel *c);
void asx_numbers_bars(asx_text *out, const asx_chart_bars *b);
void asx_numbers_map(asx_text *out, const asx_chart_map *m);

#endif
