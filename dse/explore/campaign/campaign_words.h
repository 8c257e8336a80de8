/* The words that keys take, as functions of campaign_key.word. */
#ifndef ASX_EXPLORE_CAMPAIGN_WORDS_H
#define ASX_EXPLORE_CAMPAIGN_WORDS_H

#include "explore/campaign_keys.h"

asx_key_word asx_key_data_formats(size_t i);
asx_key_word asx_key_rangings(size_t i);
asx_key_word asx_key_roundings(size_t i);
asx_key_word asx_key_codes(size_t i);
asx_key_word asx_key_placements(size_t i);
asx_key_word asx_key_objectives(size_t i);
asx_key_word asx_key_search_tiers(size_t i);
asx_key_word asx_key_algorithms(size_t i);
asx_key_word asx_key_proxies(size_t i);
asx_key_word asx_key_optimisers(size_t i);
asx_key_word asx_key_schedules(size_t i);
asx_key_word asx_key_surrogates(size_t i);
asx_key_word asx_key_operands(size_t i); /* typical, network, histogram */
asx_key_word asx_key_scopes(size_t i);   /* network, layer */
asx_key_word asx_key_families(size_t i);
asx_key_word asx_key_digits(size_t i);   /* in the order of asx_digits */
asx_key_word asx_key_switch(size_t i);   /* on, off */
asx_key_word asx_key_unknown(size_t i);  /* refuse, price */
asx_key_word asx_key_classes(size_t i);  /* data.classes */
asx_key_word asx_key_sharings(size_t i); /* of adders in bespoke circuits */
asx_key_word asx_key_any(size_t i);      /* any */

#endif
