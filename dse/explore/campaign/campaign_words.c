/* The words that keys take: those of other modules from their own lists, and a few of campaign files alone. */
#include "campaign_words.h"

#include "dse/accuracy.h"
#include "dse/design.h"
#include "dse/evaluation.h"
#include "dse/reading.h"
#include "eval/calibration.h"
#include "eval/dataset.h"
#include "eval/proxy.h"
#include "eval/train.h"
#include "search/searcher.h"

#define WORD(name, text, help)                   {text, help},
#define OBJECTIVE(name, field, text, unit, help) {text, help},

/* A function that goes through the words behind it. */
#define WORDS(name, ...)                                                                           \
    asx_key_word name(size_t i)                                                                    \
    {                                                                                              \
        static const asx_key_word words[] = {__VA_ARGS__};                                         \
        return i < sizeof words / sizeof *words ? words[i] : (asx_key_word){0};                    \
    }

WORDS(asx_key_data_formats, ASX_DATA_FORMAT_LIST(WORD))
WORDS(asx_key_rangings, ASX_RANGING_LIST(WORD))
WORDS(asx_key_roundings, ASX_ROUNDING_LIST(WORD))
WORDS(asx_key_codes, ASX_CODE_LIST(WORD))
WORDS(asx_key_placements,
      ASX_PLACEMENT_LIST(WORD){"bespoke",
                               "every weight is a wire; beside the section 'bespoke' alone"})
WORDS(asx_key_objectives, ASX_OBJECTIVE_LIST(OBJECTIVE))
WORDS(asx_key_optimisers, ASX_OPTIMISER_LIST(WORD))
WORDS(asx_key_schedules, ASX_SCHEDULE_LIST(WORD))
WORDS(asx_key_surrogates, ASX_SURROGATE_LIST(WORD))
WORDS(asx_key_operands, {"typical", "the machine's parameters; needs no data"},
      {"network", "the calibration images"},
      {"histogram", "the same: distributions and how alike neighbours are, not spreads alone"})
WORDS(asx_key_scopes, {"network", "all layers together"},
      {"layer", "every layer, but for groups and pins"})
WORDS(asx_key_digits, {"unsigned", "0 .. 2^width - 1, and a sign for the word"},
      {"signed", "-2^(width-1) .. 2^(width-1), a sign each"})
WORDS(asx_key_families, {"alphabets", "what 'weights.alphabets' says"},
      {"integers", "plain words: exact multipliers"}, {"minifloats", "eXmY"},
      {"shifts", "eXm0: powers of two, and 0"},
      {"csd1", "sums of one signed power of two within a word"}, {"csd2", "of two"},
      {"csd3", "of three"}, {"csd4", "of four"}, {"apot", "additive powers of two"})
WORDS(asx_key_switch, {"on", NULL}, {"off", NULL})
WORDS(asx_key_unknown, {"refuse", "the network is not read"},
      {"price", "they are left out and listed; costs only"})
WORDS(asx_key_classes, {"told", "those of the data"},
      {"network", "the float network's answers: accuracy is agreement with it"})
WORDS(asx_key_sharings, ASX_BESPOKE_SHARING_LIST(WORD))
WORDS(asx_key_any, {"any", "whatever it is"})

/* A search goes by what can be had of every design. */
asx_key_word asx_key_search_tiers(size_t i)
{
    static const asx_key_word tiers[] = {ASX_TIER_LIST(WORD)};
    return i <= ASX_TIER_MEASURED       ? tiers[i]
           : i == ASX_TIER_MEASURED + 1 ? tiers[ASX_TIER_COSTS]
                                        : (asx_key_word){0};
}

asx_key_word asx_key_proxies(size_t i)
{
    return i < asx_proxy_n_types()
               ? (asx_key_word){asx_proxy_type_name(i), asx_proxy_type_summary(i)}
               : (asx_key_word){0};
}

asx_key_word asx_key_algorithms(size_t i)
{
    for (size_t k = 0; asx_searchers[k]; k++)
        if (k == i)
            return (asx_key_word){asx_searchers[k]->name, asx_searchers[k]->summary};
    return (asx_key_word){0};
}
